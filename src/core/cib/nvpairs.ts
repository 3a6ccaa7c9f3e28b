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
  if (parent === undefined) return { values };
  let nextChange: Instant | undefined;
  for (const block of blocksInOrder(parent, options)) {
    const judged = evaluateRules(block, options.context, options.ids);
    nextChange = sooner(nextChange, judged.nextChange);
    if (judged.verdict === 'satisfied') addPairs(values, block, options.ids);
  }
  return nextChange === undefined ? { values } : { values, nextChange };
}

function blocksInOrder(parent: XmlElement, { block, first, ids }: UnpackOptions): readonly XmlElement[] {
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
    if (name === undefined || value === undefined) continue;
    if (value === UNSET) values.delete(name);
    else if (!values.has(name)) values.set(name, value);
  }
}

/** The pairs of a set, those in the `attributes` element of the first configurations included. */
function* pairsOf(block: XmlElement): Generator<XmlElement> {
  for (const one of block.children) {
    if (one.name === 'nvpair') yield one;
    else if (one.name === 'attributes') yield* pairsOf(one);
  }
}
