import { type Duration, milliseconds } from '../base/time.ts';
import { resolveReference } from '../cib/id-index.ts';
import { parseBoolean } from '../model/boolean.ts';
import { compareRoles, parseRole, type Role } from '../model/role.ts';
import { INFINITY, parseScore } from '../model/score.ts';
import { attribute, child, element, withAttribute, type XmlElement } from '../xml/element.ts';
import { unpackBundle } from './bundles.ts';
import { unpackClone } from './clones.ts';
import { type Draft, findResource, isGuest, type NodeDraft, type ResourceDraft, topOf } from './draft.ts';
import { NodeSet } from './node-set.ts';
import { createNode } from './nodes.ts';
import { type RuleSubject, readAttributeSets } from './nvpairs.ts';
import type { AgentName, OperationPicture, ResourceKind } from './picture.ts';
import { allowConnection, allowEverywhere } from './places.ts';
import { agentText } from './recorded.ts';
import { expandTemplate } from './templates.ts';
import { isTrue, parseInteger, parseInterval, sameText } from './words.ts';

const KINDS: ReadonlySet<string> = new Set(['primitive', 'group', 'clone', 'bundle']);

export const isRemoteAgent = (xml: XmlElement): boolean =>
  sameText(attribute(xml, 'type'), 'remote') &&
  sameText(attribute(xml, 'class'), 'ocf') &&
  sameText(attribute(xml, 'provider'), 'pacemaker');

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

/** Unpacks an element and all in it; `undefined` where its configuration cannot be used. */
export function unpackResource(
  draft: Draft,
  original: XmlElement,
  parent: ResourceDraft | undefined,
): ResourceDraft | undefined {
  const xml = expandTemplate(original, draft.resourceSection);
  if (xml === undefined) {
    draft.problems.push(`error: No template named '${attribute(original, 'template')}'`);
    return undefined;
  }
  const resource = bareResource(draft, xml, parent);
  readMeta(draft, resource);
  readManagement(draft, resource);
  readNature(draft, resource);
  readNumbers(draft, resource);
  resource.targetRole = targetRole(resource);
  resource.nextRole = resource.targetRole ?? 'Unknown';
  if (!unpackContents(draft, resource)) return undefined;
  if (!draft.resourceById.has(resource.id)) draft.resourceById.set(resource.id, resource);
  if (draft.options.symmetric) allowEverywhere(draft, resource);
  else if (resource.flags.remoteConnection && resource.meta.has('container'))
    allowConnection(draft, resource);
  readAttributeSets(draft.rules, xml, 'utilization', resource.utilization);
  const template = attribute(original, 'template');
  if (template !== undefined) {
    const made = draft.templates.get(template);
    const id = attribute(original, 'id') ?? '';
    if (made === undefined) draft.templates.set(template, [id]);
    else if (!made.includes(id)) made.push(id);
  }
  return resource;
}

function bareResource(draft: Draft, xml: XmlElement, parent: ResourceDraft | undefined): ResourceDraft {
  const instance = attribute(xml, 'clone');
  const id = attribute(xml, 'id') ?? '';
  const meta = new Map<string, string>();
  if (instance !== undefined) meta.set('clone', instance);
  const operations = child(xml, 'operations');
  const operationSet = operations === undefined ? undefined : resolveReference(operations, draft.rules.ids);
  return {
    id: instance === undefined ? id : `${id}:${instance}`,
    kind: xml.name as ResourceKind,
    xml,
    parent,
    children: [],
    meta,
    parameters: new Map(),
    utilization: new Map(),
    agent: agentOf(xml),
    agentText: agentText(xml),
    operations: operationSet === undefined ? NO_OPERATIONS : operationsIn(operationSet),
    role: 'Stopped',
    nextRole: 'Unknown',
    activeOn: [],
    knownOn: new NodeSet(),
    targetRole: undefined,
    places: new Map(),
    sharesPlaces: false,
    danglingMigrations: [],
    flags: noFlags(),
    priority: 0,
    stickiness: 0,
    failureTimeout: milliseconds(0),
    migrationThreshold: INFINITY,
    multipleActive: 'stop_start',
    launched: [],
    reconnectInterval: milliseconds(0),
  };
}

