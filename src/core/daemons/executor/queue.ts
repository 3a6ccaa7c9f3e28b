/** What waits for its turn: actions asked for, recurring ones that fall due, and what is taken back. */

import { later } from '../../base/time.ts';
import type { ExecutorAction, ExecutorRequest } from '../../messages/executor.ts';
import { EXECUTION, OCF } from '../../model/exit-status.ts';
import { cancelled } from './outcome.ts';
import { report } from './result.ts';
import { endEarly, start } from './run.ts';
import {
  type ActionRun,
  forgetKnown,
  queueNamed,
  queueOf,
  type Recurring,
  recurringKey,
  remember,
  setQueue,
  setRecurring,
  setRun,
  type Turn,
} from './state.ts';

/** Takes an action on. One that is asked for again (`pacemakerd` came back and asks what it asked) runs once. */
export function submit(turn: Turn, action: ExecutorAction): void {
  const name = queueOf(action);
  remember(turn, action, { succeeded: false });
  if (action.interval > 0) {
    adopt(turn, name, action);
  } else if (!isKnown(turn, name, action)) {
    if (action.operation === 'stop') endRecurring(turn, name);
    if (action.startDelay === undefined || action.startDelay === 0) enqueue(turn, name, action);
    else delay(turn, name, action);
  }
}

function isKnown({ state }: Turn, name: string, { asker, call }: ExecutorAction): boolean {
  const same = (other: ExecutorAction) => other.asker === asker && other.call === call;
  const { waiting, delayed } = queueNamed(state, name);
  const run = runOf(state, name);
  return (
    waiting.some(({ action }) => same(action)) ||
    delayed.some(one => same(one.waiting.action)) ||
    (run !== undefined && same(run.action))
  );
}

const runOf = (state: Turn['state'], name: string): ActionRun | undefined => {
  const { running } = queueNamed(state, name);
  const run = running === undefined ? undefined : state.runs.get(running);
  return run?.kind === 'action' ? run : undefined;
};

function adopt(turn: Turn, name: string, action: ExecutorAction): void {
  const key = recurringKey(action);
  const known = queueNamed(turn.state, name).recurring.get(key);
  const startDelay = known === undefined ? (action.startDelay ?? 0) : 0;
  if (startDelay > 0) {
    setRecurring(turn, name, key, { action, nextAt: later(turn.now, action.startDelay ?? action.interval) });
    return;
  }
  setRecurring(turn, name, key, { action });
  const run = runOf(turn.state, name);
  if (run !== undefined && run.action.interval > 0 && recurringKey(run.action) === key) {
    if (run.ending === undefined) {
      setRun(turn, { ...run, action: { ...run.action, ...action } });
      return;
    }
  }
  const queue = queueNamed(turn.state, name);
  const others = queue.waiting.filter(
    ({ action: waiting }) => waiting.interval === 0 || recurringKey(waiting) !== key,
  );
  setQueue(turn, name, { ...queue, waiting: [...others, { action, queuedAt: turn.now }] });
}

function enqueue(turn: Turn, name: string, action: ExecutorAction): void {
  const queue = queueNamed(turn.state, name);
  setQueue(turn, name, { ...queue, waiting: [...queue.waiting, { action, queuedAt: turn.now }] });
}

function delay(turn: Turn, name: string, action: ExecutorAction): void {
  const queue = queueNamed(turn.state, name);
  const at = later(turn.now, action.startDelay ?? action.interval);
  const waiting = { action, queuedAt: turn.now };
  setQueue(turn, name, { ...queue, delayed: [...queue.delayed, { waiting, at }] });
}

/** Begins the next action of the queue if none runs. */
export function dispatch(turn: Turn, name: string): void {
  for (;;) {
    const queue = queueNamed(turn.state, name);
    const [next, ...waiting] = queue.waiting;
    if (queue.running !== undefined || next === undefined) return;
    setQueue(turn, name, { ...queue, waiting });
    if (!answerForDevice(turn, name, next.action)) start(turn, name, next);
  }
}

/**
 * A fence device is not a process: whether it "runs" is whether the cluster started it here, and stopping it is
 * forgetting that. Neither takes an agent.
 */
