import { addScores, INFINITY, MINUS_INFINITY, score } from '../../model/score.ts';
import type { Candidate, Cluster, Node, Resource } from '../model.ts';
import type { ScoreOrigin } from '../origins.ts';
import { isGuestNode, locationOf } from '../tree.ts';
import type { CandidateTable } from './candidates.ts';
import { compareCapacities } from './capacity.ts';

/** Sum of two scores, where not being able wins over having to. */
export const sum = (left: number, right: number): number => addScores(score(left), score(right)) as number;
export const MUST: number = INFINITY;
export const NEVER: number = MINUS_INFINITY;

/** Adds to the score of a candidate, and remembers what for. */
export function weigh(candidate: Candidate, value: number, origin: ScoreOrigin): void {
  candidate.score = sum(candidate.score, value);
  candidate.addends = { origin, value, before: candidate.addends };
}

/** Rules a candidate out, and remembers why. */
export function exclude(candidate: Candidate, origin: ScoreOrigin): void {
  candidate.score = NEVER;
  candidate.addends = { origin, value: NEVER, before: candidate.addends };
}

/** Gives a candidate a score in place of all that it had. */
export function reweigh(candidate: Candidate, value: number, origin: ScoreOrigin): void {
  candidate.score = value;
  candidate.addends = { origin, value, before: undefined };
}

/** Whether something could run there at all. */
export const isAvailable = ({ node }: Readonly<Candidate>): boolean =>
  node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;

/** Whether something could run there, and its score allows it. */
export const isEligible = (candidate: Readonly<Candidate>): boolean =>
  candidate.score >= 0 && isAvailable(candidate);

/** Whether something could run there, for what carries a guest node has a place, too. */
export function isReady(node: Node): boolean {
  if (!isAvailable(node.base)) return false;
  const launcher = isGuestNode(node) ? node.connection?.launcher : undefined;
  return launcher === undefined || locationOf(launcher, 'assigned') !== undefined;
}

/** Gives a resource another table of nodes. What was summed up from the old one does not hold any more. */
export function setAllowed(resource: Resource, table: CandidateTable): void {
  resource.allowed.changed();
  (resource as { allowed: CandidateTable }).allowed = table;
}

export type Backup = ReadonlyMap<Resource, CandidateTable>;

/** Candidates of a resource and of all in it. */
export function saveCandidates(resource: Resource, into = new Map<Resource, CandidateTable>()): Backup {
  into.set(resource, resource.allowed.copy());
  for (const one of resource.children) saveCandidates(one, into);
  return into;
}

export function restoreCandidates(resource: Resource, backup: Backup): void {
  const saved = backup.get(resource);
  if (saved !== undefined) setAllowed(resource, saved.copy());
  for (const one of resource.children) restoreCandidates(one, backup);
}

export const anyAvailable = (candidates: CandidateTable): boolean => candidates.some(isEligible);

type Comparison = (left: Readonly<Candidate>, right: Readonly<Candidate>) => number;

const worth = (one: Readonly<Candidate>): number => (isAvailable(one) ? one.score : NEVER);

/** Better first: score, then room, then load, then where it is already, then name. */
function comparison(cluster: Cluster, preferred: Node | undefined): Comparison {
  const strategy = cluster.picture.options.placementStrategy;
  return (left, right) =>
    worth(right) - worth(left) ||
    (strategy === 'balanced' ? compareCapacities(left.node, right.node) : 0) ||
    (strategy === 'minimal' ? 0 : compareLoads(left.node, right.node, preferred)) ||
    compareText(left.node.name, right.node.name);
}

/** An order of places, whatever is to go there: better first. */
export const byWorth = (cluster: Cluster): Comparison => comparison(cluster, undefined);

/** Where a resource could go, best first. */
export const bestFirst = ({ cluster, allowed }: Resource): Readonly<Candidate>[] =>
  allowed.sorted(byWorth(cluster));

/** All nodes, the best for whatever may run on them first. */
export const nodesBestFirst = (cluster: Cluster): Node[] =>
  cluster.nodes
    .map(node => node.base)
    .sort(byWorth(cluster))
    .map(({ node }) => node);

/** The best place for a resource; of two as good, the one that is preferred. */
export const bestCandidate = (
  { cluster, allowed }: Resource,
  preferred: Node | undefined,
): Candidate | undefined => allowed.least(comparison(cluster, preferred));

function compareLoads(left: Node, right: Node, preferred: Node | undefined): number {
  const byLoad = left.load - right.load;
  if (byLoad !== 0 || preferred === undefined || left === right) return byLoad;
  return left === preferred ? -1 : right === preferred ? 1 : 0;
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The node as the clone (or bundle) above sees it; of a resource on its own, as it sees it itself. */
export const topCandidate = (resource: Resource, node: Node): Readonly<Candidate> | undefined =>
  (resource.parent ?? resource).allowed.peek(node);

/** Adds a score on a node, or on all nodes, for a resource and all in it. */
export function addScore(
  resource: Resource,
  node: Node | undefined,
  value: number,
  origin: ScoreOrigin,
): void {
  if (node !== undefined) {
    addOnNode(resource, node, value, origin);
    return;
  }
  for (const one of resource.cluster.nodes) addOnNode(resource, one, value, origin);
  if (value === NEVER) resource.assigned = undefined;
}

function addOnNode(resource: Resource, node: Node, value: number, origin: ScoreOrigin): void {
  for (const one of resource.children) addOnNode(one, node, value, origin);
  let candidate = resource.allowed.get(node);
  if (candidate === undefined) {
    candidate = { ...node.base, count: 0 };
    resource.allowed.add(candidate);
  }
  weigh(candidate, value, origin);
}
