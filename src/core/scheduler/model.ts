import type { Role } from '../model/role.ts';
import type { RuleReader } from '../status/nvpairs.ts';
import type {
  Discovery,
  Meta,
  NodePicture,
  Picture,
  ResourceFlags,
  ResourceKind,
  ResourcePicture,
} from '../status/picture.ts';
import type { XmlElement } from '../xml/element.ts';
import type { SameKey, TaskActions } from './actions/lookup.ts';
import type { PlannedAction } from './actions/planned-action.ts';
import type { Tally } from './actions/tally.ts';
import type { CandidateTable } from './assign/candidates.ts';
import type { FlowSum } from './assign/flow-sum.ts';
import type { Ordering } from './order/ordering.ts';
import type { Addends, Displacement, OrderOrigin } from './origins.ts';
import type { ScoreNote } from './scores.ts';

/**
 * The working model of one run: made from the picture, changed by every pass, gone at the end. It never leaves
 * this room.
 */
export interface Cluster {
  readonly picture: Picture;
  readonly nodes: Node[];
  readonly nodeByName: ReadonlyMap<string, Node>;
  readonly nodeById: ReadonlyMap<string, Node>;
  readonly dc: Node | undefined;
  /**
   * No two nodes are the same to a colocation: not by a name but for capitals, nor because neither has one, as remote
   * nodes have that never were up.
   */
  readonly namesDiffer: boolean;
  resources: Resource[];
  readonly resourceOf: ReadonlyMap<ResourcePicture, Resource>;
  /** In the order of creation; ids follow it. */
  readonly actions: Action[];
  /** Actions of no resource, by key. */
  readonly singletons: Map<string, Action>;
  readonly orderings: Ordering[];
  readonly locations: Location[];
  readonly problems: string[];
  readonly scores: ScoreNote[];
  /** Seconds since 1970. */
  readonly now: number;
  recheckAt: number | undefined;
  /** Reads sets of attributes, and notes when their rules may change. */
  readonly rules: RuleReader;
  nextAction: number;
  hasRemoteNodes: boolean;
  readonly laterChecks: LaterCheck[];
  /** Updates of actions that are under way within others, and actions that wait until one is done. */
  readonly updates: { depth: number; readonly waiting: Action[] };
}

/** A comparison of definitions that must wait for assignments: of a running operation, or of one that failed last. */
interface LaterCheck {
  readonly resource: Resource;
  readonly node: Node;
  readonly entry: XmlElement;
  readonly of: 'definition' | 'failure';
}

export interface Node {
  readonly cluster: Cluster;
  /** Its place among the nodes in the order of their names. */
  readonly position: number;
  readonly facts: NodePicture;
  readonly id: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Whether any agent has said what promoting it there is worth. */
  readonly hasPromotionScores: boolean;
  online: boolean;
  standby: boolean;
  maintenance: boolean;
  pending: boolean;
  unclean: boolean;
  shutdown: boolean;
  seen: boolean;
  remoteReset: boolean;
  readonly base: Candidate;
  /** How many resources are assigned to it by now. */
  load: number;
  /** Capacity that is left. */
  readonly capacity: Map<string, number>;
  connection: Resource | undefined;
}

/** A node as a resource sees it. */
export interface Candidate {
  readonly node: Node;
  score: number;
  /** What the score is made of, beyond what history and the nature of the node make of it. */
  addends: Addends | undefined;
  discovery: Discovery;
  /** Instances that a clone has assigned to it. */
  count: number;
}

export interface Resource {
  readonly cluster: Cluster;
  readonly facts: ResourcePicture;
  readonly id: string;
  /** In the name of an instance or of a replica. */
  readonly number: number;
  readonly kind: ResourceKind;
  readonly methods: Methods;
  readonly flags: { -readonly [K in keyof ResourceFlags]: ResourceFlags[K] };
  readonly meta: Meta;
  parent: Resource | undefined;
  children: Resource[];
  role: Role;
  nextRole: Role;
  readonly active: readonly Node[];
  /** To be replaced by `setAllowed` only. */
  readonly allowed: CandidateTable;
  /** What flows from here to where it depends on, while that is known; `mixed` of what does not just add up. */
  flowSum: FlowSum | 'mixed' | undefined;
  assigned: Node | undefined;
  /** What took away the node that it had, or would have had. */
  displaced: Displacement | undefined;
  /** The score that the node had when it was chosen. */
  assignedScore: number;
  isAssigned: boolean;
  isAssigning: boolean;
  isUpdatingNodes: boolean;
  isRestarting: boolean;
  stopsUnexpected: boolean;
  reloads: boolean;
  priority: number;
  stickiness: number;
  promotionPriority: number;
  migration: { readonly source: Node; readonly target: Node } | undefined;
  readonly danglingMigrations: readonly Node[];
  lock: { readonly node: Node; readonly at: number } | undefined;
  launcher: Resource | undefined;
  launched: readonly Resource[];
  /** What it takes of a node, where anything. */
  readonly needs: readonly { readonly name: string; readonly amount: number }[];
  /** Colocations of this with others, and of others with this. */
  readonly thisWith: Colocation[];
  readonly withThis: Colocation[];
  readonly locations: Location[];
  readonly tickets: Ticket[];
  /** In the order of creation. */
  readonly actions: Action[];
  /** By task, those that are done once; a task is found in lower case, and as it was spelled. */
  readonly tasks: Map<string, TaskActions>;
  /** By key, those that recur, or notify; found likewise. Made for the first. */
  otherActions: Map<string, SameKey> | undefined;
  /** Of a group or clone: its members' actions of a task, counted. Made for the first. */
  tallies: Map<string, Tally> | undefined;
  /** The same everywhere, or by the name of the node; so far as they were asked for. */
  parameters: ReadonlyMap<string, string> | undefined;
  parametersByNode: Map<string, ReadonlyMap<string, string>> | undefined;
  readonly clone: CloneState | undefined;
  /** Linked once all that is in it is there. */
  bundle: BundleState | undefined;
  /** Set once notifications are wanted. */
  notifications: Notifications | undefined;
}

