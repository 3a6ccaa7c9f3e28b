import type { Candidate, Colocation, Resource, ScoreFlow } from '../model.ts';
import type { CandidateTable } from './candidates.ts';
import { colocationsOfThis, colocationsWithThis, colocationValue, hasInfluence } from './colocated.ts';
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
 * none yet). Returns the new table, or the given one where nothing comes of it. Depth first, on a stack of its own,
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
  for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
    const colocation = at.colocations[at.next];
    at.next += 1;
    if (colocation !== undefined) {
      const next = follow(colocation, at.flow, work);
      if (next !== undefined) way.push(next);
      continue;
    }
    if (flow.nonnegative) for (const one of work.values()) if (one.score === SPOILED) one.score = 1;
    leave(at);
    way.pop();
  }
  return work;
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
  const resource = last && group !== undefined ? group.children.at(-1) : representative(source);
  if (resource === undefined || resource.isUpdatingNodes) return undefined;
  if (group !== undefined) group.isUpdatingNodes = true;
  resource.isUpdatingNodes = true;
  return { resource, group };
}

function leave({ resource, group }: Entered): void {
  resource.isUpdatingNodes = false;
  if (group !== undefined) group.isUpdatingNodes = false;
}

type Matching = ScoreFlow & { readonly colocation: Colocation };

/** What becomes of a node's score. */
type Outcome = { readonly candidate: Candidate; readonly delta: number | 'spoiled' };

/**
 * Adds to each node, scaled, how well the source could run on nodes that are the same by the colocation. False
 * where no node would be left for the target: then nothing is added, if the flow asks for that.
 */
function addMatching(nodes: CandidateTable, source: Resource, flow: ScoreFlow): boolean {
  const { colocation, target } = flow;
  if (colocation === undefined || target === undefined) return anyAvailable(nodes);
  const { attribute } = colocation;
  const best = bestScores(colocation, source);
  const matching: Matching = { ...flow, colocation };
  const outcomes: Outcome[] = [];
  let isAnyLeft = false;
  for (const candidate of nodes.values()) {
    const value = colocationValue(candidate, attribute, target);
    const delta = deltaFor(candidate, best.get(keyOf(value)) ?? NEVER, matching);
    if (delta !== 0) outcomes.push({ candidate, delta });
    const score = delta === 'spoiled' ? SPOILED : delta === 0 ? candidate.score : sum(delta, candidate.score);
    isAnyLeft ||= score >= 0 && isAvailable(candidate);
  }
  if (!isAnyLeft && flow.active) return false;
  for (const { candidate, delta } of outcomes) {
    if (delta === 'spoiled') spoil(candidate, colocation);
    else weigh(candidate, delta, colocation);
  }
  return isAnyLeft;
}

function deltaFor(
  candidate: Candidate,
  best: number,
  { colocation, factor, nonnegative }: Matching,
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

/** How well a resource could run on nodes with a value of the colocation's attribute, by value. */
function bestScores(colocation: Colocation, resource: Resource): ReadonlyMap<string, number> {
  const candidates = isLaterMember(colocation, resource) ? withGroupLocations(resource) : resource.allowed;
  const best = new Map<string, number>();
  candidates.each(candidate => {
    if (candidate.score <= NEVER || !isAvailable(candidate)) return;
    const key = keyOf(colocationValue(candidate, colocation.attribute, resource));
    const known = best.get(key);
    if (known === undefined || candidate.score > known) best.set(key, candidate.score);
  });
  return best;
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
  if (flowed !== undefined) setAllowed(primary, flowed);
}
