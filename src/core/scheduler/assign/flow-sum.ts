import type { Colocation, Node, Resource, ScoreFlow } from '../model.ts';
import type { Addend } from '../origins.ts';
import type { CandidateTable } from './candidates.ts';
import { colocationsWithThis, hasInfluence, isByNode, NODE_NAME } from './colocated.ts';
import { isAvailable, MUST, NEVER } from './nodes.ts';

/**
 * What flows from a resource along mandatory colocations: its own scores, then those of all that depends on it. In
 * a chain of n each primary has up to n dependents behind it; summed up once, from the end on, they cost n in all
 * rather than n². A sum holds until a table of nodes that went into it changes.
 *
 * Scores do not just add up: they stay within limits, -INFINITY wins, and what would leave its primary no node does
 * not count. So a sum knows the lowest and the highest that any beginning of it comes to, and serves only where
 * these show that no limit is met on the way; else each step is taken for itself. By the position of the node; of
 * what must be there, or can never be, the numbers are infinite.
 */
export interface FlowSum {
  readonly own: Float64Array;
  readonly total: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly parts: readonly Part[];
  /** Sums of which this one is a part. */
  readonly wholes: FlowSum[];
  isStale: boolean;
}

interface Part {
  readonly colocation: Colocation;
  readonly sum: FlowSum;
}

/** Parts of a score on a node that a sum stands for. */
export interface SummedAddends {
  readonly sum: FlowSum;
  readonly through: Colocation;
  readonly isAvailable: boolean;
  readonly node: Node;
}

/** A score that was not below zero, and would have become so; replaced by 1 in the end. */
export const SPOILED = MUST * -100;

/** Whether a flow takes scores as they are, each node for itself: only then are they the same for all it reaches. */
export const takesAll = ({ factor, thisWith, active, target }: ScoreFlow): boolean =>
  factor === 1 && !thisWith && active && target !== undefined && isByNode(target);

/** For one that is asked on its own, other scores of a group's member count than its own. */
export const isLaterMember = ({ dependent, explicit }: Colocation, resource: Resource): boolean =>
  dependent === resource &&
  explicit &&
  resource.parent?.kind === 'group' &&
  resource !== resource.parent.children[0];

const isSummable = (colocation: Colocation, dependent: Resource): boolean =>
  colocation.attribute === NODE_NAME &&
  colocation.score >= MUST &&
  isByNode(dependent) &&
  !isLaterMember(colocation, dependent);

/** The resource whose scores are meant: a group's are its first member's. */
export const representative = (resource: Resource): Resource | undefined =>
  resource.kind === 'group' ? resource.children[0] : resource;

/** What flows from a dependent; `undefined` where nothing depends on it in turn, or not all of it adds up. */
export function sumOf(dependent: Resource, colocation: Colocation): FlowSum | undefined {
  if (!isSummable(colocation, dependent)) return undefined;
  const known = knownSum(dependent);
  if (known !== undefined) return known === 'mixed' ? undefined : known;
  return colocationsWithThis(dependent).length === 0 ? undefined : sumUp(dependent);
}

function knownSum({ flowSum }: Resource): Resource['flowSum'] {
  return flowSum === 'mixed' || flowSum?.isStale === false ? flowSum : undefined;
}

/** A resource whose dependents are being summed up. */
interface Pending {
  readonly resource: Resource;
  readonly colocations: readonly Colocation[];
  readonly parts: Part[];
  next: number;
}

const pend = (resource: Resource): Pending => ({
  resource,
  colocations: colocationsWithThis(resource).filter(one => hasInfluence(one)),
  parts: [],
  next: 0,
});

/** From the end of the chain on; where something does not add up, or goes in a circle, nothing before it does. */
function sumUp(start: Resource): FlowSum | undefined {
  const way: Pending[] = [pend(start)];
  const onWay = new Set([start]);
  let last: FlowSum | undefined;
  for (let at = way[0]; at !== undefined; at = way[way.length - 1]) {
    const colocation = at.colocations[at.next];
    if (colocation === undefined) {
      way.pop();
      onWay.delete(at.resource);
      last = combine(at);
      continue;
    }
    const dependent = representative(colocation.dependent);
    const known = dependent === undefined ? undefined : knownSum(dependent);
    if (dependent === undefined) {
      at.next += 1;
    } else if (known === 'mixed' || onWay.has(dependent) || !isSummable(colocation, dependent)) {
      for (const { resource } of way) resource.flowSum = 'mixed';
      return undefined;
    } else if (known === undefined) {
      way.push(pend(dependent));
      onWay.add(dependent);
    } else {
      at.parts.push({ colocation, sum: known });
      at.next += 1;
    }
  }
  return last;
}

