import { changeAt, findPath, removeAt } from '../../core/xml/edit.ts';
import { attribute, child, withAttribute, withChildren, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';

/** The document as an administrator left it who changed a thing or two meanwhile. */
export function revise(draw: Draw, cib: XmlElement): XmlElement {
  switch (draw.below(3)) {
    case 0:
      return withoutUnmentioned(draw, cib);
    case 1:
      return withOtherValue(draw, cib);
    default:
      return withoutConstraint(draw, cib);
  }
}

/** Takes out a resource that nothing else in the configuration names. */
function withoutUnmentioned(draw: Draw, cib: XmlElement): XmlElement {
  const section = findPath(cib, one => one.name === 'resources');
  if (section === undefined) return cib;
  const configuration = child(cib, 'configuration');
  const mentioned = new Set(configuration === undefined ? [] : values(configuration));
  const list = resourcesOf(cib);
  const candidates = list.filter(one => ![...ids(one)].some(id => mentioned.has(id)));
  if (candidates.length === 0) return cib;
  return removeAt(cib, [...section, list.indexOf(draw.pick(candidates))]);
}

const resourcesOf = (cib: XmlElement): readonly XmlElement[] => {
  const configuration = child(cib, 'configuration');
  return (configuration && child(configuration, 'resources'))?.children ?? [];
};

function* ids(of: XmlElement): Generator<string> {
  const id = attribute(of, 'id');
  if (id !== undefined && of.name !== 'nvpair' && of.name !== 'op') yield id;
  for (const one of of.children) yield* ids(one);
}

/** Values of all attributes but `id`. */
function* values(of: XmlElement): Generator<string> {
  for (let at = 0; at < of.attributes.length; at += 2) {
    if (of.attributes[at] !== 'id') yield of.attributes[at + 1] as string;
    else if (of.name === 'resource_ref' || of.name === 'obj_ref') yield of.attributes[at + 1] as string;
  }
  for (const one of of.children) yield* values(one);
}

const OTHER: Readonly<Record<string, readonly string[]>> = {
  state: ['/run/c'],
  'target-role': ['Started', 'Stopped'],
  'is-managed': ['true', 'false'],
  'clone-max': ['1', '2', '4'],
  'resource-stickiness': ['0', '1000'],
};

function withOtherValue(draw: Draw, cib: XmlElement): XmlElement {
  const name = draw.pick(Object.keys(OTHER));
  const path = findPath(cib, one => one.name === 'nvpair' && attribute(one, 'name') === name);
  if (path === undefined) return cib;
  return changeAt(cib, path, pair => withAttribute(pair, 'value', draw.pick(OTHER[name] ?? ['0'])));
}

function withoutConstraint(draw: Draw, cib: XmlElement): XmlElement {
  const path = findPath(cib, one => one.name === 'constraints');
  if (path === undefined) return cib;
  return changeAt(cib, path, section => {
    if (section.children.length === 0) return section;
    return withChildren(section, section.children.toSpliced(draw.below(section.children.length), 1));
  });
}
