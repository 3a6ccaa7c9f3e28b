/** The life of one child: begun, ended by itself, or ended by us. */
import { later, seconds } from '../../base/time.ts';
import type { ExecutorAction } from '../../messages/executor.ts';
import { EXECUTION, OCF } from '../../model/exit-status.ts';
import type { EffectId, ExecutorEvent } from '../contract.ts';
import { noteBegin, noteEnd } from './begun.ts';
import { answerMetadata } from './metadata.ts';
import { agentAction, cancelled, notSpawned, type Outcome, timedOut } from './outcome.ts';
import { report } from './result.ts';
import {
  type ActionRun,
  dropRun,
  type Ending,
  queueNamed,
  type Recurring,
  type Run,
  recurringKey,
  setQueue,
  setRecurring,
  setRun,
  type Turn,
  type Waiting,
} from './state.ts';

/** For an action that names no time at all. */
const DEFAULT_TIMEOUT = seconds(20);
/** Between TERM and KILL, and between KILL and giving up on a child that the kernel holds. */
const PATIENCE = seconds(2);

export function start(turn: Turn, queue: string, { action, queuedAt }: Waiting): void {
  const effect = turn.state.nextEffect;
  turn.state = { ...turn.state, nextEffect: effect + 1 };
  const timeout = action.timeout > 0 ? action.timeout : DEFAULT_TIMEOUT;
  setRun(turn, {
    kind: 'action',
    effect,
    queue,
    action,
    queuedAt,
    startedAt: turn.now,
    deadline: later(turn.now, timeout),
  });
  setQueue(turn, queue, { ...queueNamed(turn.state, queue), running: effect });
  noteBegin(turn, action);
  turn.effects.push({
    kind: 'spawn',
    effect,
    agent: action.agent,
    action: agentAction(action),
    parameters: agentParameters(action),
    resource: action.resource,
  });
}

/** A fence agent is told its own parameters, not those that tell the cluster how to use it. */
function agentParameters({ agent, parameters }: ExecutorAction): Readonly<Record<string, string>> {
  if (agent.standard !== 'stonith') return parameters;
  const forCluster = /^(?:pcmk_|CRM_meta_|crm_feature_set$|provides$|stonith-timeout$)/;
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !forCluster.test(name)));
}

/** The child ended, by whatever cause. */
export function endRun(turn: Turn, run: ActionRun, outcome: Outcome): void {
  dropRun(turn, run.effect);
  release(turn, run.queue, run.effect);
  conclude(turn, run, outcomeWhenEnded(run, outcome));
}

export function failToSpawn(
  turn: Turn,
  run: ActionRun,
  { reason, error }: Extract<ExecutorEvent, { readonly kind: 'could-not-spawn' }>,
): void {
  endRun(turn, run, notSpawned(reason, error));
}

function release(turn: Turn, name: string, effect: EffectId): void {
  const { running, ...queue } = queueNamed(turn.state, name);
  if (running === effect) setQueue(turn, name, queue);
}

/** What it says itself counts only if nobody had given up on it before. */
function outcomeWhenEnded({ action, ending }: ActionRun, outcome: Outcome): Outcome | undefined {
  switch (ending?.why) {
    case undefined:
      return outcome;
    case 'timeout':
      return timedOut(action.timeout > 0 ? action.timeout : DEFAULT_TIMEOUT);
    case 'cancelled':
      return cancelled;
    case 'dropped':
      return undefined;
  }
}

function conclude(turn: Turn, run: ActionRun, outcome: Outcome | undefined): void {
  if (outcome === undefined) return;
  const { action, queuedAt, startedAt } = run;
  noteEnd(turn, action, outcome);
  if (action.interval === 0 || run.ending?.why === 'cancelled') {
    if (action.agent.standard === 'stonith' && action.operation === 'start') noteDevice(turn, run, outcome);
    report(turn, { action, outcome, queuedAt, startedAt });
    return;
  }
  const key = recurringKey(action);
  const known = queueNamed(turn.state, run.queue).recurring.get(key);
  if (known === undefined) return;
  const changed = !isSame(known.reported, outcome);
  const changedAt = changed ? turn.now : (known.changedAt ?? turn.now);
  const next: Recurring = {
    action: known.action,
    nextAt: later(turn.now, known.action.interval),
    reported: outcome,
    changedAt,
  };
  setRecurring(turn, run.queue, key, next);
  if (changed) report(turn, { action: known.action, outcome, queuedAt, startedAt, changedAt });
}

const isSame = (known: Outcome | undefined, outcome: Outcome): boolean =>
  known !== undefined && known.status === outcome.status && known.exitStatus === outcome.exitStatus;

function noteDevice(turn: Turn, { queue }: ActionRun, { status, exitStatus }: Outcome): void {
  const deviceStarted = status === EXECUTION.done && exitStatus === OCF.ok;
  setQueue(turn, queue, { ...queueNamed(turn.state, queue), deviceStarted });
}

/** Ends a run that nobody wants any more. */
export function endEarly(turn: Turn, run: Run, why: Ending['why']): void {
  if (run.ending !== undefined) {
    setRun(turn, { ...run, ending: { ...run.ending, why } });
    return;
  }
  signal(turn, run, { why, signal: 'TERM' });
}

function signal(turn: Turn, run: Run, ending: Ending): void {
  setRun(turn, { ...run, ending, deadline: later(turn.now, PATIENCE) });
  turn.effects.push({ kind: 'kill-group', effect: run.effect, signal: ending.signal });
}

/** Runs whose time is over: asked to end, made to end, and at last given up. */
export function loseThePatience(turn: Turn): void {
  for (const run of turn.state.runs.values()) {
    if (run.deadline > turn.now) continue;
    if (run.ending === undefined) signal(turn, run, { why: 'timeout', signal: 'TERM' });
    else if (run.ending.signal === 'TERM') signal(turn, run, { ...run.ending, signal: 'KILL' });
    else giveUp(turn, run);
  }
}

/**
 * Not even KILL ended it (the kernel holds it, waiting for a device). Its resource goes on without it, for the
 * cluster must hear of the timeout and may have to stop or fence.
 */
function giveUp(turn: Turn, run: Run): void {
  const what = run.kind === 'action' ? `${run.action.resource} ${run.action.operation}` : 'metadata';
  turn.effects.push({
    kind: 'log',
    level: 'err',
    text: `${what}: the agent's processes do not end, going on`,
  });
  if (run.kind === 'metadata') answerMetadata(turn, run, undefined, 'timed out');
  else endRun(turn, run, timedOut(run.action.timeout));
}
