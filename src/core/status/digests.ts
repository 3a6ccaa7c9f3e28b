import { milliseconds } from '../base/time.ts';
import { digestOfParameters } from '../cib/digest.ts';
import { parametersForDigest } from '../cib/operation-parameters.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { definitionOf } from './definitions.ts';
import type { Operated, OperationContext } from './operations.ts';
import { parseInteger } from './words.ts';

/** How the definition of an operation now compares with the one that an entry of the history was run with. */
export type DigestVerdict = 'match' | 'unknown' | 'mismatch' | 'restart';

interface CachedDigests {
  /** Without the private parameters; asked for only where these were taken out. */
  readonly nonprivate: () => string;
  readonly all: string;
  readonly restart: string | undefined;
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
  return known !== undefined && known.verdict !== 'match' && known.nonprivate() === recorded;
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
  const restart = context.expiredEntries.has(entry) ? 'expired' : attribute(entry, 'op-restart-digest');
  const all = attribute(entry, 'op-digest');
  if (digests.restart !== undefined && restart !== undefined && digests.restart !== restart) {
    digests.verdict = 'restart';
  } else if (all === undefined) {
    digests.verdict = 'unknown';
  } else if (all === digests.all) {
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
  const { all, digest, nonreloadable, hasOwn } = definitionOf(context, resource, {
    task,
    interval,
    parameters,
    nodeAttributes: node.attributes,
    restartNames: attribute(entry, 'op-force-restart'),
  });
  const keepsRestart =
    context.expiredEntries.has(entry) || attribute(entry, 'op-restart-digest') !== undefined;
  return {
    nonprivate: () => nonprivateDigest(context, resource, { entry, all, parameters }),
    all: digest,
    restart: keepsRestart ? digestOfParameters(nonreloadable) : undefined,
    verdict: interval === 0 && hasOwn ? 'restart' : 'match',
  };
}

interface NonprivateQuery {
  readonly entry: XmlElement;
  readonly all: Readonly<Record<string, string>>;
  readonly parameters: () => ReadonlyMap<string, string>;
}

/** Since this feature set the digest without private parameters is made of all others of the operation. */
const SINCE = [3, 16, 0] as const;

const DEVICE_PARAMETER =
  /^(?:provides|stonith-timeout|pcmk_(?:action_limit|delay_base|delay_max|host_argument|host_check|host_list|host_map)|pcmk_[^_]*_(?:action|timeout|retries))$/;

function nonprivateDigest(
  context: DigestContext,
  resource: Operated,
  { entry, all, parameters }: NonprivateQuery,
): string {
  const secret = (attribute(entry, 'op-secure-params') ?? '').split(' ');
  const version = attribute(entry, 'crm_feature_set') ?? attribute(context.cib, 'crm_feature_set');
  const isOld = version !== undefined && isBefore(version, SINCE);
  const source = isOld ? Object.fromEntries(parameters()) : all;
  const isDevice = isOld && resource.agent?.standard.toLowerCase() === 'stonith';
  const filtered: Record<string, string> = {};
  for (const name in source) {
    if (secret.includes(name) || (isDevice && DEVICE_PARAMETER.test(name))) continue;
    filtered[name] = source[name] as string;
  }
  return digestOfParameters(
    isOld ? parametersForDigest({ parameters: filtered, interval: milliseconds(0) }).all : filtered,
  );
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
  const values = Object.fromEntries(parameters());
  const { all } = parametersForDigest({ parameters: values, interval: milliseconds(0) });
  const version = attribute(context.cib, 'crm_feature_set');
  const isOld = version !== undefined && isBefore(version, SINCE);
  const secret = new Set(['passwd', 'password', 'user']);
  const kept = Object.entries(all).filter(
    ([name]) => !secret.has(name) && !(isOld && DEVICE_PARAMETER.test(name)),
  );
  return { all: digestOfParameters(all), nonprivate: digestOfParameters(Object.fromEntries(kept)) };
}
