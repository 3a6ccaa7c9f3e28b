import { digestOfValues } from '../cib/digest.ts';
import { countsForDigest, DEFAULT_PRIVATE } from '../cib/operation-parameters.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type Definition, definitionOf } from './definitions.ts';
import type { Operated, OperationContext } from './operations.ts';
import { parseInteger } from './words.ts';

/** How the definition of an operation now compares with the one that an entry of the history was run with. */
export type DigestVerdict = 'match' | 'unknown' | 'mismatch' | 'restart';

interface CachedDigests {
  /** The entry that was asked about first, and what it would be run with. */
  readonly entry: XmlElement;
  readonly definition: Definition;
  readonly parameters: () => ReadonlyMap<string, string>;
  /** Whether it is known what needs a restart. */
  readonly keepsRestart: boolean;
  verdict: DigestVerdict;
}

/** By node name, then by operation key. */
export type DigestCache = Map<string, Map<string, CachedDigests>>;

export interface DigestContext extends OperationContext {
  readonly cib: XmlElement;
  readonly sanitized: boolean;
  readonly digests: DigestCache;
  readonly expiredEntries: ReadonlySet<XmlElement>;
}

export interface DigestNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Whether a definition seems to differ only because private parameters were taken out of the document. */
export function differsInPrivateOnly(
  context: DigestContext,
  resource: Operated,
  node: DigestNode,
  entry: XmlElement,
): boolean {
  const recorded = attribute(entry, 'op-secure-digest');
  if (!context.sanitized || recorded === undefined) return false;
  const task = attribute(entry, 'operation') ?? '';
  const interval = parseInteger(attribute(entry, 'interval')) ?? 0;
  const known = context.digests.get(node.name)?.get(`${resource.id}_${task}_${interval}`);
  return (
    known !== undefined &&
    known.verdict !== 'match' &&
    nonprivateDigest(context, resource, known) === recorded
  );
}

/** Compares the digests of an entry with what the operation would be run with now. */
export function compareDigests(
  context: DigestContext,
  resource: Operated,
  node: DigestNode,
  {
    entry,
    parameters,
  }: { readonly entry: XmlElement; readonly parameters: () => ReadonlyMap<string, string> },
): DigestVerdict {
  const task = attribute(entry, 'operation') ?? '';
  const interval = parseInteger(attribute(entry, 'interval')) ?? 0;
  const digests = cachedDigests(context, resource, node, { entry, parameters, task, interval });
  const { definition } = digests;
  const restart = context.expiredEntries.has(entry) ? 'expired' : attribute(entry, 'op-restart-digest');
  const all = attribute(entry, 'op-digest');
  if (digests.keepsRestart && restart !== undefined && definition.restartDigest !== restart) {
    digests.verdict = 'restart';
  } else if (all === undefined) {
    digests.verdict = 'unknown';
  } else if (all === definition.digest) {
    digests.verdict = 'match';
  } else if (interval !== 0 || digests.verdict !== 'restart') {
    digests.verdict = 'mismatch';
  }
  return digests.verdict;
}

interface DigestQuery {
  readonly entry: XmlElement;
  readonly parameters: () => ReadonlyMap<string, string>;
  readonly task: string;
  readonly interval: number;
}

function cachedDigests(
  context: DigestContext,
  resource: Operated,
  node: DigestNode,
  query: DigestQuery,
): CachedDigests {
  const key = `${resource.id}_${query.task}_${query.interval}`;
  let ofNode = context.digests.get(node.name);
  if (ofNode === undefined) {
    ofNode = new Map();
    context.digests.set(node.name, ofNode);
  }
  const known = ofNode.get(key);
  if (known !== undefined) return known;
  const made = computeDigests(context, resource, node, query);
  ofNode.set(key, made);
  return made;
}

function computeDigests(
  context: DigestContext,
  resource: Operated,
  node: DigestNode,
  { entry, parameters, task, interval }: DigestQuery,
): CachedDigests {
  const definition = definitionOf(context, resource, {
    task,
    interval,
    parameters,
    nodeAttributes: node.attributes,
    restartNames: attribute(entry, 'op-force-restart'),
  });
  const keepsRestart =
    context.expiredEntries.has(entry) || attribute(entry, 'op-restart-digest') !== undefined;
  const verdict = interval === 0 && definition.hasOwn ? 'restart' : 'match';
  return { entry, definition, parameters, keepsRestart, verdict };
}

/** Since this feature set the digest without private parameters is made of all others of the operation. */
const SINCE = [3, 16, 0] as const;

const DEVICE_PARAMETER =
  /^(?:provides|stonith-timeout|pcmk_(?:action_limit|delay_base|delay_max|host_argument|host_check|host_list|host_map)|pcmk_[^_]*_(?:action|timeout|retries))$/;

/** Without the private parameters; asked for only where these were taken out. */
function nonprivateDigest(
  context: DigestContext,
  resource: Operated,
  { entry, definition, parameters }: CachedDigests,
): string {
  const secret = (attribute(entry, 'op-secure-params') ?? '').split(' ');
  const version = attribute(entry, 'crm_feature_set') ?? attribute(context.cib, 'crm_feature_set');
  const isOld = version !== undefined && isBefore(version, SINCE);
  const isDevice = isOld && resource.agent?.standard.toLowerCase() === 'stonith';
  const kept = new Map<string, string>();
  for (const [name, value] of isOld ? parameters() : definition.all) {
    if (secret.includes(name) || (isDevice && DEVICE_PARAMETER.test(name))) continue;
    if (!isOld || countsForDigest(name)) kept.set(name, value);
  }
  return digestOfValues(kept);
}

function isBefore(version: string, other: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, number] of other.entries()) {
    if ((parts[at] ?? 0) !== number) return (parts[at] ?? 0) < number;
  }
  return false;
}

/** Digests of a device's parameters on a node, as recorded when it was unfenced: all, and without the private ones. */
export function unfencingDigests(
  context: Pick<DigestContext, 'cib'>,
  parameters: () => ReadonlyMap<string, string>,
): { readonly all: string; readonly nonprivate: string } {
  const version = attribute(context.cib, 'crm_feature_set');
  const isOld = version !== undefined && isBefore(version, SINCE);
  const all = new Map<string, string>();
  const nonprivate = new Map<string, string>();
  for (const [name, value] of parameters()) {
    if (!countsForDigest(name)) continue;
    all.set(name, value);
    if (!DEFAULT_PRIVATE.includes(name) && !(isOld && DEVICE_PARAMETER.test(name)))
      nonprivate.set(name, value);
  }
  return { all: digestOfValues(all), nonprivate: digestOfValues(nonprivate) };
}
