/**
 * What passes inside one `pacemakerd`: which part of the node's events each of the four daemons hears, what they
 * say to each other, and what they may ask of the supervisor. All of it is delivered in order, within the step
 * of the supervisor that caused it.
 */
import type { Duration, Instant } from '../base/time.ts';
import type { AttributeFailure } from '../messages/attributes.ts';
import type { AttributeRequest, CibRequest, ClientIdentity, ClientReply, Topic } from '../messages/client.ts';
import type { PeerMessage } from '../messages/peer.ts';
import type { NodeName } from '../model/names.ts';
import type { XmlElement } from '../xml/element.ts';
import type { ClientId, SupervisorEffect, SupervisorEnv, SupervisorEvent } from './contract.ts';

export type DaemonName = 'cib' | 'attributes' | 'controller' | 'fencer';

/** What the world lends to a step of a daemon. */
export type DaemonEnv = Pick<SupervisorEnv, 'now' | 'node' | 'random'>;

/** The node's events and effects of the given kinds. */
export type Heard<Kind extends SupervisorEvent['kind']> = Extract<SupervisorEvent, { readonly kind: Kind }>;
export type Done<Kind extends SupervisorEffect['kind']> = Extract<SupervisorEffect, { readonly kind: Kind }>;

/** A message of a daemon's own conversation, from a peer or, what we multicast ourselves, from us. */
export interface PeerEvent<To extends PeerMessage['to']> {
  readonly kind: 'message';
  readonly from: NodeName;
  readonly body: Extract<PeerMessage, { readonly to: To }>['body'];
}

/** A client's request; answered by the effect `reply` with both numbers, once, at any later time. */
export interface ClientEvent<Body> {
  readonly kind: 'client-request';
  readonly client: ClientId;
  readonly request: number;
  readonly identity: ClientIdentity;
  readonly body: Body;
}

export interface Tick {
  readonly kind: 'tick';
}

/** A daemon says something to another, which hears it as an event, or to all the others. */
type Say =
  | { readonly kind: 'tell-cib'; readonly body: CibWrite }
  | { readonly kind: 'tell-attributes'; readonly body: AttributeWrite | AttributeFailure | ForgetNode }
  | { readonly kind: 'tell-fencer'; readonly body: FenceOrder | ForgetNode }
  | { readonly kind: 'tell-controller'; readonly body: FenceOutcome }
  | { readonly kind: 'written'; readonly to: Exclude<DaemonName, 'cib'>; readonly body: CibWritten }
  | { readonly kind: 'announce'; readonly body: Announcement };

/** To all clients that subscribed to the topic. */
interface Publish {
  readonly kind: 'publish';
  readonly topic: Topic;
  readonly body: XmlElement;
}

/** What any daemon may answer with, besides the effects that are its own. */
export type CommonEffect = Done<'multicast' | 'send' | 'reply' | 'log'> | Say | Publish;

/**
 * A write by a daemon of this node, with the rights of the cluster itself. It goes the way of every write: in
 * the cluster's total order. `cib-written` with the same number goes back to `from` when it is safe or refused.
 */
export interface CibWrite {
  readonly kind: 'cib-write';
  readonly from: Exclude<DaemonName, 'cib'>;
  readonly request: number;
  readonly body: CibRequest;
}

export interface CibWritten {
  readonly kind: 'cib-written';
  readonly request: number;
  readonly outcome: ClientReply;
}

/** As a client's `update` or `delete` would be, by a daemon of this node. Nothing comes back. */
export interface AttributeWrite {
  readonly kind: 'attribute-write';
  readonly body: AttributeRequest;
}

/** The node is gone for good, or (`departed`) left this life: forget what belongs to it. */
export interface ForgetNode {
  readonly kind: 'forget-node';
  readonly node: NodeName;
  readonly why: 'departed' | 'removed';
}

/** The controller wants a node fenced; `fence-outcome` with the same number goes back, once. */
export interface FenceOrder {
  readonly kind: 'fence';
  readonly request: number;
  readonly target: NodeName;
  readonly action: 'on' | 'off' | 'reboot';
  readonly timeout: Duration;
  readonly delay?: Duration;
}

export type FenceOutcome = {
  readonly kind: 'fence-outcome';
  readonly request: number;
  readonly target: NodeName;
} & (
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `no-device`: nothing can fence the target, asking again at once is no use. */
      readonly refusal: 'no-device' | 'timeout' | 'failed';
      readonly message: string;
    }
);

/** What one daemon lets all the others of its node know. */
export type Announcement =
  /**
   * The CIB of this node is now `after`. Compare by reference; `patchset` tells the change where one is known
   * (absent: take the whole). `before` is absent when the first one was read from disk.
   */
  | {
      readonly kind: 'cib-changed';
      readonly before?: XmlElement;
      readonly after: XmlElement;
      readonly patchset?: XmlElement;
    }
  /**
   * Whether this node's CIB is the one that the peers it sees have agreed on. While it is not, nothing may be
   * decided on its account.
   */
  | { readonly kind: 'cib-agreed'; readonly agreed: boolean }
  /** Some node's fencing ended, whoever asked for it; every node's fencer announces it. */
  | {
      readonly kind: 'fencing-ended';
      readonly id: string;
      readonly target: NodeName;
      readonly action: 'on' | 'off' | 'reboot';
      readonly ok: boolean;
      /** Node whose request it was, and the client there. */
      readonly origin: NodeName;
      readonly client: string;
      readonly delegate?: NodeName;
      readonly at: Instant;
    };
