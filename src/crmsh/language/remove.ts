/** Taking objects out of a configuration and giving them other names, with all that refers to them. */
import {
  attribute,
  attributePairs,
  idOf,
  withAttribute,
  withAttributes,
  type XmlElement,
} from '../../core/xml/element.ts';
import {
  type CrmObject,
  type Entry,
  entriesOf,
  isConstraint,
  isContainer,
  isResource,
  keyOf,
  memberIds,
  objectsOf,
  withEntries,
} from './objects.ts';
import { MEMBER } from './read-resource.ts';

export interface Removed {
  readonly cib: XmlElement;
  /** What went along, because it made no sense any more. */
  readonly along: readonly CrmObject[];
  readonly missing: readonly string[];
}

/** Attributes that name a resource or another object, wherever they stand. */
const REFERENCES = ['rsc', 'with-rsc', 'first', 'then', 'template'];
const REFERENCE_ELEMENTS = ['resource_ref', 'obj_ref', MEMBER, 'role', 'role_ref'];

/**
 * The configuration without these objects. Constraints that named one go along; sets and tags lose the reference;
 * a container left empty goes too; members of a container that is removed stay, outside of it.
 */
export function removeObjects(cib: XmlElement, ids: readonly string[]): Removed {
  const gone = new Set<string>();
  const objects = objectsOf(cib);
  const missing = ids.filter(id => !objects.some(object => object.id === id));
  for (const object of objects) if (ids.includes(object.id)) gone.add(keyOf(object));
  const along: CrmObject[] = [];
  let entries = entriesOf(redirected(cib, objects, ids)).filter(
    entry => entry.kind === 'other' || !gone.has(keyOf(entry)),
  );
  for (;;) {
    const before = gone.size;
    entries = entries.flatMap(entry => {
      const left = entry.kind === 'other' ? entry : withoutReferences(entry, gone);
      if (left !== undefined) return [left];
      gone.add(keyOf(entry as CrmObject));
      along.push(entry as CrmObject);
      return [];
    });
    if (gone.size === before) break;
  }
  return { cib: withEntries(cib, entries), along, missing };
}

/** Constraints of a container that goes are about the first of its members that stays. */
function redirected(cib: XmlElement, objects: readonly CrmObject[], asked: readonly string[]): XmlElement {
  const ids = [...asked];
  // A clone goes along with the group in it: its constraints have the same heir.
  for (const object of [...objects].reverse()) {
    const members = memberIds(object);
    if (members.length > 0 && members.every(id => ids.includes(id)) && !ids.includes(object.id))
      ids.push(object.id);
  }
  const heirOf = (id: string): string | undefined => {
    const object = objects.find(one => one.id === id);
    for (const member of object === undefined ? [] : memberIds(object)) {
      const heir = ids.includes(member) ? heirOf(member) : member;
      if (heir !== undefined) return heir;
    }
    return undefined;
  };
  let changed = cib;
  for (const from of ids) {
    const to = heirOf(from);
    if (to !== undefined) changed = redirectConstraints(changed, { from, to });
  }
  return changed;
}

/** Lets the constraints that name one resource name another. */
export function redirectConstraints(cib: XmlElement, names: Names): XmlElement {
  const entries = entriesOf(cib).map((entry): Entry => {
    if (entry.kind === 'other' || !isConstraint(entry.kind)) return entry;
    const element = renameReferences(entry.element, names);
    return element === entry.element ? entry : { ...entry, element };
  });
  return withEntries(cib, entries);
}

/** The object without what is gone, or nothing where it cannot be without. */
function withoutReferences(object: CrmObject, gone: ReadonlySet<string>): CrmObject | undefined {
  for (const [name, value] of attributePairs(object.element)) {
    if (REFERENCES.includes(name) && gone.has(value)) return undefined;
    if (name === 'node' && gone.has(`node ${value}`)) return undefined;
  }
  const left = prune(object.element, gone);
  if (left === object.element) return object;
  const hadMembers = isContainer(object.kind) && memberIds(object).length > 0;
  const pruned = { ...object, element: left };
  if (hadMembers && memberIds(pruned).length === 0) return undefined;
  if (object.kind === 'tag' && left.children.length === 0) return undefined;
  const hadSets = object.element.children.some(one => one.name === 'resource_set');
  const references = left.children.flatMap(set => (set.name === 'resource_set' ? set.children : []));
  const fewest = object.kind === 'colocation' || object.kind === 'order' ? 2 : 1;
  if (hadSets && references.length < fewest) return undefined;
  return { ...pruned, element: withoutSets(left) };
}

/** Sets of which two resources are left say no more than a pair does. */
function withoutSets(constraint: XmlElement): XmlElement {
  const sets = constraint.children.filter(one => one.name === 'resource_set');
  const names = PAIRS[constraint.name];
  const members = sets.flatMap(set => set.children.map(one => ({ set, id: idOf(one) ?? '' })));
  const [first, second] = members;
  if (names === undefined || first === undefined || second === undefined || members.length !== 2)
    return constraint;
  const isOneSet = first.set === second.set;
  if (isOneSet && attribute(first.set, 'sequential') === 'false') return constraint;
  // Within a set the later member depends on the earlier; between sets, and in a pair, it is the other way.
  const [one, other] = isOneSet && constraint.name === 'rsc_colocation' ? [second, first] : [first, second];
  const pair = {
    [names.first]: one.id,
    [names.firstQualifier]: attribute(one.set, names.qualifier),
    [names.second]: other.id,
    [names.secondQualifier]: attribute(other.set, names.qualifier),
  };
  const others = constraint.children.filter(part => part.name !== 'resource_set');
  return withAttributes({ ...constraint, children: others }, pair);
}

