import { exitOfRefusal, wordsOfRefusal } from '../client/refusal.ts';
import { seconds } from '../core/base/time.ts';
import type { FencerRequest, FencingAction } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { printDate } from '../core/model/iso8601.ts';
import { type NodeName, nodeName } from '../core/model/names.ts';
import { eventLine, fencingElement, readFencingHistory } from '../core/report/fencing-history.ts';
import { attribute, element, type XmlElement } from '../core/xml/element.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { installedFenceAgents } from './resource/agents.ts';
import { runAgent } from './resource/run-agent.ts';
import { type Session, withCluster } from './session.ts';
import {
  COMMON_OPTIONS,
  main,
  OUTPUT_GROUP,
  operationError,
  type Report,
  type Surroundings,
  type Tool,
  ToolError,
} from './tool.ts';

const definition = defineCommand({
  name: 'stonith_admin',
  summary: 'stonith_admin - fence nodes, and look after fence devices',
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
    register: {
      short: 'R',
      takes: 'value',
      valueName: 'DEVICE',
      group: 'definition',
      help: 'Add a device to the fencer (needs --agent)',
    },
    deregister: {
      short: 'D',
      takes: 'value',
      valueName: 'DEVICE',
      group: 'definition',
      help: 'Take a device from the fencer',
    },
    'register-level': {
      short: 'r',
      takes: 'value',
      valueName: 'TARGET',
      group: 'definition',
      help: 'Add a level for NAME, @PATTERN or ATTRIBUTE=VALUE (needs --index and --device)',
    },
    'deregister-level': {
      short: 'd',
      takes: 'value',
      valueName: 'TARGET',
      group: 'definition',
      help: 'Take a level away (needs --index)',
    },
    list: {
      short: 'l',
      takes: 'value',
      valueName: 'HOST',
      group: 'queries',
      help: 'Devices that can fence the host',
    },
    'list-registered': {
      short: 'L',
      takes: 'nothing',
      group: 'queries',
      help: 'Devices that the fencer knows',
    },
    'list-installed': { short: 'I', takes: 'nothing', group: 'queries', help: 'Agents that are installed' },
    'list-targets': {
      short: 's',
      takes: 'value',
      valueName: 'DEVICE',
      group: 'queries',
      help: 'Hosts that the device can fence',
    },
    metadata: {
      short: 'M',
      takes: 'nothing',
      group: 'queries',
      help: "An agent's description of itself (needs --agent)",
    },
    query: {
      short: 'Q',
      takes: 'value',
      valueName: 'DEVICE',
      group: 'queries',
      help: 'Whether the device is well',
    },
    history: {
      short: 'H',
      takes: 'value',
      valueName: 'NODE',
      group: 'queries',
      help: "The last successful fencing of the node, or of all ('*')",
    },
    last: {
      short: 'h',
      takes: 'value',
      valueName: 'NODE',
      group: 'queries',
      help: 'When the node was last fenced',
    },
    validate: {
      short: 'K',
      takes: 'nothing',
      group: 'queries',
      help: 'Check the parameters of a device (needs --agent)',
    },
    fence: { short: 'F', takes: 'value', valueName: 'HOST', group: 'fence', help: 'Switch the host off' },
    unfence: { short: 'U', takes: 'value', valueName: 'HOST', group: 'fence', help: 'Switch the host on' },
    reboot: { short: 'B', takes: 'value', valueName: 'HOST', group: 'fence', help: 'Reboot the host' },
    confirm: {
      short: 'C',
      takes: 'value',
      valueName: 'HOST',
      group: 'fence',
      help: 'Vouch that the host is down',
    },
    cleanup: {
      short: 'c',
      takes: 'nothing',
      group: 'additional',
      help: 'Forget what is known (with --history)',
    },
    broadcast: {
      short: 'b',
      takes: 'nothing',
      group: 'additional',
      help: 'Accepted: every node knows the same history',
    },
    agent: { short: 'a', takes: 'value', valueName: 'AGENT', group: 'additional', help: 'The agent to use' },
    option: {
      short: 'o',
      takes: 'values',
      valueName: 'PARAM',
      group: 'additional',
      help: 'A parameter as NAME=VALUE',
    },
    'env-option': {
      short: 'e',
      takes: 'values',
      valueName: 'PARAM',
      group: 'additional',
      help: 'A parameter whose value OCF_RESKEY_NAME holds',
    },
    tag: {
      short: 'T',
      takes: 'value',
      valueName: 'TAG',
      group: 'additional',
      help: 'Name under which logs know the asker',
    },
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
      help: 'The level, 1 to 9',
    },
    timeout: {
      short: 't',
      takes: 'value',
      valueName: 'SECONDS',
      group: 'additional',
      help: 'How long it may take (120)',
    },
    delay: {
      short: 'y',
      takes: 'integer',
      valueName: 'SECONDS',
      group: 'additional',
      help: 'Wait that long first; -1: not even as long as devices want',
    },
    'as-node-id': {
      short: 'n',
      takes: 'nothing',
      group: 'additional',
      help: '(Advanced) The node is given by its id (with --last)',
    },
    tolerance: {
      takes: 'value',
      valueName: 'SECONDS',
      group: 'additional',
      help: '(Advanced) Do nothing if the same succeeded less long ago',
    },
  },
});

