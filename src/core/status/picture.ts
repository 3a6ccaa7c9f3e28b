import type { Duration, Instant } from '../base/time.ts';
import type { Role } from '../model/role.ts';
import type { Score } from '../model/score.ts';
import type { XmlElement } from '../xml/element.ts';
import type { DigestCache } from './digests.ts';
import type { NodeSet } from './node-set.ts';
import type { RuleReader } from './nvpairs.ts';
import type { NodeHistory } from './recorded.ts';

/**
 * What a CIB says at a moment: configuration and history put together, as facts. Shells and monitors print it;
 * the scheduler decides on it. Nothing in it changes once it is made.
 */
export interface Picture {
  readonly cib: XmlElement;
  readonly now: Instant;
  readonly options: ClusterOptions;
  readonly quorate: boolean;
  readonly dc?: NodePicture | undefined;
  /** Sorted by name (numbers within names by value), guest and remote nodes included. */
  readonly nodes: readonly NodePicture[];
  /** Top-level resources in the order of the configuration, then those that only history knows. */
  readonly resources: readonly ResourcePicture[];
  /** Every resource of the tree under each name that it goes by. */
  readonly resourceById: ReadonlyMap<string, ResourcePicture>;
  /** By the name in the history of a clone's instance. */
  readonly resourceByHistoryId: ReadonlyMap<string, ResourcePicture>;
  readonly nodeByName: ReadonlyMap<string, NodePicture>;
  readonly tickets: readonly TicketPicture[];
  /** Members of each tag, and resources made from each template. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly templates: ReadonlyMap<string, readonly string[]>;
  readonly resourceDefaults?: XmlElement | undefined;
  readonly operationDefaults?: XmlElement | undefined;
  readonly rules: RuleReader;
  /** Entries of recurring operations whose failure has expired: they must run anew to tell. */
  readonly expiredEntries: ReadonlySet<XmlElement>;
  readonly digests: DigestCache;
  /** Private parameters were taken out of the CIB: digests without them count. */
  readonly sanitized: boolean;
  /** `lrm_resource` elements by node name and id. */
  readonly histories: ReadonlyMap<string, ReadonlyMap<string, XmlElement>>;
  /** The same as read, by node name. */
  readonly nodeHistories: ReadonlyMap<string, NodeHistory>;
  /** Failed entries of the history, in the order found. */
  readonly failures: readonly FailurePicture[];
  /** What the history calls for, in the order found; the scheduler turns them into actions. */
  readonly findings: readonly Finding[];
  /** Complaints about the configuration, as the tools print them. */
  readonly problems: readonly string[];
  readonly recheckAt?: Instant | undefined;
}

export type QuorumPolicy = 'freeze' | 'stop' | 'ignore' | 'fence' | 'demote';
export type PlacementStrategy = 'default' | 'utilization' | 'minimal' | 'balanced';

/** Cluster options with their defaults filled in, and everything as written in `values`. */
export interface ClusterOptions {
  readonly values: ReadonlyMap<string, string>;
  readonly noQuorumPolicy: QuorumPolicy;
  readonly fencingEnabled: boolean;
  readonly fencingAction: string;
  readonly fencingTimeout: Duration;
  readonly priorityFencingDelay: Duration;
  readonly concurrentFencing: boolean;
  readonly startupFencing: boolean;
  readonly haveWatchdog: boolean;
  /** A fence device is configured, or there is a watchdog. */
  readonly haveFencing: boolean;
  readonly symmetric: boolean;
  readonly maintenanceMode: boolean;
  readonly stopAll: boolean;
  readonly stopRemovedResources: boolean;
  readonly cancelRemovedActions: boolean;
  readonly startFailureIsFatal: boolean;
  readonly probes: boolean;
  readonly placementStrategy: PlacementStrategy;
  readonly shutdownLock: boolean;
  readonly shutdownLockLimit: Duration;
  readonly nodePendingTimeout: Duration;
  readonly fenceRemoteWithoutQuorum: boolean;
  readonly unfencing: boolean;
  readonly clusterDelay: string;
  readonly health: HealthOptions;
}

export interface HealthOptions {
  readonly strategy: 'none' | 'migrate-on-red' | 'only-green' | 'progressive' | 'custom';
  readonly base: Score;
  readonly green: Score;
  readonly yellow: Score;
  readonly red: Score;
}

