/** Orders of the DC to this node: begun with the executor, or carried out here where they concern history only. */
import { type Duration, milliseconds } from '../../../base/time.ts';
import type { OrderOutcome, ResourceOrder } from '../../../messages/controller.ts';
import type { ExecutorAction } from '../../../messages/executor.ts';
import { EXECUTION, OCF } from '../../../model/exit-status.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute } from '../../../xml/element.ts';
import { askExecutor, log, send, type Turn, updateLocal } from '../turn.ts';
import { entriesOf, type Happening } from './entry.ts';
import { isRecurring, withEntries, withoutEntries, withoutPast } from './history.ts';
import { toldAt } from './told-at.ts';
import { writeResource } from './write.ts';

export const DONE: OrderOutcome = { kind: 'ended', status: EXECUTION.done, exitStatus: OCF.ok };

/** To the DC, of what leaves no trace in the CIB. Where there is no DC, nobody waits for it either. */
export function acknowledge(turn: Turn, transitionKey: string, outcome: OrderOutcome): void {
  const { dc } = turn.state;
  if (dc !== undefined) send(turn, dc, { kind: 'lrm_ack', transitionKey, outcome });
}

export function carryOut(turn: Turn, order: ResourceOrder): void {
  switch (order.operation) {
    case 'cancel':
      cancel(turn, order);
      return;
    case 'delete':
      forgetResource(turn, order.resource.id);
      acknowledge(turn, order.transitionKey, DONE);
      return;
    default:
      execute(turn, order);
  }
}

const intervalOf = ({ attributes }: ResourceOrder): Duration =>
  milliseconds(Number(attributes.CRM_meta_interval ?? 0));
export const timeoutOf = ({ attributes }: ResourceOrder): Duration =>
  milliseconds(Number(attributes.CRM_meta_timeout ?? 20_000));

/** Ends a recurring operation; the executor's answer confirms it, see `results.ts`. */
function cancel(turn: Turn, order: ResourceOrder): void {
  const resource = order.resource.id;
  const operation = order.attributes.CRM_meta_operation ?? 'monitor';
  const interval = intervalOf(order);
  const key = operationKey(resource, operation, interval);
  updateLocal(turn, {
    cancelling: new Map(turn.state.local.cancelling).set(key, order.transitionKey),
  });
  askExecutor(turn, { kind: 'cancel', resource, operation, interval });
}

/** The resource has no history here any more, unless it is on its way: it will be probed. The executor says if it may be active: see `own-probe.ts`. */
export function forgetResource(turn: Turn, resource: string): void {
  const { history } = turn.state.local;
  if (history === undefined) return;
  askExecutor(turn, { kind: 'forget', resource });
  const parameters = new Map(turn.state.local.parameters);
  parameters.delete(resource);
  updateLocal(turn, { history: withoutPast(history, resource), parameters });
  writeResource(turn, resource, []);
  loseUnheardMonitors(turn, resource);
}

/** The executor drops what recurs without a word: whoever ordered it and has not heard of it yet would wait in vain. */
function loseUnheardMonitors(turn: Turn, resource: string): void {
  const unheard = [...turn.state.local.running.values()].filter(
    action => action.resource === resource && action.interval > 0,
  );
  if (unheard.length === 0) return;
  const running = new Map(turn.state.local.running);
  for (const { call } of unheard) running.delete(call);
  updateLocal(turn, { running });
  for (const { userData = '' } of unheard) {
    acknowledge(turn, userData, { kind: 'lost', reason: 'its resource was forgotten' });
  }
}

/** Operations that change nothing and let recurring ones go on beside them. */
const HARMLESS: ReadonlySet<string> = new Set(['monitor', 'notify']);

function execute(turn: Turn, order: ResourceOrder): void {
  const { local } = turn.state;
  const action = actionOf(turn, order);
  const { resource, operation, interval } = action;
  updateLocal(turn, {
    nextCall: local.nextCall + 1,
    running: new Map(local.running).set(action.call, action),
  });
  if (interval === 0 && !HARMLESS.has(operation)) endRecurring(turn, resource);
  if (operation !== 'notify') notePending(turn, action);
  if (operation === 'start') askForRules(turn, action);
  askExecutor(turn, { kind: 'execute', action });
}

