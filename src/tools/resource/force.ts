/**
 * Actions of an agent on this host, past the cluster: for a resource of the configuration, or for one that the
 * command line describes (`--class`, `--provider`, `--agent`, `--option`).
 */

import type { AgentReference } from '../../core/daemons/contract.ts';
import { type ExitCode, exitCodeOf } from '../../core/model/exit-code.ts';
import { EXECUTION, type ExecutionStatus, OCF } from '../../core/model/exit-status.ts';
import { parseInterval } from '../../core/model/interval.ts';
import { FEATURE_SET } from '../../core/model/version.ts';
import { executionWords } from '../../core/report/history-words.ts';
import { parametersOn } from '../../core/status/parameters.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import { operationError, type Report, type Surroundings, ToolError } from '../tool.ts';
import { type Asked, agentExists } from './agents.ts';
import type { Values } from './definition.ts';
import { type AgentOutcome, runAgent } from './run-agent.ts';
import { configuredId, primitivesOf, resourceOf, topOf, type Work } from './work.ts';

export type ForcedAction = 'start' | 'stop' | 'promote' | 'demote' | 'monitor' | 'validate-all';

const NAMES: Readonly<Record<ForcedAction, string>> = {
  start: 'force-start',
  stop: 'force-stop',
  promote: 'force-promote',
  demote: 'force-demote',
  monitor: 'force-check',
  'validate-all': 'validate',
};

const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [OCF.ok, 'ok'],
  [OCF.unknownError, 'error'],
  [OCF.invalidParameter, 'invalid parameter'],
  [OCF.unimplemented, 'unimplemented feature'],
  [OCF.insufficientPrivileges, 'insufficient privileges'],
  [OCF.notInstalled, 'not installed'],
  [OCF.notConfigured, 'not configured'],
  [OCF.notRunning, 'not running'],
  [OCF.runningPromoted, 'promoted'],
  [OCF.failedPromoted, 'promoted (failed)'],
]);

const PATIENCE = 20_000;

type Parameters = Readonly<Record<string, string>>;

interface Subject {
  readonly agent: AgentReference;
  /** Of the configuration. */
  readonly id?: string;
  readonly parameters: Parameters;
  /** What was said on the command line in the place of what is configured. */
  readonly overrides: Parameters;
}

interface Host {
  readonly report: Report;
  readonly values: Values;
  readonly surroundings: Surroundings;
}

export function forceAction(work: Work, action: ForcedAction, overrides: Parameters): Promise<ExitCode> {
  const named = resourceOf(work);
  const [resource] = primitivesOf(named);
  if (resource?.agent === undefined || named.kind === 'group') {
    throw new ToolError(
      'unimplemented',
      `Sorry, the --${NAMES[action]} option doesn't support ${named.kind} resources`,
    );
  }
  refuseWhatRuns(named, action, work.values.force);
  const parameters = {
    ...Object.fromEntries(parametersOn(work.picture, resource, undefined)),
    ...Object.fromEntries([...resource.meta].map(([name, value]) => [`CRM_meta_${name}`, value])),
  };
  return perform(work, action, { agent: resource.agent, id: configuredId(resource), parameters, overrides });
}

/** The same for what the command line describes; `overrides` are its operands. */
export function forceDescribed(asked: Asked, action: ForcedAction, overrides: Parameters): Promise<ExitCode> {
  const { class: standard = '', provider, agent: type = '', option } = asked.values;
  const agent = { standard, type, ...(provider === undefined ? {} : { provider }) };
  if (standard === 'stonith' && provider !== undefined) {
    throw new ToolError('usage', 'stonith does not support providers');
  }
  if (!agentExists(asked, agent)) {
    throw new ToolError(
      'usage',
      standard === 'stonith'
        ? `${type} is not a known stonith agent`
        : `${standard}:${provider ?? ''}:${type} is not a known resource`,
    );
  }
  return perform(asked, action, { agent, parameters: pairsOf(option), overrides });
}

/** Reads `NAME=VALUE` words. */
export function pairsOf(words: readonly string[]): Parameters {
  return Object.fromEntries(
    words.map(word => {
      const [, name, value] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) {
        throw new ToolError('usage', `Error parsing '${word}' as a name=value pair`);
      }
      return [name, value];
    }),
  );
}

