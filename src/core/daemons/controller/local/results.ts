/** What the executor answers: results into history, cancelled operations out of it, metadata into digests. */
import { between, milliseconds } from '../../../base/time.ts';
import type { ExecutorAction, ExecutorReply, ExecutorResult } from '../../../messages/executor.ts';
import { EXECUTION, OCF } from '../../../model/exit-status.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute, child, walk, type XmlElement } from '../../../xml/element.ts';
import type { History } from '../state.ts';
import { askExecutor, type Turn, updateLocal } from '../turn.ts';
import { entriesOf, type Happening, isOvertaken, standsLast } from './entry.ts';
import { stateOf, withEntries, withLock, withoutEntries } from './history.ts';
import { departureKey } from './migrations.ts';
import { acknowledge, agentKey, agentOf } from './orders.ts';
import { parseReloadRules } from './reload-rules.ts';
import { toldAt } from './told-at.ts';
import { writeResource } from './write.ts';

export function takeResult(turn: Turn, result: ExecutorResult): void {
  const { action, status } = result;
  forgetRunning(turn, action);
  if (status === EXECUTION.cancelled) {
    askExecutor(turn, { kind: 'acknowledge', result: result.result });
    noteCancelled(turn, action);
  } else if (action.operation === 'notify') {
    askExecutor(turn, { kind: 'acknowledge', result: result.result });
    // Notifications may not fail: what an agent makes of one is its own business.
    acknowledge(turn, action.userData ?? '', { kind: 'ended', status: EXECUTION.done, exitStatus: OCF.ok });
  } else {
    record(turn, result);
  }
}

function forgetRunning(turn: Turn, { call }: ExecutorAction): void {
  const running = new Map(turn.state.local.running);
  if (running.delete(call)) updateLocal(turn, { running });
}

/** Also what was to be cancelled and was not there. */
export function noteCancelled(
  turn: Turn,
  {
    resource,
    operation,
    interval,
    userData,
  }: Pick<ExecutorAction, 'resource' | 'operation' | 'interval' | 'userData'>,
): void {
  const key = operationKey(resource, operation, interval);
  const { cancelling, history } = turn.state.local;
  const order = cancelling.get(key);
  if (interval === 0) {
    acknowledge(turn, userData ?? '', { kind: 'lost', reason: 'it was cancelled' });
    return;
  }
  if (order === undefined) return;
  const left = new Map(cancelling);
  left.delete(key);
  updateLocal(turn, { cancelling: left });
  if (history !== undefined) {
    const isIt = (entry: XmlElement) => attribute(entry, 'id') === key;
    const without = withoutEntries(history, resource, isIt);
    updateLocal(turn, { history: without });
    if (without !== history) writeResource(turn, resource, []);
  }
  acknowledge(turn, order, { kind: 'ended', status: EXECUTION.done, exitStatus: OCF.ok });
}

/** Operations whose success says with what the resource runs. */
const TELLING: ReadonlySet<string> = new Set(['start', 'reload', 'reload-agent', 'monitor']);

function record(turn: Turn, result: ExecutorResult): void {
  const { history, parameters } = turn.state.local;
  if (history === undefined) return;
  const { action } = result;
  if (action.interval > 0 && !history.has(action.resource)) {
    // The resource was forgotten while this was on its way.
    askExecutor(turn, { kind: 'acknowledge', result: result.result });
    return;
  }
  if (result.status === EXECUTION.done && result.exitStatus === OCF.ok && TELLING.has(action.operation)) {
    updateLocal(turn, { parameters: new Map(parameters).set(action.resource, action.parameters) });
  }
  const overtaken = isOvertakenBy(turn.state.local.running.values(), action);
  const entries = entriesOf(happeningOf(turn, result), { overtaken });
  const cleared = withoutDeparture(history, result);
  const isLast = standsLast(action) && !overtaken;
  const before = isLast ? withoutEntries(cleared, action.resource, isOvertaken) : cleared;
  const told = withEntries(before, action.resource, agentOf(action), entries);
  const lock = lockBy(turn, result);
  updateLocal(turn, { history: lock === undefined ? told : withLock(told, action.resource, lock) });
  writeResource(turn, action.resource, [result.result]);
}

/** Whether more was ordered since, and is under way: an order must not pass for idle because one before it has ended. */
function isOvertakenBy(running: Iterable<ExecutorAction>, action: ExecutorAction): boolean {
  const later = [...running].filter(
    ({ resource, call }) => resource === action.resource && call > action.call,
  );
  return standsLast(action) && later.some(standsLast);
}

