/** Changes to a configuration, as whole objects: what `configure` does before anything is committed. */
import { attribute, element, idOf, withAttribute, type XmlElement } from '../../core/xml/element.ts';
import { canonical } from './canonical.ts';
import { isModern, modernized } from './dialect.ts';
import { restoreValues } from './hidden.ts';
import { freshId, identify } from './identify.ts';
import {
  type CrmObject,
  type Entry,
  entriesOf,
  isAttributeSet,
  keyOf,
  type ObjectKind,
  splitMembers,
  withEntries,
} from './objects.ts';
import type { ReadStatement } from './read.ts';
import { idsIn } from './show.ts';
import type { SyntaxProblem } from './split.ts';

/**
 * `create`: new objects only, but properties and defaults are merged. `update`: objects take the place of those of
 * the same id. `replace`: like update, and what is not mentioned goes, except nodes, which are the cluster's.
 * `push`: like replace, but properties and defaults are merged. `edit`: like update, but nothing is merged.
 */
export type LoadMethod = 'create' | 'update' | 'replace' | 'push' | 'edit';

export interface Edited {
  readonly cib: XmlElement;
  readonly problems: readonly SyntaxProblem[];
}

export function applyStatements(
  cib: XmlElement,
  statements: readonly ReadStatement[],
  method: LoadMethod,
): Edited {
  const edit = new Edit(cib, method);
  for (const statement of statements) edit.apply(statement);
  return edit.finish();
}

class Edit {
  readonly #cib: XmlElement;
  readonly #method: LoadMethod;
  readonly #isModern: boolean;
  readonly #entries: Entry[];
  readonly #places = new Map<string, number>();
  readonly #taken: Set<string>;
  readonly #mentioned = new Set<string>();
  readonly #problems: SyntaxProblem[] = [];

