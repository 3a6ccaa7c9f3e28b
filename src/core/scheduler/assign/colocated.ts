import { compareRoles, type Role } from '../../model/role.ts';
import type { Candidate, Colocation, ColocationUse, Node, Resource } from '../model.ts';
import { containedIn, isBundleNode, rankOf, topOf } from '../tree.ts';
import { anyAvailable, exclude, MUST, NEVER, setAllowed, sum, weigh } from './nodes.ts';

/** As they are now: more may come while somebody goes through them. */
export function colocationsOfThis(resource: Resource): readonly Colocation[] {
  if (isAlone(resource)) return snapshot(resource.thisWith);
  const list: Colocation[] = [];
  resource.methods.addThisWith(resource, resource, list);
  return list;
}

export function colocationsWithThis(resource: Resource): readonly Colocation[] {
  if (isAlone(resource)) return snapshot(resource.withThis);
  const list: Colocation[] = [];
  resource.methods.addWithThis(resource, resource, list);
  return list;
}

const NONE: readonly Colocation[] = [];

const snapshot = (list: readonly Colocation[]): readonly Colocation[] =>
  list.length === 0 ? NONE : list.slice();

/** Whether a resource has no other colocations than its own: nothing it is in has any, and it is not in parts. */
const isAlone = ({ parent, kind }: Resource): boolean =>
  parent === undefined && (kind === 'primitive' || kind === 'clone');

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

function insertSorted(list: Colocation[], one: Colocation, compare: typeof compareDependents): void {
  let at = 0;
  while (at < list.length && compare(one, list[at] as Colocation) > 0) at += 1;
  if (at === list.length) list.push(one);
  else list.splice(at, 0, one);
}

const comparePrimaries = (left: Colocation, right: Colocation): number =>
  compareEnds(left.primary, right.primary);

const compareDependents = (left: Colocation, right: Colocation): number =>
  compareEnds(left.dependent, right.dependent);

export const addThisWith = (list: Colocation[], one: Colocation): void =>
  insertSorted(list, one, comparePrimaries);

export const addWithThis = (list: Colocation[], one: Colocation): void =>
  insertSorted(list, one, compareDependents);

export const addAllThisWith = (list: Colocation[], more: readonly Colocation[]): void =>
  insertAll(list, more, comparePrimaries);

export const addAllWithThis = (list: Colocation[], more: readonly Colocation[]): void =>
  insertAll(list, more, compareDependents);

/** What is in order already only follows what is not there yet. */
function insertAll(list: Colocation[], more: readonly Colocation[], compare: typeof compareDependents): void {
  if (more.length === 0) return;
  const isFirst = list.length === 0;
  for (const one of more) {
    if (isFirst) list.push(one);
    else insertSorted(list, one, compare);
  }
}

/** Whether what the dependent would like counts for where the primary goes. */
export function hasInfluence(colocation: Colocation, primary: Resource = colocation.primary): boolean {
  const { dependent } = colocation;
  if (dependent.flags.nestingAllowed && !primary.flags.failed && primary.active.length === 1) return false;
  return colocation.influence || primary.active.length === 0;
}

/** The attribute by which nodes are the same, unless a colocation names another. */
export const NODE_NAME = '#uname';

/** Whether colocations take the resource to be on the node itself, rather than on one that carries it. */
export const isByNode = ({ flags, meta, cluster }: Resource): boolean =>
  !flags.bundled && meta.get('container-attribute-target') !== 'host' && cluster.namesDiffer;

/** The value of a node's attribute, as a colocation compares it. */
export function colocationValue(node: Node, attribute: string, resource: Resource): string | undefined {
  const isInside = resource.flags.bundled && topOf(resource).kind === 'clone' && isBundleNode(node);
  const onHost = isInside || resource.meta.get('container-attribute-target') === 'host';
  const container = onHost ? node.connection?.launcher : undefined;
  if (container === undefined) return node.attributes.get(attribute);
  return container.assigned?.attributes.get(attribute);
}

const sameValue = (left: string | undefined, right: string | undefined): boolean =>
  left === right || (left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase());

/** Roles of a container are those of what runs in it. */
const roleBearer = (resource: Resource): Resource => containedIn(resource) ?? resource;

export type Effect = 'nothing' | 'role' | 'location';

/** What a colocation bears upon, at this point: where the dependent goes, or which role it takes. */
export function effectOf({ dependent, primary, colocation }: ColocationUse): Effect {
  if (!primary.isAssigned) return 'nothing';
  if (concernsRole(dependent, colocation)) return 'role';
  return !dependent.isAssigned && fitsRoles(dependent, primary, colocation) ? 'location' : 'nothing';
}

/** Whether a colocation would bear upon where the dependent goes, once the primary is assigned. */
const wouldPlace = (dependent: Resource, primary: Resource, colocation: Colocation): boolean =>
  !concernsRole(dependent, colocation) && fitsRoles(dependent, primary, colocation);

function concernsRole(dependent: Resource, { dependentRole }: Colocation): boolean {
  if (compareRoles(dependentRole, 'Unpromoted') < 0) return false;
  const bearer = roleBearer(dependent);
  return bearer.parent?.flags.promotable === true && bearer.isAssigned;
}

const fitsRoles = (dependent: Resource, primary: Resource, colocation: Colocation): boolean =>
  fitsRole(dependent, colocation.dependentRole) && fitsRole(primary, colocation.primaryRole);

const fitsRole = (resource: Resource, role: Role): boolean =>
  role === 'Unknown' || role === roleBearer(resource).nextRole;

/** Gives the dependent's candidates what follows from where the primary was assigned. */
export function applyToScores({ dependent, primary, colocation }: ColocationUse): void {
  const { attribute, score } = colocation;
  const place = primary.assigned;
  if (place === undefined && score < 0) return;
  const byNode = attribute === NODE_NAME && isByNode(dependent) && isByNode(primary);
  const value = place === undefined || byNode ? undefined : colocationValue(place, attribute, primary);
  const work = dependent.allowed.copy();
  const { size } = work;
  for (let at = 0; at < size; at += 1) {
    const { node } = work.at(at);
    if (place === undefined) {
      weigh(work.take(at), -score, colocation);
    } else if (byNode ? node === place : sameValue(colocationValue(node, attribute, dependent), value)) {
      if (score < MUST) weigh(work.take(at), score, colocation);
    } else if (score >= MUST) {
      exclude(work.take(at), colocation);
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
  const { attribute } = colocation;
  const mine = colocationValue(dependent.assigned, attribute, dependent);
  const place = primary.assigned;
  const theirs = place === undefined ? undefined : colocationValue(place, attribute, primary);
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
  const { allowed } = dependent;
  const { size } = allowed;
  for (let at = 0; at < size; at += 1) {
    const { node } = allowed.at(at);
    const there = primaries.find(one => one.node === node);
    if (there === undefined) exclude(allowed.take(at), origin);
    else if (merge) weigh(allowed.take(at), there.score, origin);
  }
}

/** Adds what a resource must be with, and what must be with it, one step away. */
export function addColocated(resource: Resource, together: Set<Resource>): void {
  for (const colocation of colocationsOfThis(resource)) {
    const { primary, score } = colocation;
    if (score !== MUST || together.has(primary)) continue;
    if (wouldPlace(resource, primary, colocation)) together.add(primary);
  }
  for (const colocation of colocationsWithThis(resource)) {
    const { dependent, score } = colocation;
    if (score !== MUST || together.has(dependent)) continue;
    if (resource.kind === 'clone' && dependent.kind !== 'clone') continue;
    if (wouldPlace(dependent, resource, colocation)) together.add(dependent);
  }
}
