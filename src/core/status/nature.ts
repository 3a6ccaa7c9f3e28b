import { type Duration, milliseconds } from '../base/time.ts';
import { resolveReference } from '../cib/id-index.ts';
import { parseBoolean } from '../model/boolean.ts';
import { compareRoles, parseRole, type Role } from '../model/role.ts';
import { INFINITY, parseScore } from '../model/score.ts';
import { attribute, child, type XmlElement } from '../xml/element.ts';
import { type Draft, type Nature, type ResourceDraft, topOf } from './draft.ts';
import { Flags } from './flags.ts';
import { readAttributeSets } from './nvpairs.ts';
import { parametersOn } from './parameters.ts';
import type { AgentName, OperationPicture } from './picture.ts';
import { agentText } from './recorded.ts';
import { isTrue, parseInteger, parseInterval, sameText } from './words.ts';

export const isRemoteAgent = (xml: XmlElement): boolean =>
  sameText(attribute(xml, 'type'), 'remote') &&
  sameText(attribute(xml, 'class'), 'ocf') &&
  sameText(attribute(xml, 'provider'), 'pacemaker');

/** What stands above a resource in the tree, bundles not counted; `undefined` of one that is at the top itself. */
const topAbove = (parent: ResourceDraft | undefined): ResourceDraft | undefined =>
  parent === undefined || parent.kind === 'bundle' ? undefined : topOf(parent);

/** Reads what an element says of its resource, its template merged in. */
export function natureOf(draft: Draft, xml: XmlElement, parent: ResourceDraft | undefined): Nature {
  const agent = agentOf(xml);
  const meta = metaOf(draft, xml, parent, agent);
  const flags = new Flags();
  readManagement(draft, flags, meta);
  readKind(draft, xml, parent, { flags, meta });
  readRequires(draft, xml, { flags, meta });
  const reconnect =
    flags.remoteConnection && !meta.has('container') ? reconnectOf(draft, xml, parent) : undefined;
  const threshold = parseScore(meta.get('migration-threshold') ?? 'INFINITY');
  return {
    agent,
    agentText: agentText(xml),
    operations: operationsOf(draft, xml),
    utilization: utilizationOf(draft, xml),
    meta,
    flags,
    targetRole: targetRole(meta.get('target-role'), (topAbove(parent)?.flags ?? flags).promotable),
    priority: parseScore(meta.get('priority') ?? '0') ?? 0,
    stickiness: parseScore(meta.get('resource-stickiness') ?? '0') ?? 0,
    migrationThreshold: threshold === undefined || threshold < 0 ? INFINITY : threshold,
    multipleActive: multipleActiveOf(meta.get('multiple-active')?.toLowerCase()),
    failureTimeout: reconnect ?? span(meta.get('failure-timeout')),
    reconnectInterval: reconnect ?? milliseconds(0),
  };
}

function agentOf(xml: XmlElement): AgentName | undefined {
  const standard = attribute(xml, 'class');
  const type = attribute(xml, 'type');
  if (standard === undefined || type === undefined) return undefined;
  const provider = attribute(xml, 'provider');
  return provider === undefined ? { standard, type } : { standard, provider, type };
}

const NO_OPERATIONS: readonly OperationPicture[] = [];
const operationSets = new WeakMap<XmlElement, readonly OperationPicture[]>();

/** Read once for an element: they are the same in each document until it changes. */
function operationsOf(draft: Draft, xml: XmlElement): readonly OperationPicture[] {
  const written = child(xml, 'operations');
  if (written === undefined) return NO_OPERATIONS;
  const set = resolveReference(written, draft.rules.ids);
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

const NO_UTILIZATION: ReadonlyMap<string, string> = new Map();

function utilizationOf({ rules }: Draft, xml: XmlElement): ReadonlyMap<string, string> {
  if (child(xml, 'utilization') === undefined) return NO_UTILIZATION;
  const utilization = new Map<string, string>();
  readAttributeSets(rules, xml, 'utilization', utilization);
  return utilization;
}

/**
 * Attributes of the element (but the number of an instance), its own sets, then those above it, then the defaults of
 * resources.
 */
function metaOf(
  draft: Draft,
  xml: XmlElement,
  parent: ResourceDraft | undefined,
  agent: AgentName | undefined,
): ReadonlyMap<string, string> {
  const meta = new Map<string, string>();
  const { attributes } = xml;
  for (let at = 0; at < attributes.length; at += 2) {
    const name = attributes[at] as string;
    if (name !== 'clone') meta.set(name, attributes[at + 1] as string);
  }
  const subject = { agent };
  readAttributeSets(draft.rules, xml, 'meta_attributes', meta, subject);
  if (parent !== undefined) {
    const above = new Map<string, string>();
    for (let at: ResourceDraft | undefined = parent; at !== undefined; at = at.parent) {
      readAttributeSets(draft.rules, at.xml, 'meta_attributes', above, subject);
    }
    inherit(meta, above);
  }
  readAttributeSets(draft.rules, draft.resourceDefaults, 'meta_attributes', meta, subject);
  if (parent !== undefined) inherit(meta, parent.meta);
  return meta;
}

function inherit(into: Map<string, string>, from: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of from) {
    if (!into.has(name) && !sameText(value, '#default')) into.set(name, value);
  }
}

