import { writeFileSync } from 'node:fs';
import type { Problem } from '../core/cib/call.ts';
import { inNewestSchema } from '../core/cib/upgrade/upgrade.ts';
import { checkMeaning } from '../core/cib/validate/meaning.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { schedule } from '../core/scheduler/schedule.ts';
import { child, type XmlElement } from '../core/xml/element.ts';
import { printXml } from '../core/xml/print.ts';
import { loadSchemaValidator } from '../host/schema/schema-validator.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { timeOfCommand, withCib } from './session.ts';
import {
  COMMON_OPTIONS,
  main,
  OUTPUT_GROUP,
  type Report,
  type Surroundings,
  type Tool,
  ToolError,
} from './tool.ts';
import { readInput } from './xml-input.ts';

const definition = defineCommand({
  name: 'crm_verify',
  summary: 'Check a Pacemaker configuration for errors',
  groups: {
    ...OUTPUT_GROUP,
    data: { title: 'Data sources', about: 'data options' },
    additional: { title: 'Additional options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    'live-check': {
      short: 'L',
      takes: 'nothing',
      group: 'data',
      help: 'Check what the running cluster uses',
    },
    'xml-file': { short: 'x', takes: 'value', valueName: 'FILE', group: 'data', help: 'Check this file' },
    'xml-pipe': { short: 'p', takes: 'nothing', group: 'data', help: 'Check standard input' },
    'xml-text': { short: 'X', takes: 'value', valueName: 'XML', group: 'data', help: 'Check this text' },
    'save-xml': {
      short: 'S',
      takes: 'value',
      valueName: 'FILE',
      group: 'additional',
      help: 'Write to this file what was checked',
    },
    quiet: { short: 'q', takes: 'nothing', group: 'additional', help: 'Say nothing' },
  },
  notes:
    'Errors must be put right before the cluster works as it should; warnings are for the administrator to judge.',
});

type Values = OptionValues<typeof definition.options>;

interface Checked {
  readonly cib: XmlElement;
  /** Where it was read from, for messages; live ones have no lines. */
  readonly name: string;
  readonly source?: string;
}

export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['text', 'xml'],
  perform: async ({ values }, report, surroundings) => {
    const checked = await read(values, surroundings);
    const file = values['save-xml'];
    if (file !== undefined) writeFileSync(file, printXml(checked.cib, { pretty: true }), { mode: 0o600 });
    return verify(checked, report, values);
  },
};

async function read(values: Values, surroundings: Surroundings): Promise<Checked> {
  const input = readInput(values);
  if (input === undefined) {
    if (!values['live-check']) {
      throw new ToolError('error', 'No configuration source specified.  Use --help for usage information.');
    }
    return { cib: await live(surroundings), name: 'Entity' };
  }
  const { parsed, name, text, place } = input;
  if (values['xml-file'] !== undefined && !parsed.ok) {
    throw new ToolError('error', `Couldn't parse input file: ${place}`);
  }
  if (!parsed.ok || parsed.root.name !== 'cib') {
    throw new ToolError(
      'protocol',
      'This tool can only check complete configurations (i.e. those starting with <cib>).',
    );
  }
  return { cib: parsed.root, name, source: text };
}

async function live(surroundings: Surroundings): Promise<XmlElement> {
  try {
    return await withCib('crm_verify', surroundings, session => session.cib());
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new ToolError('no-input', 'CIB query failed: Input file not available');
  }
}

async function verify(checked: Checked, report: Report, { verbose, quiet }: Values): Promise<ExitCode> {
  const say = (text: string): void => {
    if (!quiet) report.error(text, { bare: true });
  };
  const isLoud = verbose > 0 || report.format === 'xml';
  const problems = (await loadSchemaValidator()).check(checked.cib, checked.source);
  for (const problem of problems) say(problemLine(problem, checked));
  const remarks = problems.length > 0 ? [SCHEMA_REMARK] : remarksOn(inNewestSchema(checked.cib));
  if (isLoud) for (const remark of remarks) say(remark);
  return conclude(remarks, { say, isLoud, report });
}

const SCHEMA_REMARK = 'error: CIB did not pass schema validation';

/** As libxml2 has it, which shells look for. */
function problemLine({ message, tag, line, kind }: Problem, { name }: Checked): string {
  const place = line === undefined ? '' : name === 'Entity' ? `Entity: line ${line}: ` : `${name}:${line}: `;
  const grammar = kind === 'reference' ? 'validity error' : 'Relax-NG validity error';
  return `${place}element ${tag ?? 'cib'}: ${grammar} : ${message}`;
}

/** What a scheduler would say of it. Without a status there is nothing to schedule. */
function remarksOn(cib: XmlElement): readonly string[] {
  const own = checkMeaning(cib).map(({ level, message }) => `${level}: ${message}`);
  if (child(cib, 'status') === undefined) return own;
  const problems = schedule({ cib, now: timeOfCommand() }).problems.filter(text =>
    /^(error|warning): /.test(text),
  );
  return [...new Set([...own, ...problems.filter(text => !repeats(text, own))])];
}

/** The scheduler says of a constraint that it ignores it; once is enough. */
const repeats = (text: string, said: readonly string[]): boolean => {
  const [constraint] = /constraint '[^']*'/.exec(text) ?? [];
  return constraint !== undefined && said.some(one => one.includes(constraint));
};

interface Saying {
  readonly say: (text: string) => void;
  readonly isLoud: boolean;
  readonly report: Report;
}

function conclude(remarks: readonly string[], { say, isLoud, report }: Saying): ExitCode {
  if (remarks.length === 0) return 'ok';
  const hasErrors = remarks.some(text => text.startsWith('error: '));
  const words = hasErrors
    ? 'Errors found during check: config not valid'
    : 'Warnings found during check: config may not be valid';
  say(`crm_verify: ${words}`);
  if (!isLoud && report.format === 'text') say('-V may provide more details');
  return 'config';
}

if (import.meta.main) void main(tool);
