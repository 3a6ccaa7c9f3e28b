import type { Role } from '../model/role.ts';
import { compareRoles } from '../model/role.ts';
import type { Node, Resource } from './model.ts';

/** The resource at the top; a bundle counts only where asked for. */
export function topOf(
  resource: Resource,
  { bundleToo = false }: { readonly bundleToo?: boolean } = {},
): Resource {
  let top = resource;
  while (top.parent !== undefined && (bundleToo || top.parent.kind !== 'bundle')) top = top.parent;
  return top;
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

/** Nodes where a resource, or anything in it, is assigned or active, each once. */
export function locationsOf(resource: Resource, where: Where): Node[] {
  const found: Node[] = [];
  collectLocations(resource, where, found);
  return found;
}

function collectLocations(resource: Resource, where: Where, into: Node[]): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) collectLocations(one, where, into);
    return;
  }
  const nodes =
    where === 'current' ? resource.active : resource.assigned === undefined ? [] : [resource.assigned];
  for (const node of nodes) if (!into.includes(node)) into.push(node);
}

/** The node, where there is exactly one. */
export function locationOf(resource: Resource, where: Where): Node | undefined {
  const found = locationsOf(resource, where);
  return found.length === 1 ? found[0] : undefined;
}

export interface ActiveNodes {
  readonly node: Node | undefined;
  readonly all: number;
  readonly clean: number;
}

/**
 * Of the nodes where a resource is active the one that counts: the source of a migration, else the first (the
 * first that is up and clean, where no fencing is required).
 */
export function activeNode(resource: Resource): ActiveNodes {
  const nodes = resource.kind === 'bundle' ? bundleNodes(resource) : resource.active;
  let chosen: Node | undefined;
  let clean = 0;
  for (const node of nodes) {
    const isHappy = node.online && !node.unclean;
    if (isHappy) clean += 1;
    if (resource.migration !== undefined) {
      if (node === resource.migration.source) chosen = node;
    } else if (!resource.flags.needsFencing) {
      if (isHappy && (chosen === undefined || !chosen.online || chosen.unclean)) chosen = node;
    }
    chosen ??= node;
  }
  return { node: chosen, all: nodes.length, clean };
}

/** Nodes where containers of a bundle are active. */
function bundleNodes(bundle: Resource): Node[] {
  const nodes: Node[] = [];
  for (const { container } of bundle.bundle?.replicas ?? []) {
    for (const node of container.active) if (!nodes.includes(node)) nodes.push(node);
  }
  return nodes;
}

export const currentNode = (resource: Resource): Node | undefined => activeNode(resource).node;

/** Whether a flag holds for a resource or for anything in it. */
export function anyFlag(resource: Resource, flag: 'blocked' | 'failed'): boolean {
  return resource.flags[flag] || resource.children.some(one => anyFlag(one, flag));
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
