import type { Picture, ResourcePicture } from '../status/picture.ts';
import { nodeLines } from './node-list.ts';
import { type Outline, section } from './outline.ts';
import { resourceOutline, shownResources, type TreeOptions } from './resource-tree.ts';
import { isDisabled, partsOf } from './resource-words.ts';

/** The nodes and the whole tree of resources. */
export function statusSections(picture: Picture, options: TreeOptions): readonly Outline[] {
  const shown = shownResources(picture, options);
  return [
    section('Node List', nodeLines(picture, picture.nodes)),
    ...(shown.length === 0
      ? []
      : [
          section(
            'Full List of Resources',
            shown.flatMap(resource => resourceOutline(picture, resource, options)),
          ),
        ]),
  ];
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
