import type { Instant } from '../base/time.ts';
import type { Role } from '../model/role.ts';
import type { XmlElement } from '../xml/element.ts';
import type { MutableFlags } from './flags.ts';
import type { MetaAttributes } from './meta-attributes.ts';
import type { NodeSet } from './node-set.ts';
import type {
  BundlePicture,
  ClonePicture,
  ClusterOptions,
  FailurePicture,
  Finding,
  NodePicture,
  Picture,
  Place,
  ReplicaPicture,
  ResourcePicture,
  TicketPicture,
} from './picture.ts';
import type { NodeHistory } from './recorded.ts';

/** The picture while it is being drawn. Only this room writes to it. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface NodeDraft
  extends Mutable<
    Omit<NodePicture, 'attributes' | 'utilization' | 'running' | 'connection' | 'otherAgents'>
  > {
  attributes: Map<string, string>;
  utilization: Map<string, string>;
  running: ResourceDraft[];
  otherAgents: string[];
  connection?: ResourceDraft | undefined;
}

/** What the configuration makes of a resource: all instances of a clone have it in common. */
export interface Nature
  extends Pick<
    ResourcePicture,
    | 'agent'
    | 'agentText'
    | 'operations'
    | 'utilization'
    | 'flags'
    | 'priority'
    | 'stickiness'
    | 'migrationThreshold'
    | 'multipleActive'
    | 'failureTimeout'
    | 'reconnectInterval'
  > {
  readonly meta: ReadonlyMap<string, string>;
  /** The role that the administrator asks for, where that limits it. */
  readonly targetRole: Role | undefined;
}

export interface ResourceDraft
  extends Mutable<
    Omit<
      ResourcePicture,
      | 'parent'
      | 'children'
      | 'meta'
      | 'activeOn'
      | 'knownOn'
      | 'pendingNode'
      | 'partialMigration'
      | 'danglingMigrations'
      | 'flags'
      | 'lock'
      | 'clone'
      | 'bundle'
      | 'launcher'
      | 'launched'
      | 'places'
      | 'utilization'
    >
  > {
  parent?: ResourceDraft | undefined;
  children: ResourceDraft[];
  meta: MetaAttributes;
  activeOn: NodeDraft[];
  knownOn: NodeSet;
  readonly nature: Nature;
  /** The table of places is that of all resources that nothing special is known of: it must not be written to. */
  sharesPlaces: boolean;
  places: ReadonlyMap<string, Place>;
  utilization: ReadonlyMap<string, string>;
  pendingNode?: NodeDraft | undefined;
  partialMigration?: { source: NodeDraft; target: NodeDraft } | undefined;
  danglingMigrations: NodeDraft[];
  flags: MutableFlags;
  lock?: { node: NodeDraft; at: Instant } | undefined;
  clone?: (Mutable<ClonePicture> & { instances: number; child: XmlElement }) | undefined;
  bundle?: (Mutable<Omit<BundlePicture, 'replicas'>> & { replicas: ReplicaDraft[] }) | undefined;
  launcher?: ResourceDraft | undefined;
  launched: ResourceDraft[];
}

export interface ReplicaDraft
  extends Mutable<Omit<ReplicaPicture, 'container' | 'child' | 'ip' | 'remote' | 'node'>> {
  container: ResourceDraft;
  child?: ResourceDraft | undefined;
  ip?: ResourceDraft | undefined;
  remote?: ResourceDraft | undefined;
  node?: NodeDraft | undefined;
}

export interface Draft
  extends Mutable<
    Omit<
      Picture,
      | 'options'
      | 'dc'
      | 'nodes'
      | 'resources'
      | 'resourceById'
      | 'nodeByName'
      | 'resourceByHistoryId'
      | 'tickets'
      | 'failures'
      | 'findings'
      | 'problems'
      | 'tags'
      | 'templates'
      | 'expiredEntries'
      | 'nodeHistories'
    >
  > {
  options: Mutable<ClusterOptions>;
  dc?: NodeDraft | undefined;
  nodes: NodeDraft[];
  nodeByName: Map<string, NodeDraft>;
  nodeById: Map<string, NodeDraft>;
  resources: ResourceDraft[];
  resourceById: Map<string, ResourceDraft>;
  /** By the name in the history of a clone's instance. */
  resourceByHistoryId: Map<string, ResourceDraft>;
  tickets: Mutable<TicketPicture>[];
  failures: FailurePicture[];
  failureKeys: Set<string>;
  /** Resources that a stop was found to be called for. */
  stopsFound: Set<ResourceDraft>;
  /** Where a resource may run of which nothing special is known; made anew when nodes change. */
  everywhere: ReadonlyMap<string, Place> | undefined;
  findings: Finding[];
  problems: string[];
  tags: Map<string, string[]>;
  templates: Map<string, string[]>;
  nodeHistories: Map<string, NodeHistory>;
  expiredEntries: Set<XmlElement>;
  resourceSection?: XmlElement | undefined;
  /** Containers that must stop because of what failed in them. */
  stopNeeded: ResourceDraft[];
}

/** Looks for a resource by id, or by the name that a clone's instance has in the history. */
export const findResource = (draft: Draft, id: string): ResourceDraft | undefined =>
  draft.resourceById.get(id) ?? draft.resourceByHistoryId.get(id);

/** The resource at the top of the tree, bundles not counted. */
export function topOf<R extends { parent?: R | undefined; readonly kind: string }>(of: R): R {
  let top = of;
  while (top.parent !== undefined && top.parent.kind !== 'bundle') top = top.parent;
  return top;
}

export const isAnonymousClone = (one: ResourceDraft): boolean => one.kind === 'clone' && !one.flags.unique;
export const isGuest = (node: NodeDraft): boolean =>
  node.kind !== 'cluster' && node.connection?.launcher !== undefined;

export const noteRecheck = (draft: Draft, at: number): void => {
  const instant = (at * 1000) as Instant;
  if (draft.recheckAt === undefined || instant < draft.recheckAt) draft.recheckAt = instant;
};

/** Seconds since 1970. */
export const secondsNow = (draft: { readonly now: Instant }): number => Math.floor(draft.now / 1000);