type Values = OptionValues<typeof definition.options>;

interface Call {
  readonly values: Values;
  readonly report: Report;
  readonly surroundings: Surroundings;
}

const DEFAULT_TIMEOUT = seconds(120);

/** What each command does; where several are given the first of this list is done. */
const COMMANDS: Readonly<Partial<Record<keyof Values, (call: Call) => Promise<ExitCode> | ExitCode>>> = {
  'list-installed': listInstalled,
  'list-registered': call => listDevices(call, undefined),
  list: call => listDevices(call, nodeName(call.values.list ?? '')),
  'list-targets': listTargets,
  query: ({ values, ...call }) =>
    simple({ values, ...call }, { operation: 'query-device', device: values.query ?? '' }),
  register,
  deregister: ({ values, ...call }) =>
    simple({ values, ...call }, { operation: 'remove-device', device: values.deregister ?? '' }),
  'register-level': call => level(call, 'register-level'),
  'deregister-level': call => level(call, 'remove-level'),
  metadata,
  validate,
  reboot: call => fence(call, 'reboot', call.values.reboot),
  fence: call => fence(call, 'off', call.values.fence),
  unfence: call => fence(call, 'on', call.values.unfence),
  confirm,
  history,
  last,
};

const NEED_AGENT: readonly (keyof Values)[] = ['register', 'metadata', 'validate'];

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: ({ values, order }, report, surroundings) => {
    const command = (Object.keys(COMMANDS) as (keyof Values)[]).find(name => order.includes(name));
    const action = command === undefined ? undefined : COMMANDS[command];
    if (command === undefined || action === undefined) throw new ToolError('usage', 'Must specify a command');
    if (NEED_AGENT.includes(command) && values.agent === undefined) {
      throw new ToolError('usage', 'Must specify --agent with this command');
    }
    return action({ values, report, surroundings });
  },
};

type Asked = FencerRequest extends infer R ? (R extends FencerRequest ? Omit<R, 'kind'> : never) : never;

const ask = (call: Call, request: Asked): Promise<XmlElement | undefined> =>
  withFencer(call, session => session.demand({ kind: 'fencer', ...request } as FencerRequest));

const withFencer = <T>({ values, surroundings }: Call, use: (session: Session) => Promise<T>): Promise<T> =>
  withCluster(
    values.tag === undefined ? 'stonith_admin' : `stonith_admin.${values.tag}`,
    surroundings,
    'fencer',
    use,
  );

async function simple(call: Call, request: Asked): Promise<ExitCode> {
  await ask(call, request);
  return 'ok';
}

