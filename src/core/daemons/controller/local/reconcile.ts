/**
 * After a (re)connection the executor says what is so, and history is made to agree with it. What holds:
 *
 * 1. History of a resource that the executor does not know is of a former life: it goes, the resource is probed.
 * 2. What was under way and is neither running nor told has an unknown end: likewise.
 * 3. History by which nothing is active of what the executor began is older than that: what was told since has been
 *    lost, as where the CIB of another part prevailed. Likewise.
 * 4. A result that history has already is acknowledged and not told again, so that no failure counts twice.
 * 5. What is reserved for this node since it was shut down stays so until it is started.
 * 6. A recurring operation that the executor does not repeat leaves history, so that the DC orders it anew.
 * 7. What the executor is at, or is to do next, stands in history as under way.
 * 8. What may be active by the doing of this executor or of one before it, and has no history, is probed by this node
 *    itself: where the configuration has lost the resource, too, no DC would ever ask for it, and a service would run
 *    that nobody knows of.
 */
import type { ExecutorAction, ExecutorResult } from '../../../messages/executor.ts';
import { operationKey, parseOperationKey } from '../../../model/operation-key.ts';
import { attribute, type XmlElement } from '../../../xml/element.ts';
import type { History, Listing } from '../state.ts';
import { askExecutor, clearLocal, type Turn, updateLocal } from '../turn.ts';
import { takeAmendments } from './amend.ts';
import { dropArrivals } from './arrivals.ts';
import { standsLast } from './entry.ts';
import {
  isPending,
  isRecurring,
  lrmOf,
  mayBeActive,
  readHistory,
  withoutEntries,
  withoutResource,
} from './history.ts';
import { acknowledge, notePending } from './orders.ts';
import { ownProbe } from './own-probe.ts';
import { takeResult } from './results.ts';
import { takeOrder } from './waiting.ts';

export function noteExecutor(turn: Turn, kind: 'executor-connected' | 'executor-lost'): void {
  clearLocal(turn, 'listing');
  if (kind === 'executor-lost') {
    updateLocal(turn, { executor: 'absent', metadataRequests: new Map() });
    return;
  }
  updateLocal(turn, { executor: 'asked' });
  askExecutor(turn, { kind: 'list' });
}

/** Holds the executor's listing against the history that the cluster agrees on, once both are there. */
export function reconcile(turn: Turn): void {
  const { cib, agreed, local } = turn.state;
  const { listing } = local;
  if (listing === undefined || cib === undefined || !agreed) return;
  clearLocal(turn, 'listing');
  const own = (action: ExecutorAction) => action.asker === 'controller';
  const told = listing.unacknowledged.filter(({ action }) => own(action));
  const before = local.history ?? readHistory(lrmOf(cib, turn.env.node.id));
  const history = agreeing(before, listing, told);
  dropArrivals(turn);
  updateLocal(turn, {
    executor: 'ready',
    history,
    nextCall: Math.max(local.nextCall, highestCall(before, listing) + 1),
    parameters: new Map([
      ...local.parameters,
      ...listing.known.map(({ resource, parameters }) => [resource, parameters] as const),
    ]),
    rewriteAt: turn.env.now,
  });
  loseOrders(turn, listing, told);
  noteRunning(turn, listing.running.filter(own));
  for (const result of told) {
    if (isTold(history, result)) askExecutor(turn, { kind: 'acknowledge', result: result.result });
    else takeResult(turn, result);
  }
  for (const key of turn.state.local.cancelling.keys()) {
    const operation = parseOperationKey(key);
    if (operation !== undefined) askExecutor(turn, { kind: 'cancel', ...operation });
  }
  takeAmendments(turn);
  probeUnrecorded(turn, listing);
}

function probeUnrecorded(turn: Turn, { begun, running }: Listing): void {
  const busy = new Set(running.map(({ resource }) => resource));
  for (const action of begun) {
    const isKnown = busy.has(action.resource) || turn.state.local.history?.has(action.resource);
    if (!isKnown) takeOrder(turn, ownProbe(turn, action));
  }
}