/**
 * A probe that finds nothing here takes the place of the stop that ended a migration from here, and what stays would
 * pass for one under way.
 */
function withoutDeparture(history: History, { action, status, exitStatus }: ExecutorResult): History {
  const { resource, operation, interval } = action;
  const absent = status === EXECUTION.done && exitStatus === OCF.notRunning;
  if (operation !== 'monitor' || interval > 0 || !absent) return history;
  const id = departureKey(resource);
  return withoutEntries(history, resource, entry => attribute(entry, 'id') === id);
}

/** What is stopped because this node shuts down is reserved for it, if that is wanted; copies have other nodes. */
function lockBy(turn: Turn, { action, status, exitStatus }: ExecutorResult): string | undefined {
  const { options, cib } = turn.state;
  const stopped = action.operation === 'stop' && status === EXECUTION.done && exitStatus === OCF.ok;
  const single = action.agent.standard !== 'stonith' && action.parameters.CRM_meta_clone === undefined;
  if (!options.shutdownLock || !stopped || !single || cib === undefined) return undefined;
  const state = stateOf(cib, turn.env.node.id);
  const attributes = state === undefined ? undefined : child(state, 'transient_attributes');
  for (const one of attributes === undefined ? [] : walk(attributes)) {
    if (attribute(one, 'name') === 'shutdown') return attribute(one, 'value');
  }
  return undefined;
}

function happeningOf(turn: Turn, result: ExecutorResult): Happening {
  const { action, startedAt, endedAt, queuedAt, changedAt, exitReason } = result;
  const rules = turn.state.local.metadata.get(agentKey(action.agent));
  return {
    ...action,
    transitionKey: action.userData ?? '',
    node: turn.env.node.name,
    status: result.status,
    exitStatus: result.exitStatus,
    ...(exitReason === undefined ? {} : { exitReason }),
    changedAt: action.interval > 0 ? (changedAt ?? startedAt) : toldAt(turn, action, startedAt),
    execution: between(startedAt, endedAt),
    queued: between(queuedAt, startedAt),
    ...(typeof rules === 'object' ? { reload: rules } : {}),
    origin: 'do_update_resource',
  };
}

/** What the agent says of its parameters came after the start that it bears on: the start is told anew. */
export function takeMetadata(turn: Turn, reply: Extract<ExecutorReply, { readonly kind: 'metadata' }>): void {
  const { metadata, metadataRequests, parameters } = turn.state.local;
  const key = metadataRequests.get(reply.request);
  if (key === undefined) return;
  const requests = new Map(metadataRequests);
  requests.delete(reply.request);
  const rules = reply.xml === undefined ? 'none' : parseReloadRules(reply.xml);
  updateLocal(turn, { metadataRequests: requests, metadata: new Map(metadata).set(key, rules) });
  if (rules === 'none' || (rules.restart === undefined && rules.private.length === 0)) return;
  for (const [id, one] of turn.state.local.history ?? []) {
    const { class: standard, ...agent } = one.agent;
    const entry = one.entries.get(`${id}_last_0`);
    const with_ = parameters.get(id);
    if (agentKey({ standard, ...agent }) !== key || entry === undefined || with_ === undefined) continue;
    if (attribute(entry, 'operation') !== 'start' || attribute(entry, 'op-status') !== '0') continue;
    retell(turn, id, entry, with_, rules);
  }
}

function retell(
  turn: Turn,
  resource: string,
  entry: XmlElement,
  parameters: Readonly<Record<string, string>>,
  reload: NonNullable<Happening['reload']>,
): void {
  const { history } = turn.state.local;
  const known = history?.get(resource);
  if (history === undefined || known === undefined) return;
  const number = (name: string) => Number(attribute(entry, name) ?? 0);
  const happening: Happening = {
    resource,
    operation: 'start',
    interval: milliseconds(0),
    timeout: milliseconds(0),
    transitionKey: attribute(entry, 'transition-key') ?? '',
    node: turn.env.node.name,
    call: number('call-id'),
    status: EXECUTION.done,
    exitStatus: number('rc-code'),
    changedAt: (number('last-rc-change') * 1000) as NonNullable<Happening['changedAt']>,
    execution: milliseconds(number('exec-time')),
    queued: milliseconds(number('queue-time')),
    parameters,
    reload,
    origin: 'do_update_resource',
  };
  updateLocal(turn, { history: withEntries(history, resource, known.agent, entriesOf(happening)) });
  writeResource(turn, resource, []);
}
