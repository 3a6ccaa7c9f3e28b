import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { readAttributeSet } from './read-attributes.ts';
import { MEMBER } from './read-resource.ts';
import { NAME_VALUE, takeNamed } from './terms.ts';

const ENGINES = ['docker', 'podman', 'rkt'];
const ENDS = [...ENGINES, 'network', 'storage', 'meta', 'primitive'];

/** `bundle ID docker|podman … [network … [port-mapping …]…] [storage [storage-mapping …]…] [meta …] [primitive ID]`. */
export function readBundle(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const description = takeNamed(cursor, 'description');
  const children: XmlElement[] = [];
  let engine: string | undefined;
  for (;;) {
    const keyword = cursor.takeKeyword(...ENGINES, 'network', 'storage', 'meta', 'primitive');
    if (keyword === undefined) break;
    if (ENGINES.includes(keyword)) {
      if (engine !== undefined) cursor.failBefore('a bundle has one container engine');
      engine = keyword;
      children.push(element(keyword, readPlainAttributes(cursor)));
    } else if (keyword === 'network') children.push(readPart(cursor, 'network', 'port-mapping'));
    else if (keyword === 'storage') children.push(readPart(cursor, 'storage', 'storage-mapping'));
    else if (keyword === 'meta') children.push(readAttributeSet(cursor, 'meta_attributes', ENDS));
    else children.push(element(MEMBER, { id: cursor.next('the primitive') }));
  }
  if (engine === undefined) cursor.fail(`expected one of ${ENGINES.join(', ')}`);
  cursor.finish();
  return element('bundle', { id, description }, children);
}

function readPart(cursor: Cursor, name: string, mapping: string): XmlElement {
  const attributes = readPlainAttributes(cursor);
  const mappings: XmlElement[] = [];
  while (cursor.takeKeyword(mapping) !== undefined) {
    mappings.push(element(mapping, readPlainAttributes(cursor)));
  }
  return element(name, attributes, mappings);
}

function readPlainAttributes(cursor: Cursor): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let found = cursor.take(NAME_VALUE); found !== undefined; found = cursor.take(NAME_VALUE)) {
    attributes[found[1] as string] = found[2] as string;
  }
  return attributes;
}