interface CloneState {
  readonly max: number;
  readonly nodeMax: number;
  readonly promotedMax: number;
  readonly promotedNodeMax: number;
  readonly ordered: boolean;
  readonly interleave: boolean;
  promotionScoresAdded: boolean;
  promotionsSorted: boolean;
}

interface BundleState {
  readonly replicas: readonly Replica[];
  /** Of the replicas, in their order. */
  readonly containers: readonly Resource[];
}

export interface Replica {
  readonly offset: number;
  readonly address: string | undefined;
  readonly container: Resource;
  readonly child: Resource | undefined;
  readonly ip: Resource | undefined;
  readonly remote: Resource | undefined;
  readonly node: Node | undefined;
}

interface Notifications {
  start?: Notification | undefined;
  stop?: Notification | undefined;
  promote?: Notification | undefined;
  demote?: Notification | undefined;
}

export interface Notification {
  readonly action: 'start' | 'stop' | 'promote' | 'demote';
  readonly pre: Action | undefined;
  readonly preDone: Action | undefined;
  readonly post: Action | undefined;
  readonly postDone: Action | undefined;
  readonly lists: Map<string, { readonly resource: Resource; readonly node: Node | undefined }[]>;
  keys: (readonly [string, string])[];
  allowed: CandidateTable | undefined;
}

export interface Colocation {
  readonly kind: 'colocation';
  readonly id: string;
  /** Id of the element in the configuration; absent of one that follows from what resources are. */
  readonly constraint: string | undefined;
  readonly attribute: string;
  readonly score: number;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly dependentRole: Role;
  readonly primaryRole: Role;
  /** The dependent's wishes count for where the primary goes. */
  readonly influence: boolean;
  /** Written by the administrator. */
  readonly explicit: boolean;
}

export interface Location {
  readonly kind: 'location' | 'health';
  /** Of a rule, the rule's. */
  readonly id: string;
  readonly constraint: string;
  readonly resource: Resource;
  role: Role;
  readonly discovery: Discovery;
  nodes: readonly { readonly node: Node; readonly score: number }[];
}

export interface Ticket {
  readonly kind: 'ticket';
  readonly id: string;
  readonly constraint: string;
  readonly ticket: string;
  readonly granted: boolean;
  readonly standby: boolean;
  readonly everGranted: boolean;
  readonly role: Role;
  readonly lossPolicy: 'stop' | 'demote' | 'fence' | 'freeze';
}

/** What is or might be to be done. */
export type Action = PlannedAction;

export interface ColocationUse {
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly colocation: Colocation;
  readonly forDependent: boolean;
}

/** How scores of a resource flow to those that it is colocated with. */
export interface ScoreFlow {
  readonly target: Resource | undefined;
  readonly colocation: Colocation | undefined;
  readonly factor: number;
  /** Follow what this is with, rather than what is with this. */
  readonly thisWith: boolean;
  /** A sum below zero does not replace a score that was not. */
  readonly nonnegative: boolean;
  /** Without an available node nothing changes. */
  readonly active: boolean;
}

export interface OrderedUpdate {
  readonly first: Action;
  readonly later: Action;
  readonly node: Node | undefined;
  readonly flags: number;
  /** One meaning of the ordering. */
  readonly type: number;
  readonly origin: OrderOrigin;
}

/** An assignment under way: it yields what must be assigned before it goes on, and gets the node of that. */
export type Assigning = Generator<Assigning, Node | undefined, Node | undefined>;

/** What each kind of resource does in its own way. */
export interface Methods {
  /** Run by `assignInTurn`. */
  readonly assign: (resource: Resource, prefer: Node | undefined, stopIfFail: boolean) => Assigning;
  readonly createActions: (resource: Resource) => void;
  readonly createProbe: (resource: Resource, node: Node) => boolean;
  readonly constrain: (resource: Resource) => void;
  readonly applyColocation: (use: ColocationUse) => number;
  /** Adds what must be where the resource is, one step away. */
  readonly addColocated: (resource: Resource, together: Set<Resource>) => void;
  readonly addWithThis: (resource: Resource, origin: Resource, list: Colocation[]) => void;
  readonly addThisWith: (resource: Resource, origin: Resource, list: Colocation[]) => void;
  readonly applyLocation: (resource: Resource, location: Location) => void;
  readonly actionFlags: (action: Action, node: Node | undefined) => number;
  readonly updateOrdered: (update: OrderedUpdate) => number;
  readonly addToGraph: (resource: Resource, graph: GraphSink) => void;
  readonly addGraphMeta: (resource: Resource, set: (name: string, value: string) => void) => void;
  readonly addUtilization: (
    resource: Resource,
    together: ReadonlySet<Resource>,
    sum: Map<string, number>,
  ) => void;
  readonly lockShutdown: (resource: Resource) => void;
  readonly isActive: (resource: Resource, all: boolean) => boolean;
}

export interface GraphSink {
  readonly add: (action: Action) => void;
}
