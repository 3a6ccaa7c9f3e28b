import { withChildren, type XmlElement } from '../../xml/element.ts';

type Change = (of: XmlElement) => XmlElement | readonly XmlElement[];

/**
 * The tree with every element, children first, replaced by what `change` makes of it: none, one or several.
 * Branches in which nothing changes stay the same by reference.
 */
export const rewrite = (one: XmlElement, change: Change): XmlElement =>
  rewriteChildren(one, each => change(rewrite(each, change)));

/** The same for the children alone. */
export function rewriteChildren(one: XmlElement, change: Change): XmlElement {
  const { children } = one;
  const rewritten = children.flatMap(change);
  const isSame = rewritten.length === children.length && rewritten.every((each, at) => each === children[at]);
  return isSame ? one : withChildren(one, rewritten);
}

/** The element under another name, or with attributes under other names. */
export const renamed = (
  one: XmlElement,
  { name = one.name, attributes = {} }: { name?: string; attributes?: Readonly<Record<string, string>> },
): XmlElement => ({
  ...one,
  name,
  attributes: one.attributes.map((word, at) => (at % 2 === 0 ? (attributes[word] ?? word) : word)),
});
