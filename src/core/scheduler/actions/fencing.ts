import { unfencingDigests } from '../../status/digests.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { Demand } from '../origins.ts';
import { isGuestNode, isRemoteNode } from '../tree.ts';
import { clusterAction, demand } from './action.ts';
import { parametersOf } from './parameters.ts';

/**
 * Whether the cluster could fence the node: by a device, or by recovering what carries it, unless that is on the very
 * node that it carries (`among` are nodes asked for already), as a history may say.
 */
export function canFence(cluster: Cluster, node: Node, among: readonly Node[] = []): boolean {
  if (isGuestNode(node)) {
    const hosts = node.connection?.launcher?.active ?? [];
    const asked = [...among, node];
    return hosts.every(host => host.online || (!asked.includes(host) && canFence(cluster, host, asked)));
  }
  const { options, quorate } = cluster.picture;
  if (!options.fencingEnabled || !options.haveFencing) return false;
  if (quorate || options.noQuorumPolicy === 'ignore') return true;
  if (!node.online) return false;
  if (node.facts.kind === 'cluster' || options.fenceRemoteWithoutQuorum) return true;
  return node.connection?.allowed.some(one => !one.node.online) !== true;
}

export interface FencingWish {
  readonly reason?: string | undefined;
  readonly optional: boolean;
  /** What makes it necessary, where it is not optional. */
  readonly because?: Demand;
  /** `off`, `on`, `reboot`; the cluster's default where absent. */
  readonly action?: string;
  /** Whether the priority of what runs there may delay it. */
  readonly delay?: boolean;
}

/** The fencing (or unfencing) of a node, made where there is none yet. */
export function fencingAction(cluster: Cluster, node: Node, wish: FencingWish): Action {
  const { options } = cluster.picture;
  const operation = wish.action ?? options.fencingAction;
  const key = `stonith-${node.name}-${operation}`;
  let action = cluster.singletons.get(key);
  let { optional } = wish;
  if (action === undefined) {
    action = clusterAction(cluster, { task: 'stonith', key, node, optional: true });
    action.meta.set('on_node', node.name);
    action.meta.set('on_node_uuid', node.id);
    action.meta.set('stonith_action', operation);
    if (options.unfencing && addDigests(cluster, node, action)) optional = false;
  }
  if (
    options.priorityFencingDelay > 0 &&
    (wish.delay === true || action.meta.has('priority-fencing-delay'))
  ) {
    action.meta.set('priority-fencing-delay', String(priorityDelay(cluster, node)));
  }
  if (!optional && canFence(cluster, node)) {
    demand(action, wish.because ?? (operation === 'on' ? 'unfencing' : 'fencing'));
    action.reason ??= wish.reason;
  } else {
    action.reason ??= wish.reason;
  }
  return action;
}

/** Records what devices the node is unfenced with; true where one of them is not the one of the last time. */
function addDigests(cluster: Cluster, node: Node, action: Action): boolean {
  let changed = false;
  let all = '';
  let nonprivate = '';
  const lastAll = node.attributes.get('#digests-all');
  const lastNonprivate = node.attributes.get('#digests-secure');
  for (const device of unfencingDevices(cluster)) {
    const digests = unfencingDigests(cluster.picture, () => parametersOf(device, node));
    const name = `${device.id}:${device.meta.get('type') ?? ''}`;
    all += `${name}:${digests.all},`;
    nonprivate += `${name}:${digests.nonprivate},`;
    if (lastAll === undefined || lastAll.includes(`${name}:${digests.all}`)) continue;
    if (lastNonprivate?.includes(`${name}:${digests.nonprivate}`) !== true) changed = true;
  }
  action.meta.set('digests-all', all);
  action.meta.set('digests-secure', nonprivate);
  return changed;
}

/** Devices that unfence nodes, last first. */
function unfencingDevices(cluster: Cluster): Resource[] {
  const found: Resource[] = [];
  const look = (resource: Resource): void => {
    if (resource.children.length > 0) for (const one of resource.children) look(one);
    else if (resource.flags.fenceDevice) {
      if (resource.flags.needsUnfencing || resource.meta.get('provides')?.toLowerCase() === 'unfencing') {
        found.unshift(resource);
      }
    }
  };
  for (const resource of cluster.resources) look(resource);
  return found;
}

/** Seconds by which the fencing of the node with the dearest resources is held back where a cluster falls apart. */
function priorityDelay(cluster: Cluster, node: Node): number {
  if (node.facts.kind !== 'cluster' || node.online) return 0;
  const members = cluster.nodes.filter(one => one.facts.kind === 'cluster');
  const online = members.filter(one => one.online).length;
  if (online > Math.floor(members.length / 2)) return 0;
  const priorities = members.map(one => one.facts.priority);
  const top = Math.max(...priorities);
  if (Math.min(...priorities) === top || node.facts.priority < top) return 0;
  return Math.round(cluster.picture.options.priorityFencingDelay / 1000);
}

/** Marks a node as one that must be fenced before what was on it may run elsewhere. */
export function fenceNode(
  cluster: Cluster,
  node: Node,
  { reason, delay = false }: { readonly reason: string; readonly delay?: boolean },
): void {
  if (isGuestNode(node)) {
    const launcher = node.connection?.launcher;
    if (launcher === undefined || launcher.flags.failed || !launcher.flags.managed) return;
    node.remoteReset = true;
    launcher.flags.failed = true;
    launcher.flags.stopIfFailed = true;
    return;
  }
  if (isRemoteNode(node)) {
    if (node.connection?.flags.removedLaunched === true) {
      node.connection.flags.failed = true;
      node.connection.flags.stopIfFailed = true;
      return;
    }
    if (node.connection?.flags.managed !== false) node.remoteReset = true;
  } else if (node.unclean) {
    return;
  }
  node.unclean = true;
  fencingAction(cluster, node, { reason, optional: true, delay: delay && node.facts.kind === 'cluster' });
}
