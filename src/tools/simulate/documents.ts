/** Where `crm_simulate` reads the document that it decides on, and what it writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { conclude } from '../../core/cib/conclude.ts';
import { isSchema } from '../../core/cib/schema/versions.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import type { CommandLine } from '../command-line.ts';
import { withCib } from '../session.ts';
import { type Surroundings, ToolError } from '../tool.ts';
import type { definition } from './definition.ts';

interface Input {
  readonly read: () => Promise<XmlElement>;
  /** Puts what came of it in its place; a running cluster is not changed by what was supposed. */
  readonly replace: (before: XmlElement, after: XmlElement) => Promise<void>;
  /** It is the cluster's own, or stands for it. */
  readonly live: boolean;
}

const SOURCES = ['live-check', 'xml-file', 'xml-pipe'] as const;
const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;

/** The last source that is named holds. Without any: standard input, or the cluster where that is a terminal. */
export function inputOf(
  { values, order }: CommandLine<typeof definition.options>,
  surroundings: Surroundings,
): Input {
  const file = values['xml-file'];
  switch (order.findLast(name => SOURCES.some(one => one === name))) {
    case 'live-check':
      return liveInput(surroundings);
    case 'xml-pipe':
      return pipedInput;
    case 'xml-file':
      return file === undefined || file === '-' ? pipedInput : fileInput(file);
    default:
      return isAtTerminal() ? liveInput(surroundings) : pipedInput;
  }
}

/** Terminals come with streams, which take longer to load than a small plan: only here is one asked for. */
const isAtTerminal = (): boolean => process.getBuiltinModule('node:tty').isatty(STANDARD_INPUT);

const liveInput = (surroundings: Surroundings): Input => ({
  read: () => withCib('crm_simulate', surroundings, session => session.cib()),
  replace: (_, input) =>
    withCib('crm_simulate', surroundings, async session => {
      if (session.to === 'file') await session.change({ operation: 'replace', input });
    }),
  live: true,
});

const pipedInput: Input = {
  read: async () => parse(readFileSync(STANDARD_INPUT, 'utf8'), 'standard input'),
  replace: async () => {},
  live: false,
};

const fileInput = (path: string): Input => ({
  read: async () => readDocument(path),
  replace: async (before, after) => writeOut(path, printXml(counted(before, after), { pretty: true })),
  live: false,
});

/** What came of a document, with a version of its own. */
export function counted(before: XmlElement, after: XmlElement): XmlElement {
  const concluded = conclude(before, after, { validate: () => [] });
  return concluded.ok ? concluded.cib : before;
}

export const readDocument = (path: string): XmlElement => parse(readFile(path), path);

/** A file's text; one that ends in `.bz2` by way of bzip2. */
function readFile(path: string): string {
  const problem = `Could not read ${path}`;
  try {
    if (!path.endsWith('.bz2')) return readFileSync(path, 'utf8');
  } catch (error) {
    throw systemError(problem, error, 'bad-data');
  }
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('bzip2', ['-dc', path], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new ToolError('bad-data', problem);
  return stdout;
}

function parse(text: string, from: string): XmlElement {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new ToolError('bad-data', `${from}:${parsed.line}: ${parsed.message}`);
  if (parsed.root.name !== 'cib') throw new ToolError('bad-data', `${from}: not a CIB`);
  const schema = attribute(parsed.root, 'validate-with') ?? 'none';
  if (schema !== 'none' && !isSchema(schema)) {
    throw new ToolError('config', `${from}: the schema ${schema} is not known`);
  }
  return parsed.root;
}

/** Writes a file, or standard output (`-`); where it cannot, the command ends as the system says, or with `exit`. */
export function writeOut(path: string, text: string, exit?: ExitCode): void {
  try {
    writeFileSync(path === '-' ? STANDARD_OUTPUT : path, text);
  } catch (error) {
    throw systemError(`Could not write ${path}`, error, exit);
  }
}

const EXITS: Readonly<Record<string, ExitCode>> = {
  ENOENT: 'no-such-object',
  EACCES: 'insufficient-privileges',
  EIO: 'io-error',
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'it lies in what is no directory',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
};

/** The problem with the system's reason; the command ends as that says, or with `exit`. */
export function systemError(problem: string, error: unknown, exit?: ExitCode): ToolError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new ToolError(exit ?? EXITS[code] ?? 'error', `${problem}: ${REASONS[code] ?? code}`);
}
