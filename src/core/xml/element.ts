/**
 * An immutable XML element. An edit makes new elements on the path from the root to the change and shares all
 * the rest, so that a snapshot is a reference and two documents are compared by reference first.
 *
 * `attributes` is flat: name, value, name, value, in document order. Use the functions below.
 * A comment is an element with the name `COMMENT` and its words in `text`.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly children: readonly XmlElement[];
  /** Character data, all pieces joined; what is only white space between tags is none. */
  readonly text?: string;
  /** Line in the file that it was read from, from 1. */
  readonly line?: number;
}

export const COMMENT = '#comment';

export type AttributeInit = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element; attributes whose value is `undefined` are left out. */
export function element(
  name: string,
  attributes: AttributeInit = {},
  children: readonly XmlElement[] = [],
  text?: string,
): XmlElement {
  const flat: string[] = [];
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) flat.push(key, String(value));
  }
  return text === undefined
    ? { name, attributes: flat, children }
    : { name, attributes: flat, children, text };
}

export function attribute(of: XmlElement, name: string): string | undefined {
  const { attributes } = of;
  for (let at = 0; at < attributes.length; at += 2) {
    if (attributes[at] === name) return attributes[at + 1];
  }
  return undefined;
}

export const idOf = (of: XmlElement): string | undefined => attribute(of, 'id');

export function* attributePairs(of: XmlElement): Generator<readonly [name: string, value: string]> {
  for (let at = 0; at < of.attributes.length; at += 2) {
    yield [of.attributes[at] as string, of.attributes[at + 1] as string];
  }
}

/** The same element with one attribute set, in its place or at the end, or taken away (`undefined`). */
export function withAttribute(of: XmlElement, name: string, value: string | undefined): XmlElement {
  const { attributes } = of;
  for (let at = 0; at < attributes.length; at += 2) {
    if (attributes[at] !== name) continue;
    if (attributes[at + 1] === value) return of;
    const before = attributes.slice(0, at);
    const after = attributes.slice(at + 2);
    return {
      ...of,
      attributes: value === undefined ? [...before, ...after] : [...before, name, value, ...after],
    };
  }
  return value === undefined ? of : { ...of, attributes: [...attributes, name, value] };
}

export function withAttributes(of: XmlElement, changes: AttributeInit): XmlElement {
  let changed = of;
  for (const name in changes) {
    const value = changes[name];
    changed = withAttribute(changed, name, value === undefined ? undefined : String(value));
  }
  return changed;
}

export const withChildren = (of: XmlElement, children: readonly XmlElement[]): XmlElement =>
  children === of.children ? of : { ...of, children };

/** The first child of that name (and id, if given). */
export function child(of: XmlElement, name: string, id?: string): XmlElement | undefined {
  const { children } = of;
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at] as XmlElement;
    if (one.name === name && (id === undefined || attribute(one, 'id') === id)) return one;
  }
  return undefined;
}

export const childrenNamed = (of: XmlElement, name: string): readonly XmlElement[] =>
  of.children.filter(one => one.name === name);

/** The element and all below it, in document order. */
export function* walk(from: XmlElement): Generator<XmlElement> {
  yield from;
  for (const one of from.children) yield* walk(one);
}
