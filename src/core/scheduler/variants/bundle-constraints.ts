import { MUST } from '../assign/nodes.ts';
import { addColocation } from '../constraints/colocation.ts';
import { ORDER } from '../flags.ts';
import type { Replica, Resource } from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { orderPromotionRestart } from './promotable.ts';

/** A bundle starts with its containers, and stops with them; what is in them goes with the bundle. */
export function constrainBundle(bundle: Resource): void {
  for (const replica of bundle.bundle?.replicas ?? []) constrainReplica(bundle, replica);
  const clone = bundle.children.find(one => one.kind === 'clone');
  if (clone === undefined) return;
  wrap(bundle, clone, 'start', 'running');
  wrap(bundle, clone, 'stop', 'stopped');
  clone.methods.constrain(clone);
  if (!clone.flags.promotable) return;
  orderPromotionRestart(bundle);
  wrap(bundle, clone, 'demote', 'demoted');
  wrap(bundle, clone, 'promote', 'promoted');
}

function wrap(bundle: Resource, clone: Resource, task: string, done: string): void {
  orderTasks(bundle, task, clone, task, ORDER.thenImpliesFirstGraphed, 'bundle-bounds');
  orderTasks(clone, done, bundle, done, ORDER.firstImpliesThenGraphed, 'bundle-bounds');
}

function constrainReplica(bundle: Resource, { container, child, ip, remote }: Replica): void {
  container.methods.constrain(container);
  orderTasks(
    bundle,
    'start',
    container,
    'start',
    ORDER.unrunnableFirstBlocks | ORDER.thenImpliesFirstGraphed,
    'bundle-bounds',
  );
  if (child !== undefined)
    orderTasks(bundle, 'stop', child, 'stop', ORDER.thenImpliesFirstGraphed, 'bundle-bounds');
  orderTasks(bundle, 'stop', container, 'stop', ORDER.thenImpliesFirstGraphed, 'bundle-bounds');
  orderTasks(container, 'start', bundle, 'running', ORDER.firstImpliesThenGraphed, 'bundle-bounds');
  orderTasks(container, 'stop', bundle, 'stopped', ORDER.firstImpliesThenGraphed, 'bundle-bounds');
  if (ip !== undefined) {
    ip.methods.constrain(ip);
    orderTasks(
      ip,
      'start',
      container,
      'start',
      ORDER.unrunnableFirstBlocks | ORDER.guestAllowed,
      'address-before-container',
    );
    orderTasks(
      container,
      'stop',
      ip,
      'stop',
      ORDER.thenImpliesFirst | ORDER.guestAllowed,
      'address-before-container',
    );
    addColocation({
      id: '#ip-with-container',
      score: MUST,
      dependent: ip,
      primary: container,
      influence: true,
      explicit: false,
    });
  }
  remote?.methods.constrain(remote);
}
