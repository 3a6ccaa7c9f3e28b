/**
 * The configuration as crm syntax sees it: objects in a flat list. Members of groups, clones and bundles are
 * objects of their own, and their containers hold references to them.
 */
import { attribute, COMMENT, child, element, idOf, type XmlElement } from '../../core/xml/element.ts';
import { MEMBER } from './read-resource.ts';

export type ObjectKind =
  | 'node'
  | 'rsc_template'
  | 'primitive'
  | 'bundle'
  | 'group'
  | 'ms'
  | 'clone'
  | 'tag'
  | 'location'
  | 'colocation'
  | 'order'
  | 'rsc_ticket'
  | 'fencing_topology'
  | 'property'
  | 'rsc_defaults'
  | 'op_defaults'
  | 'role'
  | 'user'
  | 'acl_target'
  | 'acl_group'
  | 'alert';

export interface CrmObject {
  readonly kind: ObjectKind;
  /** The id; of a node its name, of the fencing topology its kind. */
  readonly id: string;
  /** With `crmsh-ref` elements in place of member resources. */
  readonly element: XmlElement;
}

/** What stands in a section and is no object (comments, elements of a newer schema) is kept as it is. */
interface Other {
  readonly kind: 'other';
  readonly section: string;
  readonly element: XmlElement;
}

export type Entry = CrmObject | Other;

const BY_ELEMENT: Readonly<Record<string, ObjectKind>> = {
  node: 'node',
  template: 'rsc_template',
  primitive: 'primitive',
  bundle: 'bundle',
  group: 'group',
  master: 'ms',
  clone: 'clone',
  tag: 'tag',
  rsc_location: 'location',
  rsc_colocation: 'colocation',
  rsc_order: 'order',
  rsc_ticket: 'rsc_ticket',
  'fencing-topology': 'fencing_topology',
  cluster_property_set: 'property',
  acl_role: 'role',
  acl_user: 'user',
  acl_target: 'acl_target',
  acl_group: 'acl_group',
  alert: 'alert',
};

const SECTIONS: Readonly<Record<ObjectKind, string>> = {
  property: 'crm_config',
  node: 'nodes',
  rsc_template: 'resources',
  primitive: 'resources',
  bundle: 'resources',
  group: 'resources',
  ms: 'resources',
  clone: 'resources',
  location: 'constraints',
  colocation: 'constraints',
  order: 'constraints',
  rsc_ticket: 'constraints',
  tag: 'tags',
  fencing_topology: 'fencing-topology',
  rsc_defaults: 'rsc_defaults',
  op_defaults: 'op_defaults',
  role: 'acls',
  user: 'acls',
  acl_target: 'acls',
  acl_group: 'acls',
  alert: 'alerts',
};

const RESOURCE_ELEMENTS = ['primitive', 'group', 'clone', 'master', 'bundle', 'template'];
const CONTAINERS: readonly ObjectKind[] = ['group', 'clone', 'ms', 'bundle'];

export const isContainer = (kind: ObjectKind): boolean => CONTAINERS.includes(kind);
export const isResource = (kind: ObjectKind): boolean =>
  SECTIONS[kind] === 'resources' && kind !== 'rsc_template';
export const isConstraint = (kind: ObjectKind): boolean => SECTIONS[kind] === 'constraints';
export const isAttributeSet = (kind: ObjectKind): boolean =>
  kind === 'property' || kind === 'rsc_defaults' || kind === 'op_defaults';

/** The kind of object that an element of the configuration is; defaults are known by the section they stand in. */
function kindOf(one: XmlElement, section?: string): ObjectKind | undefined {
  if (one.name === 'meta_attributes') {
    return section === 'rsc_defaults' || section === 'op_defaults' ? section : undefined;
  }
  return BY_ELEMENT[one.name];
}

function objectIdOf(one: XmlElement): string {
  if (one.name === 'node') return attribute(one, 'uname') ?? idOf(one) ?? '';
  if (one.name === 'fencing-topology') return 'fencing_topology';
  return idOf(one) ?? '';
}

/** Node names and ids of other objects may be the same word. */
export const keyOf = (object: { readonly kind: ObjectKind; readonly id: string }): string =>
  object.kind === 'node' ? `node ${object.id}` : object.id;

/** The entries of a configuration in document order, each container before its members. */
export function entriesOf(cib: XmlElement): readonly Entry[] {
  const entries: Entry[] = [];
  for (const section of child(cib, 'configuration')?.children ?? []) {
    if (section.name === 'fencing-topology') entries.push(objectOf(section, 'fencing_topology'));
    else if (section.name === COMMENT) continue;
    else for (const one of section.children) flatten(one, section.name, entries);
  }
  return entries;
}

const objectOf = (one: XmlElement, kind: ObjectKind): CrmObject => ({
  kind,
  id: objectIdOf(one),
  element: one,
});

