/** What each part of `crm_resource` works with. */
import type { NodePicture, Picture, ResourcePicture } from '../../core/status/picture.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import type { Session } from '../session.ts';
import { type Report, type Surroundings, ToolError } from '../tool.ts';
import type { Values } from './definition.ts';

export interface Work {
  readonly session: Session;
  readonly report: Report;
  readonly values: Values;
  readonly surroundings: Surroundings;
  readonly cib: XmlElement;
  readonly picture: Picture;
}

/** The resource of `-r`, by any name that it goes by. */
export function resourceOf({ values, picture }: Pick<Work, 'values' | 'picture'>): ResourcePicture {
  const { resource: id } = values;
  if (id === undefined) throw new ToolError('usage', 'Must supply a resource id with -r');
  // An anonymous instance goes by its primitive's name too.
  const found = picture.resourceById.get(id) ?? picture.resourceById.get(`${id}:0`);
  if (found === undefined) throw notFound('Resource', id);
  return found;
}

/** The node of `-N`, if one is given. */
export function nodeOf({ values, picture }: Pick<Work, 'values' | 'picture'>): NodePicture | undefined {
  if (values.node === undefined) return undefined;
  const found = picture.nodeByName.get(values.node);
  if (found === undefined) throw notFound('Node', values.node);
  return found;
}

const notFound = (what: string, name: string): ToolError =>
  new ToolError('no-such-object', `${what} '${name}' not found\nError performing operation: No such object`);

/** The resource and all below it that run anything. */
export const primitivesOf = (one: ResourcePicture): readonly ResourcePicture[] =>
  one.kind === 'primitive' ? [one] : one.children.flatMap(primitivesOf);

/** Name of the resource in the configuration: an instance goes by that of its primitive. */
export const configuredId = (one: ResourcePicture): string => one.id.replace(/:\d+$/, '');

export function topOf(one: ResourcePicture): ResourcePicture {
  let top = one;
  while (top.parent !== undefined) top = top.parent;
  return top;
}
