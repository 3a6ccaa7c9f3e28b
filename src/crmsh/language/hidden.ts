/** Secrets in a configuration that is shown: hidden in the text, and kept as they are when the text comes back. */
import { attribute, walk, withAttribute, type XmlElement } from '../../core/xml/element.ts';

const HIDDEN = '******';

export function hideValues(one: XmlElement, hides: (name: string) => boolean): XmlElement {
  const name = one.name === 'nvpair' ? attribute(one, 'name') : undefined;
  if (name !== undefined) return hides(name) ? withAttribute(one, 'value', HIDDEN) : one;
  const children = one.children.map(part => hideValues(part, hides));
  return children.every((part, at) => part === one.children[at]) ? one : { ...one, children };
}

/**
 * The element with the values that its text hid, from the element that stands there; the names of those that are
 * not to be found are added to `missing`.
 */
export function restoreValues(read: XmlElement, old: XmlElement | undefined, missing: string[]): XmlElement {
  if (read.name === 'nvpair') {
    if (attribute(read, 'value') !== HIDDEN) return read;
    const name = attribute(read, 'name') ?? '';
    const found = old === undefined ? undefined : valueIn(old, name);
    if (found === undefined) missing.push(name);
    return found === undefined ? read : withAttribute(read, 'value', found);
  }
  const children = read.children.map(part => restoreValues(part, old, missing));
  return children.every((part, at) => part === read.children[at]) ? read : { ...read, children };
}

function valueIn(one: XmlElement, name: string): string | undefined {
  for (const part of walk(one)) {
    if (part.name === 'nvpair' && attribute(part, 'name') === name) return attribute(part, 'value');
  }
  return undefined;
}