/** Whether the state of a resource is looked for on a node where it is not known. */
export type Discovery = 'always' | 'never' | 'exclusive';

/** What history and nature of a resource make of its running on a node. */
export interface Place {
  readonly score: Score;
  readonly discovery: Discovery;
}

type NodeKind = 'cluster' | 'remote' | 'guest';

export interface NodePicture {
  readonly id: string;
  readonly name: string;
  readonly kind: NodeKind;
  /** Nodes are numbered as they are found. */
  readonly number: number;
  readonly online: boolean;
  readonly standby: boolean;
  /** On standby because of a failure with `on-fail=standby`. */
  readonly failStandby: boolean;
  readonly maintenance: boolean;
  readonly pending: boolean;
  readonly unclean: boolean;
  readonly shutdown: boolean;
  readonly expectedUp: boolean;
  /** There is a `node_state` for it. */
  readonly seen: boolean;
  /** A fencing of a remote node is on record since it was last up. */
  readonly remoteFenced: boolean;
  readonly remoteMaintenance: boolean;
  readonly remoteReset: boolean;
  readonly unpacked: boolean;
  readonly shutdownRequested?: Instant | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly utilization: ReadonlyMap<string, string>;
  readonly featureSet?: string | undefined;
  readonly probesAllowed: boolean;
  readonly state?: XmlElement | undefined;
  /** Connection resource of a remote or guest node. */
  readonly connection?: ResourcePicture | undefined;
  /** Primitives active here, in the order in which the history shows them. */
  readonly running: readonly ResourcePicture[];
  /** Ids in its history of resources that are configured with another agent by now. */
  readonly otherAgents: readonly string[];
  /** Base score and discovery of the node for every resource: `-INFINITY` where nothing may run. */
  readonly base: Place;
  /** Sum of the priorities of what runs here. */
  readonly priority: number;
}

export type ResourceKind = 'primitive' | 'group' | 'clone' | 'bundle';

export interface AgentName {
  readonly standard: string;
  readonly provider?: string;
  readonly type: string;
}

/** Meta-attributes by name. */
export type Meta = Pick<ReadonlyMap<string, string>, 'get' | 'has'> &
  Iterable<readonly [name: string, value: string]>;

export interface ResourcePicture {
  /** With the instance's number where it is an instance of a clone (`web:1`). */
  readonly id: string;
  /** Name in the history: without the number for an anonymous clone's instance. */
  readonly historyId?: string | undefined;
  readonly kind: ResourceKind;
  /** The element, its template merged in. */
  readonly xml: XmlElement;
  readonly parent?: ResourcePicture | undefined;
  readonly children: readonly ResourcePicture[];
  readonly meta: Meta;
  readonly utilization: ReadonlyMap<string, string>;
  readonly agent?: AgentName | undefined;
  /** Class, provider and type as the history has them, to be compared as a whole. */
  readonly agentText: string;
  /** Operations as configured (`op` elements), templates merged in. */
  readonly operations: readonly OperationPicture[];
  readonly role: Role;
  /** What history and target-role make of it next; Unknown where they say nothing. */
  readonly nextRole: Role;
  /** Where it is active; more than one entry where it ought not to be. */
  readonly activeOn: readonly NodePicture[];
  /** Nodes whose history tells its state. */
  readonly knownOn: Pick<NodeSet, 'has' | 'isEmpty'>;
  /** Where it may run as far as history goes, by node id; a node that is not here is not known to be allowed. */
  readonly places: ReadonlyMap<string, Place>;
  readonly pendingAction?: string | undefined;
  readonly pendingNode?: NodePicture | undefined;
  readonly partialMigration?: { readonly source: NodePicture; readonly target: NodePicture } | undefined;
  /** Nodes of unfinished moves whose source may still run it. */
  readonly danglingMigrations: readonly NodePicture[];
  readonly flags: ResourceFlags;
  readonly priority: number;
  readonly stickiness: number;
  readonly failureTimeout: Duration;
  readonly migrationThreshold: number;
  readonly multipleActive: 'stop_start' | 'stop_only' | 'block' | 'stop_unexpected';
  readonly lock?: { readonly node: NodePicture; readonly at: Instant } | undefined;
  readonly clone?: ClonePicture | undefined;
  readonly bundle?: BundlePicture | undefined;
  /** What carries it: the container of a guest's connection or of a bundle's replica. */
  readonly launcher?: ResourcePicture | undefined;
  readonly launched: readonly ResourcePicture[];
  /** Wait between attempts to reconnect to a remote node; 0 where there is none. */
  readonly reconnectInterval: Duration;
  /** Members of a group keep together / start in order. */
  readonly group?: { readonly ordered: boolean; readonly colocated: boolean } | undefined;
}

