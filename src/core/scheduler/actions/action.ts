import { compareRoles } from '../../model/role.ts';
import { operationParameters } from '../../status/digests.ts';
import { findOperation, operationMeta } from '../../status/operations.ts';
import { parametersOn } from '../../status/resources.ts';
import { ACTION, has } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { Demand, Obstacle } from '../origins.ts';
import { isGuestNode } from '../tree.ts';
import { canFence, fenceNode } from './fencing.ts';

export const operationKey = (resource: string, task: string, interval = 0): string =>
  `${resource}_${task}_${interval}`;

export const notifyKey = (resource: string, type: string, task: string): string =>
  `${resource}_${type}_notify_${task}_0`;

export const setFlag = (action: Action, flag: number): void => {
  action.flags |= flag;
};
export const clearFlag = (action: Action, flag: number): void => {
  action.flags &= ~flag;
};
export const is = (action: Action, flag: number): boolean => has(action.flags, flag);

/** Makes an action necessary; what did so when it was not is remembered. */
export function demand(action: Action, because: Demand): void {
  if (!is(action, ACTION.optional)) return;
  clearFlag(action, ACTION.optional);
  action.demand = because;
}

/** Makes an action impossible; what did so when it was not is remembered. */
export function forbid(action: Action, because: Obstacle): void {
  if (!is(action, ACTION.runnable)) return;
  clearFlag(action, ACTION.runnable);
  action.obstacle = because;
}

/** The first reason stays, unless a later one is to take its place. */
export function setReason(action: Action, reason: string | undefined, overwrite = false): void {
  if (action.reason === undefined || overwrite) action.reason = reason;
}

/** Parameters of a resource as they hold on a node. */
export function parametersOf(resource: Resource, node: Node | undefined): ReadonlyMap<string, string> {
  const name = node?.name ?? '';
  const known = resource.parameters.get(name);
  if (known !== undefined) return known;
  const made = parametersOn(resource.cluster.picture, resource.facts, node);
  resource.parameters.set(name, made);
  return made;
}

const INTERVAL = /_(\d+)$/;

export interface Wanted {
  readonly task: string;
  readonly key: string;
  readonly node?: Node | undefined;
  readonly optional: boolean;
  /** What makes it necessary, where it is not optional. */
  readonly because?: Demand | undefined;
}

/** The action of a resource of that key (and node), made where there is none yet; a required one makes it required. */
export function resourceAction(resource: Resource, wanted: Wanted): Action {
  const action = existingAction(resource, wanted) ?? makeAction(resource.cluster, resource, wanted);
  updateOptional(action, wanted);
  if (action.node !== undefined && action.config !== undefined && !is(action, ACTION.extraRead)) {
    action.extra = operationParameters(resource.cluster.picture.rules, action.config, action.node.attributes);
    setFlag(action, ACTION.extraRead);
  }
  updateRunnable(action, resource);
  return action;
}

/** The usual form: key from task and interval. */
export function actionOf(
  resource: Resource,
  task: string,
  node: Node | undefined,
  {
    optional,
    because,
    interval = 0,
  }: { readonly optional: boolean; readonly because?: Demand | undefined; readonly interval?: number },
): Action {
  const key = operationKey(resource.id, task, interval);
  return resourceAction(resource, { task, key, node, optional, because });
}

/** Whether an action is only for the case that something calls for it, or else what does. */
export type Need = 'optional' | Demand;

const needed = (need: Need) =>
  need === 'optional' ? { optional: true } : { optional: false, because: need };

export const startAction = (resource: Resource, node: Node | undefined, need: Need): Action =>
  actionOf(resource, 'start', node, needed(need));
export const stopAction = (resource: Resource, node: Node | undefined, need: Need): Action =>
  actionOf(resource, 'stop', node, needed(need));
export const demoteAction = (resource: Resource, node: Node | undefined, need: Need): Action =>
  actionOf(resource, 'demote', node, needed(need));
export const promoteAction = (resource: Resource, node: Node | undefined, need: Need): Action =>
  actionOf(resource, 'promote', node, needed(need));

