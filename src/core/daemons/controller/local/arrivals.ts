/**
 * Resources that other nodes let go to this one. Whether one arrived nobody can tell before it was looked for; that it
 * may have stands in this node's own history, which is there as long as the node is. What holds:
 *
 * 1. Whoever lets a resource go says so in its history first and waits (`departures.ts`). This node answers in its own
 *    with an arrival that is pending; from then on the resource may be here.
 * 2. As long as the departure is under way nothing settles that: what is stopped here, or not found, may come after.
 * 3. What this node told of the resource while it was on its way is forgotten when the departure has ended, and so is
 *    all of it when nothing tells of the departure any more: then the resource is probed here.
 */
import { milliseconds } from '../../../base/time.ts';
import { sectionOf } from '../../../cib/document.ts';
import { EXECUTION, OCF } from '../../../model/exit-status.ts';
import { type NodeName, nodeName } from '../../../model/names.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute, child, type XmlElement } from '../../../xml/element.ts';
import type { Arrival, ResourceHistory } from '../state.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { migrationKey } from './departures.ts';
import { entriesOf } from './entry.ts';
import { agentIn, isPending, lrmOf, withEntries } from './history.ts';
import { forgetResource } from './orders.ts';
import { toldAt } from './told-at.ts';
import { writeResource } from './write.ts';

/** A migration of which its source tells, and that came or comes here. */
interface Departure {
  readonly resource: string;
  readonly agent: ResourceHistory['agent'];
  readonly source: NodeName;
  readonly key: string;
  readonly ended: boolean;
}

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

/** By source and resource. */
export function departuresTo(
  target: NodeName,
  status: XmlElement | undefined,
): ReadonlyMap<string, Departure> {
  const found = new Map<string, Departure>();
  for (const state of status?.children ?? []) {
    const lrm = child(state, 'lrm');
    const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
    for (const { resource, entry } of list === undefined ? [] : migrationsIn(list)) {
      if (attribute(entry, 'migrate_target') !== target) continue;
      const source = nodeName(attribute(state, 'uname') ?? '');
      const id = attribute(resource, 'id') ?? '';
      found.set(`${source} ${id}`, {
        resource: id,
        agent: agentIn(resource),
        source,
        key: attribute(entry, 'transition-key') ?? '',
        ended: !isPending(entry),
      });
    }
  }
  return found;
}

interface Migration {
  readonly resource: XmlElement;
  readonly entry: XmlElement;
}

const lists = new WeakMap<XmlElement, readonly Migration[]>();
const resources = new WeakMap<XmlElement, readonly Migration[]>();

/** Both a node's history and that of each resource in it are read once: most stay as they are. */
function migrationsIn(list: XmlElement): readonly Migration[] {
  const known = lists.get(list);
  if (known !== undefined) return known;
  const found: Migration[] = [];
  for (const one of list.children) found.push(...migrationIn(one));
  lists.set(list, found);
  return found;
}

function migrationIn(resource: XmlElement): readonly Migration[] {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const entry = child(resource, 'lrm_rsc_op', migrationKey(attribute(resource, 'id') ?? ''));
  const found = entry === undefined ? NONE : [{ resource, entry }];
  resources.set(resource, found);
  return found;
}
const NONE: readonly Migration[] = [];

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
    settle(turn, place);
  }
}

function note(turn: Turn, { resource, agent, source, key }: Departure, since: number | undefined): void {
  const { history, nextCall, arrivals } = turn.state.local;
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
  const arrival: Arrival = { resource, key, call: since ?? nextCall };
  updateLocal(turn, {
    history: withEntries(history, resource, history.get(resource)?.agent ?? agent, entries),
    arrivals: { ...arrivals, expected: new Map(arrivals.expected).set(`${source} ${resource}`, arrival) },
  });
  writeResource(turn, resource, []);
}

/** The departure ended: what was told here while it was under way says nothing of what came in the end. */
function noteEnd(turn: Turn, place: string, arrival: Arrival): void {
  const { running, arrivals, nextCall } = turn.state.local;
  const { resource, call } = arrival;
  const entry = arrivalOf(turn, resource);
  if (entry !== undefined && Number(attribute(entry, 'call-id')) >= call) settle(turn, place);
  else if (isRunning(running, resource)) return;
  else if (!isNoted(turn, resource) || isTold(turn, resource, call)) forget(turn, resource);
  else {
    const ended = { ...arrival, endedBefore: nextCall };
    updateLocal(turn, {
      arrivals: { ...arrivals, expected: new Map(arrivals.expected).set(place, ended) },
    });
  }
}

/** Nothing tells of the departure any more. */
function lookFor(turn: Turn, place: string, { resource, endedBefore }: Arrival): void {
  const { running, history } = turn.state.local;
  if (isRunning(running, resource)) return;
  const isSettled = endedBefore !== undefined && isTold(turn, resource, endedBefore);
  if (isSettled || history?.has(resource) !== true) settle(turn, place);
  else forget(turn, resource);
}

function forget(turn: Turn, resource: string): void {
  const { arrivals } = turn.state.local;
  const expected = new Map([...arrivals.expected].filter(([, one]) => one.resource !== resource));
  updateLocal(turn, { arrivals: { ...arrivals, expected } });
  forgetResource(turn, resource);
}

function settle(turn: Turn, place: string): void {
  const { arrivals } = turn.state.local;
  const expected = new Map(arrivals.expected);
  expected.delete(place);
  updateLocal(turn, { arrivals: { ...arrivals, expected } });
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

const arrivalKey = (resource: string): string => operationKey(resource, 'migrate_from', milliseconds(0));

/** Whether the node expects the resource by that very migration. */
export function isExpectedOn(cib: XmlElement, node: string, resource: string, key: string): boolean {
  const lrm = lrmOf(cib, node);
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  const known = list === undefined ? undefined : child(list, 'lrm_resource', resource);
  const entry = known === undefined ? undefined : child(known, 'lrm_rsc_op', arrivalKey(resource));
  return entry !== undefined && isPending(entry) && attribute(entry, 'transition-key') === key;
}
