import { ACTION, ORDER } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import { addOrdering } from '../order/ordering.ts';
import { currentNode } from '../tree.ts';
import { is, isRecurring } from './action.ts';
import { fenceNode } from './fencing.ts';

type ConnectionState = 'unknown' | 'alive' | 'resting' | 'failed' | 'stopped';

/** What can be done on a remote node, through its connection. */
function stateOf(node: Node, connection: Resource): ConnectionState {
  const host = currentNode(connection);
  if (connection.nextRole === 'Stopped' || connection.assigned === undefined) {
    if (host?.unclean === true) return 'failed';
    if (!connection.flags.failed) return 'stopped';
    const waits =
      connection.nextRole === 'Stopped' &&
      connection.facts.reconnectInterval > 0 &&
      node.facts.remoteFenced &&
      (node.attributes.get('shutdown') ?? '0') === '0';
    return waits ? 'unknown' : 'failed';
  }
  if (host === undefined) return 'unknown';
  if (host.unclean || !host.online) return 'resting';
  return connection.active.length > 1 && connection.migration !== undefined ? 'resting' : 'alive';
}

export const isFailedRemote = (node: Node): boolean =>
  node.facts.kind === 'remote' &&
  node.connection !== undefined &&
  stateOf(node, node.connection) === 'failed';

/** What is done on remote and guest nodes waits for their connections, which wait for what is to end there. */
export function orderRemoteActions(cluster: Cluster): void {
  if (!cluster.hasRemoteNodes) return;
  for (const action of [...cluster.actions].reverse()) {
    const { resource, node } = action;
    if (resource === undefined) continue;
    if (resource.flags.remoteConnection && action.task === 'clear_failcount') {
      const start = { resource, task: 'start' };
      addOrdering(cluster, action, start, ORDER.ordered, 'failures-before-reconnect');
      continue;
    }
    const connection = node?.connection;
    if (node === undefined || node.facts.kind === 'cluster' || connection === undefined) continue;
    if (is(action, ACTION.pseudo)) continue;
    if (action.task === 'start') orderStopsElsewhere(resource, node, connection);
    if (connection.launcher !== undefined)
      orderOnGuest(action, node, { connection, launcher: connection.launcher });
    else orderOnRemote(action, node, connection);
  }
}

/** A resource that comes to a remote node leaves its old place only when the connection is there. */
function orderStopsElsewhere(resource: Resource, node: Node, connection: Resource): void {
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const other = resource.actions[at] as Action;
    if (other.node === node || other.task !== 'stop') continue;
    const first = { resource: connection, task: 'start' };
    addOrdering(resource.cluster, first, other, ORDER.ordered, 'connection-first');
  }
}

function afterStart(first: Resource, action: Action, extra: number): void {
  addOrdering(
    first.cluster,
    { resource: first, task: 'start' },
    action,
    ORDER.guestAllowed | ORDER.unrunnableFirstBlocks | extra,
    first.flags.remoteConnection ? 'connection-first' : 'container-first',
  );
}

function beforeStop(action: Action, connection: Resource, extra: number): void {
  addOrdering(
    connection.cluster,
    action,
    { resource: connection, task: 'stop' },
    ORDER.guestAllowed | extra,
    'connection-last',
  );
}

const kindOf = (action: Action): string =>
  action.task === 'migrate_to' || action.task === 'migrate_from' ? 'stop' : action.task;

function orderOnRemote(action: Action, node: Node, connection: Resource): void {
  const state = stateOf(node, connection);
  switch (kindOf(action)) {
    case 'start':
    case 'promote':
      afterStart(connection, action, state === 'failed' ? ORDER.firstImpliesThen : 0);
      break;
    case 'stop':
      if (state === 'alive') beforeStop(action, connection, ORDER.thenImpliesFirst);
      else if (state === 'failed') {
        fenceNode(connection.cluster, node, {
          reason: 'resources are active but connection is unrecoverable',
        });
      } else if (connection.nextRole === 'Stopped') beforeStop(action, connection, ORDER.thenImpliesFirst);
      else afterStart(connection, action, 0);
      break;
    case 'demote':
      if (state === 'resting' || state === 'unknown') afterStart(connection, action, 0);
      break;
    default:
      orderOther(action, node, { connection, state });
  }
}

function orderOther(
  action: Action,
  node: Node,
  { connection, state }: { readonly connection: Resource; readonly state: ConnectionState },
): void {
  if (isRecurring(action)) {
    afterStart(connection, action, ORDER.firstImpliesThen);
    return;
  }
  if (action.task === 'monitor' && state === 'failed') {
    fenceNode(connection.cluster, node, {
      reason: 'resources are in unknown state and connection is unrecoverable',
    });
  }
  const host = currentNode(connection);
  if (host !== undefined && state === 'stopped') beforeStop(action, connection, ORDER.unrunnableFirstBlocks);
  else afterStart(connection, action, 0);
}

const KNOWN: ReadonlySet<string> = new Set([
  'monitor',
  'stopped',
  'running',
  'notify',
  'notified',
  'promoted',
  'demoted',
  'do_shutdown',
  'stonith',
]);

function orderOnGuest(
  action: Action,
  node: Node,
  { connection, launcher }: { readonly connection: Resource; readonly launcher: Resource },
): void {
  if (launcher.flags.failed) fenceNode(launcher.cluster, node, { reason: 'container failed' });
  switch (kindOf(action)) {
    case 'start':
    case 'promote':
      afterStart(launcher, action, ORDER.firstImpliesThen);
      afterStart(connection, action, 0);
      break;
    case 'stop':
    case 'demote':
      if (!launcher.flags.failed) beforeStop(action, connection, 0);
      break;
    default:
      if (!isRecurring(action)) afterStart(connection, action, 0);
      else if (KNOWN.has(action.task)) afterStart(connection, action, ORDER.firstImpliesThen);
  }
}