/** An `op` element. */
export interface OperationPicture {
  readonly xml: XmlElement;
  readonly name: string;
  readonly interval: Duration;
  readonly enabled: boolean;
}

export interface ResourceFlags {
  readonly managed: boolean;
  readonly blocked: boolean;
  readonly maintenance: boolean;
  readonly failed: boolean;
  readonly failureIgnored: boolean;
  readonly stopIfFailed: boolean;
  /** Only history knows it (an orphan). */
  readonly removed: boolean;
  readonly removedLaunched: boolean;
  readonly unique: boolean;
  readonly critical: boolean;
  readonly notify: boolean;
  readonly promotable: boolean;
  readonly migratable: boolean;
  readonly fenceDevice: boolean;
  readonly remoteConnection: boolean;
  readonly needsFencing: boolean;
  readonly needsQuorum: boolean;
  readonly needsUnfencing: boolean;
  readonly startPending: boolean;
  readonly bundled: boolean;
  readonly exclusiveDiscovery: boolean;
  /** The container of a bundle's replica. */
  readonly replicaContainer: boolean;
  /** A bundle's connection: what runs through it may be nested. */
  readonly nestingAllowed: boolean;
}

export interface ClonePicture {
  readonly max: number;
  readonly nodeMax: number;
  readonly promotedMax: number;
  readonly promotedNodeMax: number;
  readonly minimum: number;
  readonly interleave: boolean;
  readonly ordered: boolean;
}

export interface BundlePicture {
  readonly image: string;
  readonly replicas: readonly ReplicaPicture[];
  readonly promotedMax: number;
  readonly replicasPerHost: number;
}

export interface ReplicaPicture {
  readonly offset: number;
  readonly address?: string | undefined;
  readonly container: ResourcePicture;
  readonly child?: ResourcePicture | undefined;
  readonly ip?: ResourcePicture | undefined;
  readonly remote?: ResourcePicture | undefined;
  readonly node?: NodePicture | undefined;
}

export interface TicketPicture {
  readonly id: string;
  readonly granted: boolean;
  readonly standby: boolean;
  readonly lastGranted?: string | undefined;
  readonly state: ReadonlyMap<string, string>;
}

export interface FailurePicture {
  readonly node: NodePicture;
  readonly resource: string;
  readonly entry: XmlElement;
}

/** What one place of the history calls for. */
export type Finding =
  | { readonly kind: 'fence'; readonly node: NodePicture; readonly reason: string; readonly delay: boolean }
  /** A recurring operation that the history shows to be running. */
  | {
      readonly kind: 'recurring';
      readonly resource: ResourcePicture;
      readonly node: NodePicture;
      readonly operation: string;
      readonly interval: Duration;
    }
  | { readonly kind: 'stop'; readonly resource: ResourcePicture; readonly node: NodePicture }
  /** Stops found earlier on that node are not needed after all. */
  | { readonly kind: 'stop-is-optional'; readonly resource: ResourcePicture; readonly node: NodePicture }
  | { readonly kind: 'demote'; readonly resource: ResourcePicture; readonly node: NodePicture }
  | {
      readonly kind: 'clear-failures';
      readonly resource: ResourcePicture;
      readonly node: NodePicture;
      readonly reason: string;
    }
  /** Whether the definition of what failed has changed depends on where a container will be. */
  | {
      readonly kind: 'check-failure-later';
      readonly resource: ResourcePicture;
      readonly node: NodePicture;
      readonly entry: XmlElement;
    }
  | { readonly kind: 'clear-history'; readonly resource: ResourcePicture; readonly node: NodePicture }
  /** The failures of a connection may be forgotten only after its node was fenced. */
  | {
      readonly kind: 'clear-failures-after-fencing';
      readonly resource: ResourcePicture;
      readonly node: NodePicture;
    };
