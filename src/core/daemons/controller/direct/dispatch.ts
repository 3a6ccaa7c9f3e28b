/** Carries an action of the graph out: here, by the node that it concerns, or by the fencer. */
import { later, milliseconds } from '../../../base/time.ts';
import { nodeId, nodeName, resourceId } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute } from '../../../transition/walk.ts';
import { xpathOfResource } from '../local/history.ts';
import { printTransitionKey } from '../transition-key.ts';
import { log, send, type Turn, updateDirecting, write } from '../turn.ts';
import { clearFailures } from './failures.ts';
import { orderFencing } from './fencing.ts';
import { settle } from './judge.ts';

/** How long an action may take that says nothing of it. */
const DEFAULT_TIMEOUT = 20_000;
const DEFAULT_DELAY = 60_000;

export function dispatch(turn: Turn, action: GraphAction): void {
  switch (action.kind) {
    case 'rsc_op':
      order(turn, action);
      return;
    case 'crm_event':
      carryOutEvent(turn, action);
      return;
    case 'pseudo_event':
      settle(turn, action.id, { failed: false });
  }
}

function order(turn: Turn, action: GraphAction): void {
  const key = keyOf(turn, action);
  const to = action.routerNode ?? action.node?.name;
  if (key === undefined || to === undefined || action.node === undefined || action.resource === undefined) {
    log(turn, 'err', `${action.operationKey} names no node or no resource: it cannot be carried out`);
    settle(turn, action.id, { failed: true });
    return;
  }
  setTimer(turn, action);
  send(turn, nodeName(to), {
    kind: 'lrm_invoke',
    order: {
      transitionKey: key,
      operation: action.operation,
      operationKey: action.operationKey,
      node: { name: nodeName(action.node.name), id: nodeId(action.node.uuid) },
      resource: action.resource,
      attributes: Object.fromEntries(action.attributes),
    },
  });
}

function keyOf(turn: Turn, action: GraphAction): string | undefined {
  const { directing } = turn.state;
  if (directing?.walk === undefined) return undefined;
  return printTransitionKey({
    action: action.id,
    transition: directing.walk.graph.id,
    expected: Number(actionAttribute(action, 'CRM_meta_op_target_rc') ?? 0),
    run: directing.run,
  });
}

/** The node has the action's own time, and the cluster's delay to tell of it. */
function setTimer(turn: Turn, action: GraphAction): void {
  const { directing } = turn.state;
  const delay = /^(\d+)(ms)?/.exec(directing?.walk?.graph.settings['cluster-delay'] ?? '');
  const grace = delay === null ? DEFAULT_DELAY : Number(delay[1]) * (delay[2] === 'ms' ? 1 : 1000);
  const own =
    Number(actionAttribute(action, 'CRM_meta_timeout') ?? DEFAULT_TIMEOUT) +
    Number(actionAttribute(action, 'CRM_meta_start_delay') ?? 0);
  const until = later(turn.env.now, milliseconds(own + grace));
  updateDirecting(turn, { timers: new Map(directing?.timers).set(action.id, until) });
}

function carryOutEvent(turn: Turn, action: GraphAction): void {
  switch (action.operation) {
    case 'stonith':
      orderFencing(turn, action);
      return;
    case 'do_shutdown':
      dismiss(turn, action);
      return;
    case 'clear_failcount':
      clearFailcount(turn, action);
      return;
    case 'lrm_delete':
      deleteHistory(turn, action);
      return;
    default:
      // Pacemaker knows none but these; what a later release adds must not hold the rest up.
      log(turn, 'warning', `${action.operation} is no event that is known: taken for done`);
      settle(turn, action.id, { failed: false });
  }
}

/** The node is told to leave once that is written; it has ended when it is gone. */
function dismiss(turn: Turn, action: GraphAction): void {
  const name = nodeName(action.node?.name ?? '');
  if (!turn.state.view.peers.has(name)) {
    settle(turn, action.id, { failed: false });
    return;
  }
  setTimer(turn, action);
  updateDirecting(turn, { dismissed: new Map(turn.state.directing?.dismissed).set(name, 'to-tell') });
}

function clearFailcount(turn: Turn, action: GraphAction): void {
  const resource = action.resource?.id;
  const node = action.node === undefined ? undefined : nodeName(action.node.name);
  if (resource !== undefined && node !== undefined) {
    clearFailures(turn, { resource, node });
    if (turn.state.view.peers.has(node)) {
      send(turn, node, { kind: 'clear_failcount', resource: resourceId(resource) });
    }
  }
  settle(turn, action.id, { failed: false });
}

/** The node keeps its own history and forgets it itself; for one that is away the DC does. */
function deleteHistory(turn: Turn, action: GraphAction): void {
  const resource = action.resource?.id;
  const key = keyOf(turn, action);
  if (resource === undefined || action.node === undefined || key === undefined) {
    settle(turn, action.id, { failed: false });
    return;
  }
  const node = nodeName(action.node.name);
  if (turn.state.view.peers.has(node)) {
    setTimer(turn, action);
    send(turn, node, { kind: 'lrm_delete', resource: resourceId(resource), transitionKey: key });
    return;
  }
  const xpath = xpathOfResource(action.node.uuid, resource);
  write(turn, { operation: 'delete', xpath }, { kind: 'nodes' });
  settle(turn, action.id, { failed: false });
}
