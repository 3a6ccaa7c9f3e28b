/** What this node does with its own devices, when it is told to. */
import { between, later, milliseconds } from '../../base/time.ts';
import type { ExecutorResult } from '../../messages/executor.ts';
import type { FenceRun } from '../../messages/fencer.ts';
import { EXECUTION } from '../../model/exit-status.ts';
import { actionLimit, agentAction, type Device, drawDelay, parametersFor, triesOf } from './device.ts';
import { runAgent } from './run-agent.ts';
import { devicesOf, type LocalRun, log, nextNumber, type Turn, update } from './state.ts';

export function takeOn(turn: Turn, order: FenceRun): void {
  const device = devicesOf(turn.state).find(({ id }) => id === order.device);
  if (device === undefined) {
    say(turn, order, { ok: false, reason: `device ${order.device} is not here` });
    return;
  }
  const own = order.delay < 0 ? 0 : drawDelay(device, order.target, turn.env.random);
  const notBefore = later(turn.env.now, milliseconds(own + Math.max(order.delay, 0)));
  const run: LocalRun = {
    order,
    notBefore,
    ready: false,
    until: later(notBefore, order.timeout),
    triesLeft: triesOf(device, order.action),
  };
  update(turn, { runs: [...turn.state.runs, run] });
}

/** Begins what may begin: its delay is over, and the device has room. */
export function beginRuns(turn: Turn): void {
  for (const run of turn.state.runs) {
    if (run.call !== undefined || run.notBefore > turn.env.now) continue;
    if (!run.ready) replace(turn, run, { ...run, ready: true });
  }
  for (const run of turn.state.runs) {
    if (run.call !== undefined || !run.ready) continue;
    const device = devicesOf(turn.state).find(({ id }) => id === run.order.device);
    if (device === undefined || !turn.state.executor) {
      finish(turn, run, { ok: false, reason: device === undefined ? 'the device is gone' : 'no executor' });
    } else if (run.until <= turn.env.now) {
      finish(turn, run, { ok: false, reason: 'the device was busy for too long' });
    } else if (hasRoom(turn, device)) {
      execute(turn, run, device);
    }
  }
}

function hasRoom({ state }: Turn, device: Device): boolean {
  const limit = actionLimit(device);
  const busy = state.runs.filter(
    ({ order, call }) => call !== undefined && order.device === device.id,
  ).length;
  return limit === 0 || busy < limit;
}

function execute(turn: Turn, run: LocalRun, device: Device): void {
  const { target, action } = run.order;
  const call = nextNumber(turn);
  replace(turn, run, { ...run, call, triesLeft: run.triesLeft - 1 });
  log(turn, 'notice', `${action} of ${target} by ${device.id} begins`);
  runAgent(turn, device, {
    call,
    operation: agentAction(device, action),
    timeout: between(turn.env.now, run.until),
    parameters: parametersFor(device, target),
  });
}

/** Whether the result was that of a run of ours. Retries share the time that the run has. */
export function noteRan(turn: Turn, { action, status, exitStatus, exitReason }: ExecutorResult): boolean {
  const run = turn.state.runs.find(({ call }) => call === action.call);
  if (run === undefined) return false;
  if (status === EXECUTION.done && exitStatus === 0) {
    finish(turn, run, { ok: true });
  } else if (run.triesLeft > 0 && status !== EXECUTION.timeout && run.until > turn.env.now) {
    const { call: _, ...again } = run;
    replace(turn, run, again);
  } else {
    finish(turn, run, { ok: false, reason: exitReason ?? `the agent ended with ${exitStatus}` });
  }
  return true;
}

/** The executor is gone, and with it its children: what they did is not known, so it counts as not done. */
export function loseRuns(turn: Turn): void {
  for (const run of turn.state.runs) {
    if (run.call !== undefined) finish(turn, run, { ok: false, reason: 'the executor was lost' });
  }
}

interface Outcome {
  readonly ok: boolean;
  readonly reason?: string;
}

function finish(turn: Turn, run: LocalRun, outcome: Outcome): void {
  update(turn, { runs: turn.state.runs.filter(one => one !== run) });
  const { target, action, device } = run.order;
  const how = outcome.ok ? 'succeeded' : `failed: ${outcome.reason ?? ''}`;
  log(turn, outcome.ok ? 'notice' : 'warning', `${action} of ${target} by ${device} ${how}`);
  say(turn, run.order, outcome);
}

function say({ effects }: Turn, { id, run }: FenceRun, outcome: Outcome): void {
  const body = { kind: 'ran', id, run, ...outcome } as const;
  effects.push({ kind: 'multicast', message: { to: 'fencer', body } });
}

function replace(turn: Turn, run: LocalRun, by: LocalRun): void {
  update(turn, { runs: turn.state.runs.map(one => (one === run ? by : one)) });
}
