import { forbid, is, setReason } from '../actions/action.ts';
import { newestAction } from '../actions/lookup.ts';
import { colocationsWithThis } from '../assign/colocated.ts';
import { MUST } from '../assign/nodes.ts';
import { ACTION } from '../flags.ts';
import type { Action, Resource } from '../model.ts';
import type { ActionCause } from '../origins.ts';
import { topOf } from '../tree.ts';

/** Whether what must be with the action's resource may become impossible because the action is. */
export const mayBlock = (action: Action): boolean =>
  !is(action, ACTION.runnable) &&
  action.resource !== undefined &&
  (action.task === 'start' || action.task === 'promote');

/**
 * What must be with a resource that cannot start (or be promoted) cannot, either. Gives each action when it has been
 * made impossible: before the next, what depends on it in turn is to be blocked, and orderings are to take effect.
 */
export function* blockDependents(action: Action): Generator<Action> {
  if (!mayBlock(action) || action.resource === undefined) return;
  const isStart = action.task === 'start';
  let top = topOf(action.resource);
  if (top.parent !== undefined) top = top.parent;
  for (const one of top.children) {
    const its = newestAction(one, action.task);
    if (its === undefined || is(its, ACTION.runnable)) return;
  }
  for (const colocation of colocationsWithThis(top)) {
    const { score, primaryRole, dependent, dependentRole } = colocation;
    if (score < MUST || (!isStart && primaryRole !== 'Promoted')) continue;
    const cause = { action, origin: colocation };
    yield* block(dependent, dependentRole === 'Promoted' ? 'promote' : 'start', cause);
  }
}

function* block(resource: Resource, task: string, because: ActionCause): Generator<Action> {
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const action = resource.actions[at] as Action;
    if (!is(action, ACTION.runnable) || action.task !== task) continue;
    forbid(action, because);
    setReason(action, `colocation with ${because.action.resource?.id}`);
    yield action;
  }
  for (const one of resource.children) yield* block(one, task, because);
}