export function actionOf(turn: Turn, order: ResourceOrder): ExecutorAction {
  const { resource, operation } = order;
  const { CRM_meta_op_target_rc: _expected, ...given } = order.attributes;
  return {
    asker: 'controller',
    call: turn.state.local.nextCall,
    resource: resource.id,
    agent: {
      standard: resource.class,
      ...(resource.provider === undefined ? {} : { provider: resource.provider }),
      type: resource.type,
    },
    operation,
    interval: intervalOf(order),
    timeout: timeoutOf(order),
    startDelay: milliseconds(Number(given.CRM_meta_start_delay ?? 0)),
    parameters: operation === 'stop' ? stopParameters(turn, resource.id, given) : given,
    userData: order.transitionKey,
  };
}

/**
 * A resource is stopped with what it was started with, whatever the configuration says by now; what the cluster
 * says about this operation is fresh.
 */
function stopParameters(
  turn: Turn,
  resource: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const remembered = turn.state.local.parameters.get(resource);
  if (remembered === undefined) return given;
  const own = Object.entries(remembered).filter(([name]) => !name.startsWith('CRM_meta_'));
  const fresh = Object.entries(given).filter(([name]) => name.startsWith('CRM_meta_'));
  return Object.fromEntries([...own, ...fresh]);
}

/** What changes a resource ends what watches it; the transition begins it anew. */
function endRecurring(turn: Turn, resource: string): void {
  const { history } = turn.state.local;
  const known = history?.get(resource);
  if (history === undefined || known === undefined) return;
  for (const entry of known.entries.values()) {
    if (!isRecurring(entry)) continue;
    const interval = milliseconds(Number(attribute(entry, 'interval')));
    const operation = attribute(entry, 'operation') ?? 'monitor';
    askExecutor(turn, { kind: 'cancel', resource, operation, interval });
  }
  updateLocal(turn, {
    history: withoutEntries(history, resource, entry => isRecurring(entry) && !isFailure(entry)),
  });
}

const isFailure = (entry: Parameters<typeof isRecurring>[0]): boolean =>
  (attribute(entry, 'id') ?? '').endsWith('_last_failure_0');

/** The history says that it is under way before it is, so that no other DC takes the resource for idle. */
export function notePending(turn: Turn, action: ExecutorAction): void {
  const { history } = turn.state.local;
  if (history === undefined) return;
  const happening: Happening = {
    ...action,
    transitionKey: action.userData ?? '',
    node: turn.env.node.name,
    call: -1,
    status: EXECUTION.pending,
    exitStatus: OCF.unknown,
    changedAt: toldAt(turn, action, turn.env.now),
    origin: 'record_pending_op',
  };
  const agent = agentOf(action);
  updateLocal(turn, { history: withEntries(history, action.resource, agent, entriesOf(happening)) });
  writeResource(turn, action.resource, []);
}

export const agentOf = ({ agent }: ExecutorAction) => ({
  class: agent.standard,
  ...(agent.provider === undefined ? {} : { provider: agent.provider }),
  type: agent.type,
});

export const agentKey = ({ standard, provider = '', type }: ExecutorAction['agent']): string =>
  `${standard}:${provider}:${type}`;

/** Metadata is read when a resource is started, and kept. */
function askForRules(turn: Turn, { agent, call }: ExecutorAction): void {
  const { metadata, metadataRequests } = turn.state.local;
  const key = agentKey(agent);
  if (agent.standard !== 'ocf' || metadata.has(key)) return;
  updateLocal(turn, {
    metadata: new Map(metadata).set(key, 'asked'),
    metadataRequests: new Map(metadataRequests).set(call, key),
  });
  askExecutor(turn, { kind: 'metadata', asker: 'controller', request: call, agent });
}

export function noteUnexpectedOrder(turn: Turn, order: ResourceOrder, from: string): void {
  log(turn, 'info', `${order.operationKey} passed over: ${from} is not the DC here`);
}
