/**
 * Resources that other nodes let go to this one. Whether one arrived nobody can tell before it was looked for; that it
 * may have stands in this node's own history, which is there as long as the node is. What holds:
 *
 * 1. Whoever lets a resource go says so in its history first and waits (`departures.ts`). This node answers in its own
 *    with an arrival that is pending; from then on the resource may be here.
 * 2. As long as the departure is under way nothing settles that: what is stopped here, or not found, may come after.
 * 3. What this node told of the resource while it was on its way is forgotten when the departure has ended, and so is
 *    all of it when nothing tells of the departure any more: then the resource is probed here, or stopped if the
 *    configuration has lost it.
 */
import { milliseconds } from '../../../base/time.ts';
import { sectionOf } from '../../../cib/document.ts';
import { EXECUTION, OCF } from '../../../model/exit-status.ts';
import { attribute, type XmlElement } from '../../../xml/element.ts';
import type { Arrival } from '../state.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { entriesOf } from './entry.ts';
import { isPending, withEntries, withoutEntries } from './history.ts';
import { arrivalKey, type Departure, departuresTo } from './migrations.ts';
import { forgetResource } from './orders.ts';
import { isIn } from './own-probe.ts';
import { toldAt } from './told-at.ts';
import { writeResource } from './write.ts';

/** Makes history agree with what other nodes tell of migrations to here, whenever either has changed. */
export function expectArrivals(turn: Turn): void {
  const { cib, agreed, membership, local } = turn.state;
  const isIn = membership?.phase === 'accepted' || membership?.phase === 'joined';
  if (cib === undefined || !agreed || !isIn || local.executor !== 'ready' || local.history === undefined)
    return;
  const status = sectionOf(cib, 'status');
  const { arrivals, history, running } = local;
  const { looked } = arrivals;
  if (looked?.status === status && looked?.history === history && looked?.running === running) return;
  const departures = departuresTo(turn.env.node.name, status);
  for (const departure of departures.values()) follow(turn, departure);
  for (const [place, arrival] of turn.state.local.arrivals.expected) {
    if (!departures.has(place)) lookFor(turn, place, arrival);
  }
  // What changed in this pass is looked at in the next one.
  updateLocal(turn, {
    arrivals: { ...turn.state.local.arrivals, looked: { status, history, running } },
  });
}

/** After the executor was asked what is so: what is still to come is noted anew. */
export function dropArrivals(turn: Turn): void {
  updateLocal(turn, { arrivals: { expected: new Map() } });
}

function follow(turn: Turn, departure: Departure): void {
  const { resource, source, key, ended } = departure;
  const place = `${source} ${resource}`;
  const known = turn.state.local.arrivals.expected.get(place);
  if (known?.key !== key) {
    if (!ended) note(turn, departure, known?.call);
  } else if (!ended) {
    if (!isNoted(turn, resource)) note(turn, departure, known.call);
  } else if (known.endedBefore === undefined) {
    noteEnd(turn, place, known);
  } else if (isTold(turn, resource, known.endedBefore)) {
    settle(turn, place, known);
  }
}

function note(turn: Turn, { resource, agent, source, key }: Departure, since: number | undefined): void {
  const { history, nextCall } = turn.state.local;
  if (history === undefined) return;
  const operation = 'migrate_from';
  const entries = entriesOf({
    resource,
    operation,
    interval: milliseconds(0),
    timeout: milliseconds(0),
    transitionKey: key,
    node: turn.env.node.name,
    call: -1,
    status: EXECUTION.pending,
    exitStatus: OCF.unknown,
    changedAt: toldAt(turn, { resource, operation }, turn.env.now),
    parameters: { CRM_meta_migrate_source: source, CRM_meta_migrate_target: turn.env.node.name },
    origin: 'record_pending_op',
  });
  expect(turn, `${source} ${resource}`, { resource, key, call: since ?? nextCall });
  updateLocal(turn, {
    history: withEntries(history, resource, history.get(resource)?.agent ?? agent, entries),
  });
  writeResource(turn, resource, []);
}

