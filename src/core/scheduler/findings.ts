import { actionOf, demoteAction, resourceAction, setFlag, stopAction } from './actions/action.ts';
import { clearFailures } from './actions/config-changes.ts';
import { fencingAction } from './actions/fencing.ts';
import { operationKey, taskActions } from './actions/lookup.ts';
import { ACTION, ORDER } from './flags.ts';
import type { Action, Cluster, Node, Resource } from './model.ts';
import { relate } from './order/relate.ts';

/** Turns what the history calls for into actions, in the order in which it was found. */
export function applyFindings(cluster: Cluster): void {
  const resource = (of: Parameters<typeof cluster.resourceOf.get>[0]) =>
    cluster.resourceOf.get(of) as Resource;
  const node = (of: { readonly id: string }) => cluster.nodeById.get(of.id) as Node;
  let cleared: Action | undefined;
  for (const one of cluster.picture.findings) {
    switch (one.kind) {
      case 'fence':
        fencingAction(cluster, node(one.node), { reason: one.reason, optional: true, delay: one.delay });
        break;
      case 'recurring': {
        const key = operationKey(one.resource.id, one.operation, one.interval);
        resourceAction(resource(one.resource), {
          task: one.operation,
          key,
          node: node(one.node),
          optional: true,
        });
        break;
      }
      case 'stop':
        stopAction(resource(one.resource), node(one.node), 'history');
        break;
      case 'stop-is-optional':
        for (const stop of taskActions(resource(one.resource), 'stop', node(one.node)))
          setFlag(stop, ACTION.optional);
        break;
      case 'demote':
        demoteAction(resource(one.resource), node(one.node), 'history');
        break;
      case 'clear-failures':
        cleared = clearFailures(resource(one.resource), node(one.node));
        break;
      case 'clear-failures-after-fencing': {
        const remote = cluster.nodeByName.get(one.resource.id);
        if (remote === undefined) break;
        const fencing = fencingAction(cluster, remote, { optional: true });
        relate(fencing, cleared, ORDER.firstImpliesThen, 'failures-after-fencing');
        break;
      }
      case 'check-failure-later':
        cluster.laterChecks.push({
          resource: resource(one.resource),
          node: node(one.node),
          entry: one.entry,
          of: 'failure',
        });
        break;
      case 'clear-history':
        actionOf(resource(one.resource), 'lrm_delete', node(one.node), {
          optional: false,
          because: 'lock-ended',
        });
        break;
    }
  }
}
