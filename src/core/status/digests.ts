import { milliseconds } from '../base/time.ts';
import { digestOfParameters } from '../cib/digest.ts';
import { parametersForDigest } from '../cib/operation-parameters.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import { findOperation, type Operated, type OperationContext, operationMeta } from './operations.ts';
import { parseInteger } from './words.ts';

/** How the definition of an operation now compares with the one that an entry of the history was run with. */
export type DigestVerdict = 'match' | 'unknown' | 'mismatch' | 'restart';

interface CachedDigests {
  readonly all: string;
  readonly restart: string | undefined;
  verdict: DigestVerdict;
}

/** By node name, then by operation key. */
export type DigestCache = Map<string, Map<string, CachedDigests>>;

export interface DigestContext extends OperationContext {
  readonly digests: DigestCache;
  readonly expiredEntries: ReadonlySet<XmlElement>;
}

export interface DigestNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
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
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  const values: Record<string, string> = {};
  for (const [name, value] of parameters()) values[name] = value;
  const own = operationParameters(context.rules, config, node.attributes);
  for (const [name, value] of own) values[name] ??= value;
  const meta = operationMeta(context, resource, { name: task, interval, config, parameters });
  const forced = attribute(entry, 'op-force-restart');
  const { all, nonreloadable } = parametersForDigest({
    parameters: values,
    interval: milliseconds(interval),
    ...(meta.has('timeout') ? { timeout: meta.get('timeout') ?? '' } : {}),
    ...(forced === undefined ? {} : { restartNames: forced.split(' ') }),
  });
  const keepsRestart =
    context.expiredEntries.has(entry) || attribute(entry, 'op-restart-digest') !== undefined;
  return {
    all: digestOfParameters(all),
    restart: keepsRestart ? digestOfParameters(nonreloadable) : undefined,
    verdict: interval === 0 && own.size > 0 ? 'restart' : 'match',
  };
}

/** Instance attributes of an operation itself. */
export function operationParameters(
  rules: RuleReader,
  config: XmlElement | undefined,
  nodeAttributes: ReadonlyMap<string, string> | undefined,
): Map<string, string> {
  const own = new Map<string, string>();
  readAttributeSets(rules, config, 'instance_attributes', own, { nodeAttributes });
  return own;
}
