import { attribute, childrenNamed, type XmlElement } from '../xml/element.ts';
import { parseScore } from '../model/score.ts';

/** What rules may ask about, besides the time. */
export interface RuleSubject {
  readonly nodeAttributes?: ReadonlyMap<string, string> | undefined;
  readonly parameters?: ReadonlyMap<string, string> | undefined;
  readonly meta?: ReadonlyMap<string, string> | undefined;
  readonly agent?: { readonly standard?: string; readonly provider?: string; readonly type?: string } | undefined;
  readonly operation?: { readonly name: string; readonly interval: number } | undefined;
  readonly matches?: readonly (string | undefined)[] | undefined;
}

export interface RuleContext {
  readonly elements: ReadonlyMap<string, XmlElement>;
  passes(rule: XmlElement, subject: RuleSubject): boolean;
}

/** What an element with `id-ref` stands for; itself without. */
export function dereference(context: RuleContext, one: XmlElement): XmlElement | undefined {
  const reference = attribute(one, 'id-ref');
  return reference === undefined ? one : context.elements.get(reference);
}

/**
 * Reads the sets of that name below `parent` into `into`: the set with the id `first` comes first, then by score,
 * highest first; what is there already stays.
 */
export function readAttributeSets(
  context: RuleContext,
  parent: XmlElement | undefined,
  set: string,
  into: Map<string, string>,
  subject: RuleSubject = {},
  first?: string,
): void {
  if (parent === undefined) return;
  const blocks: { readonly block: XmlElement; readonly score: number }[] = [];
  for (const one of childrenNamed(parent, set)) {
    const block = dereference(context, one);
    if (block === undefined) continue;
    const isFirst = first !== undefined && attribute(block, 'id') === first;
    blocks.push({
      block,
      score: isFirst ? Number.POSITIVE_INFINITY : (parseScore(attribute(block, 'score') ?? '0') ?? 0),
    });
  }
  if (blocks.length > 1) blocks.sort((left, right) => right.score - left.score);
  for (const { block } of blocks) readBlock(context, block, into, subject);
}

function readBlock(
  context: RuleContext,
  block: XmlElement,
  into: Map<string, string>,
  subject: RuleSubject,
): void {
  for (const below of block.children) {
    if (below.name === 'rule' && !context.passes(below, subject)) return;
  }
  const inner = block.children[0]?.name === 'attributes' ? block.children[0] : block;
  for (const below of inner.children) {
    if (below.name !== 'nvpair') continue;
    const pair = dereference(context, below);
    const name = pair === undefined ? undefined : attribute(pair, 'name');
    const value = pair === undefined ? undefined : attribute(pair, 'value');
    if (name === undefined || value === undefined) continue;
    if (value.toLowerCase() === '#default') into.delete(name);
    else if (!into.has(name)) into.set(name, value);
  }
}
