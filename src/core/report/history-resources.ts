import { withoutInstance } from '../model/names.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { partsOf } from './resource-words.ts';

/**
 * The resource that a history entry's id stands for: of the instances of an anonymous clone the one on that node,
 * else the first.
 */
export function resourceOfHistory(
  picture: Picture,
  id: string,
  node: NodePicture,
): ResourcePicture | undefined {
  const exact = picture.resourceById.get(id);
  if (exact?.activeOn.includes(node)) return exact;
  const named: ResourcePicture[] = [];
  const collect = (resource: ResourcePicture): void => {
    if (resource.historyId === id || resource.id === id || withoutInstance(resource.id) === id) {
      if (resource.kind === 'primitive') named.push(resource);
    }
    for (const part of partsOf(resource)) collect(part);
  };
  for (const resource of picture.resources) collect(resource);
  return named.find(({ activeOn }) => activeOn.includes(node)) ?? exact ?? named[0];
}
