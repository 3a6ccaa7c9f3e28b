import type { Duration, Instant } from '../../base/time.ts';

/** What a rule is judged by. Whatever is absent does not exist where the rule stands. */
export interface RuleContext {
  readonly now: Instant;
  /** Attributes of the node in question, the built-in ones (`#uname`, `#kind` …) among them. */
  readonly node?: ReadonlyMap<string, string>;
  /** Of the resource in question: for `value-source` param and meta. */
  readonly parameters?: ReadonlyMap<string, string>;
  readonly meta?: Pick<ReadonlyMap<string, string>, 'get'>;
  readonly agent?: { readonly standard: string; readonly provider?: string; readonly type: string };
  readonly operation?: { readonly name: string; readonly interval: Duration };
  /** What the groups of a constraint's resource pattern matched, the whole first. */
  readonly submatches?: readonly string[];
}

/**
 * `before` and `after`: of a time span that is still to come or over; `invalid`: not to be understood, which
 * never satisfies.
 */
export type Verdict = 'satisfied' | 'unsatisfied' | 'before' | 'after' | 'invalid';

export interface Judgement {
  readonly verdict: Verdict;
  /** The first moment at which the verdict may be another, as far as the dates in the rule tell. */
  readonly nextChange?: Instant;
}

export const judgement = (verdict: Verdict, nextChange?: Instant): Judgement =>
  nextChange === undefined ? { verdict } : { verdict, nextChange };

export const satisfiedIf = (condition: boolean): Judgement => ({
  verdict: condition ? 'satisfied' : 'unsatisfied',
});
