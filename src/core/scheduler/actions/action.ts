import { compareRoles } from '../../model/role.ts';
import { ACTION, has } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { Demand, Obstacle } from '../origins.ts';
import { isGuestNode } from '../tree.ts';
import { canFence, fenceNode } from './fencing.ts';
import { findAction, indexAction, keyOf } from './lookup.ts';
import { PlannedAction, type Wanted } from './planned-action.ts';
import { changeFlags, forgetTally } from './tally.ts';

export const notifyKey = (resource: string, type: string, task: string): string =>
  `${resource}_${type}_notify_${task}_0`;

export const setFlag = (action: Action, flag: number): void => {
  changeFlags(action, action.flags | flag);
};
export const clearFlag = (action: Action, flag: number): void => {
  changeFlags(action, action.flags & ~flag);
};
export const is = (action: Action, flag: number): boolean => has(action.flags, flag);

/** Makes an action necessary; what did so when it was not is remembered. */
export function demand(action: Action, because: Demand): void {
  if (!is(action, ACTION.optional)) return;
  clearFlag(action, ACTION.optional);
  action.demand = because;
}

/** Makes an action impossible; what did so when it was not is remembered, or when it had no node yet. */
export function forbid(action: Action, because: Obstacle): void {
  if (!is(action, ACTION.runnable) && action.obstacle !== 'no-node') return;
  clearFlag(action, ACTION.runnable);
  action.obstacle = because;
}

/** The first reason stays, unless a later one is to take its place. */
export function setReason(action: Action, reason: string | undefined, overwrite = false): void {
  if (action.reason === undefined || overwrite) action.reason = reason;
}

/** The action of a resource of that key (and node), made where there is none yet; a required one makes it required. */
export function resourceAction(resource: Resource, wanted: Wanted): Action {
  const action =
    findAction(resource, wanted.task, wanted.key, wanted.node) ??
    makeAction(resource.cluster, resource, wanted);
  updateOptional(action, wanted);
  if (action.node !== undefined) setFlag(action, ACTION.placed);
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
  return resourceAction(resource, { task, key: keyOf(resource, task, interval), node, optional, because });
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
  const action = new PlannedAction(cluster, resource, wanted);
  cluster.nextAction += 1;
  cluster.actions.push(action);
  if (resource === undefined) cluster.singletons.set(action.key, action);
  else indexAction(resource, action);
  forgetTally(action);
  return action;
}

function updateOptional(action: Action, { optional, because = 'role' }: Wanted): void {
  const { resource, node } = action;
  const mayOnlyWatch =
    resource !== undefined &&
    node !== undefined &&
    !is(action, ACTION.pseudo) &&
    !resource.flags.managed &&
    action.interval === 0;
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

/** An order to the agent's results: this exit status, and no other, is what was hoped for. */
export const expectStatus = (action: Action, status: number): void => {
  action.meta.set('op_target_rc', String(status));
};

export const isRecurring = (action: Action): boolean => action.interval > 0;
