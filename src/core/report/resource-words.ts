import { compareRoles, parseRole, type Role } from '../model/role.ts';
import type { NodePicture, ResourcePicture } from '../status/picture.ts';
import { attribute } from '../xml/element.ts';

/** A resource's name in lists: without the instance's number where instances are alike. */
export function printedName(resource: ResourcePicture): string {
  return resource.flags.unique ? resource.id : (attribute(resource.xml, 'id') ?? resource.id);
}

export const agentName = ({ agent }: ResourcePicture): string =>
  agent === undefined
    ? ''
    : [agent.standard, agent.provider, agent.type].filter(part => part !== undefined).join(':');

/** The outermost resource that it is part of; a bundle's inner resources stop short of the bundle. */
export function topOf(resource: ResourcePicture): ResourcePicture {
  let top = resource;
  while (top.parent !== undefined && top.parent.kind !== 'bundle') top = top.parent;
  return top;
}

/** `Unpromoted` for what is started and could be promoted. */
export function displayedRole(resource: ResourcePicture): Role {
  return resource.role === 'Started' && topOf(resource).flags.promotable ? 'Unpromoted' : resource.role;
}

const UNDER_WAY: Readonly<Record<string, string>> = {
  start: 'Starting',
  stop: 'Stopping',
  migrate_to: 'Migrating',
  migrate_from: 'Migrating',
  promote: 'Promoting',
  demote: 'Demoting',
};

/** The role, or what is under way towards another one. */
export const displayedState = (resource: ResourcePicture): string =>
  (resource.pendingAction === undefined ? undefined : UNDER_WAY[resource.pendingAction]) ??
  displayedRole(resource);

/** What is under way and is no change of role. */
export const pendingTask = (resource: ResourcePicture): string | undefined =>
  resource.pendingAction === 'monitor' ? 'Monitoring' : undefined;

/** The `target-role` that was asked for, where one was. */
export function targetRole(resource: ResourcePicture): Role | undefined {
  const text = resource.meta.get('target-role');
  return text === undefined ? undefined : parseRole(text);
}

/** Somebody asked for less than the resource could be. */
export function isDisabled(resource: ResourcePicture): boolean {
  const role = targetRole(resource);
  return role === 'Stopped' || (role === 'Unpromoted' && topOf(resource).flags.promotable);
}

/**
 * Whether it is active: a primitive where it runs (a dead node that we manage it on counts only while unclean);
 * of others any part, or every part.
 */
export function isActive(resource: ResourcePicture, which: 'any' | 'all'): boolean {
  if (resource.bundle !== undefined) return isBundleActive(resource, which);
  if (resource.kind === 'primitive') {
    return resource.activeOn.some(node => node.unclean || node.online || !resource.flags.managed);
  }
  return which === 'any'
    ? resource.children.some(one => isActive(one, which))
    : resource.children.every(one => isActive(one, which));
}

function isBundleActive(resource: ResourcePicture, which: 'any' | 'all'): boolean {
  const parts = (resource.bundle?.replicas ?? []).flatMap(({ ip, child, container, remote }) =>
    [ip, child, container, remote].filter(part => part !== undefined),
  );
  return which === 'any'
    ? parts.some(part => isActive(part, which))
    : parts.every(part => isActive(part, which));
}

/** Nodes that any part of it is active on, in the order in which parts are. */
export function locationsOf(resource: ResourcePicture): readonly NodePicture[] {
  if (resource.kind === 'primitive') return resource.activeOn;
  const nodes = new Set<NodePicture>();
  for (const one of partsOf(resource)) for (const node of locationsOf(one)) nodes.add(node);
  return [...nodes];
}

/** The strongest role of any part. */
export function strongestRole(resource: ResourcePicture): Role {
  if (resource.kind === 'primitive') return resource.role;
  let strongest: Role = 'Unknown';
  for (const one of resource.children) {
    const role = strongestRole(one);
    if (compareRoles(role, strongest) > 0) strongest = role;
  }
  return strongest;
}

/** What a resource is made of: of a bundle the containers with all that belongs to them. */
export function partsOf(resource: ResourcePicture): readonly ResourcePicture[] {
  if (resource.bundle === undefined) return resource.children;
  return resource.bundle.replicas.flatMap(({ ip, child, container, remote }) =>
    [ip, child, container, remote].filter(part => part !== undefined),
  );
}

/** Whether the flag is so somewhere in the resource. */
export const anyPart = (resource: ResourcePicture, holds: (one: ResourcePicture) => boolean): boolean =>
  holds(resource) || resource.children.some(one => anyPart(one, holds));

/** The node that stands for a resource's place: where it runs, a clean one first. */
export function currentNode({ activeOn }: ResourcePicture): NodePicture | undefined {
  return activeOn.find(node => node.online && !node.unclean) ?? activeOn[0];
}

/** Every name that a resource or a part of it has in configuration or history. */
export function namesOf(resources: readonly ResourcePicture[]): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (resource: ResourcePicture): void => {
    names.add(resource.id);
    if (resource.historyId !== undefined) names.add(resource.historyId);
    for (const part of partsOf(resource)) collect(part);
  };
  for (const resource of resources) collect(resource);
  return names;
}

/** A connection that comes with a guest and is not in the configuration. */
export const isImplied = ({ meta }: ResourcePicture): boolean => meta.get('internal-rsc') === 'true';
