import { forbid, is, resourceAction } from '../actions/action.ts';
import { findActions, isOwnKey, keyOf } from '../actions/lookup.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import { hasLoop } from '../graph/inputs.ts';
import type { Action, Cluster, Node, Ordering, Relation, Resource } from '../model.ts';
import { roleOf } from '../tree.ts';
import { orderProbes } from './probes.ts';
import { relate } from './relate.ts';
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

const LONG_TASKS = ['migrate_to', 'migrate_from', 'clear_failcount'] as const;

/** Task and interval of a key, without whose it is. */
function partsOf(key: string): { readonly task: string; readonly interval: number } | undefined {
  const end = key.lastIndexOf('_');
  const start = key.lastIndexOf('_', end - 1);
  if (start < 1) return undefined;
  const word = key.slice(start + 1, end);
  const digits = key.slice(end + 1);
  if (!/^[a-z-]+$/.test(word) || !/^\d+$/.test(digits)) return undefined;
  const task = LONG_TASKS.find(one => key.endsWith(`_${one}`, end)) ?? word;
  return { task, interval: Number(digits) };
}

/** What holds of forgetting a resource in the CIB holds of deleting it on its node, where only that is planned. */
const FORGET = '_lrm_delete_0';

/** Actions of a key; where there are none, of the same task of this very resource. */
function findByTask(resource: Resource, key: string): readonly Action[] {
  const found = findActions(resource, key);
  if (found.length > 0 || (isOwnKey(resource, key) && !key.endsWith(FORGET))) return found;
  const parts = partsOf(key);
  return parts === undefined ? found : findActions(resource, keyOf(resource, parts.task, parts.interval));
}

function applyAfterFirst(first: Resource, ordering: Ordering): void {
  let actions: readonly Action[] =
    ordering.firstAction === undefined ? findByTask(first, ordering.firstKey ?? '') : [ordering.firstAction];
  if (actions.length === 0 && first !== ordering.later) {
    const made = makeFirst(first, ordering.firstKey ?? '');
    actions = made === undefined ? [] : [made];
  }
  const then = ordering.later ?? ordering.thenAction?.resource;
  if (then === undefined && ordering.thenAction === undefined) return;
  for (const action of actions) {
    if (then === undefined) relate(action, ordering.thenAction, ordering.flags, ordering.origin);
    else orderAfter(action, then, ordering);
  }
}

/** An action that nobody called for, so that what is ordered after it is not blocked by its absence. */
function makeFirst(resource: Resource, key: string): Action | undefined {
  const parts = partsOf(key);
  if (parts === undefined) return undefined;
  const role = roleOf(resource, 'now');
  if (role === 'Stopped' && parts.task === 'stop') return undefined;
  if (role === 'Unpromoted' && parts.task === 'demote') return undefined;
  const own = keyOf(resource, parts.task, parts.interval);
  return resourceAction(resource, { task: parts.task, key: own, optional: true });
}

function orderAfter(first: Action | undefined, resource: Resource, ordering: Ordering): void {
  const actions =
    ordering.thenAction === undefined ? findByTask(resource, ordering.thenKey ?? '') : [ordering.thenAction];
  let { flags } = ordering;
  if (first?.resource === resource && is(first, ACTION.migrationAbort)) flags &= ~ORDER.firstImpliesThen;
  if (first === undefined && !has(flags, ORDER.firstImpliesThen)) return;
  for (const then of actions) {
    if (first !== undefined) relate(first, then, flags, ordering.origin);
    else forbid(then, 'needed-action-absent');
  }
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
  if (!has(input.flags, ORDER.guestAllowed) && input.action.resource !== undefined) {
    if (carries(resource, input.action.node)) return true;
  }
  const waitsForRoom = input.flags === ORDER.ifOnSameNodeOrTarget && action.task === 'migrate_to';
  return waitsForRoom && hasLoop(action, input);
}

const carries = (resource: Resource, node: Node | undefined): boolean =>
  node !== undefined &&
  resource.launched.length > 0 &&
  resource.launched.some(one => one.flags.remoteConnection && node.connection === one);