interface List {
  readonly name: string;
  readonly item: string;
  readonly noun: readonly [one: string, several: string];
}

function printList({ report }: Call, { name, item, noun }: List, found: readonly string[]): ExitCode {
  for (const one of found) report.line(` ${one}`);
  report.line(`${found.length} ${found.length === 1 ? noun[0] : noun[1]} found`);
  const items = found.map(one => element('item', { name: item }, [], one));
  report.xml(element('list', { name, count: found.length }, items));
  return 'ok';
}

function listInstalled(call: Call): ExitCode {
  const noun = ['fence device', 'fence devices'] as const;
  return printList(
    call,
    { name: 'Installed fence devices', item: 'device', noun },
    installedFenceAgents(call.surroundings.environment),
  );
}

async function listDevices(call: Call, target: NodeName | undefined): Promise<ExitCode> {
  const answer = await ask(call, { operation: 'devices', ...(target === undefined ? {} : { target }) });
  const found = (answer?.children ?? []).map(device => attribute(device, 'id') ?? '');
  const noun = ['fence device', 'fence devices'] as const;
  return printList(call, { name: 'Registered fence devices', item: 'device', noun }, found);
}

async function listTargets(call: Call): Promise<ExitCode> {
  const answer = await ask(call, { operation: 'list-targets', device: call.values['list-targets'] ?? '' });
  const found = (answer?.children ?? []).map(target => attribute(target, 'name') ?? '');
  return printList(
    call,
    { name: 'Fence Targets', item: 'target', noun: ['fence target', 'fence targets'] },
    found,
  );
}

/** Parameters of `--option`, and of `--env-option` from the environment. */
function parametersOf({ values, surroundings }: Call): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const name of values['env-option']) given[name] = surroundings.environment[`OCF_RESKEY_${name}`] ?? '';
  for (const option of values.option) {
    const at = option.indexOf('=');
    if (at < 1) throw new ToolError('usage', `Invalid option: -o/--option ${option}`);
    given[option.slice(0, at)] = option.slice(at + 1);
  }
  return given;
}

function register(call: Call): Promise<ExitCode> {
  const { register: id, agent } = call.values;
  const device = element('st_device_id', { id, agent }, [element('attributes', parametersOf(call))]);
  return simple(call, { operation: 'register-device', device });
}

function level(call: Call, operation: 'register-level' | 'remove-level'): Promise<ExitCode> {
  const { index, device } = call.values;
  const target = call.values['register-level'] ?? call.values['deregister-level'] ?? '';
  if (index === undefined || index < 1 || index > 9) throw new ToolError('usage', '--index must be 1 to 9');
  if (operation === 'register-level' && device.length === 0) {
    throw new ToolError('usage', 'At least one --device is needed with --register-level');
  }
  const devices = device.length === 0 ? undefined : device.join(',');
  const described = element('fencing-level', { index, ...aimOf(target), devices });
  return simple(call, { operation, level: described });
}

function aimOf(target: string): Readonly<Record<string, string>> {
  if (target.startsWith('@')) return { 'target-pattern': target.slice(1) };
  const at = target.indexOf('=');
  if (at < 1) return { target };
  return { 'target-attribute': target.slice(0, at), 'target-value': target.slice(at + 1) };
}

const AGENT_TIMEOUT = seconds(60);

function runFenceAgent(
  { values, surroundings }: Call,
  action: string,
  parameters: Readonly<Record<string, string>>,
) {
  const agent = { standard: 'stonith', type: values.agent ?? '' };
  return runAgent({ agent, action, parameters, timeout: AGENT_TIMEOUT }, surroundings.environment);
}

async function metadata(call: Call): Promise<ExitCode> {
  const { values, report } = call;
  const outcome = await runFenceAgent(call, 'metadata', {});
  if (outcome.kind !== 'ended' || outcome.status !== 0) {
    throw new ToolError('no-such-object', `Metadata of ${values.agent} is not to be had`);
  }
  report.text(outcome.stdout.endsWith('\n') ? outcome.stdout : `${outcome.stdout}\n`);
  report.xml(element('metadata', {}, [], outcome.stdout));
  return 'ok';
}

