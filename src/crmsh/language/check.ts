/** What a schema cannot say: that everything which is named is there, and that every id is there once. */
import { attribute, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { isReference } from './identify.ts';
import { type CrmObject, isConstraint, isContainer, isResource, memberIds, objectsOf } from './objects.ts';

export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Id of the object that it is about. */
  readonly object: string;
  readonly message: string;
}

export function checkReferences(cib: XmlElement): readonly Finding[] {
  const objects = objectsOf(cib);
  const known = indexOf(objects);
  return [
    ...duplicates(objects),
    ...objects.flatMap(object => [
      ...membersFound(object, known),
      ...constraintFound(object, known),
      ...referencesFound(object, known),
    ]),
  ];
}

interface Known {
  readonly resources: ReadonlySet<string>;
  readonly templates: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  /** Container of each member. */
  readonly containers: ReadonlyMap<string, readonly string[]>;
}

function indexOf(objects: readonly CrmObject[]): Known {
  const idsOf = (holds: (object: CrmObject) => boolean) =>
    new Set(objects.filter(holds).map(object => object.id));
  const containers = new Map<string, string[]>();
  const ids = new Set<string>();
  for (const object of objects) {
    for (const id of memberIds(object)) containers.set(id, [...(containers.get(id) ?? []), object.id]);
    for (const part of walk(object.element)) {
      if (!isReference(part)) ids.add(idOf(part) ?? '');
    }
  }
  return {
    resources: idsOf(object => isResource(object.kind)),
    templates: idsOf(object => object.kind === 'rsc_template'),
    nodes: idsOf(object => object.kind === 'node'),
    roles: idsOf(object => object.kind === 'role'),
    tags: idsOf(object => object.kind === 'tag'),
    objects: idsOf(() => true),
    ids,
    containers,
  };
}

const error = (object: CrmObject, message: string): Finding => ({
  severity: 'error',
  object: object.id,
  message,
});
const warning = (object: CrmObject, message: string): Finding => ({
  severity: 'warning',
  object: object.id,
  message,
});

function duplicates(objects: readonly CrmObject[]): readonly Finding[] {
  const owners = new Map<string, CrmObject>();
  const findings: Finding[] = [];
  for (const object of objects) {
    for (const part of walk(object.element)) {
      const id = idOf(part);
      if (id === undefined || isReference(part) || part.name === 'node') continue;
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, object);
      else findings.push(error(object, `the id ${id} is in use already, in ${owner.id}`));
    }
  }
  return findings;
}

function membersFound(object: CrmObject, known: Known): readonly Finding[] {
  if (!isContainer(object.kind)) return [];
  const members = memberIds(object);
  if (members.length === 0 && object.kind !== 'bundle') return [error(object, `the ${object.kind} is empty`)];
  return members.flatMap(id => {
    if (!known.resources.has(id)) return [error(object, `there is no resource ${id}`)];
    const others = (known.containers.get(id) ?? []).filter(container => container !== object.id);
    return others.length === 0 ? [] : [error(object, `${id} is a member of ${others.join(', ')} too`)];
  });
}

const RESOURCE_ATTRIBUTES = ['rsc', 'with-rsc', 'first', 'then'];

function constraintFound(object: CrmObject, known: Known): readonly Finding[] {
  if (!isConstraint(object.kind)) return [];
  const missing = (id: string | undefined) =>
    id === undefined || known.resources.has(id) || known.templates.has(id) || known.tags.has(id)
      ? []
      : [error(object, `there is no resource ${id}`)];
  const findings = RESOURCE_ATTRIBUTES.flatMap(name => missing(attribute(object.element, name)));
  for (const part of walk(object.element)) {
    if (part.name === 'resource_ref') findings.push(...missing(idOf(part)));
  }
  const node = attribute(object.element, 'node');
  if (node !== undefined && !known.nodes.has(node) && !known.resources.has(node)) {
    findings.push(warning(object, `there is no node ${node}`));
  }
  return findings;
}

function referencesFound(object: CrmObject, known: Known): readonly Finding[] {
  const findings: Finding[] = [];
  const template = attribute(object.element, 'template');
  if (template !== undefined && !known.templates.has(template)) {
    findings.push(error(object, `there is no template ${template}`));
  }
  for (const part of walk(object.element)) {
    const reference = attribute(part, 'id-ref');
    if (reference !== undefined && !known.ids.has(reference)) {
      findings.push(error(object, `nothing has the id ${reference}`));
    }
    const id = idOf(part) ?? '';
    if ((part.name === 'role' || part.name === 'role_ref') && !known.roles.has(id)) {
      findings.push(error(object, `there is no role ${id}`));
    }
    if (part.name === 'obj_ref' && !known.objects.has(id))
      findings.push(error(object, `there is no object ${id}`));
    if (part.name === 'fencing-level') findings.push(...levelFound(object, part, known));
  }
  return findings;
}

function levelFound(object: CrmObject, level: XmlElement, known: Known): readonly Finding[] {
  const devices = (attribute(level, 'devices') ?? '').split(',').filter(device => device !== '');
  return devices
    .filter(device => !known.resources.has(device))
    .map(device => warning(object, `there is no fence device ${device}`));
}
