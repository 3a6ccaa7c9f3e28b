import { parseInteger } from '../../status/words.ts';
import { actionOf } from '../actions/action.ts';
import { addScore, NEVER } from '../assign/nodes.ts';
import type { Node, Resource } from '../model.ts';

/** Keeps a resource for the node that it ran on and that is shutting down cleanly. */
export function lockShutdown(resource: Resource): void {
  if (resource.flags.fenceDevice || resource.flags.remoteConnection) return;
  const { cluster } = resource;
  if (resource.lock !== undefined) {
    if (resource.active.length > 0) {
      actionOf(resource, 'lrm_delete', resource.lock.node, { optional: false, because: 'lock-ended' });
      resource.lock = undefined;
    }
  } else if (resource.active.length === 1) {
    const node = resource.active[0] as Node;
    if (node.shutdown && !node.unclean) resource.lock = { node, at: shutdownTime(node, cluster.now) };
  }
  const { lock } = resource;
  if (lock === undefined) return;
  const limit = Math.round(cluster.picture.options.shutdownLockLimit / 1000);
  if (limit > 0) {
    const until = lock.at + limit + 1;
    if (cluster.recheckAt === undefined || until < cluster.recheckAt) cluster.recheckAt = until;
  }
  for (const node of cluster.nodes) {
    if (node !== lock.node) addScore(resource, node, NEVER, 'shutdown-lock');
  }
}

const shutdownTime = (node: Node, now: number): number =>
  parseInteger(node.attributes.get('shutdown')) || now;
