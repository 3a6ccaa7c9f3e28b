/** What attribute managers say to each other. All of it is multicast, and all of them act on it in one order. */
import type { Duration } from '../base/time.ts';
import type { NodeName } from '../model/names.ts';

export type AttributeMessage =
  | AttributeUpdate
  | AttributeFailure
  | AttributePurge
  | AttributeRefresh
  | AttributeMeeting
  | AttributeSync;

export interface AttributeUpdate {
  readonly kind: 'update';
  readonly operation: 'update' | 'update-both' | 'update-delay' | 'delete';
  /** One attribute, or all whose names the regular expression matches. */
  readonly names: { readonly name: string } | { readonly pattern: string };
  /** Absent: every node that has a value. */
  readonly node?: NodeName;
  /** As it was asked for: `value++` is worked out where it is applied, so that no count is lost. */
  readonly value?: string;
  readonly dampening?: Duration;
  readonly set?: string;
  readonly private?: boolean;
  /** Number under which the sender waits for it to come back. */
  readonly token?: number;
}

/** An operation failed on a node: `fail-count-…` and `last-failure-…` tell of it, once, whoever says so and how often. */
export interface AttributeFailure {
  readonly kind: 'failure';
  readonly node: NodeName;
  /** `RESOURCE#OPERATION_INTERVAL`, as the attributes' names go on. */
  readonly what: string;
  /** Tells this failure from all others. */
  readonly identity: string;
  /** What becomes of the count, as in `AttributeUpdate`; absent: it does not count. */
  readonly count?: string;
  /** Seconds. */
  readonly at: number;
}

/** All values of a node are gone, with it. */
export interface AttributePurge {
  readonly kind: 'purge';
  readonly node: NodeName;
}

/** Write all values to the CIB now, whatever their dampening. */
interface AttributeRefresh {
  readonly kind: 'refresh';
  readonly token?: number;
}

/** Peers have met that do not know the same: let each group say what it knows at this moment. */
interface AttributeMeeting {
  readonly kind: 'meet';
  /** Unique. A later meeting takes the place of one that is not over. */
  readonly meeting: string;
}

/** What the nodes of `component`, which have lived together until now, knew when the meeting was called. */
export interface AttributeSync {
  readonly kind: 'sync';
  readonly meeting: string;
  readonly component: readonly NodeName[];
  readonly attributes: readonly AttributeState[];
}

export interface AttributeState {
  readonly name: string;
  readonly set?: string;
  readonly private: boolean;
  readonly dampening: Duration;
  readonly values: readonly (readonly [node: NodeName, value: string])[];
  /** Identities of the failures that it has told of, the latest last. */
  readonly failures: readonly (readonly [node: NodeName, identities: readonly string[]])[];
}
