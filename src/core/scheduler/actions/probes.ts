import { OCF } from '../../model/exit-status.ts';
import { compareRoles } from '../../model/role.ts';
import { ACTION, ORDER } from '../flags.ts';
import type { Cluster, Node, Resource } from '../model.ts';
import { addOrdering, orderTasks } from '../order/ordering.ts';
import { isGuestNode, topOf } from '../tree.ts';
import { actionOf, demand, expectStatus, is } from './action.ts';
import { fenceNode } from './fencing.ts';
import { taskActions } from './lookup.ts';
import { isFailedRemote } from './remote.ts';
import { orderVsUnfencing } from './unfencing.ts';

/** Looks, on every node where a resource's state is not known, whether it is active there. */
export function scheduleProbes(cluster: Cluster): void {
  for (const node of cluster.nodes) {
    if (!node.online) {
      if (isFailedRemote(node)) fenceNode(cluster, node, { reason: 'the connection is unrecoverable' });
    } else if (!node.unclean && node.facts.probesAllowed) {
      probeAll(cluster.resources, node);
    }
  }
}

export function probeAll(resources: readonly Resource[], node: Node): boolean {
  let any = false;
  for (const one of resources) any = one.methods.createProbe(one, node) || any;
  return any;
}

/** Probes a primitive, or all of a group, on a node; false where there is nothing to look for. */
export function createProbe(resource: Resource, node: Node): boolean {
  const { cluster, flags } = resource;
  if (!cluster.picture.options.probes || cannotHost(resource, node)) return false;
  if (resource.children.length > 0) return probeAll(resource.children, node);
  if (resource.launcher !== undefined && !flags.remoteConnection) return false;
  if (flags.removed || resource.facts.knownOn.has(node.facts)) return false;
  const top = topOf(resource);
  const allowed = resource.allowed.peek(node);
  const exclusive = flags.exclusiveDiscovery || top.flags.exclusiveDiscovery;
  if (exclusive && allowed?.discovery !== 'exclusive') return false;
  if ((allowed ?? node.base).discovery === 'never') return false;
  if (isGuestNode(node) && !guestStays(resource, node)) return false;
  addProbe(resource, node);
  return true;
}

function cannotHost(resource: Resource, node: Node): boolean {
  if (node.facts.kind === 'cluster') return false;
  if (resource.flags.fenceDevice || resource.flags.remoteConnection) return true;
  return isGuestNode(node) && resource.launched.some(one => one.flags.remoteConnection);
}

/** Whether what carries a guest will go on; if not, what it is to run starts after that is known, or stopped. */
function guestStays(resource: Resource, node: Node): boolean {
  const guest = node.connection?.launcher;
  if (guest === undefined) return true;
  const top = topOf(resource);
  if (guest.role === 'Stopped') {
    const host = guest.assigned;
    if (host !== undefined && !guest.facts.knownOn.has(host.facts))
      orderTasks(guest, 'monitor', top, 'start', ORDER.ordered, 'guest-settles-first');
    return false;
  }
  const moves =
    compareRoles(guest.role, 'Stopped') > 0 &&
    guest.assigned !== undefined &&
    !guest.active.includes(guest.assigned);
  if (!node.remoteReset && !node.unclean && !guest.flags.failed && guest.nextRole !== 'Stopped' && !moves) {
    return true;
  }
  orderTasks(guest, 'stop', top, 'start', ORDER.ordered, 'guest-settles-first');
  return false;
}

function addProbe(resource: Resource, node: Node): void {
  const { cluster } = resource;
  const probe = actionOf(resource, 'monitor', node, { optional: false, because: 'state-unknown' });
  demand(probe, 'state-unknown');
  orderVsUnfencing(resource, node, probe, ORDER.ordered);
  if (!resource.active.includes(node)) expectStatus(probe, OCF.notRunning);
  else if (resource.role === 'Promoted') expectStatus(probe, OCF.runningPromoted);
  const top = topOf(resource);
  const waiting = top.kind === 'clone' ? top : resource;
  const blocks = !is(probe, ACTION.runnable) && waiting.active.length === 0;
  const flags = ORDER.ordered | (blocks ? ORDER.unrunnableFirstBlocks : 0);
  addOrdering(cluster, probe, { resource: waiting, task: 'start' }, flags, 'probe-before-change');
  for (const reload of taskActions(waiting, 'reload-agent'))
    addOrdering(cluster, probe, reload, ORDER.ordered, 'probe-before-change');
}
