/** Which of this node's devices can fence a node: known at once, or after agents have been asked. */
import { later, milliseconds, seconds } from '../../base/time.ts';
import type { FencingAction } from '../../messages/client.ts';
import type { ExecutorResult } from '../../messages/executor.ts';
import type { OfferedDevice } from '../../messages/fencer.ts';
import { EXECUTION } from '../../model/exit-status.ts';
import type { NodeName } from '../../model/names.ts';
import { element } from '../../xml/element.ts';
import {
  canFence,
  type Device,
  delayBounds,
  factsOf,
  hostCheckOf,
  parametersFor,
  readList,
  supports,
  timeoutOf,
} from './device.ts';
import { runAgent } from './run-agent.ts';
import { devicesOf, type Inquiry, nextNumber, type Turn, update } from './state.ts';
import { isVerified } from './topology.ts';

/** An answer that takes longer is given without the agents that have not said a word. */
const PATIENCE = seconds(8);
const AGENT_TIMEOUT = seconds(20);

/** Exit status of an agent's `status` for a node that is off: it knows the node, which is what is asked. */
const OFF = 2;

export function inquire(turn: Turn, target: NodeName, action: FencingAction, asker: Inquiry['for']): void {
  const until = later(turn.env.now, PATIENCE);
  const inquiry: Inquiry = { target, action, for: asker, until, asked: new Map(), said: new Map() };
  update(turn, { inquiries: [...turn.state.inquiries, inquiry] });
}

/** Asks what must be asked, and answers what can be answered. */
export function settleInquiries(turn: Turn): void {
  const { inquiries } = turn.state;
  if (inquiries.length === 0) return;
  const open: Inquiry[] = [];
  for (const inquiry of inquiries) {
    const asked = askAgents(turn, inquiry);
    if (isOpen(turn, asked)) open.push(asked);
    else answer(turn, asked);
  }
  update(turn, { inquiries: open });
}

function isOpen({ state, env }: Turn, { until, asked, said }: Inquiry): boolean {
  if (until <= env.now) return false;
  if (!state.placement.known || !state.executor) return true;
  if (devicesOf(state).some(({ agent }) => state.agents.get(agent) === 'asked')) return true;
  return [...asked.keys()].some(device => !said.has(device));
}

function askAgents(turn: Turn, inquiry: Inquiry): Inquiry {
  if (!turn.state.placement.known || !turn.state.executor) return inquiry;
  const asked = new Map(inquiry.asked);
  for (const device of devicesOf(turn.state)) {
    if (turn.state.agents.get(device.agent) === 'asked' || asked.has(device.id)) continue;
    if (canFence(device, inquiry.target, turn.env.now) !== 'ask') continue;
    asked.set(device.id, askAgent(turn, device, inquiry.target));
  }
  return asked.size === inquiry.asked.size ? inquiry : { ...inquiry, asked };
}

function askAgent(turn: Turn, device: Device, target: NodeName): number {
  const word = hostCheckOf(device) === 'status' ? 'status' : 'list';
  const call = nextNumber(turn);
  const parameters = word === 'status' ? parametersFor(device, target) : device.parameters;
  runAgent(turn, device, {
    call,
    operation: device.parameters[`pcmk_${word}_action`] ?? word,
    timeout: timeoutOf(device, word) ?? AGENT_TIMEOUT,
    parameters,
  });
  return call;
}

/** Whether the result was that of a question. */
export function noteAnswer(turn: Turn, result: ExecutorResult): boolean {
  const { call, resource } = result.action;
  const isMeant = ({ asked }: Inquiry) => asked.get(resource) === call;
  if (!turn.state.inquiries.some(isMeant)) return false;
  const device = devicesOf(turn.state).find(({ id }) => id === resource);
  const done = result.status === EXECUTION.done;
  const isList = device !== undefined && hostCheckOf(device) === 'dynamic-list';
  if (isList && done && result.exitStatus === 0) {
    const listed = readList(result.output ?? '', turn.env.now);
    update(turn, { lists: new Map(turn.state.lists).set(resource, listed) });
  }
  const inquiries = turn.state.inquiries.map(inquiry => {
    if (!isMeant(inquiry)) return inquiry;
    const now = devicesOf(turn.state).find(({ id }) => id === resource);
    const listed = now !== undefined && canFence(now, inquiry.target, turn.env.now) === true;
    const knows = done && (result.exitStatus === 0 || result.exitStatus === OFF);
    return { ...inquiry, said: new Map(inquiry.said).set(resource, isList ? listed : knows) };
  });
  update(turn, { inquiries });
  return true;
}

function answer(turn: Turn, inquiry: Inquiry): void {
  const devices = turn.state.executor ? able(turn, inquiry) : [];
  const { for: asker } = inquiry;
  if (asker.kind === 'operation') {
    const body = {
      kind: 'offer',
      id: asker.id,
      devices: devices.map(one => offerOf(turn, one, inquiry)),
    } as const;
    turn.effects.push({ kind: 'send', to: asker.conductor, message: { to: 'fencer', body } });
    return;
  }
  const output = element(
    'devices',
    {},
    devices.map(({ id, agent }) => element('device', { id, agent })),
  );
  turn.effects.push({
    kind: 'reply',
    client: asker.client,
    request: asker.request,
    reply: { ok: true, output },
  });
}

function able({ state, env }: Turn, { target, action, said }: Inquiry): readonly Device[] {
  return devicesOf(state).filter(device => {
    if (!supports(device, action)) return false;
    if (action === 'on' && factsOf(device).onTarget && target !== env.node.name) return false;
    const can = canFence(device, target, env.now);
    return can === 'ask' ? said.get(device.id) === true : can;
  });
}

function offerOf({ state, env }: Turn, device: Device, { target }: Inquiry): OfferedDevice {
  const timeouts: Partial<Record<FencingAction, ReturnType<typeof milliseconds>>> = {};
  for (const action of ['on', 'off', 'reboot'] as const) {
    const timeout = timeoutOf(device, action);
    if (timeout !== undefined) timeouts[action] = timeout;
  }
  return {
    device: device.id,
    verified: isVerified(device.id, env.node.name, state.cib),
    priority: Number(device.parameters.priority ?? 0) || 0,
    timeouts,
    delay: milliseconds(delayBounds(device, target).most),
  };
}
