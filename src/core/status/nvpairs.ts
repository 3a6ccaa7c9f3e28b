import type { Duration, Instant } from '../base/time.ts';
import type { IdIndex } from '../cib/id-index.ts';
import { addNvpairs, addPlainNvpairs, type NvpairBlock } from '../cib/nvpairs.ts';
import type { RuleContext } from '../cib/rules/context.ts';
import type { XmlElement } from '../xml/element.ts';

/** What rules may ask about, besides the time. */
export interface RuleSubject {
  readonly nodeAttributes?: ReadonlyMap<string, string> | undefined;
  readonly parameters?: ReadonlyMap<string, string> | undefined;
  readonly meta?: RuleContext['meta'] | undefined;
  readonly agent?: RuleContext['agent'] | undefined;
  readonly operation?: { readonly name: string; readonly interval: number } | undefined;
  readonly submatches?: readonly string[] | undefined;
}

/** Reads sets of attributes whose rules hold now, and remembers when the first of these rules may change. */
export interface RuleReader {
  readonly now: Instant;
  readonly ids: IdIndex;
  readonly noteChange: (at: Instant) => void;
}

export function ruleContext(reader: RuleReader, subject: RuleSubject): RuleContext {
  const context: { -readonly [K in keyof RuleContext]: RuleContext[K] } = { now: reader.now };
  if (subject.nodeAttributes !== undefined) context.node = subject.nodeAttributes;
  if (subject.parameters !== undefined) context.parameters = subject.parameters;
  if (subject.meta !== undefined) context.meta = subject.meta;
  if (subject.agent !== undefined) context.agent = subject.agent;
  if (subject.submatches !== undefined) context.submatches = subject.submatches;
  if (subject.operation !== undefined) {
    context.operation = { name: subject.operation.name, interval: subject.operation.interval as Duration };
  }
  return context;
}

/**
 * Reads the sets of that name below `parent` into `into`: the set with the id `first` comes first, then by score,
 * highest first; what is there already stays.
 */
export function readAttributeSets(
  reader: RuleReader,
  parent: XmlElement | undefined,
  block: NvpairBlock,
  into: Map<string, string>,
  subject: RuleSubject = {},
  first?: string,
): void {
  if (parent === undefined || addPlainNvpairs(into, parent, block)) return;
  const nextChange = addNvpairs(into, parent, {
    block,
    context: ruleContext(reader, subject),
    ids: reader.ids,
    ...(first === undefined ? {} : { first }),
  });
  if (nextChange !== undefined) reader.noteChange(nextChange);
}
