import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { locationsOf, partsOf, printedName } from './resource-words.ts';

/** How much of a picture is shown, and in which form. */
export interface View {
  /** Stopped resources too. */
  readonly inactive: boolean;
  /** Instances of clones and parts of bundles each on a line; node ids; failures in full. */
  readonly detail: boolean;
  /** What is under way. */
  readonly pending: boolean;
  readonly byNode: boolean;
  /** Counts of resources by agent instead of the resources. */
  readonly brief: boolean;
  readonly description: boolean;
  /** When and how long each operation ran. */
  readonly timing: boolean;
  /** Fewer lines. */
  readonly quiet: boolean;
  /** A node, resource or tag to which everything is limited. */
  readonly onlyNode?: string | undefined;
  readonly onlyResource?: string | undefined;
  /** Bans whose id begins so. */
  readonly banPrefix?: string | undefined;
}

export const PLAIN_VIEW: View = {
  inactive: false,
  detail: false,
  pending: true,
  byNode: false,
  brief: false,
  description: false,
  timing: false,
  quiet: false,
};

/** Nodes that are shown: all, or the one of that name, or those of the tag. */
export function shownNodes(picture: Picture, { onlyNode }: View): readonly NodePicture[] {
  if (onlyNode === undefined) return picture.nodes;
  const tagged = picture.tags.get(onlyNode) ?? [];
  return picture.nodes.filter(
    ({ name, id }) => name === onlyNode || tagged.includes(id) || tagged.includes(name),
  );
}

/** Whether a part of a resource that is shown is shown: not where it is active on none but nodes that are not. */
export function isPartShown(picture: Picture, part: ResourcePicture, view: View): boolean {
  if (!isShown(picture, part, view)) return false;
  const standIn = containerOf(picture, part) ?? part;
  const places = locationsOf(standIn);
  if (view.onlyNode === undefined || places.length === 0) return true;
  const shown = shownNodes(picture, view);
  return places.some(node => shown.includes(node));
}

/** What belongs to a container is where that is: the node within it is no node that anybody asks for. */
const containerOf = (picture: Picture, part: ResourcePicture): ResourcePicture | undefined =>
  picture.resources
    .flatMap(({ bundle }) => bundle?.replicas ?? [])
    .find(({ ip, child, container, remote }) => [ip, child, container, remote].includes(part))?.container;

/** Whether the resource of that id was asked for by its own name. */
export function isNamed(picture: Picture, id: string, { onlyResource }: View): boolean {
  if (onlyResource === undefined) return true;
  const names = [onlyResource, ...(picture.tags.get(onlyResource) ?? [])];
  const resource = picture.resourceById.get(id);
  return names.includes(id) || (resource !== undefined && names.includes(printedName(resource)));
}

/** Whether a resource, or something in it or around it, is shown. */
export function isShown(picture: Picture, resource: ResourcePicture, { onlyResource }: View): boolean {
  if (onlyResource === undefined) return true;
  const wanted = new Set([onlyResource, ...(picture.tags.get(onlyResource) ?? [])]);
  const isNamed = (one: ResourcePicture): boolean => wanted.has(one.id) || wanted.has(printedName(one));
  const below = (one: ResourcePicture): boolean => isNamed(one) || partsOf(one).some(below);
  const above = (one: ResourcePicture | undefined): boolean =>
    one !== undefined && (isNamed(one) || above(one.parent));
  return below(resource) || above(resource.parent);
}