function answerForDevice(turn: Turn, name: string, action: ExecutorAction): boolean {
  if (action.agent.standard !== 'stonith' || action.asker === 'fencer') return false;
  const queue = queueNamed(turn.state, name);
  const done = (exitStatus: number) =>
    report(turn, {
      action,
      outcome: { status: EXECUTION.done, exitStatus },
      queuedAt: turn.now,
      startedAt: turn.now,
    });
  if (action.operation === 'stop') {
    setQueue(turn, name, { ...queue, deviceStarted: false });
    done(OCF.ok);
    return true;
  }
  if (action.operation === 'monitor' && action.interval === 0) {
    done(queue.deviceStarted === true ? OCF.ok : OCF.notRunning);
    return true;
  }
  return false;
}

/** Recurring and delayed actions that are due. */
export function wake(turn: Turn): void {
  for (const [name, { recurring, delayed }] of turn.state.queues) {
    for (const [key, one] of recurring) {
      if (one.nextAt === undefined || one.nextAt > turn.now) continue;
      setRecurring(turn, name, key, withoutNext(one));
      enqueue(turn, name, one.action);
    }
    if (delayed.some(({ at }) => at <= turn.now)) {
      const queue = queueNamed(turn.state, name);
      const due = delayed.filter(({ at }) => at <= turn.now).map(({ waiting }) => waiting);
      const waiting = [...queue.waiting, ...due];
      setQueue(turn, name, { ...queue, waiting, delayed: delayed.filter(({ at }) => at > turn.now) });
    }
  }
}

function withoutNext({ action, reported, changedAt }: Recurring): Recurring {
  return {
    action,
    ...(reported === undefined ? {} : { reported }),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

type Cancel = Extract<ExecutorRequest, { readonly kind: 'cancel' }>;

export function cancel(turn: Turn, { resource, operation, interval }: Cancel): void {
  const key = recurringKey({ operation, interval });
  const known = queueNamed(turn.state, resource).recurring.get(key);
  if (known === undefined) {
    turn.effects.push({ kind: 'reply', reply: { kind: 'nothing-to-cancel', resource, operation, interval } });
    return;
  }
  removeRecurring(turn, resource, key, 'cancelled');
}

/** What the resource's stop, or its removal, makes pointless. Nothing is told: whoever asks for that knows it. */
function endRecurring(turn: Turn, name: string): void {
  for (const key of queueNamed(turn.state, name).recurring.keys())
    removeRecurring(turn, name, key, 'dropped');
}

function removeRecurring(turn: Turn, name: string, key: string, why: 'cancelled' | 'dropped'): void {
  const queue = queueNamed(turn.state, name);
  const known = queue.recurring.get(key);
  if (known === undefined) return;
  const waiting = queue.waiting.filter(({ action }) => action.interval === 0 || recurringKey(action) !== key);
  setQueue(turn, name, { ...queue, waiting });
  setRecurring(turn, name, key, undefined);
  const run = runOf(turn.state, name);
  if (run !== undefined && run.action.interval > 0 && recurringKey(run.action) === key) {
    endEarly(turn, run, why);
  } else if (why === 'cancelled') {
    report(turn, { action: known.action, outcome: cancelled, queuedAt: turn.now, startedAt: turn.now });
  }
}

/** The resource is gone from the cluster: what waits for it is cancelled, what runs is left to end. */
export function forget(turn: Turn, resource: string): void {
  forgetKnown(turn, resource);
  endRecurring(turn, resource);
  const { running, waiting, delayed } = queueNamed(turn.state, resource);
  setQueue(turn, resource, {
    ...(running === undefined ? {} : { running }),
    waiting: [],
    delayed: [],
    recurring: new Map(),
  });
  for (const { action, queuedAt } of [...waiting, ...delayed.map(one => one.waiting)]) {
    if (action.interval === 0) report(turn, { action, outcome: cancelled, queuedAt, startedAt: turn.now });
  }
  // Whoever forgets what was done proves nothing of what runs.
  const action = turn.state.begun.get(resource);
  if (action !== undefined) turn.effects.push({ kind: 'reply', reply: { kind: 'forgotten', action } });
}
