import type { ClientRequest, FencingAction } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { nodeName } from '../core/model/names.ts';
import { type FencingEvent, readFencingHistory } from '../core/report/fencing-history.ts';
import { attribute, element, type XmlElement } from '../core/xml/element.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { installedFenceAgents } from './resource/agents.ts';
import { runAgent } from './resource/run-agent.ts';
import { type Session, withCluster } from './session.ts';
import {
  COMMON_OPTIONS,
  main,
  OUTPUT_GROUP,
  type Report,
  type Surroundings,
  type Tool,
  ToolError,
} from './tool.ts';

const value = <const Group extends string>(group: Group, valueName: string, help: string) =>
  ({ takes: 'value', valueName, group, help }) as const;
const flag = <const Group extends string>(group: Group, help: string) =>
  ({ takes: 'nothing', group, help }) as const;

const definition = defineCommand({
  name: 'stonith_admin',
  summary: 'stonith_admin - fence nodes, and work on fence devices',
  groups: {
    ...OUTPUT_GROUP,
    definition: { title: 'Device Definition Commands', about: 'device definition help' },
    queries: { title: 'Queries', about: 'query help' },
    fence: { title: 'Fencing Commands', about: 'fence help' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'q', takes: 'nothing', help: 'Say less' },
    register: { short: 'R', ...value('definition', 'DEVICE', 'Add a fence device (needs --agent)') },
    deregister: { short: 'D', ...value('definition', 'DEVICE', 'Remove a fence device that was added') },
    'register-level': {
      short: 'r',
      ...value(
        'definition',
        'TARGET',
        'Add a topology level for NAME, @PATTERN or ATTR=VALUE (needs --index and --device)',
      ),
    },
    'deregister-level': {
      short: 'd',
      ...value('definition', 'TARGET', 'Remove a topology level (needs --index)'),
    },
    list: { short: 'l', ...value('queries', 'HOST', 'Devices that can fence the host') },
    'list-registered': { short: 'L', ...flag('queries', 'All devices that are known') },
    'list-installed': { short: 'I', ...flag('queries', 'All fence agents that are installed') },
    metadata: { short: 'M', ...flag('queries', 'What the agent says of itself (needs --agent)') },
    query: { short: 'Q', ...value('queries', 'DEVICE', 'Look at the state of a device') },
    history: { short: 'H', ...value('queries', 'NODE', 'The last fencing of the node, or of all (*)') },
    last: { short: 'h', ...value('queries', 'NODE', 'When the node was last fenced') },
    validate: {
      short: 'K',
      ...flag('queries', "Have the agent check a device's parameters (needs --agent)"),
    },
    fence: { short: 'F', ...value('fence', 'HOST', 'Switch the host off') },
    unfence: { short: 'U', ...value('fence', 'HOST', 'Switch the host on') },
    reboot: { short: 'B', ...value('fence', 'HOST', 'Reboot the host') },
    confirm: { short: 'C', ...value('fence', 'HOST', 'Vouch that the host is down') },
    cleanup: { short: 'c', ...flag('additional', 'Forget the history (with --history)') },
    broadcast: { short: 'b', ...flag('additional', 'Accepted: every node knows the history of all') },
    agent: { short: 'a', ...value('additional', 'AGENT', 'The fence agent') },
    option: {
      short: 'o',
      takes: 'values',
      valueName: 'PARAM',
      group: 'additional',
      help: 'A parameter as NAME=VALUE (may be given several times)',
    },
    'env-option': {
      short: 'e',
      takes: 'values',
      valueName: 'PARAM',
      group: 'additional',
      help: 'A parameter whose value is in the environment as OCF_RESKEY_NAME (may be given several times)',
    },
    tag: { short: 'T', ...value('additional', 'TAG', 'A name for logs') },
    device: {
      short: 'v',
      takes: 'values',
      valueName: 'DEVICE',
      group: 'additional',
      help: 'A device of the level',
    },
    index: {
      short: 'i',
      takes: 'integer',
      valueName: 'LEVEL',
      group: 'additional',
      help: 'Number of the level, 1 to 9',
    },
    timeout: { short: 't', ...value('additional', 'SECONDS', 'How long it may take (default 120)') },
    delay: {
      short: 'y',
      ...value('additional', 'SECONDS', 'Wait before fencing; -1: no configured delay either'),
    },
    'as-node-id': {
      short: 'n',
      ...flag('additional', '(Advanced) The node is given by its id (with --last)'),
    },
    tolerance: {
      ...value('additional', 'SECONDS', '(Advanced) Take a success that is no older as the answer'),
    },
  },
});

type Values = OptionValues<typeof definition.options>;

