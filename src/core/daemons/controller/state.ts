/** What the controller knows; see `controller.ts` for what holds of it. */
import type { Instant } from '../../base/time.ts';
import * as election from '../../cluster/election.ts';
import { NOBODY, type View } from '../../cluster/view.ts';
import type { ResourceOrder } from '../../messages/controller.ts';
import type { ExecutorAction, ExecutorResult } from '../../messages/executor.ts';
import type { NodeName } from '../../model/names.ts';
import type { Walk } from '../../transition/walk.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { EffectId } from '../contract.ts';
import type { Amendment } from './local/amend.ts';
import { DEFAULT_OPTIONS, type Options } from './options.ts';

export interface ControllerState {
  readonly startedAt?: Instant;
  /** When the last step was. */
  readonly seenAt?: Instant;
  readonly view: View;
  readonly expectedVotes: number;
  /**
   * Members ever since a quorum agreed on a CIB that says so: whoever has the quorum now has them fenced before
   * it takes over what they may have. Of others it may think that they are down.
   */
  readonly knownToQuorum: ReadonlySet<NodeName>;
  readonly cib?: XmlElement;
  readonly options: Options;
  /** Whether `cib` is the one that our peers have agreed on. */
  readonly agreed: boolean;
  readonly election: election.State;
  /** While we know of no DC: until when we wait to hear of one before we call an election. */
  readonly waitForDc?: Instant;
  /** Peers of this view that said that they have no DC. */
  readonly without: ReadonlySet<NodeName>;
  readonly dc?: NodeName;
  readonly membership?: Membership;
  readonly directing?: Directing;
  readonly local: Local;
  readonly leaving?: Leaving;
  /** Nodes that were fenced while we were not the DC, for the case that we become it. */
  readonly fenced: ReadonlySet<NodeName>;
  readonly stopped: boolean;
  readonly nextRequest: number;
  readonly nextEffect: EffectId;
  /** What this node's writes to the CIB are for, until they are answered. */
  readonly writes: ReadonlyMap<number, WritePurpose>;
}

/** How far we have joined the DC. */
type Membership =
  | { readonly join: number; readonly phase: 'offered' | 'requested' | 'joined' }
  /** `patienceUntil`: when it is confirmed even though the executor has not said what is so here. */
  | { readonly join: number; readonly phase: 'accepted'; readonly patienceUntil: Instant };

/** This node wants to leave in good order. */
interface Leaving {
  /** When it leaves whatever is still running. */
  readonly until: Instant;
  /** The DC that was asked. */
  readonly asked?: NodeName;
}

export type WritePurpose =
  /** The DC's picture of the nodes: nothing is decided before it stands. */
  | { readonly kind: 'nodes' }
  /** History of a resource here, or of all; results that are told there. */
  | {
      readonly kind: 'history';
      readonly resource?: string;
      readonly results: readonly number[];
      readonly isDeletion?: true;
    }
  | { readonly kind: 'other' };

/** The conversation with the executor of this node, and what became of resources here. */
export interface Local {
  readonly executor: 'absent' | 'asked' | 'ready';
  /** What the executor said when it was asked, until it can be held against the CIB. */
  readonly listing?: Listing;
  /** Absent until the first listing was held against the CIB. */
  readonly history?: History;
  readonly nextCall: number;
  /** Orders that the executor has and has not answered, by call. */
  readonly running: ReadonlyMap<number, ExecutorAction>;
  /** Transition keys of orders to cancel, by operation key. */
  readonly cancelling: ReadonlyMap<string, string>;
  /** What resources were last started with: what they are stopped with. */
  readonly parameters: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What was forgotten though it may be active, until it has history again; and where it was last seen configured. */
  readonly forgotten: ReadonlyMap<
    string,
    { readonly action: ExecutorAction; readonly configuredIn?: XmlElement }
  >;
  readonly arrivals: Arrivals;
  /** What others ask of our history, until it is known. */
  readonly amendments: readonly Amendment[];
  /** Orders that may not begin yet. */
  readonly waiting: readonly WaitingOrder[];
  /** By agent; absent: never asked. */
  readonly metadata: ReadonlyMap<string, ReloadRules | 'asked' | 'none'>;
  readonly metadataRequests: ReadonlyMap<number, string>;
  /** Results whose write was refused: they are told with the next one. */
  readonly unsaved: readonly number[];
  /** Our part of the CIB may not be what it should be: write it anew, then. */
  readonly rewriteAt?: Instant;
}

export interface WaitingOrder {
  readonly order: ResourceOrder;
  readonly until: Instant;
  /** Of an order to let a resource go: whether history says so. */
  readonly departure: 'to-tell' | 'told';
}

/** What may come here from other nodes; see `local/arrivals.ts`. */
interface Arrivals {
  /** By source and resource. */
  readonly expected: ReadonlyMap<string, Arrival>;
  /** What there was to see when it was last looked at: until that changes nothing follows. */
  readonly looked?: {
    readonly status: XmlElement | undefined;
    readonly history: History | undefined;
    readonly running: ReadonlyMap<number, ExecutorAction>;
  };
}

