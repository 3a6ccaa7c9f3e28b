/**
 * What every command does alike: read its command line, answer `--help` and `--version`, print in the format that
 * was asked for, and end with an exit code. A command itself is a function of its command line and a `Report`.
 */
import { writeFileSync, writeSync } from 'node:fs';
import { type ExitCode, exitMessage, exitNumber } from '../core/model/exit-code.ts';
import { resultDocument } from '../core/report/result.ts';
import type { XmlElement } from '../core/xml/element.ts';
import {
  type CommandDefinition,
  type CommandLine,
  type OptionDefinitions,
  parseCommandLine,
  UsageError,
} from './command-line.ts';
import { helpText, versionElement, versionText } from './help.ts';

/** What surrounds a command. Tests hand in their own. */
export interface Surroundings {
  /** The words after the command's name. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** `console` is text on a terminal that is drawn anew as things change. */
export type OutputFormat = 'text' | 'console' | 'xml' | 'html' | 'json' | 'none';

/** Options that every command has, to be spread into its own. */
export const COMMON_OPTIONS = {
  version: { short: '$', takes: 'nothing', help: 'Show the version of the software and exit' },
  verbose: { short: 'V', takes: 'count', help: 'Say more (may be given several times)' },
  'output-as': {
    takes: 'value',
    valueName: 'FORMAT',
    help: 'Print as one of: text (default), xml' as string,
    group: 'output',
  },
  'output-to': {
    takes: 'value',
    valueName: 'DEST',
    help: 'Print to this file (or "-" for standard output)',
    group: 'output',
  },
  'text-fancy': { takes: 'nothing', help: 'Accepted, without effect', group: 'output', hidden: true },
} as const satisfies OptionDefinitions;

export const OUTPUT_GROUP = { output: { title: 'Output Options', about: 'output help' } } as const;

/** Collects what a command finds, and prints it: text at once, XML as one document at the end. */
export class Report {
  readonly format: OutputFormat;
  readonly #command: string;
  readonly #write: (text: string) => void;
  readonly #complain: (text: string) => void;
  readonly #body: XmlElement[] = [];
  readonly #errors: string[] = [];

  constructor(options: {
    readonly format: OutputFormat;
    readonly command: string;
    readonly write: (text: string) => void;
    readonly complain: (text: string) => void;
  }) {
    this.format = options.format;
    this.#command = options.command;
    this.#write = options.write;
    this.#complain = options.complain;
  }

  /** Prints under text output; brings its own line ends. */
  text(text: string): void {
    if (this.format === 'text' || this.format === 'console') this.#write(text);
  }

  line(text: string): void {
    this.text(`${text}\n`);
  }

  /** Adds to the document of XML output. */
  xml(...elements: readonly XmlElement[]): void {
    if (this.format === 'xml') this.#body.push(...elements);
  }

  /** Says what went wrong, on standard error after the command's name, or (`bare`) as it is. */
  error(message: string, { bare = false }: { readonly bare?: boolean } = {}): void {
    const text = bare ? message : `${this.#command}: ${message}`;
    if (this.format === 'xml') this.#errors.push(text);
    else this.#complain(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Writes what is not part of any format, such as a document that was asked for as it stands. */
  raw(text: string): void {
    this.#write(text);
  }

  finish(request: string, exit: ExitCode): void {
    if (this.format !== 'xml') return;
    this.#write(resultDocument({ request, body: this.#body, exit, errors: this.#errors }));
  }
}

/** Ends a command from within; `run` says the message and ends with that code. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly exit: ExitCode;
  readonly bare: boolean;

  constructor(exit: ExitCode, message: string, { bare = false }: { readonly bare?: boolean } = {}) {
    super(message);
    this.exit = exit;
    this.bare = bare;
  }
}

/** The failure of the main thing that was asked for, in the words that Pacemaker's commands have for it. */
export const operationError = (exit: ExitCode, words: string = exitMessage(exit)): ToolError =>
  new ToolError(exit, `Error performing operation: ${words}`);

type CommonOptions = typeof COMMON_OPTIONS;

export interface Tool<Options extends OptionDefinitions> {
  readonly definition: CommandDefinition<Options>;
  /** The first holds where none is asked for. */
  readonly formats?: readonly OutputFormat[];
  readonly perform: (
    line: CommandLine<Options>,
    report: Report,
    surroundings: Surroundings,
  ) => Promise<ExitCode> | ExitCode;
}

/** Runs a command to its exit code; everything that it prints went to `surroundings`. */
export async function run<Options extends CommonOptions & OptionDefinitions>(
  tool: Tool<Options>,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { definition, formats = ['text', 'xml', 'none'] } = tool;
  const { words, out, err } = surroundings;
  let line: CommandLine<Options>;
  try {
    line = parseCommandLine(definition, words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`${definition.name}: ${error.message}\n`);
    return 'usage';
  }
  if (line.help !== undefined) {
    out(helpText(definition, line.help));
    return 'ok';
  }
  const common: CommandLine<CommonOptions>['values'] = line.values;
  const format = formats.find(one => one === (common['output-as'] ?? formats[0]));
  if (format === undefined) {
    err(`${definition.name}: Error creating output format ${common['output-as']}: Unknown output format\n`);
    return 'error';
  }
  const file = common['output-to'];
  const written: string[] = [];
  const write = file === undefined || file === '-' ? out : (text: string) => void written.push(text);
  const report = new Report({ format, command: definition.name, write, complain: err });
  const exit = common.version ? sayVersion(report) : await perform(tool, line, report, surroundings);
  report.finish([definition.name, ...words].join(' '), exit);
  // What goes on in the background writes the file itself.
  if (file !== undefined && file !== '-' && written.length > 0) writeFileSync(file, written.join(''));
  return exit;
}

function sayVersion(report: Report): ExitCode {
  report.text(versionText());
  report.xml(versionElement());
  return 'ok';
}

async function perform<Options extends OptionDefinitions>(
  tool: Tool<Options>,
  line: CommandLine<Options>,
  report: Report,
  surroundings: Surroundings,
): Promise<ExitCode> {
  try {
    return await tool.perform(line, report, surroundings);
  } catch (error) {
    if (error instanceof UsageError) report.error(error.message);
    else if (error instanceof ToolError) report.error(error.message, { bare: error.bare });
    else throw error;
    return error instanceof ToolError ? error.exit : 'usage';
  }
}

/** The main of a command's own program. */
export async function main<Options extends CommonOptions & OptionDefinitions>(
  tool: Tool<Options>,
): Promise<void> {
  const exit = await run(tool, {
    words: process.argv.slice(2),
    environment: process.env,
    out: text => write(STANDARD_OUTPUT, text),
    err: text => write(STANDARD_ERROR, text),
  });
  process.exitCode = exitNumber(exit);
}

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** Milliseconds until a reader that is behind is tried again. */
const PATIENCE = 5;

/** Writes all of a text. The runtime's streams would do it, but to load them takes longer than a small plan. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that went away (`crm_mon | head`) ends the command without complaint, as it ends any filter.
      if (code === 'EPIPE') process.exit(exitNumber('ok'));
      if (code !== 'EAGAIN') process.exit(exitNumber('io-error'));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
    }
  }
}