function flatten(one: XmlElement, section: string, entries: Entry[]): void {
  const kind = kindOf(one, section);
  if (kind === undefined || SECTIONS[kind] !== section) {
    entries.push({ kind: 'other', section, element: one });
    return;
  }
  if (!isContainer(kind)) {
    entries.push(objectOf(one, kind));
    return;
  }
  const members = one.children.filter(isMember);
  entries.push(objectOf(withReferences(one), kind));
  for (const member of members) flatten(member, section, entries);
}

const isMember = (one: XmlElement): boolean => RESOURCE_ELEMENTS.includes(one.name);

const withReferences = (one: XmlElement): XmlElement => ({
  ...one,
  children: one.children.map(part => (isMember(part) ? element(MEMBER, { id: idOf(part) }) : part)),
});

/** An element as read, split into its object and the member resources that an `xml` statement may bring along. */
export function splitMembers(one: XmlElement, section?: string): readonly CrmObject[] {
  const kind = kindOf(one, section);
  if (kind === undefined) return [];
  const entries: Entry[] = [];
  flatten(one, SECTIONS[kind], entries);
  return entries.filter(entry => entry.kind !== 'other');
}

export const objectsOf = (cib: XmlElement): readonly CrmObject[] =>
  entriesOf(cib).filter(entry => entry.kind !== 'other');

/** References to members, in order. */
export const memberIds = (object: CrmObject): readonly string[] =>
  object.element.children.filter(one => one.name === MEMBER).map(one => idOf(one) ?? '');

const ORDER: readonly string[] = [
  'crm_config',
  'nodes',
  'resources',
  'constraints',
  'tags',
  'fencing-topology',
  'rsc_defaults',
  'op_defaults',
  'acls',
  'alerts',
];

/** The document with these entries as its configuration; what did not change is shared with the old one. */
export function withEntries(cib: XmlElement, entries: readonly Entry[]): XmlElement {
  const configuration = child(cib, 'configuration') ?? element('configuration');
  const bySection = new Map<string, XmlElement[]>();
  const place = (section: string, one: XmlElement) => {
    const list = bySection.get(section);
    if (list === undefined) bySection.set(section, [one]);
    else list.push(one);
  };
  for (const [section, one] of assembled(entries, cib)) place(section, one);
  const sections: XmlElement[] = [];
  for (const old of configuration.children) {
    const list = bySection.get(old.name) ?? [];
    bySection.delete(old.name);
    if (old.name === COMMENT) sections.push(old);
    else if (old.name === 'fencing-topology') sections.push(...list);
    else sections.push(sameElements(list, old.children) ? old : { ...old, children: list });
  }
  const added = [...bySection].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  for (const [name, list] of added) {
    sections.push(...(name === 'fencing-topology' ? list : [element(name, {}, list)]));
  }
  if (sameElements(sections, configuration.children)) return cib;
  const changed = { ...configuration, children: sections };
  const others = cib.children.filter(one => one.name !== 'configuration');
  return { ...cib, children: [changed, ...others] };
}

const sameElements = (left: readonly XmlElement[], right: readonly XmlElement[]): boolean =>
  left.length === right.length && left.every((one, at) => one === right[at]);

/** Puts members into their containers again; the elements of the old document serve where nothing changed. */
function assembled(entries: readonly Entry[], cib: XmlElement): readonly (readonly [string, XmlElement])[] {
  const resources = new Map<string, CrmObject>();
  const contained = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'other' || !isResource(entry.kind)) continue;
    resources.set(entry.id, entry);
    for (const id of memberIds(entry)) contained.add(id);
  }
  const former = new Map<string, XmlElement>();
  for (const section of child(cib, 'configuration')?.children ?? []) {
    if (section.name === 'resources') collectResources(section, former);
  }
  const used = new Set<string>();
  const whole = (object: CrmObject): XmlElement => {
    used.add(object.id);
    if (!isContainer(object.kind)) return object.element;
    const children = object.element.children.map(part => {
      const member = part.name === MEMBER ? resources.get(idOf(part) ?? '') : undefined;
      return member === undefined || used.has(member.id) ? part : whole(member);
    });
    const old = former.get(object.id);
    const same = old?.name === object.element.name && sameElements(children, old.children);
    return same && sameAttributes(old, object.element) ? old : { ...object.element, children };
  };
  const placed: (readonly [string, XmlElement])[] = [];
  for (const entry of entries) {
    if (entry.kind === 'other') placed.push([entry.section, entry.element]);
    else if (!isResource(entry.kind)) placed.push([SECTIONS[entry.kind], entry.element]);
    else if (!contained.has(entry.id)) placed.push([SECTIONS[entry.kind], whole(entry)]);
  }
  return placed;
}

function collectResources(from: XmlElement, into: Map<string, XmlElement>): void {
  for (const one of from.children) {
    if (!isMember(one)) continue;
    into.set(idOf(one) ?? '', one);
    collectResources(one, into);
  }
}

const sameAttributes = (left: XmlElement, right: XmlElement): boolean =>
  left.attributes.length === right.attributes.length &&
  left.attributes.every((word, at) => word === right.attributes[at]);
