import { parseBoolean } from '../model/boolean.ts';
import { attribute, element, withAttribute, type XmlElement } from '../xml/element.ts';
import { BareResource } from './bare-resource.ts';
import { unpackBundle } from './bundles.ts';
import { unpackClone } from './clones.ts';
import { type Draft, findResource, isGuest, type NodeDraft, type ResourceDraft, topOf } from './draft.ts';
import { natureOf } from './nature.ts';
import { createNode } from './nodes.ts';
import { allowConnection, allowEverywhere } from './places.ts';
import { expandTemplate } from './templates.ts';

const KINDS: ReadonlySet<string> = new Set(['primitive', 'group', 'clone', 'bundle']);

/** All resources of the configuration, those of guests' connections included, highest priority first. */
export function unpackResources(
  draft: Draft,
  section: XmlElement | undefined,
  more: readonly XmlElement[],
): void {
  for (const written of [...(section?.children ?? []), ...more]) {
    if (attribute(written, 'id') === undefined) continue;
    const xml = written.name === 'master' ? asPromotableClone(written) : written;
    if (xml.name === 'template') {
      const id = attribute(xml, 'id') ?? '';
      if (!draft.templates.has(id)) draft.templates.set(id, []);
      continue;
    }
    if (!KINDS.has(xml.name)) continue;
    const resource = unpackResource(draft, xml, undefined);
    if (resource !== undefined) draft.resources.push(resource);
  }
  for (const resource of draft.resources) {
    linkLaunchers(draft, resource);
    linkConnection(draft, resource);
  }
  draft.resources.sort((left, right) => right.priority - left.priority);
}

/** `master`, as configurations older than schema 3.0 have it, is a clone that is promotable. */
function asPromotableClone(master: XmlElement): XmlElement {
  const id = `${attribute(master, 'id')}-promotable`;
  const promotable = element('meta_attributes', { id }, [
    element('nvpair', { id: `${id}-pair`, name: 'promotable', value: true }),
  ]);
  return { ...master, name: 'clone', children: [promotable, ...master.children] };
}

function linkLaunchers(draft: Draft, resource: ResourceDraft): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) linkLaunchers(draft, one);
    return;
  }
  const id = resource.meta.get('container');
  if (id === undefined || id === resource.id) return;
  const launcher = findResource(draft, id);
  if (launcher === undefined) {
    draft.problems.push(`error: Resource ${resource.id}: Unknown container ${id}`);
    return;
  }
  resource.launcher = launcher;
  launcher.launched.push(resource);
}

function linkConnection(draft: Draft, resource: ResourceDraft): void {
  if (!resource.flags.remoteConnection) return;
  const node = draft.nodeByName.get(resource.id);
  if (node === undefined) return;
  node.connection = resource;
  if (resource.launcher === undefined) node.unclean = draft.options.startupFencing;
  else makeGuest(node);
}

function makeGuest(node: NodeDraft): void {
  node.kind = isGuest(node) ? 'guest' : node.kind;
  node.attributes.set('#kind', 'container');
}

/**
 * Unpacks an element and all in it; `undefined` where its configuration cannot be used. `like` is another instance of
 * the same.
 */
export function unpackResource(
  draft: Draft,
  original: XmlElement,
  parent: ResourceDraft | undefined,
  like?: ResourceDraft,
): ResourceDraft | undefined {
  const xml = expandTemplate(original, draft.resourceSection);
  if (xml === undefined) {
    draft.problems.push(`error: No template named '${attribute(original, 'template')}'`);
    return undefined;
  }
  const resource = new BareResource(xml, parent, like?.nature ?? natureOf(draft, xml, parent));
  if (!unpackContents(draft, resource, like)) return undefined;
  if (!draft.resourceById.has(resource.id)) draft.resourceById.set(resource.id, resource);
  if (draft.options.symmetric) allowEverywhere(draft, resource);
  else if (resource.flags.remoteConnection && resource.meta.has('container'))
    allowConnection(draft, resource);
  const template = attribute(original, 'template');
  if (template !== undefined) noteTemplate(draft, template, attribute(original, 'id') ?? '');
  return resource;
}

function noteTemplate({ templates }: Draft, template: string, id: string): void {
  const made = templates.get(template);
  if (made === undefined) templates.set(template, [id]);
  else if (!made.includes(id)) made.push(id);
}

function unpackContents(draft: Draft, resource: ResourceDraft, like?: ResourceDraft): boolean {
  switch (resource.kind) {
    case 'primitive':
      return unpackPrimitive(draft, resource);
    case 'group':
      return unpackGroup(draft, resource, like);
    case 'clone':
      return unpackClone(draft, resource);
    case 'bundle':
      return unpackBundle(draft, resource);
  }
}

/** Only OCF agents and fence agents tell instances apart, and only OCF agents can be promoted. */
function unpackPrimitive(draft: Draft, resource: ResourceDraft): boolean {
  const top = topOf(resource);
  const standard = resource.agent?.standard.toLowerCase();
  if (resource.flags.unique && top.kind === 'clone' && standard !== 'ocf' && standard !== 'stonith') {
    if (top.clone !== undefined) {
      top.clone.nodeMax = 1;
      top.clone.max = Math.min(top.clone.max, draft.nodes.length);
    }
    clearUnique(top);
    clearUnique(resource);
  }
  if (standard !== 'ocf' && top.flags.promotable) {
    draft.problems.push(
      `error: Resource ${resource.id} is of type ${resource.agent?.standard} and therefore cannot be used as a promotable clone resource`,
    );
    return false;
  }
  return true;
}

function clearUnique(resource: ResourceDraft): void {
  resource.flags.unique = false;
  resource.meta.set('globally-unique', 'false');
  for (const one of resource.children) clearUnique(one);
}

function unpackGroup(draft: Draft, group: ResourceDraft, like?: ResourceDraft): boolean {
  group.group = {
    ordered: parseBoolean(group.meta.get('ordered')) !== false,
    colocated: parseBoolean(group.meta.get('collocated')) !== false,
  };
  const instance = attribute(group.xml, 'clone');
  for (const xml of group.xml.children) {
    if (xml.name !== 'primitive') continue;
    const member = unpackResource(
      draft,
      instance === undefined ? xml : withAttribute(xml, 'clone', instance),
      group,
      like?.children[group.children.length],
    );
    if (member !== undefined) group.children.push(member);
  }
  return group.children.length > 0;
}

/** A resource that only the history knows, made from what its entry says. */
export function makeRemovedResource(draft: Draft, entry: XmlElement): ResourceDraft | undefined {
  const id = attribute(entry, 'id') ?? '';
  const resource = unpackResource(
    draft,
    { name: 'primitive', attributes: entry.attributes, children: [] },
    undefined,
  );
  if (resource === undefined) return undefined;
  if (resource.flags.remoteConnection) {
    const node = draft.nodeByName.get(id) ?? createNode(draft, { id, name: id, type: 'remote' });
    linkConnection(draft, resource);
    if (node !== undefined) node.shutdown = true;
  }
  if (attribute(entry, 'container') !== undefined) resource.flags.removedLaunched = true;
  resource.flags.removed = true;
  draft.resources.push(resource);
  return resource;
}
