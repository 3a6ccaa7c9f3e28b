/** Something changed that the present transition was not made for: it is cut short, and another will follow. */
import { instant, later } from '../../../base/time.ts';
import { abort, INFINITE_PRIORITY } from '../../../transition/walk.ts';
import { log, type Turn, updateDirecting } from '../turn.ts';

export function wantDecision(turn: Turn, reason: string): void {
  const { directing } = turn.state;
  if (directing === undefined) return;
  if (directing.wanted === undefined) {
    log(turn, 'info', `a new transition is wanted: ${reason}`);
    const settled = later(turn.env.now, turn.state.options.transitionDelay);
    updateDirecting(turn, {
      wanted: reason,
      notBefore: instant(Math.max(directing.notBefore, settled)),
    });
  }
  if (directing.walk === undefined) return;
  const walk = abort(directing.walk, { priority: INFINITE_PRIORITY, completion: 'restart', reason });
  updateDirecting(turn, { walk });
}