const PAIRS: Readonly<
  Record<
    string,
    {
      readonly first: string;
      readonly firstQualifier: string;
      readonly second: string;
      readonly secondQualifier: string;
      readonly qualifier: string;
    }
  >
> = {
  rsc_colocation: {
    first: 'rsc',
    firstQualifier: 'rsc-role',
    second: 'with-rsc',
    secondQualifier: 'with-rsc-role',
    qualifier: 'role',
  },
  rsc_order: {
    first: 'first',
    firstQualifier: 'first-action',
    second: 'then',
    secondQualifier: 'then-action',
    qualifier: 'action',
  },
};

function prune(one: XmlElement, gone: ReadonlySet<string>): XmlElement {
  const children = one.children
    .filter(part => !(REFERENCE_ELEMENTS.includes(part.name) && gone.has(idOf(part) ?? '')))
    .map(part => prune(part, gone))
    .filter(part => part.name !== 'resource_set' || part.children.length > 0);
  const same =
    children.length === one.children.length && children.every((part, at) => part === one.children[at]);
  return same ? one : { ...one, children };
}

/** The configuration with one object called otherwise, in all that refers to it; nothing if that cannot be. */
export function renameObject(
  cib: XmlElement,
  { from, to }: { readonly from: string; readonly to: string },
): { readonly cib: XmlElement } | { readonly problem: string } {
  const objects = objectsOf(cib);
  const object = objects.find(one => one.id === from);
  if (object === undefined) return { problem: `there is no object ${from}` };
  if (object.kind === 'node') return { problem: `${from} is a node: its name comes from the cluster layer` };
  if (objects.some(one => one.id === to && one.kind !== 'node'))
    return { problem: `there is an object ${to} already` };
  const entries = entriesOf(cib).map((entry): Entry => {
    if (entry.kind === 'other') return entry;
    const renamed = renameReferences(entry.element, { from, to });
    if (entry !== object && keyOf(entry) !== keyOf(object)) return { ...entry, element: renamed };
    return { ...entry, id: to, element: renameParts(withAttribute(renamed, 'id', to), { from, to }) };
  });
  return { cib: withEntries(cib, entries) };
}

export interface Names {
  readonly from: string;
  readonly to: string;
}

function renameReferences(one: XmlElement, { from, to }: Names): XmlElement {
  let changed = one;
  for (const name of REFERENCES) {
    if (attribute(changed, name) === from) changed = withAttribute(changed, name, to);
  }
  if (REFERENCE_ELEMENTS.includes(one.name) && idOf(one) === from) changed = withAttribute(changed, 'id', to);
  const devices = one.name === 'fencing-level' ? attribute(one, 'devices') : undefined;
  if (devices?.split(',').includes(from)) {
    const list = devices.split(',').map(device => (device === from ? to : device));
    changed = withAttribute(changed, 'devices', list.join(','));
  }
  const children = one.children.map(part => renameReferences(part, { from, to }));
  return children.every((part, at) => part === one.children[at]) ? changed : { ...changed, children };
}

/** Ids that were made from the old name are made from the new one. */
function renameParts(one: XmlElement, { from, to }: Names): XmlElement {
  const children = one.children.map(part => {
    const id = idOf(part);
    const own = id?.startsWith(`${from}-`) && !REFERENCE_ELEMENTS.includes(part.name);
    const named = own ? withAttribute(part, 'id', `${to}${id?.slice(from.length)}`) : part;
    return renameParts(named, { from, to });
  });
  return { ...one, children };
}

/** The configuration emptied: nodes stay unless they are asked for. */
export function eraseObjects(cib: XmlElement, { nodes }: { readonly nodes: boolean }): XmlElement {
  return withEntries(
    cib,
    entriesOf(cib).filter(entry => entry.kind === 'node' && !nodes),
  );
}

/** `modgroup`: adds a member to a group or takes one away. */
export function changeGroup(
  cib: XmlElement,
  group: string,
  change: { readonly add: string; readonly at: number } | { readonly remove: string },
): { readonly cib: XmlElement } | { readonly problem: string } {
  const objects = objectsOf(cib);
  const found = objects.find(one => one.id === group);
  if (found?.kind !== 'group') return { problem: `there is no group ${group}` };
  const members = [...memberIds(found)];
  if ('add' in change) {
    const one = objects.find(object => object.id === change.add);
    if (one === undefined || !isResource(one.kind)) return { problem: `there is no resource ${change.add}` };
    if (one.kind !== 'primitive') return { problem: `${change.add} is no primitive` };
    if (objects.some(other => memberIds(other).includes(change.add))) {
      return { problem: `${change.add} is a member of a group or clone already` };
    }
    members.splice(change.at, 0, change.add);
  } else {
    const at = members.indexOf(change.remove);
    if (at < 0) return { problem: `${change.remove} is no member of ${group}` };
    if (members.length === 1)
      return { problem: `${change.remove} is the last member: delete the group instead` };
    members.splice(at, 1);
  }
  const others = found.element.children.filter(part => part.name !== MEMBER);
  const references = members.map(id => ({ name: MEMBER, attributes: ['id', id], children: [] }));
  const changed = { ...found.element, children: [...others, ...references] };
  const entries = entriesOf(cib).map(entry =>
    entry.kind === 'group' && entry.id === group ? { ...entry, element: changed } : entry,
  );
  return { cib: withEntries(cib, entries) };
}