type Meta = ReadonlyMap<string, string>;

function readManagement({ options }: Draft, flags: Flags, meta: Meta): void {
  flags.managed = !options.maintenanceMode;
  const managed = meta.get('is-managed');
  if (managed !== undefined && !sameText(managed, 'default')) flags.managed = isTrue(managed);
  if (isTrue(meta.get('maintenance')) || options.maintenanceMode) {
    flags.managed = false;
    flags.maintenance = true;
  }
}

interface Read {
  readonly flags: Flags;
  readonly meta: Meta;
}

function readKind(
  draft: Draft,
  xml: XmlElement,
  parent: ResourceDraft | undefined,
  { flags, meta }: Read,
): void {
  const critical = meta.get('critical');
  flags.critical = critical === undefined || isTrue(critical);
  flags.notify = isTrue(meta.get('notify'));
  flags.remoteConnection = isRemoteAgent(xml);
  flags.bundled = parent !== undefined && (parent.kind === 'bundle' || parent.flags.bundled);
  const migrate = meta.get('allow-migrate');
  const isRemote = flags.remoteConnection && !meta.has('container');
  flags.migratable = migrate === undefined ? isRemote : isTrue(migrate);
  if ((topAbove(parent)?.kind ?? xml.name) === 'clone') {
    flags.unique = detectUnique(meta);
    flags.promotable = isTrue(meta.get('promotable'));
  } else {
    flags.unique = true;
  }
  if (sameText(attribute(xml, 'class'), 'stonith')) {
    draft.options.haveFencing = true;
    flags.fenceDevice = true;
  }
}

function detectUnique(meta: Meta): boolean {
  const value = meta.get('globally-unique');
  return value === undefined ? (parseInteger(meta.get('clone-node-max')) ?? 1) > 1 : isTrue(value);
}

function readRequires({ options }: Draft, xml: XmlElement, { flags, meta }: Read): void {
  const wanted = requirement(meta.get('requires')?.toLowerCase()) ?? usualRequirement(options, xml, flags);
  const cannotUnfence = wanted === 'unfencing' && (flags.fenceDevice || !options.fencingEnabled);
  flags.needsQuorum = wanted === 'quorum' || cannotUnfence;
  flags.needsFencing = !cannotUnfence && (wanted === 'fencing' || wanted === 'unfencing');
  flags.needsUnfencing = !cannotUnfence && wanted === 'unfencing';
}

type Requirement = 'nothing' | 'quorum' | 'fencing' | 'unfencing';

const requirement = (text: string | undefined): Requirement | undefined =>
  text === 'nothing' || text === 'quorum' || text === 'fencing' || text === 'unfencing' ? text : undefined;

function usualRequirement(options: Draft['options'], xml: XmlElement, flags: Flags): Requirement {
  if (flags.fenceDevice || (flags.remoteConnection && xml.name === 'primitive')) return 'quorum';
  if (options.unfencing) return 'unfencing';
  if (options.fencingEnabled) return 'fencing';
  return options.noQuorumPolicy === 'ignore' ? 'nothing' : 'quorum';
}

const multipleActiveOf = (text: string | undefined): Nature['multipleActive'] =>
  text === 'stop_only' || text === 'block' || text === 'stop_unexpected' ? text : 'stop_start';

function reconnectOf(draft: Draft, xml: XmlElement, parent: ResourceDraft | undefined): Duration | undefined {
  const text = parametersOn(draft, { xml, parent }, undefined).get('reconnect_interval');
  return text === undefined ? undefined : span(text);
}

const span = (text: string | undefined): Duration => milliseconds(parseInterval(text));

function targetRole(text: string | undefined, promotable: boolean): Role | undefined {
  if (text === undefined || sameText(text, 'Started') || sameText(text, 'default')) return undefined;
  const role = parseRole(text);
  if (role === undefined || role === 'Unknown') return undefined;
  if (compareRoles(role, 'Started') <= 0) return role;
  return promotable && role === 'Unpromoted' ? role : undefined;
}
