import { ACTION, ORDER } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import { addOrdering } from '../order/ordering.ts';
import { relate } from '../order/relate.ts';
import { isAnonymousClone, isGuestNode, topOf } from '../tree.ts';
import { clusterAction, demand, is, setFlag } from './action.ts';
import { canFence, fencingAction } from './fencing.ts';
import { newestAction, taskActions } from './lookup.ts';
import { notifyAfterFencing } from './notify.ts';

/** Starts wait for the fencing; stops on the node are done by it. */
function orderVsFencing(cluster: Cluster, fencing: Action): void {
  for (const resource of cluster.resources) orderResource(resource, fencing);
}

function orderResource(resource: Resource, fencing: Action): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) orderResource(one, fencing);
  } else if (resource.flags.managed) {
    orderStarts(resource, fencing);
    orderStops(resource, fencing);
  }
}

const isKnownOn = (resource: Resource, node: Node): boolean =>
  resource.facts.knownOn.has(node.facts) ||
  (resource.kind === 'primitive' &&
    isAnonymousClone(resource.parent) &&
    resource.parent?.facts.knownOn.has(node.facts) === true);

function orderStarts(resource: Resource, fencing: Action): void {
  const target = fencing.node;
  if (target === undefined) return;
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const action = resource.actions[at] as Action;
    if (action.needs === 'fencing') {
      relate(fencing, action, ORDER.ordered, 'fencing-first');
    } else if (action.needs === 'quorum' && action.task === 'start') {
      if (resource.allowed.has(target) && !isKnownOn(resource, target)) {
        relate(fencing, action, ORDER.ordered | ORDER.unrunnableFirstBlocks, 'fencing-first');
      }
    }
  }
}

function orderStops(resource: Resource, fencing: Action): void {
  const target = fencing.node;
  if (target === undefined) return;
  const implied = resource.flags.needsFencing || isGuestNode(target);
  const stops = taskActions(resource, 'stop', target);
  const parentStop = implied && stops.length > 0 ? newestAction(topOf(resource), 'stop') : undefined;
  for (const stop of stops) {
    setFlag(stop, ACTION.pseudo | ACTION.runnable);
    if (implied) {
      if (!resource.flags.bundled) relate(fencing, stop, ORDER.guestAllowed, 'fencing-is-stop');
      relate(fencing, parentStop, ORDER.guestAllowed, 'fencing-is-stop');
    }
    if (resource.flags.notify) notifyAfterFencing(resource, stop, fencing);
  }
  for (const demote of taskActions(resource, 'demote', target)) {
    const isGone = demote.node?.online !== true || demote.node.unclean || resource.flags.failed;
    if (!isGone) continue;
    setFlag(demote, ACTION.pseudo | ACTION.runnable);
    if (!resource.flags.bundled && implied) {
      relate(fencing, demote, ORDER.guestAllowed | ORDER.ordered, 'fencing-is-stop');
    }
  }
}

interface Departures {
  readonly fencings: Action[];
  readonly shutdowns: Action[];
  ofDc: Action | undefined;
}

/** Fences unclean nodes and lets others that want to leave shut down; the DC goes last. */
export function scheduleFencingAndShutdowns(cluster: Cluster): void {
  const managed = cluster.resources.some(hasManaged);
  const departures: Departures = { fencings: [], shutdowns: [], ofDc: undefined };
  for (const node of cluster.nodes) {
    if (!isGuestNode(node)) depart(cluster, node, { managed, departures });
    else if (node.remoteReset && managed && canFence(cluster, node)) fenceGuest(cluster, node);
  }
  const { fencings, shutdowns, ofDc } = departures;
  if (ofDc === undefined) return;
  if (ofDc.task === 'do_shutdown') for (const one of shutdowns) relate(one, ofDc, ORDER.ordered, 'dc-last');
  if (!cluster.picture.options.concurrentFencing) {
    relate(fencings[0], ofDc, ORDER.ordered, 'fencing-in-turn');
  } else for (const one of fencings) relate(one, ofDc, ORDER.ordered, 'dc-last');
}

function depart(
  cluster: Cluster,
  node: Node,
  { managed, departures }: { readonly managed: boolean; readonly departures: Departures },
): void {
  if (managed && node.unclean && canFence(cluster, node)) {
    const fencing = fencingAction(cluster, node, { optional: false, reason: 'node is unclean' });
    orderVsFencing(cluster, fencing);
    if (node === cluster.dc) departures.ofDc = fencing;
    else addFencing(cluster, departures.fencings, fencing);
    return;
  }
  if (node.facts.kind === 'cluster' && node.online && node.shutdown) {
    const shutdown = shutdownAction(cluster, node);
    if (node === cluster.dc) departures.ofDc = shutdown;
    else departures.shutdowns.unshift(shutdown);
  }
  if (node.unclean) cluster.problems.push(`warning: Node ${node.name} is unclean but cannot be fenced`);
}

function addFencing(cluster: Cluster, fencings: Action[], fencing: Action): void {
  if (!cluster.picture.options.concurrentFencing) {
    relate(fencings[0], fencing, ORDER.ordered, 'fencing-in-turn');
  }
  fencings.unshift(fencing);
}

const hasManaged = (resource: Resource): boolean =>
  resource.flags.managed || resource.children.some(hasManaged);

function shutdownAction(cluster: Cluster, node: Node): Action {
  const key = `do_shutdown-${node.name}`;
  const wanted = { task: 'do_shutdown', key, node, optional: false, because: 'shutdown' } as const;
  const action = clusterAction(cluster, wanted);
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) {
    const stop = cluster.actions[at] as Action;
    const { resource } = stop;
    if (resource === undefined || stop.node !== node || stop.task !== 'stop') continue;
    if (resource.flags.maintenance || node.maintenance) continue;
    if (!resource.flags.managed && !resource.flags.blocked) continue;
    demand(stop, { action, origin: 'stop-before-shutdown' });
    addOrdering(cluster, stop, action, ORDER.ordered | ORDER.unrunnableFirstBlocks, 'stop-before-shutdown');
  }
  action.meta.set('op_no_wait', 'true');
  return action;
}

/** A guest is fenced by recovering what carries it: that is only for show, between the carrier's stop and start. */
function fenceGuest(cluster: Cluster, node: Node): void {
  const launcher = node.connection?.launcher;
  const stop = launcher === undefined ? undefined : newestAction(launcher, 'stop');
  const restarts = launcher !== undefined && newestAction(launcher, 'start') !== undefined;
  const fencing = fencingAction(cluster, node, {
    action: restarts ? 'reboot' : 'off',
    optional: false,
    reason: 'guest is unclean',
  });
  setFlag(fencing, ACTION.pseudo | ACTION.runnable);
  const flags = ORDER.unrunnableFirstBlocks | ORDER.firstImpliesThen;
  if (stop !== undefined && is(stop, ACTION.pseudo) && stop.node !== undefined) {
    relate(fencingAction(cluster, stop.node, { optional: false }), fencing, flags, 'container-first');
  } else if (stop !== undefined) {
    relate(stop, fencing, flags, 'container-first');
  } else if (node.connection !== undefined) {
    relate(newestAction(node.connection, 'stop'), fencing, ORDER.ordered, 'connection-last');
  }
  orderVsFencing(cluster, fencing);
}