/** The departure ended: what was told here while it was under way says nothing of what came in the end. */
function noteEnd(turn: Turn, place: string, arrival: Arrival): void {
  const { running, nextCall } = turn.state.local;
  const { resource, call } = arrival;
  const entry = arrivalOf(turn, resource);
  if (entry !== undefined && Number(attribute(entry, 'call-id')) >= call) settle(turn, place, arrival);
  else if (isRunning(running, resource)) return;
  else if (!isNoted(turn, resource) || isTold(turn, resource, call)) forget(turn, place, arrival);
  else expect(turn, place, { ...arrival, endedBefore: nextCall });
}

/** Nothing tells of the departure any more. */
function lookFor(turn: Turn, place: string, arrival: Arrival): void {
  const { resource, endedBefore } = arrival;
  const { running, history } = turn.state.local;
  if (isRunning(running, resource)) return;
  const isSettled = endedBefore !== undefined && isTold(turn, resource, endedBefore);
  if (isSettled || history?.has(resource) !== true) settle(turn, place, arrival);
  else forget(turn, place, arrival);
}

/**
 * Nothing of what is told of the resource here counts but that it may have arrived. What is not configured any more
 * nobody would probe: of that the arrival stays in history until whatever arrived is stopped.
 */
function forget(turn: Turn, place: string, arrival: Arrival): void {
  const { cib, local } = turn.state;
  const { history, arrivals, nextCall } = local;
  const { resource } = arrival;
  const isNote = (entry: XmlElement) => attribute(entry, 'id') === arrivalKey(resource);
  const resources = cib === undefined ? undefined : sectionOf(cib, 'resources');
  const isConfigured = resources !== undefined && isIn(resources, resource);
  if (isConfigured || history === undefined || !isNoted(turn, resource)) {
    const expected = new Map([...arrivals.expected].filter(([, one]) => one.resource !== resource));
    updateLocal(turn, { arrivals: { ...arrivals, expected } });
    if (history !== undefined) updateLocal(turn, { history: withoutEntries(history, resource, isNote) });
    forgetResource(turn, resource);
    return;
  }
  const left = withoutEntries(history, resource, one => !isNote(one));
  if (left === history && arrival.endedBefore !== undefined) return;
  expect(turn, place, { ...arrival, endedBefore: nextCall });
  updateLocal(turn, { history: left });
  writeResource(turn, resource, []);
}

function expect(turn: Turn, place: string, arrival: Arrival): void {
  const { arrivals } = turn.state.local;
  const expected = new Map(arrivals.expected).set(place, arrival);
  updateLocal(turn, { arrivals: { ...arrivals, expected } });
}

/** Where the resource is has been told since. */
function settle(turn: Turn, place: string, { resource, key }: Arrival): void {
  const { arrivals, history } = turn.state.local;
  const expected = new Map(arrivals.expected);
  expected.delete(place);
  updateLocal(turn, { arrivals: { ...arrivals, expected } });
  const entry = arrivalOf(turn, resource);
  const isNote = entry !== undefined && isPending(entry) && attribute(entry, 'transition-key') === key;
  if (!isNote || history === undefined) return;
  updateLocal(turn, { history: withoutEntries(history, resource, one => one === entry) });
  writeResource(turn, resource, []);
}

const isRunning = (running: Turn['state']['local']['running'], resource: string): boolean =>
  [...running.values()].some(one => one.resource === resource && one.interval === 0);

const arrivalOf = ({ state }: Turn, resource: string): XmlElement | undefined =>
  state.local.history?.get(resource)?.entries.get(arrivalKey(resource));

function isNoted(turn: Turn, resource: string): boolean {
  const entry = arrivalOf(turn, resource);
  return entry !== undefined && isPending(entry);
}

/** Whether anything that was done once with the resource here has been told since that call. */
const isTold = ({ state }: Turn, resource: string, since: number): boolean =>
  [...(state.local.history?.get(resource)?.entries.values() ?? [])].some(
    entry => attribute(entry, 'interval') === '0' && Number(attribute(entry, 'call-id')) >= since,
  );
