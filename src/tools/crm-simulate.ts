import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../core/base/time.ts';
import { conclude } from '../core/cib/conclude.ts';
import { inNewestSchema } from '../core/cib/upgrade/upgrade.ts';
import { parseBoolean } from '../core/model/boolean.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseDate } from '../core/model/iso8601.ts';
import { dotText } from '../core/report/dot-text.ts';
import type { Question } from '../core/scheduler/explain/explain.ts';
import { schedule } from '../core/scheduler/schedule.ts';
import { parseSupposedResult, type SupposedResult } from '../core/simulation/inject.ts';
import { graphElement } from '../core/transition/graph-xml.ts';
import { element, type XmlElement } from '../core/xml/element.ts';
import { parseXml } from '../core/xml/parse.ts';
import { printXml } from '../core/xml/print.ts';
import type { OptionValues } from './command-line.ts';
import { timeOfCommand, withCib } from './session.ts';
import { definition } from './simulate/definition.ts';
import { type SimulationRun, simulate } from './simulate/run.ts';
import { type SimulationView, simulationText } from './simulate/text.ts';
import { simulationElements } from './simulate/xml.ts';
import { main, type Report, type Surroundings, type Tool, ToolError } from './tool.ts';
import { answerQuestion, NO_JSON } from './why/answer.ts';

type Values = OptionValues<typeof definition.options>;

export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['text', 'xml', 'json', 'none'],
  perform: async ({ values }, report, surroundings) => {
    const at = dateOf(values['set-datetime']);
    if (values.profile !== undefined) return profile(values.profile, values.repeat ?? 1, report);
    const input = inputOf(values, surroundings);
    // What is saved is what was decided on.
    const cib = inNewestSchema(await input.read());
    const question = questionOf(values);
    if (report.format === 'json' && question === undefined) throw NO_JSON;
    const failures = values['op-fail'].map(supposedFailure);
    const executes = values.simulate || values['in-place'] || failures.length > 0;
    const run = simulate({
      cib,
      at,
      clock: timeOfCommand(),
      suppositions: suppositionsOf(values),
      failures,
      extent: executes ? 'execute' : decides(values) ? 'decide' : 'show',
    });
    if (question !== undefined) {
      const asked = { cib: run.cib, now: run.now, sanitized: true };
      answerQuestion(asked, question, { report, scores: values['show-scores'] });
      return 'ok';
    }
    const view = viewOf(values);
    if (report.format === 'xml') report.xml(...simulationElements(run, view));
    else report.text(simulationText(run, view));
    save(run, values);
    if (values['in-place']) await input.replace(run.execution?.cib ?? run.cib);
    return 'ok';
  },
};

/** What is to be explained, if anything is. */
function questionOf({ why, on, 'why-action': key }: Values): Question | undefined {
  if (why !== undefined) return { about: 'resource', resource: why, node: on };
  return key === undefined ? undefined : { about: 'action', key, node: on };
}

function dateOf(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const at = parseDate(text, timeOfCommand());
  if (at === undefined) throw new ToolError('usage', `Invalid date/time specification: ${text}`);
  return at;
}

/** Whatever shows or saves a decision asks for one. */
const decides = (values: Values): boolean =>
  values.run ||
  values['show-scores'] ||
  values['show-utilization'] ||
  values['save-graph'] !== undefined ||
  values['save-dotfile'] !== undefined;

const viewOf = (values: Values): SimulationView => ({
  quiet: values.quiet,
  attributes: values['show-attrs'],
  failCounts: values['show-failcounts'],
  scores: values['show-scores'],
  utilization: values['show-utilization'],
  pending: values.pending,
  date: values['set-datetime'],
});

function truth(name: 'quorum' | 'watchdog', text: string | undefined): { readonly [key: string]: boolean } {
  if (text === undefined) return {};
  const value = parseBoolean(text);
  if (value === undefined) throw new ToolError('usage', `Invalid value for --${name}: ${text}`);
  return { [name]: value };
}

