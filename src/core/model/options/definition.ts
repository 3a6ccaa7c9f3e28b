/**
 * The shape of an entry in the registry of options. Validation, defaults, the daemons' metadata, lists of options,
 * completion and the reference documentation all read the same entries.
 */
type OptionType =
  | 'boolean'
  | 'text'
  | 'integer'
  | 'nonnegative-integer'
  | 'percentage'
  | 'score'
  | 'version'
  /** A number with a unit, or an ISO 8601 duration; not negative. */
  | 'duration'
  /** A duration, or a negative number with a meaning of its own. */
  | 'timeout'
  | 'port'
  /** One of the option's `values`. */
  | 'choice';

/** What an option belongs to. */
export type OptionScope = 'cluster' | 'resource' | 'operation' | 'fence-device';

/** `advanced`: for those who must; `deprecated`: still honoured, not to be used; `generated`: written by the cluster. */
type OptionStanding = 'ordinary' | 'advanced' | 'deprecated' | 'generated';

export interface OptionDefinition {
  readonly name: string;
  /** Older names, still read. The name above wins where both are set. */
  readonly aliases?: readonly string[];
  readonly type: OptionType;
  readonly values?: readonly string[];
  /** As a configuration would write it; absent where there is none, or where it is computed. */
  readonly default?: string;
  readonly standing?: OptionStanding;
  /** One line. */
  readonly summary: string;
  readonly help?: string;
}
