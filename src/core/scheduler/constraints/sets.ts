import { attribute, element, withAttribute, type XmlElement } from '../../xml/element.ts';
import { findConstrained } from '../build.ts';
import type { Cluster, Resource } from '../model.ts';

export interface Named {
  readonly resource?: Resource;
  /** What a tag or a template stands for. */
  readonly members?: readonly string[];
}

/** What an id in a constraint names: a resource, or the members of a template or tag. */
export function lookUp(cluster: Cluster, id: string | undefined): Named | undefined {
  if (id === undefined) return undefined;
  const resource = findConstrained(cluster, id);
  if (resource !== undefined) return { resource };
  const { templates, tags } = cluster.picture;
  const made = templates.get(id);
  const members = made === undefined ? tags.get(id) : made.length > 0 ? made : undefined;
  return members === undefined ? undefined : { members };
}

const reference = (id: string): XmlElement => element('resource_ref', { id });

/** A constraint with tags in its sets replaced by their members; `undefined` where there are none, or no sets. */
export function expandSets(cluster: Cluster, xml: XmlElement): XmlElement | 'invalid' | undefined {
  let expanded = false;
  const children: XmlElement[] = [];
  for (const set of xml.children) {
    if (set.name !== 'resource_set') {
      children.push(set);
      continue;
    }
    const references: XmlElement[] = [];
    for (const one of set.children) {
      const named = one.name === 'resource_ref' ? lookUp(cluster, attribute(one, 'id')) : {};
      if (named === undefined) return undefined;
      if (named.members === undefined) references.push(one);
      else {
        references.push(...named.members.map(reference));
        expanded = true;
      }
    }
    children.push({ ...set, children: references });
  }
  return expanded ? { ...xml, children } : undefined;
}

export interface TagAttribute {
  readonly attribute: string;
  /** Attribute of the constraint that becomes one of the set, and the name that it has there. */
  readonly role: string;
  readonly as?: string;
  /** A single resource becomes a set, too: the other end is one. */
  readonly alone: boolean;
}

/** Puts a set in the place of a tag or template that an attribute names. */
export function expandTag(
  cluster: Cluster,
  xml: XmlElement,
  { attribute: name, role, as = 'role', alone }: TagAttribute,
): XmlElement | 'invalid' | undefined {
  const id = attribute(xml, name);
  if (id === undefined) return undefined;
  const named = lookUp(cluster, id);
  if (named === undefined) return 'invalid';
  const isResource = named.resource !== undefined;
  if (isResource && !alone) return undefined;
  const value = attribute(xml, role);
  const set = element(
    'resource_set',
    { id, ...(isResource ? {} : { sequential: 'false' }), [as]: value },
    (named.members ?? [id]).map(reference),
  );
  const stripped = withAttribute(withAttribute(xml, name, undefined), role, undefined);
  return { ...stripped, children: [...stripped.children, set] };
}

/** A constraint between two ends, either of which may be a tag; then both become sets. */
export function expandEnds(
  cluster: Cluster,
  xml: XmlElement,
  ends: readonly [TagAttribute, TagAttribute],
): XmlElement | 'invalid' | undefined {
  const sets = expandSets(cluster, xml);
  if (sets !== undefined) return sets;
  const first = attribute(xml, ends[0].attribute);
  const second = attribute(xml, ends[1].attribute);
  if (first === undefined || second === undefined) return undefined;
  const one = lookUp(cluster, first);
  const other = lookUp(cluster, second);
  if (one === undefined || other === undefined) return 'invalid';
  if (one.resource !== undefined && other.resource !== undefined) return undefined;
  const once = expandTag(cluster, xml, ends[0]);
  if (once === undefined || once === 'invalid') return once;
  return expandTag(cluster, once, ends[1]);
}