function existingAction(resource: Resource, { key, node }: Wanted): Action | undefined {
  const same = resource.actionsByKey.get(key.toLowerCase());
  if (same === undefined || node === undefined) return same?.[0];
  let found: Action | undefined;
  for (const action of same) {
    action.node ??= node;
    if (action.node === node) found ??= action;
  }
  return found;
}

/** An action of no resource. */
export function clusterAction(cluster: Cluster, wanted: Wanted): Action {
  const known = cluster.singletons.get(wanted.key);
  const action = known ?? makeAction(cluster, undefined, wanted);
  if (!wanted.optional) demand(action, wanted.because ?? 'role');
  return action;
}

/** A pseudo-action of no resource, known by its name. */
export function pseudoAction(cluster: Cluster, name: string): Action {
  const known = cluster.singletons.get(name);
  if (known !== undefined) return known;
  const action = clusterAction(cluster, { task: name, key: name, optional: true });
  setFlag(action, ACTION.pseudo | ACTION.runnable);
  return action;
}

/** A pseudo-action that stands for a collective resource's instances. */
export function collectiveAction(
  resource: Resource,
  task: string,
  { optional, runnable }: { readonly optional: boolean; readonly runnable: boolean },
): Action {
  const action = actionOf(resource, task, undefined, { optional, because: 'instances' });
  setFlag(action, ACTION.pseudo);
  if (runnable) setFlag(action, ACTION.runnable);
  return action;
}

function makeAction(cluster: Cluster, resource: Resource | undefined, wanted: Wanted): Action {
  const { task, key, node, optional } = wanted;
  const interval = Number(INTERVAL.exec(key)?.[1] ?? 0);
  const config = resource === undefined ? undefined : configOf(resource, wanted, interval);
  const meta =
    resource === undefined
      ? new Map<string, string>()
      : operationMeta(cluster.picture, resource.facts, {
          name: task,
          interval,
          config,
          parameters: () => parametersOf(resource, node),
        });
  const action: Action = {
    id: cluster.nextAction,
    cluster,
    resource,
    task,
    key,
    node,
    flags: ACTION.runnable | (optional ? ACTION.optional : 0) | (task === 'lrm_delete' ? ACTION.onDc : 0),
    needs: resource === undefined ? 'nothing' : requirementOf(resource, task),
    priority: 0,
    reason: undefined,
    demand: optional ? undefined : (wanted.because ?? 'role'),
    obstacle: undefined,
    cancelled: undefined,
    config,
    meta,
    extra: undefined,
    required: 0,
    runnableBefore: 0,
    before: [],
    after: [],
    afterFlags: new Map(),
  };
  cluster.nextAction += 1;
  cluster.actions.push(action);
  if (resource === undefined) cluster.singletons.set(key, action);
  else indexAction(resource, action);
  return action;
}

function configOf(resource: Resource, { task, key }: Wanted, interval: number): Action['config'] {
  const exact = findOperation(resource.facts, task, interval, { disabledToo: true });
  if (exact !== undefined) return exact.xml;
  if (!key.includes('_notify_')) return undefined;
  return findOperation(resource.facts, 'notify', 0, { disabledToo: true })?.xml;
}

function requirementOf({ flags }: Resource, task: string): Action['needs'] {
  if (task !== 'start' && task !== 'promote') return 'nothing';
  return flags.needsFencing ? 'fencing' : flags.needsQuorum ? 'quorum' : 'nothing';
}

function indexAction(resource: Resource, action: Action): void {
  resource.actions.push(action);
  const key = action.key.toLowerCase();
  const same = resource.actionsByKey.get(key);
  if (same === undefined) resource.actionsByKey.set(key, [action]);
  else same.push(action);
}

function updateOptional(action: Action, { optional, because = 'role' }: Wanted): void {
  const { resource, node } = action;
  const mayOnlyWatch =
    resource !== undefined &&
    node !== undefined &&
    !is(action, ACTION.pseudo) &&
    !resource.flags.managed &&
    !action.meta.has('interval');
  if (mayOnlyWatch) setFlag(action, ACTION.optional);
  else if (!optional) demand(action, because);
}

