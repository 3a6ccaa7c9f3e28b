import { withChildren, type XmlElement } from '../../xml/element.ts';

/**
 * The tree with every element, children first, replaced by what `change` makes of it: none, one or several.
 * Branches in which nothing changes stay the same by reference.
 */
export function rewrite(
  one: XmlElement,
  change: (of: XmlElement) => XmlElement | readonly XmlElement[],
): XmlElement {
  return withChildren(one, rewriteChildren(one.children, change));
}

function rewriteChildren(
  children: readonly XmlElement[],
  change: (of: XmlElement) => XmlElement | readonly XmlElement[],
): readonly XmlElement[] {
  const rewritten = children.flatMap(one => change(rewrite(one, change)));
  const isSame = rewritten.length === children.length && rewritten.every((one, at) => one === children[at]);
  return isSame ? children : rewritten;
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