async function perform(host: Host, action: ForcedAction, subject: Subject): Promise<ExitCode> {
  const { values, surroundings } = host;
  const level = action === 'monitor' ? values['force-check'] : values.validate;
  const checks = action === 'monitor' || action === 'validate-all';
  const timeout = values.timeout === undefined ? PATIENCE : (parseInterval(values.timeout) ?? PATIENCE);
  const parameters = {
    ...subject.parameters,
    CRM_meta_timeout: String(timeout),
    crm_feature_set: FEATURE_SET,
    ...(checks && typeof level === 'string' ? { OCF_CHECK_LEVEL: level } : {}),
    ...subject.overrides,
  };
  const { agent, id: resource = 'test' } = subject;
  if (agent.standard === 'stonith') {
    const reason = 'Manual execution of the stonith standard is unsupported';
    say(host, action, subject, { status: OCF.unimplemented, execution: EXECUTION.error, reason });
    throw operationError('unimplemented');
  }
  const outcome = await runAgent({ agent, action, parameters, resource, timeout }, surroundings.environment);
  const told = tellingOf(outcome);
  say(host, action, subject, told);
  if (told.status !== OCF.ok) throw operationError(exitCodeOf(told.status));
  return 'ok';
}

interface Telling {
  readonly status: number;
  readonly execution: ExecutionStatus;
  readonly reason?: string;
  readonly stdout?: string;
  readonly stderr?: string;
}

function tellingOf(outcome: AgentOutcome): Telling {
  if (outcome.kind === 'timed-out') return { status: OCF.unknownError, execution: EXECUTION.timeout };
  if (outcome.kind === 'not-run') {
    return { status: OCF.notInstalled, execution: EXECUTION.notInstalled, reason: outcome.error };
  }
  const { status, stdout, stderr } = outcome;
  return {
    status,
    execution: EXECUTION.done,
    ...(stdout === '' ? {} : { stdout }),
    ...(stderr === '' ? {} : { stderr }),
  };
}

function say({ report }: Host, action: ForcedAction, { agent, id, overrides }: Subject, told: Telling): void {
  const { standard, provider, type } = agent;
  const name = NAMES[action];
  const words = STATUS_WORDS.get(told.status) ?? 'unknown';
  const what = `Operation ${name}${id === undefined ? '' : ` for ${id}`} (${[standard, provider, type].filter(part => part !== undefined).join(':')})`;
  for (const [parameter, value] of Object.entries(overrides)) {
    const of = id === undefined ? '' : ` for '${id}'`;
    report.line(`Overriding the cluster configuration${of} with '${parameter}' = '${value}'`);
  }
  if (told.execution === EXECUTION.done) report.line(`${what} returned ${told.status} (${words})`);
  else {
    const reason = told.reason === undefined ? '' : `: ${told.reason}`;
    report.error(`${what} could not be executed (${executionWords(told.execution)}${reason})`, {
      bare: true,
    });
  }
  for (const text of [told.stdout, told.stderr]) if (text !== undefined) report.line(text);
  const override = Object.entries(overrides).map(([parameter, value]) =>
    element('override', { name: parameter, value, rsc: id }),
  );
  report.xml(
    element('resource-agent-action', { action: name, class: standard, type, rsc: id, provider }, [
      element('overrides', {}, override),
      element('agent-status', {
        code: told.status,
        message: words,
        execution_code: told.execution,
        execution_message: executionWords(told.execution),
        reason: told.reason,
      }),
      ...commandElement(told),
    ]),
  );
}

/** What the agent printed. */
function commandElement({ status, stdout, stderr }: Telling): readonly XmlElement[] {
  const output = (text: string | undefined, source: string) =>
    text === undefined ? [] : [element('output', { source }, [], text)];
  const printed = [...output(stdout, 'stdout'), ...output(stderr, 'stderr')];
  return printed.length === 0 ? [] : [element('command', { code: status }, printed)];
}

/** To start a copy beside one that runs would break what a clone promises. */
function refuseWhatRuns(named: ResourcePicture, action: ForcedAction, force: boolean): void {
  const changes = action === 'start' || action === 'promote' || action === 'demote';
  const running = primitivesOf(named).some(({ activeOn }) => activeOn.length > 0);
  if (!changes || force || topOf(named).kind !== 'clone' || !running) return;
  throw new ToolError(
    'unsafe',
    `It is not safe to ${action} ${named.id} here: the cluster claims it is already active\nTry setting target-role=Stopped first or specifying the force option`,
  );
}
