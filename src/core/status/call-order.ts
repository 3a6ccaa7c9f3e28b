import { attribute, type XmlElement } from '../xml/element.ts';
import { parseInteger } from './words.ts';

/** The transition that an entry came from: its number and the id of the engine that ran it. */
function transitionOf(entry: XmlElement): { readonly id: number; readonly engine: string } | undefined {
  const match = /^-?\d+:-?\d+;-?\d+:(-?\d+):-?\d+:(.+)$/.exec(attribute(entry, 'transition-magic') ?? '');
  return match === null ? undefined : { id: Number(match[1]), engine: (match[2] ?? '').toLowerCase() };
}

/**
 * Which of two entries of the history is newer: positive where the first is. Calls of one node are numbered; of
 * different nodes, or of a pending operation, times and transitions tell.
 */
export function compareCalls(left: XmlElement, right: XmlElement): number {
  const sameNode = isSameNode(attribute(left, 'on_node'), attribute(right, 'on_node'));
  if (sameNode && attribute(left, 'id') === attribute(right, 'id')) return 0;
  const a = parseInteger(attribute(left, 'call-id')) ?? -1;
  const b = parseInteger(attribute(right, 'call-id')) ?? -1;
  if (a === -1 && b === -1) return 0;
  if (sameNode && a >= 0 && a < b) return -1;
  if (sameNode && b >= 0 && a > b) return 1;
  if (a >= 0 && b >= 0 && (!sameNode || a === b)) return compareTimes(left, right);
  return compareTransitions(left, right, { a, b });
}

const isSameNode = (left: string | undefined, right: string | undefined): boolean =>
  left === right || left?.toLowerCase() === right?.toLowerCase();

function compareTimes(left: XmlElement, right: XmlElement): number {
  const a = parseInteger(attribute(left, 'last-rc-change')) ?? -1;
  const b = parseInteger(attribute(right, 'last-rc-change')) ?? -1;
  if (a >= 0 && a < b) return -1;
  return b >= 0 && a > b ? 1 : 0;
}

/** One of the two is pending: it is newer than what the same transition finished. */
function compareTransitions(
  left: XmlElement,
  right: XmlElement,
  { a, b }: { readonly a: number; readonly b: number },
): number {
  const first = transitionOf(left);
  const second = transitionOf(right);
  if (first === undefined || second === undefined) return 0;
  if (first.engine !== second.engine || first.id === second.id) return b === -1 ? -1 : a === -1 ? 1 : 0;
  if ((first.id >= 0 && first.id < second.id) || second.id === -1) return -1;
  return 1;
}

/**
 * Entries of a resource on a node, oldest first. Entries that cannot be told apart stand in the reverse of their
 * order in the document.
 */
export function inCallOrder({ children }: XmlElement): readonly XmlElement[] {
  const entries: XmlElement[] = [];
  for (let at = children.length - 1; at >= 0; at -= 1) {
    const one = children[at] as XmlElement;
    if (one.name === 'lrm_rsc_op') entries.push(one);
  }
  if (entries.length > 2) return entries.sort(compareCalls);
  const first = entries[0];
  const second = entries[1];
  if (first === undefined || second === undefined) return entries;
  return compareCalls(second, first) < 0 ? [second, first] : entries;
}

/** Where in a sorted history the last start and stop stand; -1 where there is none. */
export interface ActiveSpan {
  readonly start: number;
  readonly stop: number;
}

export function activeSpan(entries: readonly XmlElement[]): ActiveSpan {
  let start = -1;
  let stop = -1;
  let impliedByMonitor = -1;
  let impliedByRole = -1;
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] as XmlElement;
    const task = attribute(entry, 'operation');
    if (task === 'stop' && attribute(entry, 'op-status') === '0') stop = at;
    else if (task === 'start' || task === 'migrate_from') start = at;
    else if (impliedByMonitor <= stop && task === 'monitor') {
      const status = attribute(entry, 'rc-code');
      if (status === '0' || status === '8') impliedByMonitor = at;
    } else if (task === 'promote' || task === 'demote') impliedByRole = at;
  }
  if (start === -1) start = impliedByRole !== -1 ? impliedByRole : impliedByMonitor;
  return { start, stop };
}
