/**
 * What passes between a machine and its world, whichever world that is (`host` or `sim`). Two machines make a
 * node: `supervisor` (all that runs in `pacemakerd`: it holds the CIB manager, the attribute manager, the
 * controller and the fencer, and routes between them) and `executor` (`pacemaker-execd`).
 *
 * A machine never waits: an effect that has a result names itself with `effect`, and the result comes back as an
 * event with that number. Time is `Env.now`; a machine that wants to be woken says when through `deadline(state)`
 * and receives `tick`.
 */
import type { Random } from '../base/random.ts';
import type { Instant } from '../base/time.ts';
import type { Problem } from '../cib/call.ts';
import type { Lineage } from '../cib/lineage.ts';
import type { ClientIdentity, ClientReply, ClientRequest, Notification } from '../messages/client.ts';
import type { ExecutorAction, ExecutorReply, ExecutorRequest } from '../messages/executor.ts';
import type { PeerMessage } from '../messages/peer.ts';
import type { NodeId, NodeName } from '../model/names.ts';
import type { TransitionGraph } from '../transition/graph.ts';
import type { XmlElement } from '../xml/element.ts';

/** What the world lends to a step of the supervisor. */
export interface SupervisorEnv {
  readonly now: Instant;
  /** This node. */
  readonly node: Member;
  readonly random: Random;
  /** Schema and references of a whole CIB: what is wrong with it, if anything. */
  readonly validate: (cib: XmlElement) => readonly Problem[];
}

export interface Member {
  readonly id: NodeId;
  readonly name: NodeName;
}

/** Correlates an effect with the event that answers it; unique within one run of a machine. */
export type EffectId = number;
export type ClientId = number;

export type SupervisorEvent =
  /** The disk was read. `cib` absent: nothing usable was there (`problems` says why). */
  | {
      readonly kind: 'started';
      readonly cib?: XmlElement;
      readonly lineage?: Lineage;
      readonly problems: readonly string[];
    }
  /**
   * The cluster layer's view, total-ordered with messages: nodes that are up, and of those the ones whose
   * pacemakerd takes part (`peers`). Whoever comes back is seen to go first, however short it was away.
   */
  | {
      readonly kind: 'membership';
      readonly members: readonly Member[];
      readonly peers: readonly NodeName[];
      readonly quorate: boolean;
      readonly expectedVotes: number;
    }
  /** From a peer or from ourselves: what we multicast comes back to us in its place in the order. */
  | { readonly kind: 'message'; readonly from: NodeName; readonly message: PeerMessage }
  | { readonly kind: 'executor-connected' }
  | { readonly kind: 'executor-lost' }
  | { readonly kind: 'executor-reply'; readonly reply: ExecutorReply }
  | { readonly kind: 'client-connected'; readonly client: ClientId; readonly identity: ClientIdentity }
  | {
      readonly kind: 'client-request';
      readonly client: ClientId;
      readonly request: number;
      readonly body: ClientRequest;
    }
  | { readonly kind: 'client-gone'; readonly client: ClientId }
  | { readonly kind: 'cib-stored'; readonly effect: EffectId }
  | { readonly kind: 'transition-computed'; readonly effect: EffectId; readonly result: ComputedTransition }
  | {
      readonly kind: 'device-placement-computed';
      readonly effect: EffectId;
      readonly placement: DevicePlacement;
    }
  | { readonly kind: 'tick' }
  /** Somebody (the init system, the demo) wants this node to leave the cluster in good order. */
  | { readonly kind: 'shut-down' };

export interface ComputedTransition {
  readonly graph: TransitionGraph;
  readonly problems: readonly string[];
}

/** Fence devices that may run on this node, with the parameters that hold here. */
export type DevicePlacement = readonly {
  readonly id: string;
  readonly agent: string;
  readonly parameters: Readonly<Record<string, string>>;
}[];

export type SupervisorEffect =
  /** To all peers, ourselves included, in total order. */
  | { readonly kind: 'multicast'; readonly message: PeerMessage }
  /** To one peer, in the same order (the others do not see it). */
  | { readonly kind: 'send'; readonly to: NodeName; readonly message: PeerMessage }
  | { readonly kind: 'ask-executor'; readonly request: ExecutorRequest }
  | {
      readonly kind: 'reply';
      readonly client: ClientId;
      readonly request: number;
      readonly reply: ClientReply;
    }
  | { readonly kind: 'notify'; readonly client: ClientId; readonly notification: Notification }
  /** Durable when `cib-stored` comes. */
  | {
      readonly kind: 'store-cib';
      readonly effect: EffectId;
      readonly cib: XmlElement;
      readonly lineage: Lineage;
    }
  | {
      readonly kind: 'compute-transition';
      readonly effect: EffectId;
      readonly cib: XmlElement;
      readonly now: Instant;
      readonly transition: number;
    }
  | {
      readonly kind: 'compute-device-placement';
      readonly effect: EffectId;
      readonly cib: XmlElement;
      readonly now: Instant;
    }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly text: string;
      readonly fields?: Readonly<Record<string, string | number | undefined>>;
    }
  /** Leave now: after an orderly shutdown, or (`restart`) to be started afresh by whoever started us. */
  | { readonly kind: 'exit'; readonly outcome: 'stopped' | 'restart'; readonly reason: string }
  /** We must not go on and cannot know that our services stop: reboot the host (or what stands for it) at once. */
  | { readonly kind: 'panic'; readonly reason: string };

export type LogLevel = 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug';

/** The executor's own contract. A request comes over its one connection, from `pacemakerd`. */
export type ExecutorEvent =
  /** First of all: what was kept by `keep-begun` since the host was started. */
  | { readonly kind: 'started'; readonly begun: readonly ExecutorAction[] }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'request'; readonly request: ExecutorRequest }
  /** A child ended: exit status, or the signal that ended it; what it printed, at most 64 KiB of each. */
  | {
      readonly kind: 'exited';
      readonly effect: EffectId;
      readonly status?: number;
      readonly signal?: string;
      readonly stdout: string;
      readonly stderr: string;
    }
  | {
      readonly kind: 'could-not-spawn';
      readonly effect: EffectId;
      readonly reason: SpawnFailure;
      readonly error: string;
    }
  | { readonly kind: 'tick' };

/** There is no such agent here, it may not be run, or the machine has no room for a process. */
export type SpawnFailure = 'not-installed' | 'denied' | 'failed';

export type ExecutorEffect =
  | { readonly kind: 'reply'; readonly reply: ExecutorReply }
  /** Run an agent as leader of a process group of its own. The world resolves the agent to a program. */
  | {
      readonly kind: 'spawn';
      readonly effect: EffectId;
      readonly agent: AgentReference;
      readonly action: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly resource: string;
    }
  /**
   * Keep this for the executors that come after this one while the host is up, or, without an action, let go what
   * was kept. It outlives this process when the next effect is performed.
   */
  | { readonly kind: 'keep-begun'; readonly resource: string; readonly action?: ExecutorAction }
  /** End the whole process group. `TERM` first; the machine sends `KILL` when its patience ends. */
  | { readonly kind: 'kill-group'; readonly effect: EffectId; readonly signal: 'TERM' | 'KILL' }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly text: string;
      readonly fields?: Readonly<Record<string, string | number | undefined>>;
    };

export interface AgentReference {
  /** ocf, systemd, lsb, service, stonith. */
  readonly standard: string;
  readonly provider?: string;
  readonly type: string;
}
