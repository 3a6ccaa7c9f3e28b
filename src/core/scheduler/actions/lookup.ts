import type { Action, Node, Resource } from '../model.ts';

/** The key of an operation in text, as graph and history have it. */
export const operationKey = (resource: string, task: string, interval = 0): string =>
  `${resource}_${task}_${interval}`;

/** The key of a task of a resource: one string each time, so that it is found by reference. */
export function taskKey({ id, taskKeys }: Resource, task: string): string {
  const known = taskKeys.get(task);
  if (known !== undefined) return known;
  const made = operationKey(id, task);
  taskKeys.set(task, made);
  return made;
}

/** The key of an operation of a resource. */
export const keyOf = (resource: Resource, task: string, interval: number): string =>
  interval === 0 ? taskKey(resource, task) : operationKey(resource.id, task, interval);

/** Whether a key was made by `taskKey` for this resource. */
export function isOwnKey({ taskKeys }: Resource, key: string): boolean {
  for (const own of taskKeys.values()) if (own === key) return true;
  return false;
}

/** So many actions of one key are looked through faster than looked up. */
const FEW = 6;
const NONE: readonly Action[] = [];

/**
 * Actions of a resource that have one key, oldest first. Of probes there are as many as nodes, hence an index once
 * they are more than a few. An action without a node is taken to be meant for the first that is asked for.
 */
export class SameKey {
  readonly all: Action[] = [];
  #byNode: Map<Node, Action[]> | undefined = undefined;
  #unplaced = 0;

  add(action: Action): void {
    this.all.push(action);
    if (action.node === undefined) this.#unplaced += 1;
    else if (this.#byNode !== undefined) index(this.#byNode, action);
  }

  /** Those that are known to be for that node. */
  on(node: Node): readonly Action[] {
    if (this.all.length <= FEW) return this.all.filter(action => action.node === node);
    this.#byNode ??= this.#indexed();
    return this.#byNode.get(node) ?? NONE;
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

/** Keys are the same in any case; nearly always they are spelled the same. */
function sameKey({ actionsByKey }: Resource, key: string): SameKey | undefined {
  const known = actionsByKey.get(key);
  if (known !== undefined) return known;
  const lower = key.toLowerCase();
  return lower === key ? undefined : actionsByKey.get(lower);
}

export function indexAction(resource: Resource, action: Action): void {
  resource.actions.push(action);
  const { actionsByKey } = resource;
  const lower = action.key.toLowerCase();
  const same = actionsByKey.get(lower) ?? new SameKey();
  actionsByKey.set(lower, same);
  actionsByKey.set(action.key, same);
  same.add(action);
}

/**
 * Actions of a resource by key, oldest first. With a node only those there; one that has no node yet is taken to
 * be meant for it.
 */
export function findActions(resource: Resource, key: string, node?: Node): readonly Action[] {
  const same = sameKey(resource, key);
  if (same === undefined) return NONE;
  return node === undefined ? same.all : same.placedOn(node);
}

/** Only those that are known to be for that node. */
export function findActionsOn(resource: Resource, key: string, node: Node | undefined): readonly Action[] {
  return node === undefined ? NONE : (sameKey(resource, key)?.on(node) ?? NONE);
}

export const taskActions = (resource: Resource, task: string, node?: Node): readonly Action[] =>
  findActions(resource, taskKey(resource, task), node);

export const taskActionsOn = (resource: Resource, task: string, node: Node | undefined): readonly Action[] =>
  findActionsOn(resource, taskKey(resource, task), node);

/** The newest action of a task (on a node). */
export function newestAction(resource: Resource, task: string, node?: Node): Action | undefined {
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const action = resource.actions[at] as Action;
    if (node !== undefined && action.node !== node) continue;
    if (action.task === task) return action;
    // Tasks are the same in any case; nearly always they are spelled the same, or differ in length.
    if (action.task.length === task.length && action.task.toLowerCase() === task) return action;
  }
  return undefined;
}

export function newestByKey(resource: Resource, key: string): Action | undefined {
  return sameKey(resource, key)?.all.at(-1);
}
