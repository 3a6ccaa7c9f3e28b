/**
 * What controllers of different nodes say to each other. Each kind is Pacemaker's `crm_task`; `controller-codec.ts`
 * knows the XML. Messages of the DC are void for whoever has another DC by then.
 */
import type { Duration } from '../base/time.ts';
import type { CibVersion } from '../cib/document.ts';
import type { ExecutionStatus } from '../model/exit-status.ts';
import type { NodeId, NodeName, ResourceId } from '../model/names.ts';
import type { GraphResource } from '../transition/graph.ts';

export type ControllerMessage =
  | Vote
  | { readonly kind: 'no-vote'; readonly owner: NodeName; readonly round: number }
  /** To all: I am here and have no DC. */
  | { readonly kind: 'join_announce' }
  /** From the DC, which thereby says that it is the DC. A higher `join` makes earlier ones void. */
  | { readonly kind: 'join_offer'; readonly join: number; readonly featureSet: string }
  | {
      readonly kind: 'join_request';
      readonly join: number;
      readonly featureSet: string;
      readonly cib: CibVersion;
    }
  | {
      readonly kind: 'join_ack_nack';
      readonly join: number;
      readonly accepted: boolean;
      readonly reason?: string;
    }
  /** The node's history in the CIB is true from here on. */
  | { readonly kind: 'join_confirm'; readonly join: number }
  /** To the DC: this node wants to leave in good order. */
  | { readonly kind: 'req_shutdown' }
  /** From the DC: nothing runs on you any more, leave. */
  | { readonly kind: 'do_shutdown' }
  /** From the DC: carry this out on your node. */
  | { readonly kind: 'lrm_invoke'; readonly order: ResourceOrder }
  /** To the DC: how an order ended that leaves no trace in the CIB. */
  | { readonly kind: 'lrm_ack'; readonly transitionKey: string; readonly outcome: OrderOutcome }
  /** Forget the resource's history on this node, so that it is probed anew. */
  | { readonly kind: 'lrm_delete'; readonly resource: ResourceId; readonly transitionKey?: string }
  /** Forget how the resource last failed on this node. */
  | { readonly kind: 'clear_failcount'; readonly resource: ResourceId }
  /** To a node: leave in good order, as if you had been told there. */
  | { readonly kind: 'start_shutdown' }
  /** Record a failure of the resource on this node as if its monitor had found it. */
  | { readonly kind: 'lrm_fail'; readonly resource: ResourceId }
  | { readonly kind: 'rm_node_cache'; readonly node: NodeName; readonly id?: NodeId }
  /** Say what state you are in, for a client of mine. */
  | { readonly kind: 'ping'; readonly asked: AskedBy }
  | { readonly kind: 'pinged'; readonly asked: AskedBy; readonly state: string };

/** Whose question it is, as the node that was asked first knows it; `run` tells one life of that node's from another. */
export interface AskedBy {
  readonly run: number;
  readonly client: number;
  readonly request: number;
}

/** A candidate for DC. Compared are only numbers that were said, so that all who hear them judge alike. */
interface Vote {
  readonly kind: 'vote';
  readonly round: number;
  readonly featureSet: string;
  readonly uptime: Duration;
}

/** `lost`: it never ran, or nobody knows how it ended; it is no failure of the resource. */
export type OrderOutcome =
  | { readonly kind: 'ended'; readonly status: ExecutionStatus; readonly exitStatus: number }
  | { readonly kind: 'lost'; readonly reason: string };

/** A resource action of the graph, on its way to the node that carries it out. */
export interface ResourceOrder {
  /** `ACTION:TRANSITION:EXPECTED-STATUS:DC-RUN`. */
  readonly transitionKey: string;
  /** start, stop, monitor …; `cancel` and `delete` are the controller's own. */
  readonly operation: string;
  readonly operationKey: string;
  /** The node that the resource is on: the one that is asked, or a remote node behind it. */
  readonly node: { readonly name: NodeName; readonly id: NodeId };
  readonly resource: GraphResource;
  /** Instance attributes and `CRM_meta_*`. */
  readonly attributes: Readonly<Record<string, string>>;
}
