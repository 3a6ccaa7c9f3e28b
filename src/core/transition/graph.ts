import type { Instant } from '../base/time.ts';

/** What the scheduler decided, as a graph that the controller walks: Pacemaker's `transition_graph`. */
export interface TransitionGraph {
  readonly id: number;
  /** Attributes of the element as they stand, in document order: cluster-delay, fencing-timeout, batch-limit … */
  readonly settings: Readonly<Record<string, string>>;
  readonly synapses: readonly Synapse[];
  /** When the cluster must be looked at again even if nothing happens. */
  readonly recheckAt?: Instant;
}

/** Actions that may begin once all inputs have ended well. */
export interface Synapse {
  readonly id: number;
  readonly priority: number;
  readonly actions: readonly GraphAction[];
  readonly inputs: readonly GraphInput[];
}

/** Completion of another action of the same graph. */
export interface GraphInput {
  readonly kind: ActionKind;
  readonly id: number;
  /** Printed attributes of the trigger, in order. */
  readonly attributes: Readonly<Record<string, string>>;
}

export type ActionKind = 'rsc_op' | 'pseudo_event' | 'crm_event';

export interface GraphAction {
  /** `cib`: only the CIB is written; the executor is not asked. */
  readonly mode?: string;
  /** When the lock began that the node's shutdown put on the resource, in seconds since 1970. */
  readonly shutdownLock?: string;
  readonly kind: ActionKind;
  readonly id: number;
  /** start, stop, promote, demote, monitor, notify, delete, cancel, stonith, clear_failcount, lrm_delete … */
  readonly operation: string;
  readonly operationKey: string;
  /** Key under which a clone instance's action is known inside the scheduler, where it differs. */
  readonly internalOperationKey?: string;
  readonly node?: { readonly name: string; readonly uuid: string };
  /** The cluster node that a remote node's action is routed through. */
  readonly routerNode?: string;
  readonly resource?: GraphResource;
  /** CRM_meta_* and instance attributes, sorted by name. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Nodes that the action takes down, and nodes in maintenance. */
  readonly downed?: readonly string[];
  readonly maintenance?: readonly { readonly id: string; readonly maintenance: string }[];
}

/** The `primitive` element of a resource action. */
export interface GraphResource {
  readonly id: string;
  readonly longId?: string;
  readonly class: string;
  readonly provider?: string;
  readonly type: string;
}
