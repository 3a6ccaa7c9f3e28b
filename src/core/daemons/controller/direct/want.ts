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
      followUps: 0,
      notBefore: instant(Math.max(directing.notBefore, settled)),
    });
  }
  if (directing.walk === undefined) return;
  const walk = abort(directing.walk, { priority: INFINITE_PRIORITY, completion: 'restart', reason });
  updateDirecting(turn, { walk });
}

/**
 * What was done may let more be done that no event tells of: what a probe found gives its node a promotion score,
 * instances of a clone take the places that others left. So the end of a transition asks for another look, until
 * there is nothing to do. A configuration whose plans never come to rest has to wait for the next recheck.
 */
export function wantFollowUp(turn: Turn): void {
  const { directing } = turn.state;
  if (directing === undefined || directing.wanted !== undefined) return;
  if (directing.followUps >= FOLLOW_UPS) {
    log(
      turn,
      'warning',
      `${FOLLOW_UPS} transitions in a row left more to do: the next waits for the recheck`,
    );
    return;
  }
  updateDirecting(turn, { wanted: 'the transition is complete', followUps: directing.followUps + 1 });
}
const FOLLOW_UPS = 5;
