/**
 * Runs agents and keeps what became of it. It decides nothing about the cluster and goes on by itself while
 * nobody listens. What holds:
 *
 * 1. Of one resource one action runs at a time; what is asked later runs later.
 * 2. A recurring operation is due its interval after its last run ended. Its outcome is told the first time and
 *    when it changes. Asking for one that is there adopts it: it runs at once and is told anew.
 * 3. A stop ends the recurring operations of its resource before it begins.
 * 4. Whoever exceeds its time is ended with all of its process group: TERM, then KILL, then it is given up.
 * 5. Every outcome that is told stays until it is acknowledged, up to a limit, beyond which the oldest goes.
 * 6. What may be active by an executor's doing is known to those after it while the host is up; see `begun.ts`.
 */
import { unreachable } from '../../base/assert.ts';
import { earliest, type Instant } from '../../base/time.ts';
import type { ExecutorRequest } from '../../messages/executor.ts';
import type { ExecutorEffect, ExecutorEvent } from '../contract.ts';
import { answerMetadata, askForMetadata } from './metadata.ts';
import { outcomeOf } from './outcome.ts';
import { cancel, dispatch, forget, submit, wake } from './queue.ts';
import { endRun, failToSpawn, loseThePatience } from './run.ts';
import { type ExecutorState, NOTHING_KNOWN, type Turn } from './state.ts';

export type State = ExecutorState;
export type Event = ExecutorEvent;
export type Effect = ExecutorEffect;
export interface Env {
  readonly now: Instant;
}

export const initial: State = NOTHING_KNOWN;

export function step(state: State, event: Event, { now }: Env): readonly [State, readonly Effect[]] {
  const turn: Turn = { state, effects: [], now };
  take(turn, event);
  for (const name of turn.state.queues.keys()) dispatch(turn, name);
  return [turn.state, turn.effects];
}

/** When the next `tick` is wanted. */
export function deadline({ runs, queues }: State): Instant | undefined {
  let first: Instant | undefined;
  for (const run of runs.values()) first = earliest(first, run.deadline);
  for (const { recurring, delayed } of queues.values()) {
    for (const { nextAt } of recurring.values()) first = earliest(first, nextAt);
    for (const { at } of delayed) first = earliest(first, at);
  }
  return first;
}

function take(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'started':
      turn.state = { ...turn.state, begun: new Map(event.begun.map(one => [one.resource, one])) };
      return;
    case 'connected':
    case 'disconnected':
      turn.state = { ...turn.state, connected: event.kind === 'connected' };
      return;
    case 'request':
      serve(turn, event.request);
      return;
    case 'exited': {
      const run = turn.state.runs.get(event.effect);
      if (run?.kind === 'metadata') answerMetadata(turn, run, event.status === 0 ? event.stdout : undefined);
      else if (run !== undefined) endRun(turn, run, outcomeOf(run.action, event));
      return;
    }
    case 'could-not-spawn': {
      const run = turn.state.runs.get(event.effect);
      if (run?.kind === 'metadata') answerMetadata(turn, run, undefined, event.error);
      else if (run !== undefined) failToSpawn(turn, run, event);
      return;
    }
    case 'tick':
      loseThePatience(turn);
      wake(turn);
      return;
    default:
      unreachable(event);
  }
}

function serve(turn: Turn, request: ExecutorRequest): void {
  switch (request.kind) {
    case 'execute':
      submit(turn, request.action);
      return;
    case 'cancel':
      cancel(turn, request);
      return;
    case 'acknowledge':
      turn.state = {
        ...turn.state,
        unacknowledged: turn.state.unacknowledged.filter(({ result }) => result !== request.result),
      };
      return;
    case 'list':
      list(turn);
      return;
    case 'metadata':
      askForMetadata(turn, request);
      return;
    case 'forget':
      forget(turn, request.resource);
      return;
    default:
      unreachable(request);
  }
}

function list({ state, effects }: Turn): void {
  const queues = [...state.queues.values()];
  const once = [...state.runs.values()].flatMap(run =>
    run.kind === 'action' && run.action.interval === 0 && run.ending?.why !== 'dropped' ? [run.action] : [],
  );
  const waiting = queues.flatMap(queue => [...queue.waiting, ...queue.delayed.map(one => one.waiting)]);
  effects.push({
    kind: 'reply',
    reply: {
      kind: 'listed',
      running: [...once, ...waiting.map(({ action }) => action).filter(({ interval }) => interval === 0)],
      recurring: queues.flatMap(queue => [...queue.recurring.values()].map(({ action }) => action)),
      unacknowledged: state.unacknowledged,
      known: [...state.known.values()],
      begun: [...state.begun.values()],
    },
  });
}
