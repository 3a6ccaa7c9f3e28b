import { INFINITY, score } from '../model/score.ts';
import type { Draft, NodeDraft, ResourceDraft } from './draft.ts';
import { addPlace, banEverywhere } from './places.ts';

/** Records that a resource is active on a node, with all that follows for it and for what it is in. */
export function addActive(
  draft: Draft,
  resource: ResourceDraft,
  node: NodeDraft,
  { failed }: { readonly failed: boolean },
): void {
  if (resource.activeOn.includes(node)) return;
  resource.activeOn.push(node);
  if (resource.kind === 'primitive') {
    node.running.push(resource);
    if (!failed) addPriority(resource, node);
    if (node.maintenance) {
      resource.flags.managed = false;
      resource.flags.maintenance = true;
    }
  }
  if (!resource.flags.managed) {
    addPlace(draft, resource, node, INFINITY);
    for (let parent = resource.parent; parent !== undefined; parent = parent.parent)
      parent.activeOn.push(node);
    return;
  }
  if (isMultiplyActive(resource)) handleMultiplyActive(draft, resource);
  if (resource.parent !== undefined) addActive(draft, resource.parent, node, { failed: false });
}

function addPriority(resource: ResourceDraft, node: NodeDraft): void {
  if (resource.priority === 0) return;
  const share = resource.priority + (resource.role === 'Promoted' ? 1 : 0);
  node.priority = score(node.priority + share);
  for (const host of node.connection?.launcher?.activeOn ?? []) host.priority = score(host.priority + share);
}

function isMultiplyActive(resource: ResourceDraft): boolean {
  if (resource.kind !== 'primitive') return false;
  const count = resource.flags.needsFencing
    ? resource.activeOn.length
    : resource.activeOn.filter(node => node.online && !node.unclean).length;
  return count > 1;
}

function handleMultiplyActive(draft: Draft, resource: ResourceDraft): void {
  if (resource.multipleActive === 'stop_only') {
    banEverywhere(draft, resource);
  } else if (resource.multipleActive === 'block') {
    block(resource);
    const { parent } = resource;
    const sharesFate = parent?.kind === 'group' || parent?.kind === 'bundle';
    if (parent !== undefined && sharesFate && parent.multipleActive === 'block') {
      for (const one of parent.children) block(one);
    }
  }
}

export function block(resource: ResourceDraft): void {
  resource.flags.managed = false;
  resource.flags.blocked = true;
}
