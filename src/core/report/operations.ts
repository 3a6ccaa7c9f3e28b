/** What ran on the nodes: fail counts alone, or every operation that the history keeps. */
import { instant } from '../base/time.ts';
import { INFINITY, printScore, score } from '../model/score.ts';
import { inCallOrder } from '../status/call-order.ts';
import { failCount } from '../status/fail-counts.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { resourceOfHistory } from './history-resources.ts';
import { exitWords, type HistoryEntry, readEntry, timestamp } from './history-words.ts';
import { displayName } from './node-words.ts';
import { type Outline, section } from './outline.ts';
import { printedName } from './resource-words.ts';
import { isShown, shownNodes, type View } from './view.ts';

interface ResourceHistory {
  readonly id: string;
  readonly resource: ResourcePicture | undefined;
  readonly failures: number;
  readonly lastFailure: number;
  readonly entries: readonly HistoryEntry[];
}

interface NodeHistory {
  readonly node: NodePicture;
  readonly resources: readonly ResourceHistory[];
}

/** Histories by node in the order of the status section, of the nodes that are online. */
function histories(picture: Picture, view: View): readonly NodeHistory[] {
  const shown = new Set(shownNodes(picture, view));
  const found: NodeHistory[] = [];
  for (const [name, resources] of picture.histories) {
    const node = picture.nodeByName.get(name);
    if (node === undefined || !node.online || !shown.has(node)) continue;
    const listed = [...resources].flatMap(([id, entry]) => {
      const resource = resourceOfHistory(picture, id, node);
      if (resource !== undefined && !isShown(picture, wholeOf(resource), view)) return [];
      return [historyOf(picture, node, id, resource, entry)];
    });
    found.push({ node, resources: listed });
  }
  return found;
}

/** What is asked for together with a resource: all of a clone or bundle, of a group the member alone. */
function wholeOf(resource: ResourcePicture): ResourcePicture {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top.kind === 'group' ? resource : top;
}

function historyOf(
  picture: Picture,
  node: NodePicture,
  id: string,
  resource: ResourcePicture | undefined,
  entry: XmlElement,
): ResourceHistory {
  const counted =
    resource === undefined
      ? { count: 0, lastFailure: 0 }
      : failCount(resource, node, { now: picture.now, effective: false });
  return {
    id,
    resource,
    failures: counted.count,
    lastFailure: counted.lastFailure,
    entries: inCallOrder(entry).map(readEntry).filter(isTold),
  };
}

/** Notifications, and probes that found nothing, are of no interest. */
const isTold = ({ task, interval, exitStatus }: HistoryEntry): boolean =>
  task !== 'notify' && !(task === 'monitor' && interval === 0 && exitStatus === 7);

export function failCountOutline(picture: Picture, view: View): readonly Outline[] {
  const items = histories(picture, view).flatMap(({ node, resources }) => {
    const failed = resources.filter(({ failures }) => failures > 0);
    return failed.length === 0 ? [] : [section(nodeHeading(node, view), failed.map(resourceWords))];
  });
  return [section('Migration Summary', items)];
}

export function operationOutline(picture: Picture, view: View): readonly Outline[] {
  const items = histories(picture, view).flatMap(({ node, resources }) => {
    const told = resources.filter(({ entries }) => entries.length > 0);
    if (told.length === 0) return [];
    const sections = told.map(one =>
      section(
        resourceWords({ ...one, id: operationName(one) }),
        one.entries.map(entry => entryLine(entry, view)),
      ),
    );
    return [section(nodeHeading(node, view), sections)];
  });
  return items.length === 0 ? [] : [section('Operations', items)];
}

/** Operations of instances that are alike stand under the name that they have in common. */
const operationName = ({ id, resource }: ResourceHistory): string =>
  resource === undefined ? id : printedName(resource);

const nodeHeading = (node: NodePicture, { detail }: View): string => `Node: ${displayName(node, { detail })}`;

function resourceWords({ id, resource, failures, lastFailure }: ResourceHistory): string {
  if (resource === undefined) return `${id}: orphan`;
  const count = failures > 0 ? ` fail-count=${printScore(score(failures))}` : '';
  const last = lastFailure > 0 ? ` last-failure='${timestamp(instant(lastFailure * 1000))}'` : '';
  return `${id}: migration-threshold=${thresholdOf(resource)}${count}${last}`;
}

const thresholdOf = ({ migrationThreshold }: ResourcePicture): number =>
  Math.min(migrationThreshold, INFINITY);

function entryLine(entry: HistoryEntry, { timing }: View): string {
  const interval = entry.interval > 0 ? ` interval="${entry.interval}ms"` : '';
  const times = timing
    ? [
        entry.changed === undefined ? '' : ` last-rc-change="${timestamp(entry.changed)}"`,
        entry.executionTime === undefined ? '' : ` exec-time="${entry.executionTime}ms"`,
        entry.queueTime === undefined ? '' : ` queue-time="${entry.queueTime}ms"`,
        ` rc=${entry.exitStatus} (${exitWords(entry.exitStatus)})`,
      ].join('')
    : '';
  const details = `${interval}${times}`;
  return `(${entry.call}) ${taskOf(entry)}${details === '' ? '' : `:${details}`}`;
}

const taskOf = ({ task, interval }: HistoryEntry): string =>
  task === 'monitor' && interval === 0 ? 'probe' : task;

/** The `node_history` element: with all operations, or the fail counts alone. */
export function historyElement(
  picture: Picture,
  view: View,
  { operations }: { readonly operations: boolean },
): XmlElement {
  const nodes = histories(picture, view).flatMap(({ node, resources }) => {
    const told = resources.filter(one => (operations ? one.entries.length > 0 : one.failures > 0));
    if (told.length === 0) return [];
    return [
      element(
        'node',
        { name: node.name },
        told.map(one =>
          resourceHistoryElement(operations ? { ...one, id: operationName(one) } : one, { operations }),
        ),
      ),
    ];
  });
  return element('node_history', {}, nodes);
}

function resourceHistoryElement(
  { id, resource, failures, lastFailure, entries }: ResourceHistory,
  { operations }: { readonly operations: boolean },
): XmlElement {
  const attributes =
    resource === undefined
      ? { id, orphan: true }
      : {
          id,
          orphan: false,
          'migration-threshold': thresholdOf(resource),
          'fail-count': failures > 0 ? printScore(score(failures)) : undefined,
          'last-failure': lastFailure > 0 ? timestamp(instant(lastFailure * 1000)) : undefined,
        };
  return element('resource_history', attributes, operations ? entries.map(entryElement) : []);
}

const entryElement = (entry: HistoryEntry): XmlElement =>
  element('operation_history', {
    call: entry.call,
    task: taskOf(entry),
    rc: entry.exitStatus,
    rc_text: exitWords(entry.exitStatus),
    interval: entry.interval > 0 ? `${entry.interval}ms` : undefined,
    'last-rc-change': entry.changed === undefined ? undefined : timestamp(entry.changed),
    'exec-time': entry.executionTime === undefined ? undefined : `${entry.executionTime}ms`,
    'queue-time': entry.queueTime === undefined ? undefined : `${entry.queueTime}ms`,
  });
