import type { Instant } from '../core/base/time.ts';
import { inNewestSchema } from '../core/cib/upgrade/upgrade.ts';
import { parseBoolean } from '../core/model/boolean.ts';
import { parseDate } from '../core/model/iso8601.ts';
import { dotText } from '../core/report/dot-text.ts';
import { draw } from '../core/scheduler/drawing.ts';
import type { Question } from '../core/scheduler/explain/explain.ts';
import { parseSupposedResult, type SupposedResult } from '../core/simulation/inject.ts';
import { graphElement } from '../core/transition/graph-xml.ts';
import type { XmlElement } from '../core/xml/element.ts';
import { printXml } from '../core/xml/print.ts';
import type { OptionValues } from './command-line.ts';
import { timeOfCommand } from './session.ts';
import { definition } from './simulate/definition.ts';
import { counted, inputOf, writeOut } from './simulate/documents.ts';
import { profile } from './simulate/profile.ts';
import { type SimulationRun, simulate } from './simulate/run.ts';
import { type SimulationView, simulationText } from './simulate/text.ts';
import { simulationElements } from './simulate/xml.ts';
import { main, type Tool, ToolError } from './tool.ts';
import { answerQuestion, NO_JSON } from './why/answer.ts';

type Values = OptionValues<typeof definition.options>;

export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['text', 'xml', 'json', 'none'],
  perform: async (line, report, surroundings) => {
    const { values } = line;
    const at = dateOf(values['set-datetime']);
    if (values.profile !== undefined) {
      return profile(
        values.profile,
        { repeat: values.repeat ?? 1, at, date: values['set-datetime'] },
        report,
      );
    }
    const input = inputOf(line, surroundings);
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
      sanitized: !input.live,
    });
    if (question !== undefined) {
      const asked = { cib: run.cib, now: run.now, sanitized: !input.live };
      answerQuestion(asked, question, { report, scores: values['show-scores'] });
      return 'ok';
    }
    const view = viewOf(values);
    for (const step of run.injected?.steps ?? []) {
      if (step.kind === 'refused') report.error(step.message, { bare: true });
    }
    if (report.format === 'xml') report.xml(...simulationElements(run, view));
    else report.text(simulationText(run, view));
    save(run, { before: cib, values });
    if (values['in-place']) await input.replace(cib, run.execution?.cib ?? run.cib);
    if (run.execution === undefined || run.execution.complete) return 'ok';
    report.error('Transition failed: terminated', { bare: true });
    report.error('An invalid transition was produced', { bare: true });
    return 'error';
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

function save(
  run: SimulationRun,
  { before, values }: { readonly before: XmlElement; readonly values: Values },
): void {
  const { schedule: decided, execution, cib } = run;
  const xml = (of: XmlElement): string => printXml(of, { pretty: true });
  const to = (name: 'input' | 'output' | 'graph' | 'dotfile'): string | undefined => values[`save-${name}`];
  const [input, output, graph, drawing] = [to('input'), to('output'), to('graph'), to('dotfile')];
  if (input !== undefined) writeOut(input, xml(cib));
  if (graph !== undefined && decided !== undefined) {
    writeOut(graph, xml(graphElement(decided.graph)), 'io-error');
  }
  if (drawing !== undefined && decided !== undefined) {
    const how = { all: values['all-actions'], numbers: values.verbose > 0 };
    writeOut(drawing, dotText(draw(decided.evidence, how)), 'io-error');
  }
  if (output !== undefined) writeOut(output, xml(counted(before, execution?.cib ?? cib)));
}

if (import.meta.main) void main(tool);
