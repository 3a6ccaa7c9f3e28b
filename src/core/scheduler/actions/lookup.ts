import type { Action, Node, Resource } from '../model.ts';

/** The key of an operation in text, as graph and history have it. */
export const operationKey = (resource: string, task: string, interval = 0): string =>
  `${resource}_${task}_${interval}`;

/** So many actions of one key are looked through faster than looked up. */
const FEW = 6;
const NONE: readonly Action[] = [];

/**
 * Actions of a resource that have one key, oldest first. Of probes there are as many as nodes, hence an index once
 * they are more than a few. An action without a node is taken to be meant for the first that is asked for.
 */
export class SameKey {
  readonly key: string;
  readonly all: Action[] = [];
  #byNode: Map<Node, Action[]> | undefined = undefined;
  #unplaced = 0;

  constructor(key: string) {
    this.key = key;
  }

  add(action: Action): void {
    this.all.push(action);
    if (action.node === undefined) this.#unplaced += 1;
    else if (this.#byNode !== undefined) index(this.#byNode, action);
  }

  /** Those that are known to be for that node. */
  on(node: Node): readonly Action[] {
    if (this.all.length > FEW) {
      this.#byNode ??= this.#indexed();
      return this.#byNode.get(node) ?? NONE;
    }
    if (this.all.every(action => action.node === node)) return this.all;
    return this.all.filter(action => action.node === node);
  }

  /** Those for that node; what has none yet gets it. */
  placedOn(node: Node): readonly Action[] {
    if (this.#unplaced > 0) {
      for (const action of this.all) action.node ??= node;
      this.#unplaced = 0;
      this.#byNode = undefined;
    }
    return this.on(node);
  }

  #indexed(): Map<Node, Action[]> {
    const made = new Map<Node, Action[]>();
    for (const action of this.all) if (action.node !== undefined) index(made, action);
    return made;
  }
}

function index(into: Map<Node, Action[]>, action: Action): void {
  const node = action.node as Node;
  const same = into.get(node);
  if (same === undefined) into.set(node, [action]);
  else same.push(action);
}

/** Actions of one task of a resource: those that are done once, and the last that was made, whatever its key. */
export class TaskActions extends SameKey {
  newest: Action | undefined = undefined;
}

function tasksOf(resource: Resource, task: string): TaskActions {
  const known = resource.tasks.get(task);
  if (known !== undefined) return known;
  const lower = task.toLowerCase();
  const made = lower === task ? new TaskActions(operationKey(resource.id, task)) : tasksOf(resource, lower);
  resource.tasks.set(task, made);
  return made;
}

/** The key of an operation of a resource. */
export const keyOf = (resource: Resource, task: string, interval: number): string =>
  interval === 0 ? tasksOf(resource, task).key : operationKey(resource.id, task, interval);

export function indexAction(resource: Resource, action: Action): void {
  resource.actions.push(action);
  const same = tasksOf(resource, action.task);
  action.earlier = same.newest;
  same.newest = action;
  if (action.key === same.key) same.add(action);
  else otherActions(resource, action.key).add(action);
}

function otherActions(resource: Resource, key: string): SameKey {
  resource.otherActions ??= new Map();
  const known = resource.otherActions;
  const lower = key.toLowerCase();
  const same = known.get(lower) ?? new SameKey(key);
  known.set(lower, same);
  known.set(key, same);
  return same;
}

/** Keys are the same in any case; nearly always they are spelled the same. */
function sameKey({ otherActions: known }: Resource, key: string): SameKey | undefined {
  if (known === undefined) return undefined;
  return known.get(key) ?? known.get(key.toLowerCase());
}

/** Actions of a task that is done once, oldest first. With a node only those there, as `SameKey.placedOn` has it. */
export function taskActions(resource: Resource, task: string, node?: Node): readonly Action[] {
  const same = resource.tasks.get(task);
  if (same === undefined) return NONE;
  return node === undefined ? same.all : same.placedOn(node);
}

/** Only those that are known to be for that node. */
export const taskActionsOn = (resource: Resource, task: string, node: Node | undefined): readonly Action[] =>
  node === undefined ? NONE : (resource.tasks.get(task)?.on(node) ?? NONE);

/** Actions that recur and have this key, only those that are known to be for that node. */
export const recurringActionsOn = (
  resource: Resource,
  key: string,
  node: Node | undefined,
): readonly Action[] => (node === undefined ? NONE : (sameKey(resource, key)?.on(node) ?? NONE));

/** The action of a task that has this key (on a node, if one is given). */
export function findAction(resource: Resource, task: string, key: string, node?: Node): Action | undefined {
  const ofTask = resource.tasks.get(task);
  const same = ofTask?.key === key ? ofTask : sameKey(resource, key);
  return node === undefined ? same?.all[0] : same?.placedOn(node)[0];
}

/** The newest action of a task (on a node). */
export function newestAction(resource: Resource, task: string, node?: Node): Action | undefined {
  let action = resource.tasks.get(task)?.newest;
  while (action !== undefined && node !== undefined && action.node !== node) action = action.earlier;
  return action;
}

/** The newest action that notifies and has this key. */
export const newestNotice = (resource: Resource, key: string): Action | undefined =>
  sameKey(resource, key)?.all.at(-1);
