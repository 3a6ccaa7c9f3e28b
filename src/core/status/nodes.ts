import { MINUS_INFINITY, parseScore, type Score, ZERO } from '../model/score.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import type { Draft, NodeDraft, ResourceDraft } from './draft.ts';
import { readAttributeSets } from './nvpairs.ts';
import type { Place } from './picture.ts';
import { compareNames } from './words.ts';

export interface NewNode {
  readonly id: string;
  readonly name: string;
  readonly type?: string | undefined;
  readonly score?: Score;
}

/** A node of which nothing is known but its name. A class, as `BareResource` is. */
class BareNode implements NodeDraft {
  readonly id: string;
  readonly name: string;
  kind: NodeDraft['kind'];
  readonly number: number;
  online = false;
  standby = false;
  failStandby = false;
  maintenance = false;
  pending = false;
  unclean = false;
  shutdown = false;
  expectedUp = false;
  seen = false;
  remoteFenced = false;
  remoteMaintenance = false;
  remoteReset = false;
  unpacked = false;
  readonly attributes: Map<string, string>;
  readonly utilization = new Map<string, string>();
  probesAllowed = true;
  readonly running: ResourceDraft[] = [];
  readonly otherAgents: string[] = [];
  base: Place;
  priority = 0;
  featureSet: string | undefined = undefined;
  state: XmlElement | undefined = undefined;
  connection: ResourceDraft | undefined = undefined;

  constructor(
    id: string,
    name: string,
    { kind, number, score }: Pick<NodeDraft, 'kind' | 'number'> & { readonly score: Score },
  ) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.number = number;
    this.attributes = new Map([['#kind', kind]]);
    this.base = { score, discovery: 'always' };
  }
}

/** Adds a node in its place among the others; `undefined` where its type is not known. */
export function createNode(draft: Draft, { id, name, type, score = ZERO }: NewNode): NodeDraft | undefined {
  const kind = type === undefined || type.toLowerCase() === 'member' ? 'cluster' : type.toLowerCase();
  if (kind !== 'cluster' && kind !== 'remote') {
    draft.problems.push(`error: Ignoring node ${name} with unrecognized type '${type}'`);
    return undefined;
  }
  const node = new BareNode(id, name, { kind, number: draft.nodes.length, score });
  draft.nodes.splice(firstNotBefore(draft.nodes, name), 0, node);
  draft.everywhere = undefined;
  if (!draft.nodeByName.has(name)) draft.nodeByName.set(name, node);
  draft.nodeById.set(id, node);
  return node;
}

/** Where in the sorted list a node of that name belongs: before those of the same. */
function firstNotBefore(nodes: readonly NodeDraft[], name: string): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNames(name, (nodes[middle] as NodeDraft).name) <= 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function unpackNodes(draft: Draft, section: XmlElement | undefined): void {
  for (const xml of section?.children ?? []) {
    const id = attribute(xml, 'id');
    if (xml.name !== 'node' || id === undefined || isPing(xml)) continue;
    const node = createNode(draft, {
      id,
      name: attribute(xml, 'uname') ?? id,
      type: attribute(xml, 'type'),
      score: parseScore(attribute(xml, 'score') ?? '0') ?? ZERO,
    });
    if (node === undefined) return;
    if (node.kind === 'cluster') node.unclean = draft.options.startupFencing;
    readNodeAttributes(draft, xml, node, { overwrite: false });
  }
}

/** What was only ever there to be pinged takes no part. */
const isPing = (xml: XmlElement): boolean => attribute(xml, 'type')?.toLowerCase() === 'ping';

/** Permanent (`node`) or transient (`transient_attributes`) attributes, and the utilization, of a node. */
export function readNodeAttributes(
  draft: Draft,
  xml: XmlElement | undefined,
  node: NodeDraft,
  { overwrite }: { readonly overwrite: boolean },
): void {
  const { attributes } = node;
  attributes.set('#uname', node.name);
  attributes.set('#id', node.id);
  if (draft.dc === undefined && attribute(draft.cib, 'dc-uuid')?.toLowerCase() === node.id.toLowerCase()) {
    draft.dc = node;
    attributes.set('#is_dc', 'true');
  } else if (draft.dc !== node) {
    attributes.set('#is_dc', 'false');
  }
  const cluster = draft.options.values.get('cluster-name');
  if (cluster !== undefined) attributes.set('#cluster-name', cluster);
  const read = overwrite ? new Map<string, string>() : attributes;
  readAttributeSets(draft.rules, xml, 'instance_attributes', read);
  if (overwrite) for (const [name, value] of read) attributes.set(name, value);
  readAttributeSets(draft.rules, xml, 'utilization', node.utilization);
  if (!attributes.has('#site-name')) {
    const site = attributes.get('site-name') ?? cluster;
    if (site !== undefined) attributes.set('#site-name', site);
  }
}

/** What the node is worth to every resource from now on. */
export function setBase(draft: Draft, node: NodeDraft, base: Place): void {
  node.base = base;
  draft.everywhere = undefined;
}

/** Nothing may run on the node. */
export const closeNode = (draft: Draft, node: NodeDraft): void =>
  setBase(draft, node, { ...node.base, score: MINUS_INFINITY });
