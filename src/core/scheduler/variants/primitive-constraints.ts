import { compareRoles } from '../../model/role.ts';
import { demand, pseudoAction } from '../actions/action.ts';
import { orderRestartVsUnfencing } from '../actions/unfencing.ts';
import { exclude, MUST } from '../assign/nodes.ts';
import { addColocation } from '../constraints/colocation.ts';
import { ORDER } from '../flags.ts';
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
    'stop-before-start',
  );
  if (topOf(resource).flags.promotable || compareRoles(resource.role, 'Unpromoted') > 0) {
    orderTasks(resource, 'demote', resource, 'stop', ORDER.promotedThenImpliesFirst, 'roles-in-turn');
    orderTasks(resource, 'start', resource, 'promote', ORDER.unrunnableFirstBlocks, 'roles-in-turn');
  }
  orderTasks(
    resource,
    'lrm_delete',
    resource,
    'monitor',
    ORDER.ifOnSameNode | ORDER.thenCancelsFirst,
    'forget-before-probe',
  );
  const allowed = unfences || fits || resource.launcher !== undefined ? byName(resource) : [];
  if (unfences) for (const one of allowed) orderRestartVsUnfencing(resource, one.node);
  if (fits) constrainUtilization(resource, allowed);
  if (resource.launcher !== undefined) constrainLaunched(resource, resource.launcher, allowed);
  if (resource.flags.remoteConnection || resource.flags.fenceDevice) avoidRemoteNodes(resource);
}

const byName = (resource: Resource): Candidate[] =>
  [...resource.allowed.values()].sort((left, right) => left.node.position - right.node.position);

function avoidRemoteNodes(resource: Resource): void {
  const { allowed } = resource;
  allowed.each(({ node }) => {
    const candidate = node.connection === undefined ? undefined : allowed.get(node);
    if (candidate !== undefined) exclude(candidate, 'remote-node');
  });
}

/** Stands for all on a node that makes room by stopping. */
function loadStopped(node: Node, resource: Resource): Action {
  const action = pseudoAction(resource.cluster, `load_stopped_${node.name}`);
  if (action.node === undefined) {
    action.node = node;
    demand(action, 'room');
  }
  return action;
}

/** What stops frees room for what starts. */
function constrainUtilization(resource: Resource, allowed: readonly Candidate[]): void {
  const { cluster } = resource;
  const flags = ORDER.ifOnSameNodeOrTarget;
  for (const node of resource.active) {
    const action = loadStopped(node, resource);
    addOrdering(cluster, { resource, task: 'stop' }, action, flags, 'room-before-use');
  }
  for (const { node } of allowed) {
    const action = loadStopped(node, resource);
    addOrdering(cluster, action, { resource, task: 'start' }, flags, 'room-before-use');
    addOrdering(cluster, action, { resource, task: 'migrate_to' }, flags, 'room-before-use');
  }
}

function constrainLaunched(resource: Resource, launcher: Resource, allowed: readonly Candidate[]): void {
  let connection: Resource | undefined;
  if (resource.flags.remoteConnection) {
    if (!resource.flags.nestingAllowed) avoidRemoteNodes(launcher);
    orderTasks(launcher, 'monitor', resource, 'stop', ORDER.ordered, 'container-first');
  } else if (launcher.flags.remoteConnection) {
    connection = launcher;
  } else {
    connection = launcher.launched.find(one => one.flags.remoteConnection);
  }
  if (connection !== undefined) {
    for (const one of allowed) if (one.node.connection !== connection) exclude(one, 'in-container');
    return;
  }
  const flags = ORDER.firstImpliesThen | ORDER.unrunnableFirstBlocks;
  orderTasks(launcher, 'start', resource, 'start', flags, 'container-first');
  orderTasks(resource, 'stop', launcher, 'stop', ORDER.thenImpliesFirst, 'container-first');
  addColocation({
    id: '#resource-with-container',
    score: resource.flags.nestingAllowed ? 10_000 : MUST,
    dependent: resource,
    primary: launcher,
    influence: true,
    explicit: false,
  });
}
