/**
 * How nodes that meet come to know the same. One of them calls the meeting. Each group that lived together until
 * then (its component) says once what it knew at that moment; the groups' words are merged by one rule; and what
 * was said since is applied again on top. Everybody hears the same in the same order, so everybody ends with the
 * same; a meeting that is called while another is not over starts afresh.
 */
import type { Instant } from '../../base/time.ts';
import type {
  AttributeFailure,
  AttributePurge,
  AttributeState,
  AttributeSync,
  AttributeUpdate,
} from '../../messages/attributes.ts';
import type { NodeName } from '../../model/names.ts';
import { apply, remembered } from './apply.ts';
import { type Attribute, snapshotOf, type Table } from './table.ts';

export interface Merge {
  readonly meeting: string;
  /** What our component knew at that moment. */
  readonly mine: readonly AttributeState[];
  readonly heard: readonly AttributeSync[];
  /** What was said since, in order. */
  readonly since: readonly (AttributeUpdate | AttributeFailure | AttributePurge)[];
}

export const begin = (meeting: string, table: Table): Merge => ({
  meeting,
  mine: snapshotOf(table),
  heard: [],
  since: [],
});

/** Takes a component's word for this meeting; another meeting's changes nothing. */
export const hear = (merge: Merge, sync: AttributeSync): Merge =>
  merge.meeting === sync.meeting ? { ...merge, heard: [...merge.heard, sync] } : merge;

/** Every peer that is still there belongs to a component that was heard. */
export const isComplete = ({ heard }: Merge, peers: readonly NodeName[]): boolean =>
  peers.every(peer => heard.some(({ component }) => component.includes(peer)));

export function merged({ heard, since }: Merge, now: Instant): Table {
  let table = mergeStates(heard);
  for (const said of since) table = apply(table, said, now).table;
  return table;
}

/**
 * A component's word counts most for its own nodes. Where it says nothing (its `pacemakerd` was restarted), and
 * for nodes of no component, the largest component's counts, and of equals the one whose first node comes first.
 * A failure that any of them has counted is counted.
 */
function mergeStates(heard: readonly AttributeSync[]): Table {
  const ranked = heard.toSorted(
    (left, right) =>
      right.component.length - left.component.length ||
      compareText(left.component[0] ?? '', right.component[0] ?? ''),
  );
  const table = new Map<string, Attribute>();
  for (const name of new Set(ranked.flatMap(({ attributes }) => attributes.map(one => one.name)))) {
    table.set(name, mergeAttribute(name, ranked));
  }
  return table;
}

function mergeAttribute(name: string, ranked: readonly AttributeSync[]): Attribute {
  const values = new Map<NodeName, string>();
  const failures = new Map<NodeName, readonly string[]>();
  let base: Omit<Attribute, 'values' | 'failures'> | undefined;
  for (const own of [true, false]) {
    for (const { component, attributes } of ranked) {
      const state = attributes.find(one => one.name === name);
      if (state === undefined) continue;
      const { name: _, values: theirs, failures: told, ...rest } = state;
      base ??= rest;
      for (const [node, value] of theirs) {
        if (!values.has(node) && (!own || component.includes(node))) values.set(node, value);
      }
      for (const [node, identities] of told) {
        failures.set(node, remembered([...(failures.get(node) ?? []), ...identities]));
      }
    }
  }
  return { private: false, dampening: 0 as Attribute['dampening'], ...base, values, failures };
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
