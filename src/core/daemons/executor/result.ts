import type { Instant } from '../../base/time.ts';
import type { ExecutorAction, ExecutorResult } from '../../messages/executor.ts';
import { EXECUTION, OCF } from '../../model/exit-status.ts';
import type { Outcome } from './outcome.ts';
import { remember, type Turn } from './state.ts';

/** Results that nobody acknowledged; a `pacemakerd` that stays away for hours must not fill the memory. */
const UNACKNOWLEDGED = 5000;

/** Operations whose success says with which parameters the resource runs. */
const TELLING: ReadonlySet<string> = new Set(['start', 'monitor', 'reload', 'reload-agent']);

export interface Report {
  readonly action: ExecutorAction;
  readonly outcome: Outcome;
  readonly queuedAt: Instant;
  readonly startedAt: Instant;
  readonly changedAt?: Instant;
}

/** Keeps a result until it is acknowledged, and tells it to whoever listens. */
export function report(turn: Turn, { action, outcome, ...times }: Report): void {
  const result: ExecutorResult = {
    result: turn.state.nextResult,
    action,
    ...outcome,
    ...times,
    endedAt: turn.now,
  };
  const kept = [...turn.state.unacknowledged, result];
  turn.state = {
    ...turn.state,
    nextResult: result.result + 1,
    unacknowledged: kept.slice(-UNACKNOWLEDGED),
  };
  if (outcome.status === EXECUTION.done && outcome.exitStatus === OCF.ok && TELLING.has(action.operation)) {
    remember(turn, action, { succeeded: true });
  }
  if (kept.length > UNACKNOWLEDGED) {
    turn.effects.push({
      kind: 'log',
      level: 'warning',
      text: 'dropped the oldest result: nobody takes them',
    });
  }
  if (turn.state.connected) turn.effects.push({ kind: 'reply', reply: { kind: 'result', result } });
}
