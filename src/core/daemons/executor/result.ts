import type { Instant } from '../../base/time.ts';
import type { ExecutorAction, ExecutorResult } from '../../messages/executor.ts';
import type { Outcome } from './outcome.ts';
import type { Turn } from './state.ts';

/** Results that nobody acknowledged; a `pacemakerd` that stays away for hours must not fill the memory. */
const UNACKNOWLEDGED = 5000;

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
  if (kept.length > UNACKNOWLEDGED) {
    turn.effects.push({
      kind: 'log',
      level: 'warning',
      text: 'dropped the oldest result: nobody takes them',
    });
  }
  if (turn.state.connected) turn.effects.push({ kind: 'reply', reply: { kind: 'result', result } });
}
