import type { SummedAddends } from './assign/flow-sum.ts';
import type { Action, Colocation, Location, Resource, Ticket } from './model.ts';

/**
 * What scores, orderings and actions come from, for explanations. An origin is a constraint (one object, shared by
 * all that it brings about) or a rule of the field, which is only a word: remembering either is keeping a reference.
 */

/** Rules that give or take a score. */
export type ScoreRule =
  /** The node is not up, or on its way down. */
  | 'node'
  /** What the history of the resource there makes of it. */
  | 'history'
  | 'stickiness'
  /** Failed there as often as it may. */
  | 'failures'
  | 'exclusive-discovery'
  /** Connections and fence devices do not run on remote nodes. */
  | 'remote-node'
  /** What a container carries goes with its connection. */
  | 'in-container'
  | 'shutdown-lock'
  /** The role that it is to have is Stopped. */
  | 'wanted-role'
  | 'no-room'
  | 'promotion-score'
  | 'all-instances-placed'
  | 'node-full'
  | 'node-unavailable'
  | 'removed'
  /** The clone (or bundle) as a whole may not run there. */
  | 'collective'
  /** What is in a replica runs on the node that the replica is. */
  | 'replica';

export type ScoreOrigin = ScoreRule | Location | Colocation | Ticket;

/** One part of a score; the newest first, each with those before it. Tables that are copied share them. */
export interface Addend {
  readonly origin: ScoreOrigin;
  readonly value: number;
  readonly before: Addends | undefined;
}

/** The newest part of a score, or the newest parts, where these were summed up. */
export type Addends = Addend | (SummedAddends & { readonly before: Addends | undefined });

/** Rules that put one action before another. */
type OrderRule =
  | 'stop-before-start'
  | 'roles-in-turn'
  | 'forget-before-probe'
  | 'probe-before-change'
  | 'guest-settles-first'
  | 'room-before-use'
  | 'container-first'
  | 'connection-first'
  | 'connection-last'
  | 'group-order'
  | 'group-bounds'
  | 'clone-order'
  | 'clone-bounds'
  | 'promotion-order'
  | 'bundle-bounds'
  | 'address-before-container'
  | 'recurring-after-start'
  | 'recurring-follows-role'
  | 'notification'
  | 'migration-steps'
  | 'reload-instead'
  | 'forget-between'
  | 'unfencing-first'
  | 'fencing-first'
  | 'fencing-is-stop'
  | 'fencing-in-turn'
  | 'dc-last'
  | 'stop-before-shutdown'
  | 'failures-after-fencing'
  | 'failures-before-reconnect';

/** A constraint on order, or a set of it. */
export interface OrderConstraint {
  readonly kind: 'order';
  readonly constraint: string;
  readonly set?: string | undefined;
}

/** Several where relations that came about separately are one in the end. */
interface OrderOrigins {
  readonly kind: 'several';
  readonly origins: readonly SingleOrderOrigin[];
}

/** Of a colocation: what must keep apart leaves before the other comes. */
export type SingleOrderOrigin = OrderRule | OrderConstraint | Colocation;
export type OrderOrigin = SingleOrderOrigin | OrderOrigins;

/** Rules that make an action necessary. */
export type DemandRule =
  | 'history'
  | 'role'
  | 'move'
  | 'recovery'
  | 'blocked'
  | 'multiply-active'
  | 'migration-failed'
  | 'migration-left-over'
  | 'nowhere-to-run'
  | 'definition-changed'
  | 'agent-changed'
  | 'agent-reloads'
  | 'removed'
  | 'failures-forgotten'
  | 'lock-ended'
  | 'state-unknown'
  | 'operation-configured'
  | 'operation-ends'
  | 'notification'
  | 'fencing'
  | 'unfencing'
  | 'shutdown'
  | 'room'
  | 'instances';

/** Rules that keep an action from being done. */
export type ObstacleRule =
  | 'no-node'
  | 'node-offline'
  | 'node-pending'
  | 'guest-not-fenceable'
  | 'no-quorum'
  | 'quorum-freeze'
  | 'nowhere-to-run'
  | 'unmanaged'
  | 'start-impossible'
  | 'needed-action-absent'
  | 'not-enough-instances'
  | 'instances';

/** Another action, and what relates it: of a colocation, what it must be with cannot be. */
export interface ActionCause {
  readonly action: Action;
  readonly origin: OrderOrigin;
}

/** What made an action necessary when it was not. */
export type Demand = DemandRule | ActionCause;
/** What made an action impossible when it was not. */
export type Obstacle = ObstacleRule | ActionCause;

/** A resource that has no node because the partner that it needs has none where it could be. */
export interface Displacement {
  readonly partner: Resource;
  readonly origin: OrderOrigin;
}

/** Origins of two relations that become one; of the same, itself. */
export function bothOrigins(one: OrderOrigin, other: OrderOrigin): OrderOrigin {
  if (one === other) return one;
  const origins = [...new Set([...singleOrigins(one), ...singleOrigins(other)])];
  return { kind: 'several', origins };
}

export const singleOrigins = (origin: OrderOrigin): readonly SingleOrderOrigin[] =>
  typeof origin !== 'string' && origin.kind === 'several' ? origin.origins : [origin];
