import { actionOf, forbid, is } from '../actions/action.ts';
import { taskActions } from '../actions/lookup.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import { hasLoop } from '../graph/inputs.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';
import { roleOf } from '../tree.ts';
import type { Ordering } from './ordering.ts';
import { orderProbes } from './probes.ts';
import { type Relation, relate } from './relate.ts';
import { updateActionForOrderings, updateBlocked } from './update.ts';

/** Turns all orderings into relations of actions, and lets them take effect. */
export function applyOrderings(cluster: Cluster): void {
  for (const ordering of cluster.orderings) {
    if (ordering.first !== undefined) applyAfterFirst(ordering.first, ordering);
    else if (ordering.later !== undefined) orderAfter(ordering.firstAction, ordering.later, ordering);
    else relate(ordering.firstAction, ordering.thenAction, ordering.flags, ordering.origin);
  }
  for (const action of newestFirst(cluster)) updateBlocked(action);
  orderProbes(cluster);
  for (const action of newestFirst(cluster)) updateActionForOrderings(action);
  disableInvalid(cluster);
}

/** All actions there are now; more may be made meanwhile. */
const newestFirst = (cluster: Cluster): Action[] => [...cluster.actions].reverse();

/** Actions of a task. What holds of forgetting in the CIB holds of deleting on the node, where only that is planned. */
function actionsOf(resource: Resource, task: string): readonly Action[] {
  const found = taskActions(resource, task);
  return found.length === 0 && task === 'lrm_delete' ? taskActions(resource, 'delete') : found;
}

function applyAfterFirst(first: Resource, ordering: Ordering): void {
  const { firstTask, firstAction, later, thenAction } = ordering;
  if (later === undefined && thenAction === undefined) return;
  if (firstAction !== undefined) {
    applyBetween(firstAction, ordering);
    return;
  }
  const actions = actionsOf(first, firstTask);
  for (const action of actions) applyBetween(action, ordering);
  if (actions.length > 0 || first === later) return;
  const made = makeFirst(first, firstTask);
  if (made !== undefined) applyBetween(made, ordering);
}

function applyBetween(action: Action, ordering: Ordering): void {
  if (ordering.later === undefined) relate(action, ordering.thenAction, ordering.flags, ordering.origin);
  else orderAfter(action, ordering.later, ordering);
}

/** An action that nobody called for, so that what is ordered after it is not blocked by its absence. */
function makeFirst(resource: Resource, task: string): Action | undefined {
  const role = roleOf(resource, 'now');
  if (role === 'Stopped' && task === 'stop') return undefined;
  if (role === 'Unpromoted' && task === 'demote') return undefined;
  const made = task === 'lrm_delete' ? 'delete' : task;
  return actionOf(resource, made, undefined, { optional: true });
}

function orderAfter(first: Action | undefined, resource: Resource, ordering: Ordering): void {
  const { thenTask, thenAction, origin } = ordering;
  let { flags } = ordering;
  if (first?.resource === resource && is(first, ACTION.migrationAbort)) flags &= ~ORDER.firstImpliesThen;
  if (first === undefined && !has(flags, ORDER.firstImpliesThen)) return;
  if (thenAction !== undefined) {
    relateOrForbid(first, thenAction, flags, origin);
    return;
  }
  for (const then of actionsOf(resource, thenTask)) relateOrForbid(first, then, flags, origin);
}

function relateOrForbid(first: Action | undefined, then: Action, flags: number, origin: OrderOrigin): void {
  if (first !== undefined) relate(first, then, flags, origin);
  else forbid(then, 'needed-action-absent');
}

function disableInvalid(cluster: Cluster): void {
  for (const action of newestFirst(cluster)) {
    for (let at = action.before.length - 1; at >= 0; at -= 1) {
      const input = action.before[at] as Relation;
      if (isInvalid(action, input)) input.flags = ORDER.none;
    }
  }
}

/** Nothing waits for what runs on the guest that it carries itself, nor in a circle for room to migrate to. */
function isInvalid(action: Action, input: Relation): boolean {
  const { resource } = action;
  if (resource === undefined) return false;
  if (!has(input.flags, ORDER.guestAllowed) && input.first.resource !== undefined) {
    if (carries(resource, input.first.node)) return true;
  }
  const waitsForRoom = input.flags === ORDER.ifOnSameNodeOrTarget && action.task === 'migrate_to';
  return waitsForRoom && hasLoop(action, input);
}

const carries = (resource: Resource, node: Node | undefined): boolean =>
  node !== undefined &&
  resource.launched.length > 0 &&
  resource.launched.some(one => one.flags.remoteConnection && node.connection === one);