async function validate(call: Call): Promise<ExitCode> {
  const { values, report } = call;
  const outcome = await runFenceAgent(call, 'validate-all', parametersOf(call));
  const valid = outcome.kind === 'ended' && outcome.status === 0;
  const name = values.device[0] === undefined ? '' : `${values.device[0]} `;
  if (!values.quiet) report.line(`Validation of ${name}${values.agent} ${valid ? 'succeeded' : 'failed'}`);
  report.xml(element('validate', { agent: values.agent, valid }));
  return valid ? 'ok' : 'error';
}

async function fence(call: Call, action: FencingAction, host: string | undefined): Promise<ExitCode> {
  const { values, report } = call;
  const timeout = values.timeout === undefined ? DEFAULT_TIMEOUT : parseInterval(values.timeout);
  const tolerance = values.tolerance === undefined ? undefined : parseInterval(values.tolerance);
  if (timeout === undefined) throw new ToolError('usage', `Invalid timeout: ${values.timeout}`);
  const request = {
    kind: 'fencer',
    operation: 'fence',
    target: nodeName(host ?? ''),
    action,
    timeout,
    delay: seconds(values.delay ?? 0),
    ...(tolerance === undefined ? {} : { tolerance }),
  } as const;
  const reply = await withFencer(call, session => session.ask(request));
  if (reply.ok) return 'ok';
  report.error(reply.message, { bare: true });
  throw operationError(exitOfRefusal(reply.refusal), wordsOfRefusal(reply.refusal));
}

async function confirm(call: Call): Promise<ExitCode> {
  const target = nodeName(call.values.confirm ?? '');
  await ask(call, { operation: 'confirm', target });
  call.report.line(`Node: ${target} confirmed fenced`);
  return 'ok';
}

async function history(call: Call): Promise<ExitCode> {
  const { values, report } = call;
  const node = values.history ?? '*';
  const target = node === '*' || node === '' ? {} : { target: nodeName(node) };
  if (values.cleanup) {
    if (!values.quiet) report.line(`cleaning up fencing-history${node === '' ? '' : ` for node ${node}`}`);
    return simple(call, { operation: 'clear-history', ...target });
  }
  const all = readFencingHistory(await ask(call, { operation: 'history', ...target }));
  const last = all.find(({ state }) => state === 'success');
  if (values.quiet) {
    report.line(String(Math.floor((last?.completed ?? 0) / 1000)));
    return 'ok';
  }
  const shown = values.verbose > 0 ? all : last === undefined ? [] : [last];
  for (const event of shown) report.line(eventLine(event, true));
  report.line(`${shown.length} ${shown.length === 1 ? 'event' : 'events'} found`);
  const events = fencingElement(shown).children;
  report.xml(element('list', { name: 'Fencing history', count: events.length }, events));
  return 'ok';
}

async function last(call: Call): Promise<ExitCode> {
  const { values, report } = call;
  const target = values['as-node-id'] ? await nameOf(call, values.last ?? '') : (values.last ?? '');
  const answer = await ask(call, { operation: 'history', target: nodeName(target) });
  const when = readFencingHistory(answer).find(({ state }) => state === 'success')?.completed;
  if (when === undefined) report.line(`Node ${target} has never been fenced`);
  else report.line(`Node ${target} last fenced at: ${printDate(when)}`);
  report.xml(element('last-fenced', { target, when: when === undefined ? 'never' : printDate(when) }));
  return 'ok';
}

async function nameOf(call: Call, id: string): Promise<string> {
  const answer = await withFencer(call, session =>
    session.demand({ kind: 'controller', operation: 'members' }),
  );
  const found = answer?.children.find(node => attribute(node, 'id') === id);
  return (found === undefined ? undefined : attribute(found, 'name')) ?? id;
}

if (import.meta.main) void main(tool);