/** Whether the action could run where it is to run: the node is there, and quorum allows it. */
function updateRunnable(action: Action, resource: Resource): void {
  if (is(action, ACTION.pseudo)) return;
  const { node, cluster } = action;
  if (node === undefined) {
    forbid(action, 'no-node');
  } else if (!is(action, ACTION.onDc) && !node.online && (!isGuestNode(node) || node.remoteReset)) {
    forbid(action, 'node-offline');
    if (resource.flags.managed && action.task === 'stop' && !node.unclean) {
      fenceNode(cluster, node, { reason: 'stop is unrunnable' });
    }
  } else if (!is(action, ACTION.onDc) && node.pending) {
    forbid(action, 'node-pending');
  } else if (action.needs === 'nothing') {
    setReason(action, undefined, true);
    if (isGuestNode(node) && !canFence(cluster, node)) forbid(action, 'guest-not-fenceable');
    else setFlag(action, ACTION.runnable);
  } else {
    applyQuorumPolicy(action, resource);
  }
}

function applyQuorumPolicy(action: Action, resource: Resource): void {
  switch (effectivePolicy(resource)) {
    case 'stop':
      forbid(action, 'no-quorum');
      setReason(action, 'no quorum', true);
      break;
    case 'freeze': {
      const rises = compareRoles(resource.nextRole, resource.role) > 0;
      if (resource.methods.isActive(resource, true) && !rises) break;
      forbid(action, 'quorum-freeze');
      setReason(action, 'quorum freeze', true);
      break;
    }
    default:
      setFlag(action, ACTION.runnable);
  }
}

function effectivePolicy(resource: Resource): string {
  const { picture } = resource.cluster;
  const policy = picture.options.noQuorumPolicy;
  if (picture.quorate) return 'ignore';
  if (policy !== 'demote') return policy;
  if (resource.role !== 'Promoted' && resource.role !== 'Unpromoted') return 'stop';
  if (compareRoles(resource.nextRole, 'Unpromoted') > 0) resource.nextRole = 'Unpromoted';
  return 'ignore';
}

/**
 * Actions of a resource by key, oldest first. With a node only those there; one that has no node yet is taken to
 * be meant for it.
 */
export function findActions(resource: Resource, key: string, node?: Node): Action[] {
  const same = resource.actionsByKey.get(key.toLowerCase());
  if (same === undefined) return [];
  if (node === undefined) return [...same];
  return same.filter(action => {
    action.node ??= node;
    return action.node === node;
  });
}

/** Only those that are known to be for that node. */
export function findActionsOn(resource: Resource, key: string, node: Node | undefined): Action[] {
  if (node === undefined) return [];
  return (resource.actionsByKey.get(key.toLowerCase()) ?? []).filter(action => action.node === node);
}

export const taskActions = (resource: Resource, task: string, node?: Node): Action[] =>
  findActions(resource, operationKey(resource.id, task), node);

export const taskActionsOn = (resource: Resource, task: string, node: Node | undefined): Action[] =>
  findActionsOn(resource, operationKey(resource.id, task), node);

/** The newest action of a task (on a node). */
export function newestAction(resource: Resource, task: string, node?: Node): Action | undefined {
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const action = resource.actions[at] as Action;
    if (action.task.toLowerCase() !== task) continue;
    if (node === undefined || action.node === node) return action;
  }
  return undefined;
}

export function newestByKey(resource: Resource, key: string): Action | undefined {
  return resource.actionsByKey.get(key.toLowerCase())?.at(-1);
}

/** An order to the agent's results: this exit status, and no other, is what was hoped for. */
export const expectStatus = (action: Action, status: number): void => {
  action.meta.set('op_target_rc', String(status));
};

export function isRecurring(action: Action): boolean {
  return Number(action.meta.get('interval') ?? 0) > 0;
}
