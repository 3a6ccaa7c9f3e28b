import { withoutInstance } from '../model/names.ts';
import { addScores, parseScore, type Score, ZERO } from '../model/score.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import type { NodePicture, OperationPicture, ResourceFlags } from './picture.ts';
import { readRecorded } from './recorded.ts';
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

interface Recorded {
  count: Score;
  last: number;
}

const ATTRIBUTE = /^(fail-count|last-failure)-(.+?)#.+_\d+$/;
const counts = new WeakMap<ReadonlyMap<string, string>, Map<string, Recorded>>();

/** Counts and times by resource name, of all operations; attributes of a finished node never change. */
function recordedOn(node: Pick<NodePicture, 'attributes'>): Map<string, Recorded> {
  const known = counts.get(node.attributes);
  if (known !== undefined) return known;
  const made = new Map<string, Recorded>();
  for (const [name, value] of node.attributes) {
    const match = ATTRIBUTE.exec(name);
    if (match === null) continue;
    const resource = match[2] ?? '';
    const record = made.get(resource) ?? { count: ZERO, last: 0 };
    if (match[1] === 'fail-count') record.count = addScores(record.count, parseScore(value) ?? ZERO);
    else record.last = Math.max(record.last, parseInteger(value) ?? 0);
    made.set(resource, record);
  }
  counts.set(node.attributes, made);
  return made;
}

export interface FailCountQuery {
  readonly now: number;
  /** Failures that have expired do not count. */
  readonly effective: boolean;
  /** What the resource carries counts, too. */
  readonly withLaunched?: boolean;
  /** Whether a timeout is void because the operation blocks on failure. */
  readonly blocks?: boolean;
}

/** How often a resource failed on a node. */
export function failCount(
  resource: Failing,
  node: Pick<NodePicture, 'attributes'>,
  query: FailCountQuery,
): FailCount {
  const recorded = recordedOn(node);
  if (recorded.size === 0) return { count: 0, lastFailure: 0 };
  const name = resource.historyId ?? resource.id;
  const wanted = resource.flags.unique ? name : withoutInstance(name);
  let count = ZERO;
  let last = 0;
  for (const [key, record] of recorded) {
    if (key !== wanted && (resource.flags.unique || withoutInstance(key) !== wanted)) continue;
    count = addScores(count, record.count);
    last = Math.max(last, record.last);
  }
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
  const { exit, expected } = readRecorded(entry);
  return exit !== expected;
}
