import { PlannedAction } from '../actions/planned-action.ts';
import { ORDER } from '../flags.ts';
import type { Action, Cluster, Resource } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';
import { isAncestor } from '../tree.ts';

/** What a resource may come to do. */
interface Doing {
  readonly resource: Resource;
  readonly task: string;
}

/** One end of an ordering: an action, or whatever actions there will be of a task. */
export type End = Action | Doing;

const actionAt = (end: End): Action | undefined => (end instanceof PlannedAction ? end : undefined);

/** An ordering between what may become actions later. */
export class Ordering {
  readonly first: Resource | undefined;
  readonly firstTask: string;
  readonly firstAction: Action | undefined;
  readonly later: Resource | undefined;
  readonly thenTask: string;
  readonly thenAction: Action | undefined;
  readonly flags: number;
  readonly origin: OrderOrigin;

  constructor(first: End, then: End, flags: number, origin: OrderOrigin) {
    this.first = first.resource;
    this.firstTask = first.task;
    this.firstAction = actionAt(first);
    this.later = then.resource;
    this.thenTask = then.task;
    this.thenAction = actionAt(then);
    this.flags = flags;
    this.origin = origin;
  }
}

/** Remembers an ordering; it is applied to actions when all of them are known. */
export function addOrdering(
  cluster: Cluster,
  first: End,
  then: End,
  flags: number,
  origin: OrderOrigin,
): void {
  const ordering = new Ordering(first, then, flags, origin);
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
    { resource: first, task: firstTask },
    { resource: then, task: thenTask },
    flags,
    origin,
  );
}

/** What an ordering of starts and stops means for a live migration instead. */
function addMigrationEquivalents({ first, firstTask, later: then, thenTask, origin }: Ordering): void {
  if (first === undefined || then === undefined || first === then) return;
  const firstMoves = first.flags.migratable;
  const thenMoves = then.flags.migratable;
  if (!firstMoves && !thenMoves) return;
  if (isAncestor(first, then) || isAncestor(then, first)) return;
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