const NO_OPERATIONS: readonly OperationPicture[] = [];
const operationSets = new WeakMap<XmlElement, readonly OperationPicture[]>();

/** Read once for an element: it is the same for all instances of a clone, and in each document until it changes. */
function operationsIn(set: XmlElement): readonly OperationPicture[] {
  const known = operationSets.get(set);
  if (known !== undefined) return known;
  const made = set.children.filter(one => one.name === 'op').map(readOperation);
  operationSets.set(set, made);
  return made;
}

const readOperation = (one: XmlElement): OperationPicture => ({
  xml: one,
  name: attribute(one, 'name') ?? '',
  interval: milliseconds(parseInterval(attribute(one, 'interval'))),
  enabled: parseBoolean(attribute(one, 'enabled')) !== false,
});

function agentOf(xml: XmlElement): AgentName | undefined {
  const standard = attribute(xml, 'class');
  const type = attribute(xml, 'type');
  if (standard === undefined || type === undefined) return undefined;
  const provider = attribute(xml, 'provider');
  return provider === undefined ? { standard, type } : { standard, provider, type };
}

const noFlags = (): ResourceDraft['flags'] => ({
  managed: false,
  blocked: false,
  maintenance: false,
  failed: false,
  failureIgnored: false,
  stopIfFailed: false,
  removed: false,
  removedLaunched: false,
  unique: false,
  critical: false,
  notify: false,
  promotable: false,
  migratable: false,
  fenceDevice: false,
  remoteConnection: false,
  needsFencing: false,
  needsQuorum: false,
  needsUnfencing: false,
  startPending: false,
  bundled: false,
  exclusiveDiscovery: false,
  replicaContainer: false,
  nestingAllowed: false,
});

const agentSubject = (resource: { readonly agent?: AgentName | undefined }): RuleSubject => ({
  agent: resource.agent,
});

/** Attributes of the element, its own sets, then those above it, then the defaults of resources. */
function readMeta(draft: Draft, resource: ResourceDraft): void {
  const { meta } = resource;
  const { attributes } = resource.xml;
  for (let at = 0; at < attributes.length; at += 2) {
    const name = attributes[at] as string;
    if (!meta.has(name)) meta.set(name, attributes[at + 1] as string);
  }
  const subject = agentSubject(resource);
  readAttributeSets(draft.rules, resource.xml, 'meta_attributes', meta, subject);
  const above = new Map<string, string>();
  for (let parent = resource.parent; parent !== undefined; parent = parent.parent) {
    readAttributeSets(draft.rules, parent.xml, 'meta_attributes', above, subject);
  }
  inherit(meta, above);
  readAttributeSets(draft.rules, draft.resourceDefaults, 'meta_attributes', meta, subject);
  if (resource.parent !== undefined) inherit(meta, resource.parent.meta);
}

function inherit(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [name, value] of from) {
    if (value.toLowerCase() !== '#default' && !into.has(name)) into.set(name, value);
  }
}

function readManagement(draft: Draft, { flags, meta }: ResourceDraft): void {
  flags.managed = !draft.options.maintenanceMode;
  const managed = meta.get('is-managed');
  if (managed !== undefined && managed.toLowerCase() !== 'default') flags.managed = isTrue(managed);
  if (isTrue(meta.get('maintenance')) || draft.options.maintenanceMode) {
    flags.managed = false;
    flags.maintenance = true;
  }
}

function readNature(draft: Draft, resource: ResourceDraft): void {
  const { flags, meta, xml } = resource;
  const critical = meta.get('critical');
  flags.critical = critical === undefined || isTrue(critical);
  flags.notify = isTrue(meta.get('notify'));
  flags.remoteConnection = isRemoteAgent(xml);
  flags.bundled =
    resource.parent !== undefined && (resource.parent.kind === 'bundle' || resource.parent.flags.bundled);
  const migrate = meta.get('allow-migrate');
  const isRemote = flags.remoteConnection && !meta.has('container');
  flags.migratable = migrate === undefined ? isRemote : isTrue(migrate);
  if (topOf(resource).kind === 'clone') {
    flags.unique = detectUnique(meta);
    flags.promotable = isTrue(meta.get('promotable'));
  } else {
    flags.unique = true;
  }
  if (sameText(attribute(xml, 'class'), 'stonith')) {
    draft.options.haveFencing = true;
    flags.fenceDevice = true;
  }
  readRequires(draft, resource, meta.get('requires'));
}

