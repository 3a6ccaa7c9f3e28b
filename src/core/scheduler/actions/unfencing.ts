import { ORDER } from '../flags.ts';
import type { Action, Node, Resource } from '../model.ts';
import { addOrdering } from '../order/ordering.ts';
import { relate } from '../order/relate.ts';
import { fencingAction } from './fencing.ts';

export const isUnfenced = (node: Node): boolean => (node.attributes.get('#node-unfenced') ?? '0') !== '0';

/** What needs an unfenced node comes after its unfencing. */
export function orderVsUnfencing(resource: Resource, node: Node, action: Action, flags: number): void {
  const { unfencing } = resource.cluster.picture.options;
  if (!(resource.flags.fenceDevice && unfencing) && !resource.flags.needsUnfencing) return;
  const on = fencingAction(resource.cluster, node, { action: 'on', optional: true });
  relate(on, action, flags, 'unfencing-first');
  if (!isUnfenced(node)) {
    triggerUnfencing(undefined, node, { reason: `required by ${resource.id} ${action.task}` });
  }
}

/** Requires that a node, or every node where a device may be used, is unfenced anew. */
export function triggerUnfencing(
  device: Resource | undefined,
  node: Node | undefined,
  { reason }: { readonly reason: string },
): void {
  if (device !== undefined && !device.flags.fenceDevice) return;
  const cluster = device?.cluster ?? node?.cluster;
  if (cluster?.picture.options.unfencing !== true) return;
  const isUp = (one: Node): boolean => one.online && !one.unclean && !one.shutdown;
  if (node !== undefined && isUp(node)) {
    fencingAction(cluster, node, { action: 'on', optional: false, reason });
  } else if (device !== undefined) {
    device.allowed.each(one => {
      if (isUp(one.node)) fencingAction(cluster, one.node, { action: 'on', optional: false, reason });
    });
  }
}

/** A restart where the node must be unfenced: stop, unfence, start. */
export function orderRestartVsUnfencing(resource: Resource, node: Node): void {
  const { cluster } = resource;
  const on = fencingAction(cluster, node, { action: 'on', optional: true });
  addOrdering(cluster, { resource, task: 'stop' }, on, ORDER.ordered | ORDER.ifOnSameNode, 'unfencing-first');
  addOrdering(
    cluster,
    on,
    { resource, task: 'start' },
    ORDER.firstImpliesSameNodeThen | ORDER.ifOnSameNode,
    'unfencing-first',
  );
}