  constructor(cib: XmlElement, method: LoadMethod) {
    this.#cib = cib;
    this.#method = method;
    this.#isModern = isModern(cib);
    this.#entries = [...entriesOf(cib)];
    this.#entries.forEach((entry, at) => {
      if (entry.kind !== 'other') this.#places.set(keyOf(entry), at);
    });
    this.#taken = new Set(this.#entries.flatMap(entry => idsIn(entry.element)));
  }

  apply({ element: given, line }: ReadStatement): void {
    const read = this.#isModern ? modernized(given) : given;
    if (read.name === 'op') this.#addOperation(read, line);
    else if (read.name === 'rsc_defaults' || read.name === 'op_defaults') {
      for (const set of read.children) this.#put({ kind: read.name, id: '', element: set }, line);
    } else {
      const objects = splitMembers(read);
      if (objects.length === 0) this.#fail(line, read.name, 'the configuration has no such objects');
      for (const object of objects) this.#put(object, line);
    }
  }

  finish(): Edited {
    const drops = this.#method === 'replace' || this.#method === 'push';
    const kept = this.#entries.filter(
      entry => !drops || entry.kind === 'other' || this.#keeps(entry) || this.#mentioned.has(keyOf(entry)),
    );
    const resolved = resolveObjects(kept);
    return { cib: withEntries(this.#cib, resolved), problems: this.#problems };
  }

  #keeps({ kind }: CrmObject): boolean {
    return kind === 'node' || (this.#method === 'push' && isAttributeSet(kind));
  }

  #fail(line: number, word: string, message: string): void {
    this.#problems.push({ line, word, message });
  }

  #put(read: CrmObject, line: number): void {
    const object = isAttributeSet(read.kind) ? this.#named(read) : read;
    const place = this.#places.get(keyOf(object));
    const found = place === undefined ? undefined : this.#entries[place];
    const old = found?.kind === 'other' ? undefined : found;
    if (old !== undefined && old.kind !== object.kind && !canTurn(old.kind, object.kind)) {
      this.#fail(line, object.id, `there is a ${old.kind} of this id already`);
      return;
    }
    const again = this.#mentioned.has(keyOf(object)) && !isAttributeSet(object.kind);
    if (again || (old !== undefined && this.#method === 'create' && !isAttributeSet(object.kind))) {
      this.#fail(line, object.id, again ? 'this object is defined twice' : 'this object exists already');
      return;
    }
    this.#mentioned.add(keyOf(object));
    const hidden: string[] = [];
    const whole = { ...object, element: restoreValues(object.element, old?.element, hidden) };
    for (const name of hidden)
      this.#fail(line, name, `the value is hidden, and ${object.id} has none to keep`);
    const element = this.#elementFor(whole, old);
    const entry: Entry = { kind: object.kind, id: object.id, element };
    if (place === undefined) this.#places.set(keyOf(object), this.#entries.push(entry) - 1);
    else this.#entries[place] = entry;
  }

  /** Properties and defaults without a name of their set: the usual set, or the one that there is. */
  #named(object: CrmObject): CrmObject {
    const given = idOf(object.element);
    const sets = this.#entries.filter(entry => entry.kind === object.kind) as readonly CrmObject[];
    const usual = USUAL_SETS[object.kind] as string;
    const only = sets.length === 1 && !sets.some(set => set.id === usual) ? sets[0]?.id : undefined;
    const id = given ?? only ?? usual;
    return { ...object, id, element: withAttribute(object.element, 'id', id) };
  }

  #elementFor(object: CrmObject, old: CrmObject | undefined): XmlElement {
    const { element: read, kind } = object;
    const isWhole = this.#method === 'replace' || this.#method === 'edit';
    const merges = isAttributeSet(kind) && (!isWhole || this.#mergedBefore(object));
    const wanted = merges && old !== undefined ? mergedSet(old.element, read) : read;
    for (const id of old === undefined ? [] : idsIn(old.element)) this.#taken.delete(id);
    if (idOf(wanted) !== undefined) this.#taken.add(idOf(wanted) as string);
    const identified = identify(
      wanted,
      old === undefined ? { taken: this.#taken } : { old: old.element, taken: this.#taken },
    );
    for (const id of idsIn(identified)) this.#taken.add(id);
    return old !== undefined && canonical(identified) === canonical(old.element) ? old.element : identified;
  }

  /** A set that this text has begun is continued by a second statement for it. */
  readonly #begun = new Set<string>();

  #mergedBefore(object: CrmObject): boolean {
    if (this.#begun.has(object.id)) return true;
    this.#begun.add(object.id);
    return false;
  }

  /** `monitor RSC …` adds an operation to a resource that is there. */
  #addOperation(read: XmlElement, line: number): void {
    const rsc = attribute(read, 'rsc') ?? '';
    const place = this.#places.get(rsc);
    const found = place === undefined ? undefined : this.#entries[place];
    if (place === undefined || found?.kind !== 'primitive') {
      this.#fail(line, rsc, 'there is no such primitive');
      return;
    }
    const base = `${rsc}-monitor-${attribute(read, 'interval')}`;
    const operation = withAttribute(withAttribute(read, 'rsc', undefined), 'id', freshId(base, this.#taken));
    const same = (one: XmlElement) =>
      ['name', 'interval', 'role'].every(name => attribute(one, name) === attribute(operation, name));
    const holder = found.element.children.find(one => one.name === 'operations');
    if (holder?.children.some(same)) {
      this.#fail(line, rsc, 'there is such an operation already');
      return;
    }
    const added: XmlElement = {
      ...(holder ?? element('operations')),
      children: [...(holder?.children ?? []), operation],
    };
    const children =
      holder === undefined
        ? [...found.element.children, added]
        : found.element.children.map(one => (one === holder ? added : one));
    const changed = identify({ ...found.element, children }, { old: found.element, taken: this.#taken });
    this.#entries[place] = { ...found, element: changed };
  }
}

/**
 * `$id-ref=OBJECT` means the part of that object that is of the same kind as what refers to it: its first rule, its
 * operations.
 */
function resolveObjects(entries: readonly Entry[]): readonly Entry[] {
  const objects = new Map<string, XmlElement>();
  for (const entry of entries) if (entry.kind !== 'other') objects.set(entry.id, entry.element);
  const resolve = (one: XmlElement): XmlElement => {
    const target = objects.get(attribute(one, 'id-ref') ?? '');
    const part =
      target?.name === one.name ? undefined : target?.children.find(child => child.name === one.name);
    const id = part === undefined ? undefined : idOf(part);
    if (id !== undefined) return withAttribute(one, 'id-ref', id);
    const children = one.children.map(resolve);
    return children.every((child, at) => child === one.children[at]) ? one : { ...one, children };
  };
  return entries.map(entry => {
    const element = entry.kind === 'other' ? entry.element : resolve(entry.element);
    return element === entry.element ? entry : { ...entry, element };
  });
}

const USUAL_SETS: Partial<Readonly<Record<ObjectKind, string>>> = {
  property: 'cib-bootstrap-options',
  rsc_defaults: 'rsc-options',
  op_defaults: 'op-options',
};

/** A clone may become promotable and the other way round; a user a target. */
const canTurn = (from: ObjectKind, to: ObjectKind): boolean =>
  [from, to].every(kind => kind === 'clone' || kind === 'ms' || kind === 'group') ||
  [from, to].every(kind => kind === 'user' || kind === 'acl_target') ||
  [from, to].every(
    kind => kind === 'location' || kind === 'colocation' || kind === 'order' || kind === 'rsc_ticket',
  );

/** The old set with the new values in it; new rules take the place of the old ones. */
function mergedSet(old: XmlElement, fresh: XmlElement): XmlElement {
  const isNamed = (name: string | undefined) => (one: XmlElement) =>
    one.name === 'nvpair' && name !== undefined && attribute(one, 'name') === name;
  const rules = fresh.children.filter(one => one.name === 'rule');
  let children =
    rules.length === 0 ? [...old.children] : [...rules, ...old.children.filter(one => one.name !== 'rule')];
  for (const pair of fresh.children.filter(one => one.name === 'nvpair')) {
    const found = children.find(isNamed(attribute(pair, 'name')));
    if (found === undefined) children = [...children, pair];
    else {
      const changed = withAttribute(found, 'value', attribute(pair, 'value'));
      children = children.map(one => (one === found ? changed : one));
    }
  }
  return { ...old, children };
}
