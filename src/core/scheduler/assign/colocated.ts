import { compareRoles } from '../../model/role.ts';
import type { Candidate, Colocation, ColocationUse, Resource } from '../model.ts';
import { isBundleNode, outermost, rankOf, topOf } from '../tree.ts';
import { anyAvailable, exclude, MUST, NEVER, setAllowed, sum, weigh } from './nodes.ts';

export const colocationsOfThis = (resource: Resource): Colocation[] => {
  const list: Colocation[] = [];
  resource.methods.addThisWith(resource, resource, list);
  return list;
};

export const colocationsWithThis = (resource: Resource): Colocation[] => {
  const list: Colocation[] = [];
  resource.methods.addWithThis(resource, resource, list);
  return list;
};

export const isMandatory = ({ score }: Colocation): boolean => score <= NEVER || score >= MUST;

/** Dearer first, then what holds more, then promotable clones, then by id. */
function compareEnds(left: Resource, right: Resource): number {
  const order = right.priority - left.priority || rankOf(right) - rankOf(left);
  if (order !== 0) return order;
  if (left.kind === 'clone' && left.flags.promotable !== right.flags.promotable) {
    return left.flags.promotable ? -1 : 1;
  }
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

function insertSorted(
  list: Colocation[],
  one: Colocation,
  compare: (left: Colocation, right: Colocation) => number,
): void {
  const at = list.findIndex(other => compare(one, other) <= 0);
  if (at < 0) list.push(one);
  else list.splice(at, 0, one);
}

export const addThisWith = (list: Colocation[], one: Colocation): void =>
  insertSorted(list, one, (left, right) => compareEnds(left.primary, right.primary));

export const addWithThis = (list: Colocation[], one: Colocation): void =>
  insertSorted(list, one, (left, right) => compareEnds(left.dependent, right.dependent));

export function addAllThisWith(list: Colocation[], more: readonly Colocation[]): void {
  if (list.length === 0) list.push(...more);
  else for (const one of more) addThisWith(list, one);
}

export function addAllWithThis(list: Colocation[], more: readonly Colocation[]): void {
  if (list.length === 0) list.push(...more);
  else for (const one of more) addWithThis(list, one);
}

/** Whether what the dependent would like counts for where the primary goes. */
export function hasInfluence(colocation: Colocation, primary: Resource = colocation.primary): boolean {
  const { dependent } = colocation;
  if (dependent.flags.nestingAllowed && !primary.flags.failed && primary.active.length === 1) return false;
  return colocation.influence || primary.active.length === 0;
}

/** The value of a node's attribute, as a colocation compares it. */
export function colocationValue(
  candidate: Pick<Candidate, 'node'> | undefined,
  attribute: string,
  resource: Resource,
): string | undefined {
  if (candidate === undefined) return undefined;
  const { node } = candidate;
  const top = topOf(resource);
  const isInside = resource.flags.bundled && top.kind === 'clone' && isBundleNode(node);
  const onHost = isInside || resource.meta.get('container-attribute-target') === 'host';
  const container = onHost ? node.connection?.launcher : undefined;
  if (container === undefined) return node.attributes.get(attribute);
  return container.assigned?.attributes.get(attribute);
}

const sameValue = (left: string | undefined, right: string | undefined): boolean =>
  left === right || (left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase());

/** Roles of a container are those of what runs in it. */
function roleBearer(resource: Resource): Resource {
  if (!resource.flags.replicaContainer) return resource;
  const bundle = outermost(resource);
  return bundle.bundle?.replicas.find(one => one.container === resource)?.child ?? resource;
}

export type Effect = 'nothing' | 'role' | 'location';

/** What a colocation bears upon, at this point: where the dependent goes, or which role it takes. */
export function effectOf(
  { dependent, primary, colocation }: Pick<ColocationUse, 'dependent' | 'primary' | 'colocation'>,
  { preview }: { readonly preview: boolean },
): Effect {
  if (!preview && !primary.isAssigned) return 'nothing';
  const dependentBearer = roleBearer(dependent);
  const primaryBearer = roleBearer(primary);
  const wantsRole = compareRoles(colocation.dependentRole, 'Unpromoted') >= 0;
  if (wantsRole && dependentBearer.parent?.flags.promotable === true && dependentBearer.isAssigned)
    return 'role';
  if (!preview && dependent.isAssigned) return 'nothing';
  const { dependentRole, primaryRole } = colocation;
  if (dependentRole !== 'Unknown' && dependentRole !== dependentBearer.nextRole) return 'nothing';
  if (primaryRole !== 'Unknown' && primaryRole !== primaryBearer.nextRole) return 'nothing';
  return 'location';
}

/** Gives the dependent's candidates what follows from where the primary was assigned. */
export function applyToScores({ dependent, primary, colocation }: ColocationUse): void {
  const { attribute, score } = colocation;
  const place = primary.assigned === undefined ? undefined : { node: primary.assigned };
  if (place === undefined && score < 0) return;
  const value = place === undefined ? undefined : colocationValue(place, attribute, primary);
  const work = dependent.allowed.copy();
  for (const candidate of work.values()) {
    if (place === undefined) {
      weigh(candidate, -score, colocation);
    } else if (sameValue(colocationValue(candidate, attribute, dependent), value)) {
      if (score < MUST) weigh(candidate, score, colocation);
    } else if (score >= MUST) {
      exclude(candidate, colocation);
    }
  }
  if (isMandatory(colocation) || anyAvailable(work)) setAllowed(dependent, work);
}

/** Makes an instance more, or less, worth promoting. Returns what was added to its priority. */
export function applyToPriority({ dependent, primary, colocation }: ColocationUse): number {
  if (dependent.assigned === undefined) return 0;
  if (primary.assigned !== undefined && colocation.primaryRole !== 'Unknown') {
    if (colocation.primaryRole !== roleBearer(primary).nextRole) return 0;
  }
  const mine = colocationValue({ node: dependent.assigned }, colocation.attribute, dependent);
  const place = primary.assigned === undefined ? undefined : { node: primary.assigned };
  const theirs = colocationValue(place, colocation.attribute, primary);
  let sign = 1;
  if (!sameValue(mine, theirs)) {
    if (colocation.score !== MUST || colocation.dependentRole !== 'Promoted') return 0;
    sign = -1;
  } else if (colocation.dependentRole === 'Unpromoted') {
    sign = -1;
  }
  const delta = sign * colocation.score;
  dependent.priority = sum(delta, dependent.priority);
  return delta;
}

/** The dependent may be only where the primary is. */
export function intersect(
  dependent: Resource,
  primaries: readonly Candidate[],
  { merge, origin }: { readonly merge: boolean; readonly origin: Colocation },
): void {
  for (const candidate of dependent.allowed.values()) {
    const there = primaries.find(one => one.node === candidate.node);
    if (there === undefined) exclude(candidate, origin);
    else if (merge) weigh(candidate, there.score, origin);
  }
}

/** A resource and all that must be where it is, for what they need together. */
export function addColocated(resource: Resource, origin: Resource | undefined, list: Resource[]): Resource[] {
  const start = origin ?? resource;
  if (list.includes(resource)) return list;
  list.unshift(resource);
  for (const colocation of colocationsOfThis(resource)) {
    const { primary } = colocation;
    if (primary === start || colocation.score !== MUST) continue;
    if (effectOf({ dependent: resource, primary, colocation }, { preview: true }) !== 'location') continue;
    primary.methods.addColocated(primary, start, list);
  }
  for (const colocation of colocationsWithThis(resource)) {
    const { dependent } = colocation;
    if (dependent === start || colocation.score !== MUST) continue;
    if (resource.kind === 'clone' && dependent.kind !== 'clone') continue;
    if (effectOf({ dependent, primary: resource, colocation }, { preview: true }) !== 'location') continue;
    dependent.methods.addColocated(dependent, start, list);
  }
  return list;
}
