import { attribute, child, type XmlElement } from '../xml/element.ts';

/** The configuration's elements by id, to resolve `id-ref`. */
export type IdIndex = Pick<ReadonlyMap<string, XmlElement>, 'get'>;

const indexes = new WeakMap<XmlElement, ReadonlyMap<string, XmlElement>>();

/** Made once for a document, when it is first asked: most documents have no reference at all. */
export const idIndex = (cib: XmlElement): IdIndex => ({ get: id => indexed(cib).get(id) });

function indexed(cib: XmlElement): ReadonlyMap<string, XmlElement> {
  const known = indexes.get(cib);
  if (known !== undefined) return known;
  const index = new Map<string, XmlElement>();
  const collect = (from: XmlElement) => {
    const id = attribute(from, 'id');
    if (id !== undefined && !index.has(id)) index.set(id, from);
    for (const one of from.children) collect(one);
  };
  collect(child(cib, 'configuration') ?? cib);
  indexes.set(cib, index);
  return index;
}

/** What an element stands for: itself, or the element of the same name that its `id-ref` names, if there is one. */
export function resolveReference(of: XmlElement, ids: IdIndex | undefined): XmlElement {
  const reference = attribute(of, 'id-ref');
  if (reference === undefined) return of;
  const target = ids?.get(reference);
  return target?.name === of.name ? target : of;
}
