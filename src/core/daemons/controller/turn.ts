/** One step of the controller under way: its state so far, and the verbs in which its parts speak. */
import type { CibRequest } from '../../messages/client.ts';
import type { ControllerMessage } from '../../messages/controller.ts';
import type { ExecutorRequest } from '../../messages/executor.ts';
import type { NodeName } from '../../model/names.ts';
import type { LogLevel } from '../contract.ts';
import type { CommonEffect, DaemonEnv, Done } from '../inside.ts';
import type { ControllerState, Directing, Local, WritePurpose } from './state.ts';

export type Effect = CommonEffect | Done<'ask-executor' | 'compute-transition' | 'exit' | 'panic'>;

/** It never outlives the step. */
export interface Turn {
  state: ControllerState;
  readonly effects: Effect[];
  readonly env: DaemonEnv;
  /** What we said to ourselves, to be heard within this step. */
  readonly inbox: ControllerMessage[];
}

export function update(turn: Turn, change: Partial<ControllerState>): void {
  turn.state = { ...turn.state, ...change };
}

export function updateLocal(turn: Turn, change: Partial<Local>): void {
  turn.state = { ...turn.state, local: { ...turn.state.local, ...change } };
}

/** No effect where we are not the DC. */
export function updateDirecting(turn: Turn, change: Partial<Directing>): void {
  const { directing } = turn.state;
  if (directing !== undefined) turn.state = { ...turn.state, directing: { ...directing, ...change } };
}

/** The state without an optional part of it. */
export function clear(turn: Turn, ...keys: readonly OptionalKey[]): void {
  if (!keys.some(key => key in turn.state)) return;
  const state = { ...turn.state };
  for (const key of keys) delete state[key];
  turn.state = state;
}

type OptionalKey = 'dc' | 'membership' | 'directing' | 'waitForDc';

export function clearDirecting(
  turn: Turn,
  ...keys: readonly (
    | 'wanted'
    | 'computing'
    | 'walk'
    | 'joinUntil'
    | 'recheckAt'
    | 'writeAt'
    | 'stalledUntil'
  )[]
): void {
  const before = turn.state.directing;
  if (before === undefined || !keys.some(key => key in before)) return;
  const directing = { ...before };
  for (const key of keys) delete directing[key];
  turn.state = { ...turn.state, directing };
}

export function clearLocal(turn: Turn, ...keys: readonly ('listing' | 'history' | 'rewriteAt')[]): void {
  const before = turn.state.local;
  if (!keys.some(key => key in before)) return;
  const local = { ...before };
  for (const key of keys) delete local[key];
  turn.state = { ...turn.state, local };
}

export function log(turn: Turn, level: LogLevel, text: string): void {
  turn.effects.push({ kind: 'log', level, text: `controller: ${text}` });
}

export function multicast(turn: Turn, body: ControllerMessage): void {
  turn.effects.push({ kind: 'multicast', message: { to: 'controller', body } });
}

/** To one node; what we say to ourselves needs no network. */
export function send(turn: Turn, to: NodeName, body: ControllerMessage): void {
  if (to === turn.env.node.name) turn.inbox.push(body);
  else turn.effects.push({ kind: 'send', to, message: { to: 'controller', body } });
}

export function askExecutor(turn: Turn, request: ExecutorRequest): void {
  turn.effects.push({ kind: 'ask-executor', request });
}

export function write(turn: Turn, body: Omit<CibRequest, 'kind'>, purpose: WritePurpose): void {
  const request = turn.state.nextRequest;
  update(turn, { nextRequest: request + 1, writes: new Map(turn.state.writes).set(request, purpose) });
  turn.effects.push({
    kind: 'tell-cib',
    body: { kind: 'cib-write', from: 'controller', request, body: { kind: 'cib', ...body } },
  });
}