export interface Arrival {
  readonly resource: string;
  /** Transition key of the departure. */
  readonly key: string;
  /** What this node did from that call on it did while the resource may have been on its way. */
  readonly call: number;
  /** The departure has ended before that call: what is done from there on settles where the resource is. */
  readonly endedBefore?: number;
}

export interface Listing {
  readonly running: readonly ExecutorAction[];
  readonly recurring: readonly ExecutorAction[];
  readonly unacknowledged: readonly ExecutorResult[];
  readonly known: readonly ExecutorAction[];
  readonly begun: readonly ExecutorAction[];
}

/** By resource. */
export type History = ReadonlyMap<string, ResourceHistory>;

export interface ResourceHistory {
  readonly agent: { readonly class: string; readonly provider?: string; readonly type: string };
  /** Seconds since when the resource is reserved for this node, which was shut down in good order. */
  readonly lock?: string;
  /** `lrm_rsc_op` elements by id. */
  readonly entries: ReadonlyMap<string, XmlElement>;
}

/** What an agent says of its parameters. */
export interface ReloadRules {
  /** Parameters whose change needs a restart; absent: the agent cannot reload. */
  readonly restart?: readonly string[];
  readonly private: readonly string[];
}

/** What only the DC has. */
export interface Directing {
  /** Identity of this term of office, in every transition key. */
  readonly run: string;
  readonly lastJoin: number;
  readonly joins: ReadonlyMap<NodeName, Join>;
  /** When nodes that are still joining are left out. */
  readonly joinUntil?: Instant;
  /** Nodes that were told to leave, or will be once that is written. */
  readonly dismissed: ReadonlyMap<NodeName, 'to-tell' | 'told'>;
  /** Nodes that were fenced and have not been seen to leave the cluster yet. */
  readonly down: ReadonlySet<NodeName>;
  /** Nodes whose `pacemakerd` came back: what it was asked before and has not told of, it will not tell of. */
  readonly returned: ReadonlySet<NodeName>;
  /** Nodes whose fencing is known and whose history has still to be wiped. */
  readonly wipe: ReadonlySet<NodeName>;
  /** Why the cluster's state is to be looked at anew. */
  readonly wanted?: string;
  readonly notBefore: Instant;
  /** After a write that was refused, when the next one is tried. */
  readonly writeAt?: Instant;
  readonly transitions: number;
  /** Decisions in a row that nothing but the end of the transition before asked for. */
  readonly followUps: number;
  readonly computing?: { readonly effect: EffectId; readonly transition: number };
  readonly walk?: Walk;
  /** When actions under way are given up, by their number in the graph. */
  readonly timers: ReadonlyMap<number, Instant>;
  readonly fences: ReadonlyMap<number, FenceInFlight>;
  readonly fenceFailures: ReadonlyMap<NodeName, number>;
  readonly recheckAt?: Instant;
  /** What the transition was last looked at with, when nothing could begin: until that changes nothing can. */
  readonly looked?: {
    readonly walk: Walk;
    readonly ready: boolean;
    readonly view: View;
    readonly options: Options;
    readonly joins: Directing['joins'];
  };
  /** The transition waits and nothing runs: when it is given up for another. */
  readonly stalledUntil?: Instant;
}

export interface Join {
  readonly join: number;
  readonly phase: 'offered' | 'integrated' | 'accepted' | 'confirmed' | 'refused' | 'silent';
}

interface FenceInFlight {
  readonly target: NodeName;
  readonly action: 'on' | 'off' | 'reboot';
  /** In the graph of the transition that wanted it. */
  readonly graphAction: number;
  readonly transition: number;
  /** The target had left the cluster by when it was ordered, or did since: what is here now is a later life of it. */
  readonly left: boolean;
  /** When the fencer should have answered, whatever levels and retries it went through. */
  readonly until: Instant;
}

const NO_LOCAL: Local = {
  executor: 'absent',
  nextCall: 1,
  running: new Map(),
  cancelling: new Map(),
  parameters: new Map(),
  forgotten: new Map(),
  arrivals: { expected: new Map() },
  amendments: [],
  waiting: [],
  metadata: new Map(),
  metadataRequests: new Map(),
  unsaved: [],
};

export const NOTHING_KNOWN: ControllerState = {
  view: NOBODY,
  expectedVotes: 1,
  knownToQuorum: new Set(),
  options: DEFAULT_OPTIONS,
  agreed: false,
  election: election.initial,
  without: new Set(),
  local: NO_LOCAL,
  fenced: new Set(),
  stopped: false,
  nextRequest: 1,
  nextEffect: 1,
  writes: new Map(),
};

export const newDirecting = (run: string, now: Instant): Directing => ({
  run,
  lastJoin: 0,
  joins: new Map(),
  dismissed: new Map(),
  down: new Set(),
  returned: new Set(),
  wipe: new Set(),
  wanted: 'a DC took office',
  notBefore: now,
  transitions: 0,
  followUps: 0,
  timers: new Map(),
  fences: new Map(),
  fenceFailures: new Map(),
});
