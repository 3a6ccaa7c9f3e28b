import type { Instant } from '../base/time.ts';
import { parseScore } from '../model/score.ts';
import { attribute, childrenNamed, type XmlElement } from '../xml/element.ts';
import { type IdIndex, resolveReference } from './id-index.ts';
import type { RuleContext } from './rules/context.ts';
import { evaluateRules, sooner } from './rules/rule.ts';

export type NvpairBlock = 'instance_attributes' | 'meta_attributes' | 'utilization' | 'cluster_property_set';

export interface UnpackOptions {
  readonly block: NvpairBlock;
  readonly context: RuleContext;
  readonly ids?: IdIndex;
  /** The set with this id comes before all others, whatever their scores. */
  readonly first?: string;
  /** Values that are set already; they win. */
  readonly over?: ReadonlyMap<string, string>;
}

export interface Unpacked {
  readonly values: Map<string, string>;
  readonly nextChange?: Instant;
}

/** A value that is as if it were not written: whatever holds without it holds. */
const UNSET = '#default';

/**
 * The name-value pairs of an element's sets whose rules are satisfied. Of two values for a name that of the set
 * with the higher score wins, of equal ones that of the set written last (so that a resource's own sets win over
 * its template's); within a set the first. Sets and pairs may be references by `id-ref`.
 */
export function unpackNvpairs(parent: XmlElement | undefined, options: UnpackOptions): Unpacked {
  const values = new Map(options.over);
  const nextChange = parent === undefined ? undefined : addNvpairs(values, parent, options);
  return nextChange === undefined ? { values } : { values, nextChange };
}

/** The same, into a map that has values, which win; returns when that may change. */
export function addNvpairs(
  into: Map<string, string>,
  parent: XmlElement,
  options: Omit<UnpackOptions, 'over'>,
): Instant | undefined {
  let nextChange: Instant | undefined;
  for (const block of blocksInOrder(parent, options)) {
    const judged = evaluateRules(block, options.context, options.ids);
    nextChange = sooner(nextChange, judged.nextChange);
    if (judged.verdict === 'satisfied') addPairs(into, block, options.ids);
  }
  return nextChange;
}

/**
 * The usual case of `addNvpairs`: none or one set of that name, without rules and references, whose pairs hold
 * wherever and whenever they are read. False where there is more to it.
 */
export function addPlainNvpairs(into: Map<string, string>, parent: XmlElement, block: NvpairBlock): boolean {
  const pairs = plainNvpairs(parent, block);
  if (pairs === undefined) return false;
  for (let at = 0; at < pairs.length; at += 2) addPair(into, pairs[at] as string, pairs[at + 1] as string);
  return true;
}

/** Whether `addPlainNvpairs` is all that there is to reading the sets of that name. */
export const hasPlainNvpairs = (parent: XmlElement, block: NvpairBlock): boolean =>
  plainNvpairs(parent, block) !== undefined;

const NOTHING: readonly string[] = [];

/** Names and values, one after the other; `undefined` where there is more than one set, or one that is not plain. */
function plainNvpairs(parent: XmlElement, block: NvpairBlock): readonly string[] | undefined {
  let only: XmlElement | undefined;
  const { children } = parent;
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at] as XmlElement;
    if (one.name !== block) continue;
    if (only !== undefined) return undefined;
    only = one;
  }
  return only === undefined ? NOTHING : plainPairs(only);
}

/** By set; `null` of one that is not plain. */
const plain = new WeakMap<XmlElement, readonly string[] | null>();

function plainPairs(block: XmlElement): readonly string[] | undefined {
  const known = plain.get(block);
  if (known !== undefined) return known ?? undefined;
  const pairs: string[] = [];
  const isPlain = attribute(block, 'id-ref') === undefined && collectPlain(block, pairs);
  plain.set(block, isPlain ? pairs : null);
  return isPlain ? pairs : undefined;
}

/** The rules that count stand in the set itself, not in the `attributes` element of the first configurations. */
function collectPlain(block: XmlElement, into: string[], isSet = true): boolean {
  const { children } = block;
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at] as XmlElement;
    if (one.name === 'nvpair') {
      if (attribute(one, 'id-ref') !== undefined) return false;
      const name = attribute(one, 'name');
      const value = attribute(one, 'value');
      if (name !== undefined && value !== undefined) into.push(name, value);
    } else if (one.name === 'attributes') {
      if (!collectPlain(one, into, false)) return false;
    } else if (one.name === 'rule' && isSet) {
      return false;
    }
  }
  return true;
}

function blocksInOrder(
  parent: XmlElement,
  { block, first, ids }: Pick<UnpackOptions, 'block' | 'first' | 'ids'>,
): readonly XmlElement[] {
  const found = childrenNamed(parent, block);
  if (found.length < 2) return found.map(one => resolveReference(one, ids));
  const ranked = found.map(one => {
    const resolved = resolveReference(one, ids);
    const id = attribute(resolved, 'id');
    const score = parseScore(attribute(resolved, 'score') ?? '0') ?? 0;
    return { resolved, rank: first !== undefined && id === first ? Number.POSITIVE_INFINITY : score };
  });
  return ranked
    .reverse()
    .sort((left, right) => compareRanks(left.rank, right.rank))
    .map(({ resolved }) => resolved);
}

const compareRanks = (left: number, right: number): number => (left === right ? 0 : left > right ? -1 : 1);

function addPairs(values: Map<string, string>, block: XmlElement, ids: IdIndex | undefined): void {
  for (const pair of pairsOf(block)) {
    const resolved = resolveReference(pair, ids);
    const name = attribute(pair, 'name') ?? attribute(resolved, 'name');
    const value = attribute(resolved, 'value');
    if (name !== undefined && value !== undefined) addPair(values, name, value);
  }
}

function addPair(values: Map<string, string>, name: string, value: string): void {
  if (value === UNSET) values.delete(name);
  else if (!values.has(name)) values.set(name, value);
}

/** The pairs of a set, those in the `attributes` element of the first configurations included. */
function* pairsOf(block: XmlElement): Generator<XmlElement> {
  for (const one of block.children) {
    if (one.name === 'nvpair') yield one;
    else if (one.name === 'attributes') yield* pairsOf(one);
  }
}
