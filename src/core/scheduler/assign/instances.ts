import type { Candidate, Node, Resource } from '../model.ts';
import type { ScoreRule } from '../origins.ts';
import { activeNodes, anyFlag, compareInstanceNumbers, currentNode } from '../tree.ts';
import { unassign } from './assign.ts';
import { CandidateTable } from './candidates.ts';
import { colocationsOfThis, colocationsWithThis, hasInfluence } from './colocated.ts';
import { flowScores } from './flow.ts';
import { assignInTurn } from './in-turn.ts';
import {
  addScore,
  exclude,
  isAvailable,
  isEligible,
  MUST,
  NEVER,
  restoreCandidates,
  saveCandidates,
  setAllowed,
  topCandidate,
} from './nodes.ts';

export interface Limits {
  readonly total: number;
  readonly perNode: number;
}

/** Assigns the instances of a clone, or the containers of a bundle: first those that can stay, then the others. */
export function assignInstances(
  collective: Resource,
  instances: readonly Resource[],
  { total, perNode }: Limits,
): void {
  const available = resetCounts(collective);
  const optimal = Math.max(available > 0 ? Math.floor(total / available) : 0, 1);
  let assigned = 0;
  for (const instance of instances) {
    if (assigned >= total) break;
    if (instance.isAssigned) continue;
    const current = nodeToStay(instance, optimal);
    if (current !== undefined && assignEarly(instance, current, { perNode, left: total - assigned })) {
      assigned += 1;
    }
  }
  for (const instance of instances) {
    if (instance.isAssigned) continue;
    if (assigned >= total) addScore(instance, undefined, NEVER, 'all-instances-placed');
    else if (assignInstance(instance, undefined, perNode) !== undefined) assigned += 1;
  }
}

function resetCounts(collective: Resource): number {
  let available = 0;
  collective.allowed.resetCounts();
  collective.allowed.each(candidate => {
    if (isAvailable(candidate)) available += 1;
  });
  return available;
}

/** Where an instance is active and may stay without crowding the node. */
function nodeToStay(instance: Resource, optimal: number): Node | undefined {
  if (instance.active.length === 0 || instance.flags.failed) return undefined;
  const node = currentNode(instance);
  if (node === undefined || !isEligible(node.base)) return undefined;
  const top = topCandidate(instance, node);
  return top !== undefined && top.count >= optimal ? undefined : node;
}

/**
 * Tries to keep an instance where it is. What it is colocated with may have been assigned meanwhile, so that it
 * ends elsewhere: then that place is left to another instance, and it is tried again.
 */
function assignEarly(
  instance: Resource,
  current: Node,
  { perNode, left }: { readonly perNode: number; readonly left: number },
): boolean {
  const parent = instance.parent;
  if (parent === undefined) return false;
  const place = instance.allowed.peek(current);
  if (place === undefined || !isEligible(place)) return false;
  const backup = saveCandidates(instance);
  const parentAllowed = parent.allowed;
  setAllowed(parent, parentAllowed.copy());
  let chosen: Node | undefined;
  for (let reserved = 0; reserved < left; reserved += 1) {
    chosen = assignInstance(instance, current, perNode);
    if (chosen === current) break;
    restoreCandidates(instance, backup);
    if (chosen === undefined) {
      instance.isAssigned = false;
      break;
    }
    unassign(instance);
    chosen = undefined;
  }
  setAllowed(parent, parentAllowed);
  if (chosen === undefined) return false;
  countOnParent(instance, chosen);
  return true;
}

function assignInstance(instance: Resource, prefer: Node | undefined, perNode: number): Node | undefined {
  if (instance.isAssigning) return undefined;
  banUnavailable(instance, perNode);
  const chosen = assignInTurn(instance, prefer, prefer === undefined);
  if (chosen !== undefined) countOnParent(instance, chosen);
  return chosen;
}

function countOnParent(instance: Resource, node: Node): void {
  const top = (instance.parent ?? instance).allowed.get(node);
  if (top !== undefined) top.count += 1;
}

/** Bans an instance from nodes that are away, or full. */
function banUnavailable(instance: Resource, perNode: number): void {
  const { allowed, children, flags } = instance;
  const { size } = allowed;
  const above = (instance.parent ?? instance).allowed;
  for (let place = 0; place < size; place += 1) {
    const seen = allowed.at(place);
    const obstacle = flags.removed ? 'removed' : obstacleTo(seen, above.peek(seen.node), perNode);
    if (obstacle === undefined) continue;
    exclude(allowed.take(place), obstacle);
    for (const one of children) {
      const candidate = one.allowed.get(seen.node);
      if (candidate !== undefined) exclude(candidate, obstacle);
    }
  }
}