function combine({ resource, parts }: Pending): FlowSum {
  const own = new Float64Array(resource.cluster.nodes.length).fill(Number.NEGATIVE_INFINITY);
  resource.allowed.each(({ node, score }) => {
    if (score > NEVER) own[node.position] = score < MUST ? score : Number.POSITIVE_INFINITY;
  });
  const sum: FlowSum = {
    own,
    total: own.slice(),
    lowest: own.slice(),
    highest: own.slice(),
    parts,
    wholes: [],
    isStale: false,
  };
  for (const part of parts) append(sum, part.sum);
  resource.allowed.watch(() => spoil(sum));
  resource.flowSum = sum;
  return sum;
}

function append(sum: FlowSum, part: FlowSum): void {
  const { total, lowest, highest } = sum;
  for (let at = 0; at < total.length; at += 1) {
    const before = total[at] as number;
    lowest[at] = Math.min(lowest[at] as number, plus(before, part.lowest[at] as number));
    highest[at] = Math.max(highest[at] as number, plus(before, part.highest[at] as number));
    total[at] = plus(before, part.total[at] as number);
  }
  part.wholes.push(sum);
}

/** Never wins over must. */
const plus = (left: number, right: number): number =>
  left === Number.NEGATIVE_INFINITY ? left : right === Number.NEGATIVE_INFINITY ? right : left + right;

/** A table that went into the sum has changed: no sum that it is in holds any more. */
function spoil(changed: FlowSum): void {
  const work = [changed];
  for (let sum = work.pop(); sum !== undefined; sum = work.pop()) {
    if (sum.isStale) continue;
    sum.isStale = true;
    work.push(...sum.wholes.splice(0));
  }
}

/** Adds a sum to the scores of nodes, if it is certain to come to the same as step by step. */
export function addSum(
  nodes: CandidateTable,
  sum: FlowSum,
  { through, nonnegative }: { readonly through: Colocation; readonly nonnegative: boolean },
): boolean {
  if (!isCertain(nodes, sum, nonnegative)) return false;
  const { size } = nodes;
  for (let place = 0; place < size; place += 1) {
    const seen = nodes.at(place);
    const { node, score } = seen;
    const lowest = sum.lowest[node.position] as number;
    const highest = sum.highest[node.position] as number;
    const total = sum.total[node.position] as number;
    const isThere = isAvailable(seen);
    if (isThere && lowest === 0 && highest === 0) continue;
    const candidate = nodes.take(place);
    candidate.addends = { sum, through, node, isAvailable: isThere, before: candidate.addends };
    if (!isThere || score <= NEVER || total === Number.NEGATIVE_INFINITY) candidate.score = NEVER;
    else if (score >= MUST || score + highest >= MUST) candidate.score = MUST;
    else candidate.score = score + total;
  }
  return true;
}

/** Whether no score falls out of its limits on the way, and one node at least stays good enough all the way. */
function isCertain(nodes: CandidateTable, { lowest, total }: FlowSum, nonnegative: boolean): boolean {
  const limit = nonnegative ? 0 : NEVER + 1;
  let isAnyLeft = false;
  const isCrossed = nodes.some(candidate => {
    const { position } = candidate.node;
    if (candidate.score <= NEVER) return candidate.score === SPOILED;
    if (total[position] === Number.NEGATIVE_INFINITY || !isAvailable(candidate)) return nonnegative;
    const least = candidate.score >= MUST ? MUST : candidate.score + (lowest[position] as number);
    if (least >= 0) isAnyLeft = true;
    return least < limit;
  });
  return isAnyLeft && !isCrossed;
}

/** The parts one by one, the oldest first. */
export function addendsOfSum({
  sum,
  through,
  node,
  isAvailable: isThere,
}: SummedAddends): Omit<Addend, 'before'>[] {
  const addends: Omit<Addend, 'before'>[] = [];
  const work: Part[] = [{ colocation: through, sum }];
  for (let part = work.pop(); part !== undefined; part = work.pop()) {
    const own = part.sum.own[node.position] as number;
    const value = isThere ? Math.max(Math.min(own, MUST), NEVER) : NEVER;
    if (value !== 0) addends.push({ origin: part.colocation, value });
    work.push(...part.sum.parts.toReversed());
  }
  return addends;
}
