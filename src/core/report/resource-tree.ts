import { withoutInstance } from '../model/names.ts';
import { compareRoles, type Role } from '../model/role.ts';
import type { NodePicture, Picture, ReplicaPicture, ResourcePicture } from '../status/picture.ts';
import { compareNames } from '../status/words.ts';
import { briefLines } from './brief.ts';
import { failedProbe } from './failed-probes.ts';
import { nameList, type Outline, section } from './outline.ts';
import { type LineOptions, resourceLine } from './resource-line.ts';
import {
  anyPart,
  currentNode,
  isActive,
  isDisabled,
  isImplied,
  locationsOf,
  strongestRole,
  targetRole,
} from './resource-words.ts';
import { isPartShown, isShown, shownNodes, type View } from './view.ts';

/** A resource with all below it; nothing where there is nothing to show. */
export function resourceOutline(picture: Picture, resource: ResourcePicture, view: View): readonly Outline[] {
  switch (resource.kind) {
    case 'primitive':
      return [lineOf(picture, resource, view)];
    case 'group':
      return [groupOutline(picture, resource, view)];
    case 'clone':
      return [cloneOutline(picture, resource, view)];
    case 'bundle':
      return [bundleOutline(picture, resource, view)];
  }
}

/** Top-level resources that are to be shown: not those that were removed and are gone. */
export function shownResources(picture: Picture, view: View): readonly ResourcePicture[] {
  return picture.resources.filter(resource => {
    if (isImplied(resource) && !view.detail) return false;
    if (resource.flags.removed && !isActive(resource, 'all')) return false;
    if (!isShown(picture, resource, view)) return false;
    if (view.byNode && isActive(resource, 'all')) return false;
    return isActive(resource, 'any') ? isOnShownNode(picture, resource, view) : view.inactive;
  });
}

function isOnShownNode(picture: Picture, resource: ResourcePicture, view: View): boolean {
  if (view.onlyNode === undefined) return true;
  const shown = shownNodes(picture, view);
  return locationsOf(resource).some(node => shown.includes(node));
}

const lineOf = (
  picture: Picture,
  resource: ResourcePicture,
  { pending, description }: View,
  more: Pick<LineOptions, 'name' | 'node'> = {},
): string => resourceLine(picture, resource, { pending, withDescription: description, ...more });

function heading(words: string, flags: readonly string[]): string {
  return flags.length === 0 ? words : `${words} (${flags.join(', ')})`;
}

function standingFlags(resource: ResourcePicture): readonly string[] {
  const { maintenance, managed } = resource.flags;
  return [
    ...(isDisabled(resource) ? ['disabled'] : []),
    ...(maintenance ? ['maintenance'] : managed ? [] : ['unmanaged']),
  ];
}

function groupOutline(picture: Picture, group: ResourcePicture, view: View): Outline {
  const active = view.inactive ? group.children : group.children.filter(member => isActive(member, 'any'));
  const hidden = group.children.length - active.length;
  const shown = active.filter(member => isPartShown(picture, member, view));
  const missing = hidden === 0 ? [] : [`${hidden} member${hidden === 1 ? '' : 's'} inactive`];
  return section(
    heading(`Resource Group: ${group.id}`, [...missing, ...standingFlags(group)]),
    view.brief
      ? briefLines(group.children, { ...view, byNode: false, withTotal: true })
      : shown.map(member => lineOf(picture, member, view)),
  );
}

function cloneOutline(picture: Picture, clone: ResourcePicture, view: View): Outline {
  const { promotable, unique } = clone.flags;
  const inner = clone.children[0];
  const name = inner === undefined ? '' : withoutInstance(inner.id);
  const flags = [
    ...(promotable ? ['promotable'] : []),
    ...(unique ? ['unique'] : []),
    ...standingFlags(clone),
  ];
  const sorted = sortInstances(picture, clone, view);
  const target = configuredRole(clone);
  const shown = new Set(shownNodes(picture, view));
  const isNodeShown = (node: NodePicture) => shown.has(node);
  return section(heading(`Clone Set: ${clone.id} [${name}]`, flags), [
    ...sorted.individual.flatMap(instance => resourceOutline(picture, instance, view)),
    ...nameList('Promoted', namesInOrder(sorted.promoted.filter(isNodeShown))),
    ...nameList(
      promotable ? (target === 'Unpromoted' ? 'Unpromoted (target-role)' : 'Unpromoted') : 'Started',
      namesInOrder(sorted.started.filter(isNodeShown)),
    ),
    ...(view.inactive && !view.detail ? stoppedLines(picture, clone, sorted, view) : []),
  ]);
}

interface SortedInstances {
  readonly individual: readonly ResourcePicture[];
  readonly promoted: readonly NodePicture[];
  readonly started: readonly NodePicture[];
}

