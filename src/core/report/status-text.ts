import type { Picture, ResourcePicture } from '../status/picture.ts';
import { briefLines } from './brief.ts';
import { type Outline, section } from './outline.ts';
import { resourceOutline, shownResources } from './resource-tree.ts';
import { isDisabled, partsOf } from './resource-words.ts';
import type { View } from './view.ts';

/** The tree of resources under the heading that says which of them are in it; nothing where nobody asked. */
export function resourceSection(picture: Picture, view: View): readonly Outline[] {
  if (view.byNode && !view.inactive) return [];
  const shown = shownResources(picture, view);
  // Where what runs is counted by node, what does not run is listed.
  const brief = view.brief && !view.byNode;
  const trees = brief ? shown.filter(({ kind }) => kind !== 'primitive') : shown;
  const counted = brief ? shown.filter(({ kind }) => kind === 'primitive') : [];
  const items = [
    ...briefLines(counted, view),
    ...trees.flatMap(resource => resourceOutline(picture, resource, view)),
  ];
  if (items.length === 0 && view.byNode) return [];
  const nothing = view.inactive ? 'No resources' : 'No active resources';
  return [section(headingOf(view), items.length === 0 ? [nothing] : items)];
}

function headingOf({ inactive, byNode }: View): string {
  if (byNode) return 'Inactive Resources';
  return inactive ? 'Full List of Resources' : 'Active Resources';
}

export interface InstanceCounts {
  readonly total: number;
  readonly disabled: number;
  readonly blocked: number;
}

/** How many primitives there are, instances and parts of bundles counted each. */
export function countInstances(resources: readonly ResourcePicture[]): InstanceCounts {
  const counts = { total: 0, disabled: 0, blocked: 0 };
  const count = (resource: ResourcePicture): void => {
    if (resource.kind !== 'primitive') {
      for (const part of partsOf(resource)) count(part);
    } else if (!resource.flags.removed || resource.role !== 'Stopped') {
      counts.total += 1;
      if (isDisabled(resource)) counts.disabled += 1;
      if (resource.flags.blocked) counts.blocked += 1;
    }
  };
  for (const resource of resources) count(resource);
  return counts;
}
