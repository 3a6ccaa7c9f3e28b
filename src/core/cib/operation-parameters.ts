import type { Duration } from '../base/time.ts';

/** What an operation ran with, as far as its digests look at it. */
export interface RecordedOperation {
  /** Everything the agent got; entries `CRM_meta_…` are passed over. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly interval: Duration;
  /** Milliseconds as text, as in `CRM_meta_timeout`; counts for a recurring operation only. */
  readonly timeout?: string;
  /** Names that the agent marks as private (`op-secure-params`); without: passwd, password and user. */
  readonly privateNames?: readonly string[];
  /** Names whose change needs a restart (`op-force-restart`); without: all of them. */
  readonly restartNames?: readonly string[];
}

type Parameters = Readonly<Record<string, string>>;

export interface ParametersForDigest {
  readonly all: Parameters;
  readonly nonprivate: Parameters;
  readonly nonreloadable: Parameters;
}

/** Parameters that are summed for each of the digests of an operation. */
export function parametersForDigest(operation: RecordedOperation): ParametersForDigest {
  const all = filterForDigest(operation);
  const secret = operation.privateNames ?? DEFAULT_PRIVATE;
  const restart = operation.restartNames;
  return {
    all,
    nonprivate: only(all, name => !secret.includes(name)),
    nonreloadable: restart === undefined ? all : only(all, name => restart.includes(name)),
  };
}

/** Names of parameters that are private where the agent does not say. */
export const DEFAULT_PRIVATE: readonly string[] = ['passwd', 'password', 'user'];

/** Set by the cluster for the way of the operation, not by the administrator. */
const INCIDENTAL: ReadonlySet<string> = new Set([
  'id',
  'crm_feature_set',
  'op-digest',
  'on_node',
  'on_node_uuid',
  'pcmk_external_ip',
]);

/** Whether a parameter of that name is summed. */
export const countsForDigest = (name: string): boolean =>
  !INCIDENTAL.has(name) && !name.startsWith('CRM_meta_');

/**
 * A recurring operation keeps its timeout, so that a change of it schedules the operation anew; that of a start
 * or stop matters only while it runs.
 */
function filterForDigest({ parameters, interval, timeout }: RecordedOperation): Parameters {
  const kept = only(parameters, countsForDigest);
  const limit = timeout ?? parameters.CRM_meta_timeout;
  return interval > 0 && limit !== undefined ? { ...kept, CRM_meta_timeout: limit } : kept;
}

function only(parameters: Parameters, keep: (name: string) => boolean): Parameters {
  const kept: Record<string, string> = {};
  for (const name in parameters) if (keep(name)) kept[name] = parameters[name] as string;
  return kept;
}