/** What keeps any instance from a node, which the collective above sees its own way. */
function obstacleTo(
  candidate: Readonly<Candidate>,
  top: Readonly<Candidate> | undefined,
  perNode: number,
): ScoreRule | undefined {
  if (!isAvailable(candidate)) return 'node-unavailable';
  if (top === undefined || top.score < 0) return 'collective';
  return top.count < perNode ? undefined : 'node-full';
}

/**
 * An order of instances as things stand: those first that have most reason to stay where they are. Of one run, for
 * it remembers what it has found.
 */
export function instanceOrder(): (left: Resource, right: Resource) => number {
  const scores = new Map<Resource, number>();
  return (left, right) => compareInstances(left, right, scores);
}

/** Scores that what is colocated with instances gives the places of these, so far as they were asked for. */
type ColocatedScores = Map<Resource, number>;

function compareInstances(left: Resource, right: Resource, scores: ColocatedScores): number {
  const leftCount = activeNodes(left).length;
  const rightCount = activeNodes(right).length;
  if (leftCount > 0 && rightCount > 0 && leftCount !== rightCount) return leftCount - rightCount;
  const leftNode = allowedNode(left);
  const rightNode = allowedNode(right);
  const leftCan = leftNode !== undefined || leftCount === 0;
  const rightCan = rightNode !== undefined || rightCount === 0;
  if (leftCan !== rightCan) return leftCan ? -1 : 1;
  if (left.priority !== right.priority) return right.priority - left.priority;
  if (leftNode === undefined && rightNode === undefined) return 0;
  if (leftNode === undefined) return 1;
  if (rightNode === undefined) return -1;
  const byPlace = comparePlaces(left, right, { leftNode, rightNode });
  if (byPlace !== 0) return byPlace === SAME_NOWHERE ? 0 : byPlace;
  const leftFailed = anyFlag(left, 'failed');
  if (leftFailed !== anyFlag(right, 'failed')) return leftFailed ? 1 : -1;
  // What is colocated with the clone may like one place better than the other.
  const byColocation = colocatedScore(right, rightNode, scores) - colocatedScore(left, leftNode, scores);
  return byColocation || compareInstanceNumbers(left, right);
}

/** Where an instance is active, if it may stay there. */
function allowedNode(instance: Resource): Node | undefined {
  const node = currentNode(instance);
  const candidate = node === undefined ? undefined : instance.allowed.peek(node);
  return candidate === undefined || candidate.score < 0 ? undefined : node;
}

const SAME_NOWHERE = Number.MAX_SAFE_INTEGER;

interface Places {
  readonly leftNode: Node;
  readonly rightNode: Node;
}

function comparePlaces(left: Resource, right: Resource, { leftNode, rightNode }: Places): number {
  const leftUp = isAvailable(leftNode.base);
  if (leftUp !== isAvailable(rightNode.base)) return leftUp ? -1 : 1;
  const leftTop = topCandidate(left, leftNode);
  const rightTop = topCandidate(right, rightNode);
  if (leftTop === undefined && rightTop === undefined) return SAME_NOWHERE;
  if (leftTop === undefined) return 1;
  if (rightTop === undefined) return -1;
  return leftTop.count - rightTop.count;
}

function colocatedScore(instance: Resource, node: Node, scores: ColocatedScores): number {
  const known = scores.get(instance);
  if (known !== undefined) return known;
  const made = flowToInstance(instance, node);
  scores.set(instance, made);
  return made;
}

function flowToInstance(instance: Resource, node: Node): number {
  const thisWith = colocationsOfThis(instance);
  const withThis = colocationsWithThis(instance);
  if (thisWith.length === 0 && withThis.length === 0) return node.base.score;
  let nodes = CandidateTable.sharing([node.base]);
  for (const colocation of thisWith) {
    nodes = flow(instance, colocation.primary, nodes, { colocation, nonnegative: false });
  }
  for (const colocation of withThis) {
    if (!hasInfluence(colocation, instance)) continue;
    nodes = flow(instance, colocation.dependent, nodes, { colocation, nonnegative: true });
  }
  return nodes.peek(node)?.score ?? 0;
}

function flow(
  instance: Resource,
  other: Resource,
  nodes: CandidateTable,
  {
    colocation,
    nonnegative,
  }: { readonly colocation: Resource['thisWith'][number]; readonly nonnegative: boolean },
): CandidateTable {
  const factor = colocation.score / MUST;
  const flowed = flowScores(other, nodes, {
    target: instance,
    colocation,
    factor,
    thisWith: false,
    nonnegative,
    active: false,
  });
  return flowed ?? nodes;
}