function agreeing(before: History, listing: Listing, told: readonly ExecutorResult[]): History {
  const known = new Set(listing.known.map(({ resource }) => resource));
  const busy = new Set([...listing.running, ...told.map(({ action }) => action)].map(keyOf));
  const repeated = new Set(listing.recurring.map(keyOf));
  const begun = new Set(listing.begun.map(({ resource }) => resource));
  let history = before;
  for (const [resource, one] of before) {
    const { entries, lock } = one;
    if (lock !== undefined) continue;
    const isOpen = (entry: XmlElement) => isPending(entry) && !isRecurring(entry) && !busy.has(keyIn(entry));
    const isOld = begun.has(resource) && !mayBeActive(resource, one);
    if (!known.has(resource) || isOld || [...entries.values()].some(isOpen)) {
      history = withoutResource(history, resource);
      continue;
    }
    history = withoutEntries(
      history,
      resource,
      entry => isRecurring(entry) && !isFailure(entry) && !repeated.has(keyIn(entry)),
    );
  }
  return history;
}

const keyOf = ({ resource, operation, interval }: ExecutorAction): string =>
  operationKey(resource, operation, interval);
const keyIn = (entry: XmlElement): string => attribute(entry, 'operation_key') ?? '';
const isFailure = (entry: XmlElement): boolean => (attribute(entry, 'id') ?? '').endsWith('_last_failure_0');

function highestCall(history: History, { running, recurring, unacknowledged, known }: Listing): number {
  let highest = 0;
  const actions = [...running, ...recurring, ...known, ...unacknowledged.map(({ action }) => action)];
  for (const { asker, call } of actions) {
    if (asker === 'controller') highest = Math.max(highest, call);
  }
  for (const { entries } of history.values()) {
    for (const entry of entries.values())
      highest = Math.max(highest, Number(attribute(entry, 'call-id') ?? 0));
  }
  return highest;
}

/** Orders that the executor neither runs nor has told of: it never had them, or died over them. */
function loseOrders(turn: Turn, listing: Listing, told: readonly ExecutorResult[]): void {
  const { running } = turn.state.local;
  const still = new Set(
    [...listing.running, ...listing.recurring, ...told.map(({ action }) => action)].map(({ call }) => call),
  );
  const kept = new Map([...running].filter(([call]) => still.has(call)));
  updateLocal(turn, { running: kept });
  for (const { call, userData } of running.values()) {
    if (still.has(call)) continue;
    acknowledge(turn, userData ?? '', { kind: 'lost', reason: 'the executor was lost' });
  }
}

/** What an executor that has outlived its controller is at, or is to do next, is under way as if ordered by this one. */
function noteRunning(turn: Turn, actions: readonly ExecutorAction[]): void {
  const underWay = actions.filter(isToldOf).toSorted((left, right) => left.call - right.call);
  const running = new Map([
    ...turn.state.local.running,
    ...underWay.map(action => [action.call, action] as const),
  ]);
  updateLocal(turn, { running });
  for (const [id, action] of new Map(underWay.map(one => [idOf(one), one]))) {
    const known = turn.state.local.history?.get(action.resource)?.entries.get(id);
    const isKnown =
      known !== undefined && isPending(known) && attribute(known, 'transition-key') === action.userData;
    if (!isKnown) notePending(turn, action);
  }
}

const isToldOf = ({ operation, interval }: ExecutorAction): boolean =>
  interval === 0 && operation !== 'notify';

/** Under which id of its own the action stands in history while it is under way. */
const idOf = (action: ExecutorAction): string =>
  standsLast(action) ? `${action.resource}_last_0` : keyOf(action);

/** Whether history tells this very result. */
function isTold(history: History, { action, status, exitStatus }: ExecutorResult): boolean {
  const magic = `${status}:${exitStatus};${action.userData ?? ''}`;
  for (const entry of history.get(action.resource)?.entries.values() ?? []) {
    const same = attribute(entry, 'call-id') === String(action.call);
    if (same && attribute(entry, 'transition-magic') === magic) return true;
  }
  return false;
}
