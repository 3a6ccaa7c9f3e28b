/** A configuration as text in crm syntax: `configure show`. */
import { attribute, element, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { canonical } from './canonical.ts';
import { identify, isReference } from './identify.ts';
import { type CrmObject, memberIds, type ObjectKind, objectsOf } from './objects.ts';
import { type Paint, PLAIN } from './paint.ts';
import { readConfiguration } from './read.ts';
import { type Layout, writeAsXml, writeObject } from './write.ts';
import type { WriteContext } from './write-attributes.ts';

const KIND_ORDER: readonly (readonly ObjectKind[])[] = [
  ['node'],
  ['rsc_template'],
  ['primitive'],
  ['bundle'],
  ['group'],
  ['ms'],
  ['clone'],
  ['tag'],
  ['location', 'colocation', 'order'],
  ['fencing_topology'],
  ['rsc_ticket'],
  ['property'],
  ['rsc_defaults'],
  ['op_defaults'],
  ['role'],
  ['user', 'acl_target', 'acl_group'],
  ['alert'],
];

const rankOf = (kind: ObjectKind): number => KIND_ORDER.findIndex(kinds => kinds.includes(kind));

/** As `show` lists them: by kind, and within it by id, unless the order of the document is asked for. */
function displayOrder(objects: readonly CrmObject[], sorted = true): readonly CrmObject[] {
  return [...objects].sort((a, b) => {
    const byRank = rankOf(a.kind) - rankOf(b.kind);
    // Defaults take effect in their order: it is kept.
    if (byRank !== 0 || !sorted || a.kind.endsWith('_defaults')) return byRank;
    const [left, right] = [idOf(a.element) ?? a.id, idOf(b.element) ?? b.id];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

export interface ShowOptions {
  readonly layout?: Layout;
  readonly paint?: Paint;
  readonly sorted?: boolean;
  /** Only these objects, in the order of the listing. */
  readonly only?: (object: CrmObject) => boolean;
}

/** Text that reads back to the same configuration. An empty text if there is nothing to show. */
export function showConfiguration(cib: XmlElement, options: ShowOptions = {}): string {
  const { layout = 'lines', paint = PLAIN, only = () => true } = options;
  const objects = objectsOf(cib);
  const byId = new Map(objects.map(object => [object.id, object]));
  const context = contextOf(cib, paint);
  const insideXml = new Set<string>();
  const texts = new Map<CrmObject, string>();
  // An object that has no words in crm syntax is shown as XML, and a container then brings its members along.
  for (const object of objects) {
    if (!only(object) || insideXml.has(object.id)) continue;
    const text = textOf(object, context, layout);
    if (text === undefined) for (const id of membersBelow(object, byId)) insideXml.add(id);
    texts.set(object, text ?? writeAsXml(wholeOf(object, byId), context, layout));
  }
  return displayOrder([...texts.keys()], options.sorted)
    .filter(object => !insideXml.has(object.id))
    .map(object => `${texts.get(object)}\n`)
    .join('');
}

export function contextOf(cib: XmlElement, paint: Paint = PLAIN): WriteContext {
  const referenced = new Set<string>();
  const nodes: string[] = [];
  const configuration = cib.children.find(one => one.name === 'configuration') ?? cib;
  for (const one of walk(configuration)) {
    const reference = attribute(one, 'id-ref');
    if (reference !== undefined) referenced.add(reference);
    if (one.name === 'node') nodes.push(attribute(one, 'uname') ?? '');
  }
  return { referenced, nodes, paint };
}

/** Crm syntax of the object, if it says all that the object says. */
function textOf(object: CrmObject, context: WriteContext, layout: Layout): string | undefined {
  const defaults = object.element.name === 'meta_attributes' ? { defaults: object.kind } : {};
  const plain = writeObject(object.element, { ...context, paint: PLAIN }, { layout, ...defaults });
  if (plain === undefined || !saysAll(plain, object, context)) return undefined;
  if (context.paint === PLAIN) return plain;
  return writeObject(object.element, context, { layout, ...defaults });
}

function saysAll(text: string, object: CrmObject, { nodes }: WriteContext): boolean {
  const { statements, problems } = readConfiguration(text, { nodes });
  const [statement, ...more] = statements;
  if (problems.length > 0 || statement === undefined || more.length > 0) return false;
  const isWrapped = object.element.name === 'meta_attributes';
  const old: XmlElement = isWrapped
    ? { name: object.kind, attributes: [], children: [object.element] }
    : object.element;
  const read = identify(statement.element, { old, taken: new Set() });
  return canonical(read) === canonical(old);
}

function* membersBelow(object: CrmObject, byId: ReadonlyMap<string, CrmObject>): Generator<string> {
  for (const id of memberIds(object)) {
    yield id;
    const member = byId.get(id);
    if (member !== undefined) yield* membersBelow(member, byId);
  }
}

/** The object with its members in it, and defaults in their section: as an `xml` statement has it. */
function wholeOf(object: CrmObject, byId: ReadonlyMap<string, CrmObject>): XmlElement {
  if (object.element.name === 'meta_attributes') return element(object.kind, {}, [object.element]);
  if (memberIds(object).length === 0) return object.element;
  return {
    ...object.element,
    children: object.element.children.map(part => {
      const id = part.name === 'crmsh-ref' ? attribute(part, 'id') : undefined;
      const member = id === undefined ? undefined : byId.get(id);
      return member === undefined ? part : wholeOf(member, byId);
    }),
  };
}

/** All ids that an element and its parts have, references left out. */
export function idsIn(one: XmlElement): readonly string[] {
  const ids: string[] = [];
  for (const part of walk(one)) {
    const id = attribute(part, 'id');
    if (id !== undefined && !isReference(part)) ids.push(id);
  }
  return ids;
}
