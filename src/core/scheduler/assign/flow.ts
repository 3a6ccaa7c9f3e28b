import type { Candidate, Colocation, Resource, ScoreFlow } from '../model.ts';
import type { CandidateTable } from './candidates.ts';
import {
  colocationsOfThis,
  colocationsWithThis,
  colocationValue,
  hasInfluence,
  isByNode,
  NODE_NAME,
} from './colocated.ts';
import { addSum, isLaterMember, representative, SPOILED, sumOf, takesAll } from './flow-sum.ts';
import { anyAvailable, isAvailable, MUST, NEVER, reweigh, setAllowed, sum, weigh } from './nodes.ts';

/** A resource that scores flow from, and what it is colocated with that they flow from next. */
interface Source {
  readonly resource: Resource;
  /** The group that the resource stands for. */
  readonly group: Resource | undefined;
  readonly flow: ScoreFlow;
  readonly colocations: readonly Colocation[];
  next: number;
}

/**
 * Adds the scores of a resource, and of all that is colocated with it, to a table of nodes (its own where there is
 * none yet). Returns a new table, or the given one where nothing comes of it. Depth first, on a stack of its own,
 * because a chain of colocations may be longer than calls can be deep.
 */
export function flowScores(
  source: Resource,
  nodes: CandidateTable | undefined,
  flow: ScoreFlow,
): CandidateTable | undefined {
  const start = enter(source, { last: nodes === undefined });
  if (start === undefined) return nodes;
  const { resource, group } = start;
  const work = (nodes ?? resource.allowed).copy();
  const onward: ScoreFlow = { ...flow, target: nodes === undefined ? resource : flow.target, active: true };
  const added = nodes === undefined ? ownOf(work) : addFrom(resource, work, flow);
  if (added === 'nothing' && flow.active) {
    leave(start);
    return nodes;
  }
  const colocations = added === 'own' ? colocationsFrom(resource, flow) : [];
  const way: Source[] = [{ resource, group, flow: onward, colocations, next: 0 }];
  for (let at = way[0]; at !== undefined; at = way[way.length - 1]) {
    const colocation = at.colocations[at.next];
    at.next += 1;
    if (colocation !== undefined) {
      const next = follow(colocation, at.flow, work);
      if (next !== undefined) way.push(next);
      continue;
    }
    if (flow.nonnegative) mend(work);
    leave(at);
    way.pop();
  }
  return nodes !== undefined && work.isAsCopied ? nodes : work;
}

/** What would have become negative is good for just something. */
function mend(work: CandidateTable): void {
  const { size } = work;
  for (let place = 0; place < size; place += 1) {
    if (work.at(place).score === SPOILED) work.take(place).score = 1;
  }
}

/** What was added: a resource's own scores, so that those of others are to follow, or theirs already. */
type Added = 'nothing' | 'own' | 'all';

const ownOf = (work: CandidateTable): Added => (anyAvailable(work) ? 'own' : 'nothing');

function addFrom(resource: Resource, work: CandidateTable, flow: ScoreFlow): Added {
  const { colocation: through, nonnegative } = flow;
  const sum = through !== undefined && takesAll(flow) ? sumOf(resource, through) : undefined;
  if (through !== undefined && sum !== undefined && addSum(work, sum, { through, nonnegative })) return 'all';
  return addMatching(work, resource, flow) ? 'own' : 'nothing';
}

const colocationsFrom = (resource: Resource, { thisWith }: ScoreFlow): readonly Colocation[] =>
  thisWith ? colocationsOfThis(resource) : colocationsWithThis(resource);

/** Adds the scores of what is at the other end of a colocation; that, where they count and its own are to follow. */
function follow(colocation: Colocation, from: ScoreFlow, work: CandidateTable): Source | undefined {
  if (!from.thisWith && !hasInfluence(colocation)) return undefined;
  const source = enter(from.thisWith ? colocation.primary : colocation.dependent, { last: false });
  if (source === undefined) return undefined;
  const { resource } = source;
  const flow: ScoreFlow = { ...from, colocation, factor: (from.factor * colocation.score) / MUST };
  if (addFrom(resource, work, flow) === 'own') {
    return { ...source, flow, colocations: colocationsFrom(resource, flow), next: 0 };
  }
  leave(source);
  return undefined;
}

type Entered = Pick<Source, 'resource' | 'group'>;

/** Goes to a resource, or to the member that stands for a group; not where a circle leads back to it. */
function enter(source: Resource, { last }: { readonly last: boolean }): Entered | undefined {
  if (source.isUpdatingNodes) return undefined;
  const group = source.kind === 'group' ? source : undefined;
  const resource =
    last && group !== undefined ? group.children[group.children.length - 1] : representative(source);
  if (resource === undefined || resource.isUpdatingNodes) return undefined;
  if (group !== undefined) group.isUpdatingNodes = true;
  resource.isUpdatingNodes = true;
  return { resource, group };
}

function leave({ resource, group }: Entered): void {
  resource.isUpdatingNodes = false;
  if (group !== undefined) group.isUpdatingNodes = false;
}

/** What becomes of the score at a place in the table. */
type Outcome = { readonly place: number; readonly delta: number | 'spoiled' };

