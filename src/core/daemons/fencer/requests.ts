/** What clients and the controller ask of the fencer. */
import { between, type Duration, seconds } from '../../base/time.ts';
import type { ClientReply, FencerRequest, FencingAction } from '../../messages/client.ts';
import type { FencerMessage } from '../../messages/fencer.ts';
import type { NodeName } from '../../model/names.ts';
import {
  attribute,
  attributePairs,
  childrenNamed,
  element,
  idOf,
  type XmlElement,
} from '../../xml/element.ts';
import type { ClientEvent, FenceOrder } from '../inside.ts';
import { hostCheckOf, type Parameters, targetsOf, timeoutOf } from './device.ts';
import { inquire } from './inquiry.ts';
import { eventElement, PERSON, pendingElement } from './operation.ts';
import { askAgents } from './placement.ts';
import { runAgent } from './run-agent.ts';
import { devicesOf, nextNumber, type Turn, update, type Waiting, withOut } from './state.ts';

const DEFAULT_TIMEOUT = seconds(60);
const MONITOR_TIMEOUT = seconds(60);

export function multicast({ effects }: Turn, body: FencerMessage): void {
  effects.push({ kind: 'multicast', message: { to: 'fencer', body } });
}

export function obey(turn: Turn, { request, target, action, timeout, delay }: FenceOrder): void {
  ask(
    turn,
    { target, action, client: 'pacemaker-controld' },
    {
      by: { kind: 'controller', request },
      target,
      timeout,
      delay: delay ?? 0,
    },
  );
}

interface Aim {
  readonly target: NodeName;
  readonly action: FencingAction;
  readonly client: string;
}

function ask(turn: Turn, aim: Aim, waiting: Waiting): void {
  const id = `${turn.env.node.name}.${nextNumber(turn)}`;
  update(turn, { waiting: new Map(turn.state.waiting).set(id, waiting) });
  multicast(turn, { kind: 'request', id, ...aim });
}

export function serve(turn: Turn, event: ClientEvent<FencerRequest>): void {
  const { client, request, body } = event;
  const reply = (answer: ClientReply) => turn.effects.push({ kind: 'reply', client, request, reply: answer });
  switch (body.operation) {
    case 'fence':
      if (isDoneAlready(turn, body)) reply({ ok: true });
      else askForClient(turn, event, body);
      return;
    case 'confirm':
      confirm(turn, event, body.target);
      reply({ ok: true });
      return;
    case 'devices':
      if (body.target === undefined) reply({ ok: true, output: devicesElement(turn) });
      else inquire(turn, body.target, 'off', { kind: 'client', client, request });
      return;
    case 'query-device':
      askDevice(turn, event, { id: body.device, word: 'monitor' });
      return;
    case 'list-targets':
      listTargets(turn, event, body.device);
      return;
    case 'register-device':
      reply(registerDevice(turn, body.device));
      return;
    case 'remove-device':
      update(turn, { added: withOut(turn.state.added, body.device) });
      reply({ ok: true });
      return;
    case 'register-level':
      update(turn, { addedLevels: [...withoutLevel(turn, body.level), body.level] });
      reply({ ok: true });
      return;
    case 'remove-level':
      update(turn, { addedLevels: withoutLevel(turn, body.level) });
      reply({ ok: true });
      return;
    case 'history':
      reply({ ok: true, output: historyElement(turn, body.target) });
      return;
    case 'clear-history':
      multicast(turn, {
        kind: 'clear-history',
        ...(body.target === undefined ? {} : { target: body.target }),
      });
      reply({ ok: true });
      return;
  }
}

type Fence = Extract<FencerRequest, { readonly operation: 'fence' }>;

function askForClient(
  turn: Turn,
  { client, request, identity }: ClientEvent<FencerRequest>,
  body: Fence,
): void {
  const { target, action, timeout, delay } = body;
  ask(
    turn,
    { target, action, client: clientName(identity) },
    {
      by: { kind: 'client', client, request },
      target,
      timeout: timeout ?? DEFAULT_TIMEOUT,
      delay: delay ?? 0,
    },
  );
}

const clientName = ({ name, pid }: ClientEvent<FencerRequest>['identity']): string =>
  `${name ?? 'client'}${pid === undefined ? '' : `.${pid}`}`;