function detectUnique(meta: ReadonlyMap<string, string>): boolean {
  const value = meta.get('globally-unique');
  return value === undefined ? (parseInteger(meta.get('clone-node-max')) ?? 1) > 1 : isTrue(value);
}

function readRequires(draft: Draft, { flags, kind, xml }: ResourceDraft, text: string | undefined): void {
  const { options } = draft;
  const otherwise =
    flags.fenceDevice || (kind === 'primitive' && isRemoteAgent(xml))
      ? 'quorum'
      : options.unfencing
        ? 'unfencing'
        : options.fencingEnabled
          ? 'fencing'
          : options.noQuorumPolicy === 'ignore'
            ? 'nothing'
            : 'quorum';
  const known = ['nothing', 'quorum', 'fencing', 'unfencing'].find(word => sameText(text, word));
  const wanted = known ?? otherwise;
  const cannotUnfence = wanted === 'unfencing' && (flags.fenceDevice || !options.fencingEnabled);
  flags.needsQuorum = wanted === 'quorum' || cannotUnfence;
  flags.needsFencing = !cannotUnfence && (wanted === 'fencing' || wanted === 'unfencing');
  flags.needsUnfencing = !cannotUnfence && wanted === 'unfencing';
}

function readNumbers(draft: Draft, resource: ResourceDraft): void {
  const { meta } = resource;
  resource.priority = parseScore(meta.get('priority') ?? '0') ?? 0;
  resource.stickiness = parseScore(meta.get('resource-stickiness') ?? '0') ?? 0;
  const threshold = parseScore(meta.get('migration-threshold') ?? 'INFINITY');
  resource.migrationThreshold = threshold === undefined || threshold < 0 ? INFINITY : threshold;
  const several = meta.get('multiple-active')?.toLowerCase();
  resource.multipleActive =
    several === 'stop_only' || several === 'block' || several === 'stop_unexpected' ? several : 'stop_start';
  resource.failureTimeout = span(meta.get('failure-timeout'));
  if (!resource.flags.remoteConnection || meta.has('container')) return;
  const reconnect = parametersOn(draft, resource, undefined).get('reconnect_interval');
  if (reconnect === undefined) return;
  resource.reconnectInterval = span(reconnect);
  resource.failureTimeout = resource.reconnectInterval;
}

const span = (text: string | undefined): Duration => milliseconds(parseInterval(text));

/** Instance attributes as they hold on a node: the resource's own, then those of what it is in. */
export function parametersOn(
  draft: Pick<Draft, 'rules'>,
  resource: { readonly xml: XmlElement; readonly parent?: unknown },
  node: { readonly attributes: ReadonlyMap<string, string> } | undefined,
): Map<string, string> {
  const parameters = new Map<string, string>();
  const subject = node === undefined ? {} : { nodeAttributes: node.attributes };
  let at: typeof resource | undefined = resource;
  while (at !== undefined) {
    readAttributeSets(draft.rules, at.xml, 'instance_attributes', parameters, subject);
    at = at.parent as typeof resource | undefined;
  }
  return parameters;
}

/** The role that the administrator asks for, where that limits it. */
function targetRole(resource: ResourceDraft): Role | undefined {
  const text = resource.meta.get('target-role');
  if (text === undefined || sameText(text, 'Started') || sameText(text, 'default')) return undefined;
  const role = parseRole(text);
  if (role === undefined || role === 'Unknown') return undefined;
  if (compareRoles(role, 'Started') <= 0) return role;
  return topOf(resource).flags.promotable && role === 'Unpromoted' ? role : undefined;
}

function unpackContents(draft: Draft, resource: ResourceDraft): boolean {
  switch (resource.kind) {
    case 'primitive':
      return unpackPrimitive(draft, resource);
    case 'group':
      return unpackGroup(draft, resource);
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

function unpackGroup(draft: Draft, group: ResourceDraft): boolean {
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