interface Work {
  readonly values: Values;
  readonly report: Report;
  readonly surroundings: Surroundings;
}

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: ({ values }, report, surroundings) => {
    const work = { values, report, surroundings };
    if (values['list-installed']) return listInstalled(work);
    if (values.metadata || values.validate) return askAgent(work);
    const ask = chosen(values);
    if (ask === undefined) throw new ToolError('usage', 'No command was given');
    return withCluster('stonith_admin', surroundings, 'fencer', session => ask(session, work));
  },
};

type Ask = (session: Session, work: Work) => Promise<ExitCode>;

/** Of several commands the first of this order is carried out. */
function chosen(values: Values): Ask | undefined {
  const { query, register, deregister, list, fence, unfence, reboot, confirm, last } = values;
  if (values['list-registered']) return (session, work) => devices(session, work, undefined);
  if (register !== undefined) return (session, work) => registerDevice(session, work, register);
  if (deregister !== undefined)
    return plain({ kind: 'fencer', operation: 'remove-device', device: deregister });
  const level = values['register-level'] ?? values['deregister-level'];
  if (level !== undefined) return (session, work) => changeLevel(session, work, level);
  if (query !== undefined) return plain({ kind: 'fencer', operation: 'query-device', device: query });
  if (list !== undefined) return (session, work) => devices(session, work, list);
  if (confirm !== undefined)
    return plain({ kind: 'fencer', operation: 'confirm', target: nodeName(confirm) });
  if (fence !== undefined) return orderFencing(values, 'off', fence);
  if (unfence !== undefined) return orderFencing(values, 'on', unfence);
  if (reboot !== undefined) return orderFencing(values, 'reboot', reboot);
  if (values.history !== undefined) return history;
  if (last !== undefined) return (session, work) => lastFencing(session, work, last);
  return undefined;
}

const plain =
  (request: ClientRequest): Ask =>
  async session => {
    await session.demand(request);
    return 'ok';
  };

const DEFAULT_TIMEOUT = '120';

function orderFencing(
  { timeout = DEFAULT_TIMEOUT, delay, tolerance }: Values,
  action: FencingAction,
  target: string,
): Ask {
  const within = parseInterval(timeout);
  const wait = delay === undefined ? undefined : parseInterval(delay);
  const recent = tolerance === undefined ? undefined : parseInterval(tolerance);
  if (within === undefined) throw new ToolError('usage', `Invalid timeout: ${timeout}`);
  return plain({
    kind: 'fencer',
    operation: 'fence',
    target: nodeName(target),
    action,
    timeout: within,
    ...(wait === undefined ? {} : { delay: wait }),
    ...(recent === undefined ? {} : { tolerance: recent }),
  });
}

async function devices(
  session: Session,
  { report, values }: Work,
  target: string | undefined,
): Promise<ExitCode> {
  const of = target === undefined ? {} : { target: nodeName(target) };
  const answer = await session.demand({ kind: 'fencer', operation: 'devices', ...of });
  const ids = (answer?.children ?? []).map(device => attribute(device, 'id') ?? '');
  for (const id of ids) report.line(id);
  if (!values.quiet)
    report.line(
      ids.length === 0
        ? 'No devices found'
        : `${ids.length} ${ids.length === 1 ? 'fence device' : 'fence devices'} found`,
    );
  report.xml(listOf('fencing devices', ids));
  if (ids.length === 0 && target !== undefined)
    throw new ToolError('no-such-object', `No device can fence ${target}`);
  return 'ok';
}

const listOf = (name: string, items: readonly string[]): XmlElement =>
  element(
    'list',
    { name, count: items.length },
    items.map(text => element('item', {}, [], text)),
  );

function listInstalled({ report, surroundings }: Work): ExitCode {
  const agents = installedFenceAgents(surroundings.environment);
  for (const one of agents) report.line(one);
  report.line(`${agents.length} fence ${agents.length === 1 ? 'device' : 'devices'} found`);
  report.xml(listOf('fence agents', agents));
  return 'ok';
}

/** Parameters from `--option` and `--env-option`. */
function parametersOf({ values, surroundings }: Work): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const text of values.option) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new ToolError('usage', `Invalid option: ${text} is not NAME=VALUE`);
    parameters[text.slice(0, equals)] = text.slice(equals + 1);
  }
  for (const name of values['env-option']) {
    const found = surroundings.environment[`OCF_RESKEY_${name}`];
    if (found === undefined) throw new ToolError('usage', `Invalid option: OCF_RESKEY_${name} is not set`);
    parameters[name] = found;
  }
  return parameters;
}

