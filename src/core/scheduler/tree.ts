import type { Role } from '../model/role.ts';
import { compareRoles } from '../model/role.ts';
import type { Node, Resource } from './model.ts';

/** The resource at the top, where what is in a bundle counts for itself. */
export function topOf(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined && top.parent.kind !== 'bundle') top = top.parent;
  return top;
}

/** The resource at the top, the bundle of what is in one. */
export function outermost(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

/** What runs in a replica of which the resource is the container. */
export function containedIn(resource: Resource): Resource | undefined {
  if (!resource.flags.replicaContainer) return undefined;
  return outermost(resource).bundle?.replicas.find(one => one.container === resource)?.child;
}

export const isGuestNode = (node: Node): boolean =>
  node.facts.kind !== 'cluster' && node.connection?.launcher !== undefined;
export const isRemoteNode = (node: Node): boolean =>
  node.facts.kind !== 'cluster' && node.connection?.launcher === undefined;
export const isBundleNode = (node: Node): boolean =>
  isGuestNode(node) && node.connection?.flags.bundled === true;

export const isAnonymousClone = (one: Resource | undefined): boolean =>
  one?.kind === 'clone' && !one.flags.unique;
export const isUniqueClone = (one: Resource | undefined): boolean =>
  one?.kind === 'clone' && one.flags.unique;

export function isAncestor(of: Resource, candidate: Resource): boolean {
  for (let at = of.parent; at !== undefined; at = at.parent) if (at === candidate) return true;
  return false;
}

const RANK = { primitive: 1, group: 2, clone: 3, bundle: 4 } as const;
export const rankOf = (one: Resource): number => RANK[one.kind];
export const isCollective = (one: Resource): boolean => one.kind !== 'primitive';

/** The strongest role of anything in the resource, now or next. */
export function roleOf(resource: Resource, when: 'now' | 'next'): Role {
  if (resource.kind === 'primitive') return when === 'now' ? resource.role : resource.nextRole;
  if (resource.kind === 'bundle') return bundleRole(resource);
  let strongest: Role = 'Unknown';
  for (const one of resource.children) {
    const role = roleOf(one, when);
    if (compareRoles(role, strongest) > 0) strongest = role;
  }
  return strongest;
}

const bundleRole = (_: Resource): Role => 'Unknown';

export type Where = 'assigned' | 'current';

/** The node where a resource, or anything in it, is assigned or active, if it is exactly one. */
export function locationOf(resource: Resource, where: Where): Node | undefined {
  if (where === 'assigned' && resource.children.length === 0) return resource.assigned;
  const place = joinPlaces(resource, where, undefined);
  return place === 'several' ? undefined : place;
}

type Place = Node | 'several' | undefined;

/** A place that is known already, joined by those of a resource and of all in it. */
function joinPlaces(resource: Resource, where: Where, known: Place): Place {
  let place = known;
  if (resource.children.length > 0) {
    for (const one of resource.children) place = joinPlaces(one, where, place);
  } else if (where === 'assigned') {
    place = join(place, resource.assigned);
  } else {
    for (const node of resource.active) place = join(place, node);
  }
  return place;
}

const join = (known: Place, node: Node | undefined): Place =>
  known === undefined ? node : node === undefined || node === known ? known : 'several';

/** Whether a resource, or anything in it, is assigned to a node. */
export function isAssignedAnywhere(resource: Resource): boolean {
  for (const one of resource.children) if (isAssignedAnywhere(one)) return true;
  return resource.children.length === 0 && resource.assigned !== undefined;
}

/** Nodes where a resource is active; of a bundle, where its containers are. */
export function activeNodes(resource: Resource): readonly Node[] {
  if (resource.bundle === undefined) return resource.active;
  const nodes: Node[] = [];
  for (const { container } of resource.bundle.replicas) {
    for (const node of container.active) if (!nodes.includes(node)) nodes.push(node);
  }
  return nodes;
}

export const isHappy = (node: Node): boolean => node.online && !node.unclean;

/**
 * Of the nodes where a resource is active the one that counts: the source of a migration, else the first (the
 * first that is up and clean, where no fencing is required).
 */
export function currentNode(resource: Resource): Node | undefined {
  const nodes = activeNodes(resource);
  const first = nodes[0];
  if (nodes.length < 2) return first;
  const { migration } = resource;
  if (migration !== undefined) return nodes.includes(migration.source) ? migration.source : first;
  return resource.flags.needsFencing ? first : (nodes.find(isHappy) ?? first);
}

/** Whether a flag holds for a resource or for anything in it. */
export function anyFlag(resource: Resource, flag: 'blocked' | 'failed'): boolean {
  if (resource.flags[flag]) return true;
  for (const one of resource.children) if (anyFlag(one, flag)) return true;
  return false;
}

/** A node's attribute of this beginning and a resource's name says what promoting that there is worth. */
export const PROMOTION_SCORE = 'master-';

export const compareInstanceNumbers = (left: Resource, right: Resource): number => left.number - right.number;

/** The number in the name of an instance or of a replica. */
export const numberIn = (id: string): number =>
  Number.parseInt(id.slice((id.includes(':') ? id.lastIndexOf(':') : id.lastIndexOf('-')) + 1), 10) || 0;

/** What the administrator calls it: an anonymous instance goes by the name of what was cloned. */
export const xmlId = (resource: Resource): string => {
  const { attributes } = resource.facts.xml;
  const at = attributes.indexOf('id');
  return at < 0 ? resource.id : (attributes[at + 1] ?? resource.id);
};
