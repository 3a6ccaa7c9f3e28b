import { withoutInstance } from '../model/names.ts';
import { addScores, parseScore, type Score, ZERO } from '../model/score.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import type { NodePicture, OperationPicture, ResourceFlags } from './picture.ts';
import { Recorded } from './recorded.ts';
import { parseInteger, parseInterval } from './words.ts';

/** As much of a resource as its fail counts depend on. */
export interface Failing {
  readonly id: string;
  readonly historyId?: string | undefined;
  readonly flags: Pick<ResourceFlags, 'unique' | 'bundled'>;
  readonly failureTimeout: number;
  readonly operations: readonly OperationPicture[];
  readonly launched: readonly Failing[];
}

export interface FailCount {
  readonly count: number;
  /** Seconds since 1970; 0 where there is none. */
  readonly lastFailure: number;
}

interface Failures {
  count: Score;
  last: number;
}

const ATTRIBUTE = /^(fail-count|last-failure)-(.+?)#.+_\d+$/;

/** Counts and times of all operations, by the name that a resource fails under, and by that of what was cloned. */
interface RecordedFailures {
  readonly byName: ReadonlyMap<string, Failures>;
  readonly byCloned: ReadonlyMap<string, Failures>;
}

const counts = new WeakMap<ReadonlyMap<string, string>, RecordedFailures>();

/** Attributes of a finished node never change. */
function recordedOn({ attributes }: Pick<NodePicture, 'attributes'>): RecordedFailures {
  const known = counts.get(attributes);
  if (known !== undefined) return known;
  const byName = new Map<string, Failures>();
  attributes.forEach((value, name) => {
    if (name.startsWith('fail-count-') || name.startsWith('last-failure-'))
      recordAttribute(byName, name, value);
  });
  const byCloned = byName.size === 0 ? byName : new Map<string, Failures>();
  for (const [name, one] of byName) record(byCloned, withoutInstance(name), one);
  const made = { byName, byCloned };
  counts.set(attributes, made);
  return made;
}

function recordAttribute(into: Map<string, Failures>, name: string, value: string): void {
  const match = ATTRIBUTE.exec(name);
  if (match === null) return;
  const isCount = match[1] === 'fail-count';
  const count = isCount ? (parseScore(value) ?? ZERO) : ZERO;
  record(into, match[2] ?? '', { count, last: isCount ? 0 : (parseInteger(value) ?? 0) });
}

function record(into: Map<string, Failures>, name: string, { count, last }: Readonly<Failures>): void {
  const known = into.get(name);
  if (known === undefined) {
    into.set(name, { count, last: Math.max(last, 0) });
  } else {
    known.count = addScores(known.count, count);
    known.last = Math.max(known.last, last);
  }
}

/** Whether any failure is on record on the node. */
export const hasFailures = (node: Pick<NodePicture, 'attributes'>): boolean =>
  recordedOn(node).byName.size > 0;

export interface FailCountQuery {
  readonly now: number;
  /** Failures that have expired do not count. */
  readonly effective: boolean;
  /** What the resource carries counts, too. */
  readonly withLaunched?: boolean;
  /** Whether a timeout is void because the operation blocks on failure. */
  readonly blocks?: boolean;
}

const NO_FAILURES: FailCount = { count: 0, lastFailure: 0 };

/** How often a resource failed on a node. */
export function failCount(
  resource: Failing,
  node: Pick<NodePicture, 'attributes'>,
  query: FailCountQuery,
): FailCount {
  const { byName, byCloned } = recordedOn(node);
  if (byName.size === 0) return NO_FAILURES;
  const name = resource.historyId ?? resource.id;
  const found = resource.flags.unique ? byName.get(name) : byCloned.get(withoutInstance(name));
  let count = found?.count ?? ZERO;
  let last = found?.last ?? 0;
  const timeout = resource.failureTimeout;
  if (query.effective && count > 0 && last > 0 && timeout > 0 && query.blocks !== true) {
    if (query.now > last + Math.round(timeout / 1000)) count = ZERO;
  }
  let total: number = count;
  if (query.withLaunched === true && !resource.flags.bundled) {
    for (const one of resource.launched) {
      const below = failCount(one, node, query);
      total += below.count;
      last = Math.max(last, below.lastFailure);
    }
  }
  return { count: total, lastFailure: total > 0 && last > 0 ? last : 0 };
}

/** Whether an operation that failed is one that blocks its resource, so that its failures never expire. */
export function blocksOnFailure(
  resource: Pick<Failing, 'id' | 'operations'>,
  entries: readonly XmlElement[],
): boolean {
  const name = withoutInstance(resource.id);
  return resource.operations.some(
    ({ xml, name: operation, interval }) =>
      attribute(xml, 'on-fail') === 'block' &&
      entries.some(entry => isFailureOf(entry, { resource: name, operation, interval })),
  );
}

function isFailureOf(
  entry: XmlElement,
  {
    resource,
    operation,
    interval,
  }: { readonly resource: string; readonly operation: string; readonly interval: number },
): boolean {
  if (parseInterval(`${attribute(entry, 'interval') ?? 0}ms`) !== interval) return false;
  if (attribute(entry, 'operation')?.toLowerCase() !== operation.toLowerCase()) return false;
  const id = attribute(entry, 'id')?.toLowerCase();
  if (id === `${resource}_last_failure_0`.toLowerCase()) return true;
  if (id !== `${resource}_${operation}_${interval}`.toLowerCase()) return false;
  const { exit, expected } = new Recorded(entry);
  return exit !== expected;
}