/**
 * Adds to each node, scaled, how well the source could run on nodes that are the same by the colocation. False
 * where no node would be left for the target: then nothing is added, if the flow asks for that.
 */
function addMatching(nodes: CandidateTable, source: Resource, flow: ScoreFlow): boolean {
  const { colocation, target } = flow;
  if (colocation === undefined || target === undefined) return anyAvailable(nodes);
  const best = bestScores(colocation, source, target);
  const outcomes: Outcome[] = [];
  let isAnyLeft = false;
  const { size } = nodes;
  for (let place = 0; place < size; place += 1) {
    const candidate = nodes.at(place);
    const delta = deltaFor(candidate, best(candidate), colocation, flow);
    if (delta !== 0) outcomes.push({ place, delta });
    const score = delta === 'spoiled' ? SPOILED : delta === 0 ? candidate.score : sum(delta, candidate.score);
    isAnyLeft ||= score >= 0 && isAvailable(candidate);
  }
  if (!isAnyLeft && flow.active) return false;
  for (const { place, delta } of outcomes) {
    if (delta === 'spoiled') spoil(nodes.take(place), colocation);
    else weigh(nodes.take(place), delta, colocation);
  }
  return isAnyLeft;
}

function deltaFor(
  candidate: Readonly<Candidate>,
  best: number,
  colocation: Colocation,
  { factor, nonnegative }: ScoreFlow,
): Outcome['delta'] {
  if (factor < 0 && best < 0 && keepsDespite(colocation, best)) return 0;
  if (candidate.score === SPOILED) return 0;
  const delta = scaled(factor, best);
  if (!nonnegative || sum(delta, candidate.score) >= 0) return delta;
  return candidate.score > 0 ? 'spoiled' : candidate.score < 0 ? delta : 0;
}

/** The score will be 1 in the end, which its parts must come to; nothing can be taken from what is infinite. */
function spoil(candidate: Candidate, colocation: Colocation): void {
  if (candidate.score >= MUST) reweigh(candidate, 1, colocation);
  else weigh(candidate, 1 - candidate.score, colocation);
  candidate.score = SPOILED;
}

/** That the dependent cannot run there makes a node no better for what must keep away from it. */
const keepsDespite = (colocation: Colocation, best: number): boolean =>
  colocation.primary.stickiness >= -best || !hasInfluence(colocation) || !allowedOnOne(colocation.dependent);

function allowedOnOne(resource: Resource): boolean {
  let count = 0;
  resource.allowed.each(({ score }) => {
    if (score >= 0) count += 1;
  });
  return count === 1;
}

function scaled(factor: number, value: number): number {
  const exact = Math.fround(Math.fround(factor) * value);
  const rounded = Math.trunc(exact < 0 ? exact - 0.5 : exact + 0.5);
  if (rounded !== 0 || value === 0) return rounded;
  return factor > 0 ? 1 : factor < 0 ? -1 : 0;
}

/** Values of an attribute are the same in any case; that it is absent is one, too. */
const keyOf = (value: string | undefined): string => value?.toLowerCase() ?? '\0';

/** How well the source of a flow could run on nodes that are the same as one, by the colocation. */
type Best = (candidate: Readonly<Candidate>) => number;

function bestScores(colocation: Colocation, source: Resource, target: Resource): Best {
  const { attribute } = colocation;
  const candidates = isLaterMember(colocation, source) ? withGroupLocations(source) : source.allowed;
  if (attribute === NODE_NAME && isByNode(source) && isByNode(target)) {
    return ({ node }) => {
      const there = candidates.peek(node);
      return there !== undefined && isAvailable(there) ? there.score : NEVER;
    };
  }
  const best = new Map<string, number>();
  candidates.each(candidate => {
    if (candidate.score <= NEVER || !isAvailable(candidate)) return;
    const key = keyOf(colocationValue(candidate.node, attribute, source));
    const known = best.get(key);
    if (known === undefined || candidate.score > known) best.set(key, candidate.score);
  });
  return ({ node }) => best.get(keyOf(colocationValue(node, attribute, target))) ?? NEVER;
}

/** A group's location constraints stand at its first member; for one that is asked on its own they count, too. */
function withGroupLocations(member: Resource): CandidateTable {
  const saved = member.allowed;
  setAllowed(member, saved.copy());
  const { locations } = member.cluster;
  for (let at = locations.length - 1; at >= 0; at -= 1) {
    const location = locations[at];
    if (location !== undefined && location.resource === member.parent)
      member.methods.applyLocation(member, location);
  }
  const extended = member.allowed;
  setAllowed(member, saved);
  return extended;
}

/** What dependents would like counts for where their primary goes. */
export function addDependentScores(colocation: Colocation, primary: Resource): void {
  if (!hasInfluence(colocation)) return;
  const flowed = flowScores(colocation.dependent, primary.allowed, {
    target: primary,
    colocation,
    factor: colocation.score / MUST,
    thisWith: false,
    nonnegative: primary.kind === 'clone',
    active: true,
  });
  if (flowed !== undefined && flowed !== primary.allowed) setAllowed(primary, flowed);
}
