import { taskKey } from '../actions/lookup.ts';
import { ORDER } from '../flags.ts';
import type { Action, Cluster, Ordering, Resource } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';
import { isAncestor } from '../tree.ts';

/** One end of an ordering: an action, or what will have that key. */
export interface End {
  readonly resource?: Resource | undefined;
  readonly key?: string | undefined;
  readonly action?: Action | undefined;
}

/** Remembers an ordering; it is applied to actions when all of them are known. */
export function addOrdering(
  cluster: Cluster,
  first: End,
  then: End,
  flags: number,
  origin: OrderOrigin,
): void {
  const ordering: Ordering = {
    first: first.resource ?? first.action?.resource,
    firstKey: first.key ?? first.action?.key,
    firstAction: first.action,
    later: then.resource ?? then.action?.resource,
    thenKey: then.key ?? then.action?.key,
    thenAction: then.action,
    flags,
    origin,
  };
  cluster.orderings.push(ordering);
  addMigrationEquivalents(ordering);
}

/** Orders a task of one resource before a task of another. */
export function orderTasks(
  first: Resource,
  firstTask: string,
  then: Resource,
  thenTask: string,
  flags: number,
  origin: OrderOrigin,
): void {
  addOrdering(
    first.cluster,
    { resource: first, key: taskKey(first, firstTask) },
    { resource: then, key: taskKey(then, thenTask) },
    flags,
    origin,
  );
}

const KEY_TASK = /_([a-z]+(?:_to|_from)?|lrm_delete|reload-agent)_\d+$/;
const taskOfKey = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : KEY_TASK.exec(key)?.[1];

/** What an ordering of starts and stops means for a live migration instead. */
function addMigrationEquivalents(ordering: Ordering): void {
  const { first, later: then, origin } = ordering;
  if (first === undefined || then === undefined || first === then) return;
  const firstMoves = first.flags.migratable;
  const thenMoves = then.flags.migratable;
  if (!firstMoves && !thenMoves) return;
  if (isAncestor(first, then) || isAncestor(then, first)) return;
  const firstTask = ordering.firstAction?.task ?? taskOfKey(ordering.firstKey);
  const thenTask = ordering.thenAction?.task ?? taskOfKey(ordering.thenKey);
  const unlessMoving = ORDER.ordered | (firstMoves ? ORDER.ifFirstUnmigratable : 0);
  if (firstTask === 'start' && thenTask === 'start') {
    if (firstMoves && thenMoves) {
      orderTasks(first, 'migrate_from', then, 'migrate_to', ORDER.ordered, origin);
    }
    if (thenMoves) orderTasks(first, 'start', then, 'migrate_to', unlessMoving, origin);
  } else if (thenMoves && firstTask === 'stop' && thenTask === 'stop') {
    orderBeforeMove(first, 'stop', then, unlessMoving, origin);
  } else if (thenMoves && firstTask === 'promote' && thenTask === 'start') {
    orderTasks(first, 'promote', then, 'migrate_to', ORDER.ordered, origin);
  } else if (thenMoves && firstTask === 'demote' && thenTask === 'stop') {
    orderBeforeMove(first, 'demote', then, ORDER.ordered, origin);
  }
}

/** Before it leaves; where it has left already, before it arrives. */
function orderBeforeMove(
  first: Resource,
  task: string,
  then: Resource,
  flags: number,
  origin: OrderOrigin,
): void {
  orderTasks(first, task, then, 'migrate_to', flags, origin);
  if (then.migration !== undefined) orderTasks(first, task, then, 'migrate_from', flags, origin);
}
