import { compareVersions, versionOf } from '../../cib/document.ts';
import { createPatchset } from '../../cib/patchset/create.ts';
import { sameTree } from '../../xml/edit.ts';
import {
  attribute,
  child,
  element,
  withAttribute,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import type { Turn } from './turn.ts';

/** Snapshots to keep, so that a peer that was away for no longer than these can be caught up by a patchset. */
const SNAPSHOTS = 128;

const EMPTY_STATUS = element('status');

/** The document as the disk keeps it: status is gathered anew by each start of a cluster. */
export const forDisk = once(cib =>
  withChildren(
    withAttribute(cib, 'num_updates', '0'),
    cib.children.map(one => (one.name === 'status' ? EMPTY_STATUS : one)),
  ),
);

/** The document as it is begun with, whoever wrote the file. */
export const fromDisk = once(cib =>
  child(cib, 'status') === undefined ? withChildren(cib, [...cib.children, EMPTY_STATUS]) : cib,
);

/** Makes one thing of one document, whichever node of this process (a simulated one) asks. */
function once(make: (cib: XmlElement) => XmlElement): (cib: XmlElement) => XmlElement {
  const made = new WeakMap<XmlElement, XmlElement>();
  return cib => {
    const known = made.get(cib);
    if (known !== undefined) return known;
    const result = make(cib);
    made.set(cib, result);
    return result;
  };
}

/** What only status and the cluster's own bookkeeping on the root changed is not kept on disk. */
export function changesDisk(before: XmlElement, after: XmlElement): boolean {
  if (before === after) return false;
  const order = compareVersions(
    { ...versionOf(before), numUpdates: 0 },
    { ...versionOf(after), numUpdates: 0 },
  );
  return (
    order !== 0 ||
    !isEqual(child(before, 'configuration'), child(after, 'configuration')) ||
    attribute(before, 'validate-with') !== attribute(after, 'validate-with')
  );
}

const isEqual = (one: XmlElement | undefined, other: XmlElement | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && sameTree(one, other));

/** Makes the document this node's own and lets everybody know. */
export function adopt(turn: Turn, after: XmlElement): void {
  const before = turn.cib;
  if (before === after) return;
  turn.set({ cib: after });
  const patchset = patchsetBetween(before, after);
  if (patchset === undefined) return;
  turn.effects.push({ kind: 'announce', body: { kind: 'cib-changed', before, after, patchset } });
  turn.effects.push({ kind: 'publish', topic: 'cib', body: patchset });
}

const made = new WeakMap<XmlElement, { readonly before: XmlElement; readonly patchset?: XmlElement }>();

/** Of the same two documents there is one patchset, whichever node of this process (a simulated one) asks. */
function patchsetBetween(before: XmlElement, after: XmlElement): XmlElement | undefined {
  const known = made.get(after);
  if (known?.before === before) return known.patchset;
  const patchset = createPatchset(before, after);
  made.set(after, patchset === undefined ? { before } : { before, patchset });
  return patchset;
}

export function remember(turn: Turn, round: string, applied: number): void {
  const { history } = turn.state;
  const kept = history.length >= SNAPSHOTS ? history.slice(history.length - SNAPSHOTS + 1) : history;
  turn.set({ history: [...kept, { round, applied, cib: turn.cib }] });
}
