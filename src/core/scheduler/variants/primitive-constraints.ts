import { compareRoles } from '../../model/role.ts';
import { clearFlag, operationKey, pseudoAction } from '../actions/action.ts';
import { orderRestartVsUnfencing } from '../actions/unfencing.ts';
import { MUST, NEVER } from '../assign/nodes.ts';
import { addColocation } from '../constraints/colocation.ts';
import { ACTION, ORDER } from '../flags.ts';
import type { Action, Candidate, Node, Resource } from '../model.ts';
import { addOrdering, orderTasks } from '../order/ordering.ts';
import { topOf } from '../tree.ts';

/** Orderings and colocations that follow from what a primitive is. */
export function constrainPrimitive(resource: Resource): void {
  if (!resource.flags.managed) return;
  const { cluster } = resource;
  const { options } = cluster.picture;
  const unfences = !resource.flags.fenceDevice && options.unfencing && resource.flags.needsUnfencing;
  const fits = resource.facts.utilization.size > 0 && options.placementStrategy !== 'default';
  orderTasks(
    resource,
    'stop',
    resource,
    'start',
    ORDER.ordered | ORDER.firstImpliesThen | ORDER.intermediateStop,
  );
  if (topOf(resource).flags.promotable || compareRoles(resource.role, 'Unpromoted') > 0) {
    orderTasks(resource, 'demote', resource, 'stop', ORDER.promotedThenImpliesFirst);
    orderTasks(resource, 'start', resource, 'promote', ORDER.unrunnableFirstBlocks);
  }
  orderTasks(resource, 'lrm_delete', resource, 'monitor', ORDER.ifOnSameNode | ORDER.thenCancelsFirst);
  const allowed = unfences || fits || resource.launcher !== undefined ? byName(resource) : [];
  if (unfences) for (const one of allowed) orderRestartVsUnfencing(resource, one.node);
  if (fits) constrainUtilization(resource, allowed);
  if (resource.launcher !== undefined) constrainLaunched(resource, resource.launcher, allowed);
  if (resource.flags.remoteConnection || resource.flags.fenceDevice) avoidRemoteNodes(resource);
}

const byName = (resource: Resource): Candidate[] =>
  [...resource.allowed.values()].sort((left, right) => left.node.position - right.node.position);

function avoidRemoteNodes(resource: Resource): void {
  for (const one of resource.allowed.values()) if (one.node.connection !== undefined) one.score = NEVER;
}

/** Stands for all on a node that makes room by stopping. */
function loadStopped(node: Node, resource: Resource): Action {
  const action = pseudoAction(resource.cluster, `load_stopped_${node.name}`);
  if (action.node === undefined) {
    action.node = node;
    clearFlag(action, ACTION.optional);
  }
  return action;
}

/** What stops frees room for what starts. */
function constrainUtilization(resource: Resource, allowed: readonly Candidate[]): void {
  const { cluster } = resource;
  const flags = ORDER.ifOnSameNodeOrTarget;
  for (const node of resource.active) {
    const action = loadStopped(node, resource);
    addOrdering(cluster, { resource, key: operationKey(resource.id, 'stop') }, { action }, flags);
  }
  for (const { node } of allowed) {
    const action = loadStopped(node, resource);
    addOrdering(cluster, { action }, { resource, key: operationKey(resource.id, 'start') }, flags);
    addOrdering(cluster, { action }, { resource, key: operationKey(resource.id, 'migrate_to') }, flags);
  }
}

function constrainLaunched(resource: Resource, launcher: Resource, allowed: readonly Candidate[]): void {
  let connection: Resource | undefined;
  if (resource.flags.remoteConnection) {
    if (!resource.flags.nestingAllowed) avoidRemoteNodes(launcher);
    orderTasks(launcher, 'monitor', resource, 'stop', ORDER.ordered);
  } else if (launcher.flags.remoteConnection) {
    connection = launcher;
  } else {
    connection = launcher.launched.find(one => one.flags.remoteConnection);
  }
  if (connection !== undefined) {
    for (const one of allowed) if (one.node.connection !== connection) one.score = NEVER;
    return;
  }
  const flags = ORDER.firstImpliesThen | ORDER.unrunnableFirstBlocks;
  orderTasks(launcher, 'start', resource, 'start', flags);
  orderTasks(resource, 'stop', launcher, 'stop', ORDER.thenImpliesFirst);
  addColocation({
    id: '#resource-with-container',
    score: resource.flags.nestingAllowed ? 10_000 : MUST,
    dependent: resource,
    primary: launcher,
    influence: true,
    explicit: false,
  });
}
