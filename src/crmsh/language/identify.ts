/**
 * Gives every element that was read from crm syntax its id. What the old element calls a part that is still there
 * stays its name, so that an edit of one attribute changes one attribute; the other ids are made from the names on
 * the way down (`p1-meta_attributes-target-role`), with `-0`, `-1` … where a name is taken.
 */
import { attribute, COMMENT, idOf, withAttribute, type XmlElement } from '../../core/xml/element.ts';

const SETS = ['instance_attributes', 'meta_attributes', 'utilization', 'cluster_property_set'];
const EXPRESSIONS = ['expression', 'date_expression', 'rsc_expression', 'op_expression'];
/** Parts that are called after their owner alone. */
const PLAIN_PARTS = [
  'resource_set',
  'fencing-level',
  'acl_permission',
  'attribute',
  'port-mapping',
  'storage-mapping',
];

/** The sets that crm syntax means when it names none. */
const DEFAULT_SETS: Readonly<Record<string, string>> = {
  crm_config: 'cib-bootstrap-options',
  rsc_defaults: 'rsc-options',
  op_defaults: 'op-options',
};

export interface IdentifyOptions {
  /** The element that this one takes the place of. */
  readonly old?: XmlElement;
  /** Ids that are in use elsewhere; the new ones are added. */
  readonly taken: Set<string>;
}

export function identify(read: XmlElement, { old, taken }: IdentifyOptions): XmlElement {
  const counterpart = new Map<XmlElement, XmlElement>();
  if (old !== undefined) match(read, old, counterpart);
  for (const one of counterpart.values()) {
    const id = idOf(one);
    if (id !== undefined && !isReference(one)) taken.add(id);
  }
  return assign(read, '', { taken, counterpart });
}

interface Naming {
  readonly taken: Set<string>;
  readonly counterpart: ReadonlyMap<XmlElement, XmlElement>;
}

function assign(one: XmlElement, owner: string, naming: Naming): XmlElement {
  if (one.name === COMMENT || isReference(one)) return one;
  const named = withId(one, owner, naming);
  const below = ownerName(named, owner);
  const id = idOf(named);
  if (id !== undefined) naming.taken.add(id);
  const children = one.children.map(part => assign(part, below, naming));
  return children.every((part, at) => part === one.children[at]) ? named : { ...named, children };
}

function withId(one: XmlElement, owner: string, { taken, counterpart }: Naming): XmlElement {
  if (idOf(one) !== undefined || attribute(one, 'id-ref') !== undefined) return one;
  const base = baseName(one, owner);
  if (base === undefined) return one;
  const old = counterpart.get(one);
  const kept = old === undefined ? undefined : idOf(old);
  return withAttribute(one, 'id', kept ?? freshId(base, taken));
}

/** The name that an element gets if nothing else is so called; nothing, if it has no id of its own. */
function baseName(one: XmlElement, owner: string): string | undefined {
  const { name } = one;
  if (SETS.includes(name))
    return DEFAULT_SETS[owner] ?? (owner === '' ? DEFAULT_SETS.crm_config : `${owner}-${name}`);
  if (name === 'nvpair') return `${owner}-${attribute(one, 'name')}`;
  if (name === 'op') return `${owner}-${attribute(one, 'name')}-${attribute(one, 'interval')}`;
  if (name === 'rule') return `${owner}-rule`;
  if (EXPRESSIONS.includes(name)) return `${owner}-expression`;
  if (name === 'duration' || name === 'date_spec') return `${owner}-${name}`;
  if (name === 'node') return attribute(one, 'uname');
  return PLAIN_PARTS.includes(name) ? owner : undefined;
}

/** What the parts of an element are called after. */
function ownerName(named: XmlElement, owner: string): string {
  if (named.name === 'node') return attribute(named, 'uname') ?? owner;
  if (named.name === 'fencing-topology') return 'fencing';
  if (named.name === 'select' || named.name === 'network' || named.name === 'storage') return owner;
  if (named.name.startsWith('select_')) return owner;
  if (named.name in DEFAULT_SETS) return named.name;
  return idOf(named) ?? owner;
}

export function freshId(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  for (let at = 0; ; at++) {
    const id = `${base}-${at}`;
    if (!taken.has(id)) return id;
  }
}

const REFERENCES = ['resource_ref', 'obj_ref', 'role_ref', 'role', 'crmsh-ref'];

/** Elements whose `id` names another one. */
export const isReference = (one: XmlElement): boolean => REFERENCES.includes(one.name);

/** Pairs the parts of a new element with those of the old one: the same content first, then the same name. */
function match(read: XmlElement, old: XmlElement, counterpart: Map<XmlElement, XmlElement>): void {
  counterpart.set(read, old);
  const fresh = read.children.filter(one => one.name !== COMMENT && one.name !== 'crmsh-ref');
  const former = new Set(old.children.filter(one => one.name !== COMMENT));
  const open = new Set(fresh);
  for (const keyOf of [explicitId, signature, identity, looseIdentity]) {
    const byKey = new Map<string, XmlElement[]>();
    for (const one of former) {
      const key = keyOf(one);
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), one]);
    }
    for (const one of open) {
      const key = keyOf(one);
      const found = key === undefined ? undefined : byKey.get(key)?.shift();
      if (found === undefined || contradicts(one, found)) continue;
      open.delete(one);
      former.delete(found);
      match(one, found, counterpart);
    }
  }
}

const contradicts = (one: XmlElement, found: XmlElement): boolean =>
  idOf(one) !== undefined && idOf(one) !== idOf(found);

const explicitId = (one: XmlElement): string | undefined => {
  const id = idOf(one);
  return id === undefined ? undefined : `${one.name} ${id}`;
};

/** All of an element but its ids. */
function signature(one: XmlElement): string {
  const attributes: string[] = [];
  for (let at = 0; at < one.attributes.length; at += 2) {
    if (one.attributes[at] === 'id' && !isReference(one)) continue;
    attributes.push(JSON.stringify([one.attributes[at], one.attributes[at + 1]]));
  }
  const children = one.children.filter(part => part.name !== COMMENT).map(signature);
  return `${one.name}(${attributes.sort().join()})[${children.join()}]`;
}

function identity(one: XmlElement): string | undefined {
  const words = IDENTITY[one.name];
  if (words === undefined) return undefined;
  return [one.name, ...words.map(word => attribute(one, word) ?? '')].join(' ');
}

const SAME_KIND: readonly string[] = [];

/** The attributes that make a part the same part though its other attributes changed. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  nvpair: ['name', 'id-ref'],
  op: ['name', 'interval', 'role'],
  expression: ['attribute', 'operation'],
  'fencing-level': ['index', 'target', 'target-pattern', 'target-attribute', 'target-value'],
  recipient: ['value'],
  'port-mapping': ['port', 'range'],
  'storage-mapping': ['target-dir'],
  attribute: ['name'],
  operations: SAME_KIND,
  instance_attributes: SAME_KIND,
  meta_attributes: SAME_KIND,
  utilization: SAME_KIND,
  cluster_property_set: SAME_KIND,
  rule: SAME_KIND,
  date_expression: SAME_KIND,
  duration: SAME_KIND,
  date_spec: SAME_KIND,
  resource_set: SAME_KIND,
  select: SAME_KIND,
  select_attributes: SAME_KIND,
  network: SAME_KIND,
  storage: SAME_KIND,
};

function looseIdentity(one: XmlElement): string | undefined {
  if (one.name === 'op') return `op ${attribute(one, 'name')} ${attribute(one, 'interval')}`;
  return undefined;
}