/** The same was done so recently that it does for the asker. */
function isDoneAlready({ state, env }: Turn, { target, action, tolerance }: Fence): boolean {
  if (tolerance === undefined || tolerance === 0) return false;
  return state.history.some(
    entry =>
      entry.ok &&
      entry.target === target &&
      entry.action === action &&
      between(entry.at, env.now) <= tolerance,
  );
}

function confirm(turn: Turn, { identity }: ClientEvent<FencerRequest>, target: NodeName): void {
  const here = turn.env.node.name;
  const id = `${here}.${nextNumber(turn)}`;
  const client = clientName(identity);
  const entry = {
    id,
    target,
    action: 'off',
    origin: here,
    client,
    ok: true,
    delegate: PERSON,
    at: turn.env.now,
  } as const;
  multicast(turn, { kind: 'result', entry });
}

const devicesElement = ({ state }: Turn): XmlElement =>
  element(
    'devices',
    {},
    devicesOf(state).map(({ id, agent }) => element('device', { id, agent })),
  );

function historyElement({ state }: Turn, target: NodeName | undefined): XmlElement {
  const isMeant = (one: { readonly target: NodeName }) => target === undefined || one.target === target;
  const pending = [...state.operations.values()].filter(isMeant).map(pendingElement);
  return element('fence_history', {}, [
    ...pending,
    ...state.history.filter(isMeant).toReversed().map(eventElement),
  ]);
}

export const targetsElement = (names: readonly string[]): XmlElement =>
  element(
    'targets',
    {},
    names.map(name => element('target', { name })),
  );

function listTargets(turn: Turn, event: ClientEvent<FencerRequest>, id: string): void {
  const { client, request } = event;
  const device = devicesOf(turn.state).find(one => one.id === id);
  if (device === undefined || hostCheckOf(device) === 'dynamic-list') {
    askDevice(turn, event, { id, word: 'list' });
    return;
  }
  const reply: ClientReply = { ok: true, output: targetsElement(targetsOf(device)) };
  turn.effects.push({ kind: 'reply', client, request, reply });
}

/** Runs the device's agent once; the executor's result is the answer. */
function askDevice(
  turn: Turn,
  { client, request }: ClientEvent<FencerRequest>,
  { id, word }: { readonly id: string; readonly word: 'monitor' | 'list' },
): void {
  const device = devicesOf(turn.state).find(one => one.id === id);
  if (device === undefined) {
    const reply = { ok: false, refusal: 'no-such-object', message: `there is no device ${id} here` } as const;
    turn.effects.push({ kind: 'reply', client, request, reply });
    return;
  }
  const call = nextNumber(turn);
  const timeout: Duration = timeoutOf(device, word) ?? MONITOR_TIMEOUT;
  const by = { kind: 'client', client, request } as const;
  const waiting: Waiting = { by, target: turn.env.node.name, timeout, delay: 0 };
  update(turn, { waiting: new Map(turn.state.waiting).set(`query ${call}`, waiting) });
  runAgent(turn, device, {
    call,
    operation: device.parameters[`pcmk_${word}_action`] ?? word,
    timeout,
    parameters: device.parameters,
  });
}

/** Parameters stand as attributes of a child `attributes`, or as nvpairs. */
function registerDevice(turn: Turn, device: XmlElement): ClientReply {
  const id = idOf(device);
  const agent = attribute(device, 'agent');
  if (id === undefined || agent === undefined) {
    return { ok: false, refusal: 'invalid', message: 'a device has an id and an agent' };
  }
  const parameters: Record<string, string> = {};
  for (const child of device.children) {
    if (child.name === 'attributes')
      for (const [name, value] of attributePairs(child)) parameters[name] = value;
    for (const pair of childrenNamed(child, 'nvpair')) {
      parameters[attribute(pair, 'name') ?? ''] = attribute(pair, 'value') ?? '';
    }
  }
  const registered: { id: string; agent: string; parameters: Parameters } = { id, agent, parameters };
  update(turn, { added: new Map(turn.state.added).set(id, registered) });
  askAgents(turn);
  return { ok: true };
}

function withoutLevel({ state }: Turn, level: XmlElement): readonly XmlElement[] {
  const key = (one: XmlElement) =>
    ['target', 'target-pattern', 'target-attribute', 'target-value', 'index']
      .map(name => attribute(one, name))
      .join('\n');
  return state.addedLevels.filter(one => key(one) !== key(level));
}