/** Which instances need a line of their own, and where the ordinary ones are. */
function sortInstances(picture: Picture, clone: ResourcePicture, view: View): SortedInstances {
  const individual: ResourcePicture[] = [];
  const promoted: NodePicture[] = [];
  const started: NodePicture[] = [];
  for (const instance of clone.children.filter(one => isPartShown(picture, one, view))) {
    switch (appearanceOf(instance, clone.flags.unique, view)) {
      case 'individual':
        if (view.inactive || isActive(instance, 'any') || instance.kind === 'primitive')
          individual.push(instance);
        break;
      case 'promoted':
        promoted.push(...locationsOf(instance));
        break;
      case 'started':
        started.push(...locationsOf(instance));
        break;
      case 'stopped':
        break;
    }
  }
  return { individual, promoted, started };
}

type Appearance = 'individual' | 'promoted' | 'started' | 'stopped';

function appearanceOf(instance: ResourcePicture, unique: boolean, { detail, pending }: View): Appearance {
  const active = isActive(instance, 'any');
  if (detail) return 'individual';
  if (unique) return 'individual';
  if (pending && instance.pendingAction !== undefined) return 'individual';
  if (!active) return 'stopped';
  const odd = anyPart(instance, ({ flags }) => flags.removed || !flags.managed || flags.failed);
  if (odd || !isActive(instance, 'all')) return 'individual';
  const [node, ...others] = locationsOf(instance);
  if (node === undefined || others.length > 0 || (!node.online && node.unclean)) return 'individual';
  return compareRoles(strongestRole(instance), 'Unpromoted') > 0 ? 'promoted' : 'started';
}

const namesInOrder = (nodes: readonly NodePicture[]): readonly string[] =>
  nodes.map(({ name }) => name).sort(compareNames);

/** Nodes without an instance, by why; only where the clone could have more than those named together. */
function stoppedLines(
  picture: Picture,
  clone: ResourcePicture,
  { promoted, started }: SortedInstances,
  view: View,
): readonly string[] {
  if (clone.flags.unique || (clone.clone?.max ?? 0) <= promoted.length + started.length) return [];
  // Nodes that come with a bundle are no places for what stands before it in the configuration. Where nothing is
  // allowed unless a constraint says so, places are the nodes where it was looked for.
  const isPlace = (node: NodePicture) =>
    clone.places.size > 0 ? clone.places.has(node.id) : clone.knownOn.has(node);
  const taken = new Set(clone.children.flatMap(locationsOf));
  const plain = configuredRole(clone) === 'Stopped' ? 'Stopped (disabled)' : 'Stopped';
  const groups = new Map<string, string[]>();
  const nodes = shownNodes(picture, view).filter(node => isPlace(node) && !taken.has(node));
  for (const node of nodes) {
    const reason = failedProbe(picture, clone, node.name);
    const state = reason === undefined ? plain : `Stopped (${reason})`;
    const names = groups.get(state) ?? [];
    groups.set(state, names);
    names.push(node.name);
  }
  return [...groups.keys()]
    .sort()
    .flatMap(state => nameList(state, [...(groups.get(state) ?? [])].sort(compareNames)));
}

function bundleOutline(picture: Picture, bundle: ResourcePicture, view: View): Outline {
  const { replicas = [], image = '' } = bundle.bundle ?? {};
  const words = `Container bundle${replicas.length > 1 ? ' set' : ''}: ${bundle.id} [${image}]`;
  const flags = [
    ...(bundle.flags.unique ? ['unique'] : []),
    ...standingFlags(bundle).filter(flag => flag !== 'disabled'),
  ];
  return section(
    [words, ...flags.map(flag => `(${flag})`)].join(' '),
    replicas.flatMap(replica => replicaOutline(picture, replica, { ...view, single: replicas.length === 1 })),
  );
}

function replicaOutline(
  picture: Picture,
  replica: ReplicaPicture,
  { single, ...view }: View & { readonly single: boolean },
): readonly Outline[] {
  const { container, child, ip, remote, address } = replica;
  const parts = [ip, child, container, remote].filter(part => part !== undefined);
  const shown = parts.filter(part => isPartShown(picture, part, view));
  if (shown.length === 0) return [];
  if (view.detail || shown.length < parts.length) {
    const lines = shown.map(part => lineOf(picture, part, view));
    return single ? lines : [{ heading: `Replica[${replica.offset}]`, items: lines, withoutColon: true }];
  }
  const named = (remote ?? container).id;
  return [
    lineOf(picture, child ?? container, view, {
      name: address === undefined ? named : `${named} (${address})`,
      node: currentNode(container),
    }),
  ];
}

/** The `target-role` of a clone, or of what is cloned. */
const configuredRole = (clone: ResourcePicture): Role | undefined =>
  targetRole(clone) ?? (clone.children[0] === undefined ? undefined : targetRole(clone.children[0]));
