/** One value in the attribute lists of an object: what `resource param` and `node attribute` show and set. */
import { attribute, element, idOf, withAttribute, type XmlElement } from '../../core/xml/element.ts';
import { freshId } from './identify.ts';
import { entriesOf, keyOf, type ObjectKind, withEntries } from './objects.ts';
import { idsIn } from './show.ts';

export interface AttributePlace {
  readonly kind: ObjectKind;
  readonly object: string;
  /** `meta_attributes`, `instance_attributes` or `utilization`. */
  readonly set: string;
  readonly name: string;
}

const setsOf = (of: XmlElement, name: string): readonly XmlElement[] =>
  of.children.filter(one => one.name === name && attribute(one, 'id-ref') === undefined);

const isNamed =
  (name: string) =>
  (one: XmlElement): boolean =>
    one.name === 'nvpair' && attribute(one, 'name') === name;

/** The first value of that name in the object's own lists. */
export function attributeValue(of: XmlElement, set: string, name: string): string | undefined {
  for (const one of setsOf(of, set)) {
    const pair = one.children.find(isNamed(name));
    if (pair !== undefined) return attribute(pair, 'value');
  }
  return undefined;
}

/** The configuration with the value set, or taken away (`undefined`) wherever it stands in those lists. */
export function withAttributeValue(
  cib: XmlElement,
  place: AttributePlace,
  value: string | undefined,
): XmlElement {
  const entries = entriesOf(cib).map(entry => {
    if (entry.kind === 'other' || keyOf(entry) !== keyOf({ kind: place.kind, id: place.object }))
      return entry;
    const changed =
      value === undefined ? without(entry.element, place) : withValue(entry.element, place, { value, cib });
    return changed === entry.element ? entry : { ...entry, element: changed };
  });
  return withEntries(cib, entries);
}

function without(of: XmlElement, { set, name }: AttributePlace): XmlElement {
  let isChanged = false;
  const children = of.children.flatMap(one => {
    if (one.name !== set || !one.children.some(isNamed(name))) return [one];
    isChanged = true;
    const left = one.children.filter(pair => !isNamed(name)(pair));
    return left.length === 0 ? [] : [{ ...one, children: left }];
  });
  return isChanged ? { ...of, children } : of;
}

function withValue(
  of: XmlElement,
  { set, name }: AttributePlace,
  { value, cib }: { readonly value: string; readonly cib: XmlElement },
): XmlElement {
  const holder =
    setsOf(of, set).find(one => one.children.some(isNamed(name))) ?? setsOf(of, set).find(isPlain);
  const taken = new Set(entriesOf(cib).flatMap(entry => idsIn(entry.element)));
  if (holder === undefined) {
    const id = freshId(`${attribute(of, 'uname') ?? idOf(of)}-${set}`, taken);
    const pair = element('nvpair', { id: freshId(`${id}-${name}`, taken), name, value });
    return withSet(of, element(set, { id }, [pair]));
  }
  const found = holder.children.find(isNamed(name));
  const pair =
    found === undefined
      ? element('nvpair', { id: freshId(`${idOf(holder)}-${name}`, taken), name, value })
      : withAttribute(found, 'value', value);
  const pairs =
    found === undefined
      ? [...holder.children, pair]
      : holder.children.map(one => (one === found ? pair : one));
  return { ...of, children: of.children.map(one => (one === holder ? { ...one, children: pairs } : one)) };
}

/** A list that holds always. */
const isPlain = (set: XmlElement): boolean => !set.children.some(one => one.name === 'rule');

/** The schema wants lists before members. */
function withSet(of: XmlElement, set: XmlElement): XmlElement {
  const at = of.children.findIndex(one => one.name === 'crmsh-ref' || one.name === 'operations');
  return { ...of, children: at < 0 ? [...of.children, set] : of.children.toSpliced(at, 0, set) };
}