function agentOf({ values }: Work): string {
  if (values.agent === undefined)
    throw new ToolError('usage', 'Please specify an agent to use with -a,--agent [value]');
  return values.agent;
}

async function askAgent(work: Work): Promise<ExitCode> {
  const { values, report, surroundings } = work;
  const type = agentOf(work);
  const timeout = parseInterval(values.timeout ?? DEFAULT_TIMEOUT) ?? 0;
  const action = values.metadata ? 'metadata' : 'validate-all';
  const agent = { standard: 'stonith', type };
  const run = { agent, action, parameters: parametersOf(work), timeout };
  const outcome = await runAgent(run, surroundings.environment);
  const ok = outcome.kind === 'ended' && outcome.status === 0;
  if (values.metadata) {
    if (!ok) throw new ToolError('no-such-object', `Metadata of ${type} is not to be had`);
    report.text(outcome.stdout);
    report.xml(element('metadata', {}, [], outcome.stdout));
    return 'ok';
  }
  if (!values.quiet) report.line(`Validation of ${type} ${ok ? 'succeeded' : 'failed'}`);
  report.xml(element('validate', { agent: type, valid: ok }));
  return ok ? 'ok' : 'error';
}

async function registerDevice(session: Session, work: Work, id: string): Promise<ExitCode> {
  const attributes = Object.entries(parametersOf(work)).map(([name, text]) =>
    element('nvpair', { id: `${id}-${name}`, name, value: text }),
  );
  const device = element('primitive', { id, class: 'stonith', type: agentOf(work) }, [
    element('instance_attributes', { id: `${id}-instance_attributes` }, attributes),
  ]);
  await session.demand({ kind: 'fencer', operation: 'register-device', device });
  return 'ok';
}

async function changeLevel(session: Session, { values }: Work, target: string): Promise<ExitCode> {
  const { index, device } = values;
  const adds = values['register-level'] !== undefined;
  if (index === undefined || index < 1 || index > 9)
    throw new ToolError('usage', 'A level has an --index from 1 to 9');
  if (adds && device.length === 0) throw new ToolError('usage', 'A level has at least one --device');
  const equals = target.indexOf('=');
  const meant = target.startsWith('@')
    ? { 'target-pattern': target.slice(1) }
    : equals > 0
      ? { 'target-attribute': target.slice(0, equals), 'target-value': target.slice(equals + 1) }
      : { target };
  const level = element('fencing-level', { ...meant, index, devices: device.join(',') });
  await session.demand({ kind: 'fencer', operation: adds ? 'register-level' : 'remove-level', level });
  return 'ok';
}

async function history(session: Session, { values, report }: Work): Promise<ExitCode> {
  const node = values.history ?? '';
  const of = node === '*' || node === '' ? {} : { target: nodeName(node) };
  if (values.cleanup) {
    await session.demand({ kind: 'fencer', operation: 'clear-history', ...of });
    if (!values.quiet) report.line(`cleaning up fencing-history for node ${node}`);
    return 'ok';
  }
  const answer = await session.demand({ kind: 'fencer', operation: 'history', ...of });
  const events = readFencingHistory(answer);
  const newest = events.find(({ state }) => state === 'success');
  const shown = values.verbose > 0 ? events : newest === undefined ? [] : [newest];
  for (const event of shown) report.line(values.quiet ? epochOf(event) : described(event));
  if (shown.length === 0 && !values.quiet) report.line('0 events found');
  if (answer !== undefined) report.xml(answer);
  return 'ok';
}

const epochOf = ({ completed }: FencingEvent): string => String(Math.floor((completed ?? 0) / 1000));

function described({ target, action, state, client, origin, delegate, completed }: FencingEvent): string {
  const by = delegate === undefined ? '' : ` by ${delegate}`;
  if (completed === undefined) return `${client} at ${origin} wishes to ${action} node ${target}`;
  const outcome = state === 'success' ? 'succeeded' : 'failed';
  return `${client} at ${origin}: ${action} of node ${target}${by} ${outcome} at ${new Date(completed).toISOString()}`;
}

async function lastFencing(session: Session, { report }: Work, node: string): Promise<ExitCode> {
  const answer = await session.demand({ kind: 'fencer', operation: 'history', target: nodeName(node) });
  const when = readFencingHistory(answer).find(({ state }) => state === 'success')?.completed;
  report.line(
    when === undefined
      ? `Node ${node} has never been fenced`
      : `Node ${node} last fenced at: ${new Date(when).toUTCString()}`,
  );
  report.xml(
    element('last-fenced', {
      target: node,
      when: when === undefined ? undefined : new Date(when).toISOString(),
    }),
  );
  return 'ok';
}

if (import.meta.main) void main(tool);