const suppositionsOf = (values: Values) => ({
  ...truth('quorum', values.quorum),
  ...truth('watchdog', values.watchdog),
  nodesUp: values['node-up'],
  nodesDown: values['node-down'],
  nodesFailed: values['node-fail'],
  ticketsGranted: values['ticket-grant'],
  ticketsRevoked: values['ticket-revoke'],
  ticketsStandby: values['ticket-standby'],
  ticketsActivated: values['ticket-activate'],
  operations: values['op-inject'],
});

function supposedFailure(specification: string): SupposedResult {
  const result = parseSupposedResult(specification);
  if ('problem' in result) throw new ToolError('usage', result.problem);
  return result;
}

interface Input {
  readonly read: () => Promise<XmlElement>;
  /** Puts another document in its place; a running cluster is not changed by what was supposed. */
  readonly replace: (cib: XmlElement) => Promise<void>;
}

function inputOf(values: Values, surroundings: Surroundings): Input {
  const file = values['xml-file'];
  if (values['xml-pipe'] || file === '-') {
    return {
      read: async () => parseInput(readFileSync(0, 'utf8'), 'standard input'),
      replace: async () => {},
    };
  }
  if (file !== undefined) {
    return {
      read: async () => parseInput(readFile(file), file),
      replace: async cib =>
        write(file, printXml(counted(parseInput(readFile(file), file), cib), { pretty: true })),
    };
  }
  return {
    read: () => withCib('crm_simulate', surroundings, session => session.cib()),
    replace: input =>
      withCib('crm_simulate', surroundings, async session => {
        if (session.to === 'file') await session.change({ operation: 'replace', input });
      }),
  };
}

/** What came of it, with a version of its own. */
function counted(before: XmlElement, after: XmlElement): XmlElement {
  const concluded = conclude(before, after, { validate: () => [] });
  return concluded.ok ? concluded.cib : before;
}

/** A file's text; one that ends in `.bz2` by way of bzip2. */
function readFile(path: string): string {
  try {
    if (!path.endsWith('.bz2')) return readFileSync(path, 'utf8');
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const { status, stdout } = spawnSync('bzip2', ['-dc', path], { encoding: 'utf8', maxBuffer: 2 ** 30 });
    if (status === 0) return stdout;
  } catch {
    // Said below, as for a file that is there and cannot be unpacked.
  }
  throw new ToolError('no-input', `Could not read ${path}`);
}

function parseInput(text: string, from: string): XmlElement {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new ToolError('bad-data', `${from}:${parsed.line}: ${parsed.message}`);
  if (parsed.root.name !== 'cib') throw new ToolError('bad-data', `${from}: not a CIB`);
  return parsed.root;
}

function save(run: SimulationRun, values: Values): void {
  const { schedule: decided, execution, cib } = run;
  const save = (path: string | undefined, text: () => string): void => {
    if (path !== undefined) write(path, text());
  };
  const xml = (of: () => XmlElement) => () => printXml(of(), { pretty: true });
  const graph = decided === undefined ? undefined : () => graphElement(decided.graph);
  save(
    values['save-input'],
    xml(() => cib),
  );
  if (graph !== undefined) save(values['save-graph'], xml(graph));
  if (decided !== undefined) save(values['save-dotfile'], () => dotText(decided.drawing));
  save(
    values['save-output'],
    xml(() => execution?.cib ?? cib),
  );
}

function write(path: string, text: string): void {
  try {
    if (path === '-') process.stdout.write(text);
    else writeFileSync(path, text);
  } catch {
    throw new ToolError('cannot-create', `Could not write ${path}`);
  }
}

/** Decides on every XML file of a folder and prints the time that each took in all. */
function profile(folder: string, repeat: number, report: Report): ExitCode {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.xml'))
    .sort();
  const timings: XmlElement[] = [];
  report.line('Timings:');
  for (const name of files) {
    const path = join(folder, name);
    const cib = parseInput(readFile(path), path);
    const began = process.cpuUsage();
    for (let time = 0; time < repeat; time += 1) schedule({ cib, now: timeOfCommand() });
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1e6;
    report.line(`  * Testing ${path} ... ${seconds.toFixed(2)} secs`);
    timings.push(element('timing', { file: path, duration: seconds.toFixed(6) }));
  }
  report.xml(element('timings', {}, timings));
  return 'ok';
}

if (import.meta.main) void main(tool);
