import type { Instant } from '../base/time.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { parseInteger } from '../status/words.ts';
import { CandidateTable } from './assign/candidates.ts';
import type { Candidate, Cluster, Methods, Node, Replica, Resource } from './model.ts';
import type { Addend, ScoreRule } from './origins.ts';
import { numberIn, PROMOTION_SCORE, topOf } from './tree.ts';

/** The working model of a picture. */
export function buildCluster(
  picture: Picture,
  methods: Readonly<Record<Resource['kind'], Methods>>,
): Cluster {
  const nodeOf = new Map<NodePicture, Node>();
  for (const [position, facts] of picture.nodes.entries()) nodeOf.set(facts, buildNode(facts, position));
  const nodes = [...nodeOf.values()];
  const resourceOf = new Map<ResourcePicture, Resource>();
  const cluster: Cluster = {
    picture,
    nodes,
    nodeByName: new Map(nodes.map(node => [node.name, node])),
    nodeById: new Map(nodes.map(node => [node.id, node])),
    dc: picture.dc === undefined ? undefined : nodeOf.get(picture.dc),
    namesDiffer: new Set(nodes.map(node => node.name.toLowerCase())).size === nodes.length,
    resources: [],
    resourceOf,
    actions: [],
    singletons: new Map(),
    orderings: [],
    locations: [],
    problems: [...picture.problems],
    scores: [],
    now: Math.floor(picture.now / 1000),
    recheckAt: picture.recheckAt === undefined ? undefined : Math.floor(picture.recheckAt / 1000),
    rules: { ...picture.rules, noteChange: at => noteChange(cluster, at) },
    nextAction: 1,
    hasRemoteNodes: nodes.some(node => node.facts.kind !== 'cluster'),
    laterChecks: [],
    updates: { depth: 0, waiting: [] },
  };
  for (const node of nodes) (node as { cluster: Cluster }).cluster = cluster;
  const build: Building = { cluster, methods, nodeOf, resourceOf, candidates: new Map() };
  cluster.resources = picture.resources.map(facts => buildResource(build, facts, undefined));
  for (const [facts, resource] of resourceOf) link(build, facts, resource);
  for (const [facts, node] of nodeOf) {
    node.connection = facts.connection === undefined ? undefined : resourceOf.get(facts.connection);
  }
  return cluster;
}

interface Building {
  readonly cluster: Cluster;
  readonly methods: Readonly<Record<Resource['kind'], Methods>>;
  readonly nodeOf: ReadonlyMap<NodePicture, Node>;
  readonly resourceOf: Map<ResourcePicture, Resource>;
  readonly candidates: Map<ResourcePicture['places'], CandidateTable>;
}

function buildNode(facts: NodePicture, position: number): Node {
  const base: Omit<Candidate, 'node'> & { node?: Node } = {
    score: facts.base.score,
    discovery: facts.base.discovery,
    count: 0,
    addends: beginning(facts.base.score, 'node'),
  };
  const node: Node = {
    cluster: undefined as never,
    position,
    facts,
    id: facts.id,
    name: facts.name,
    attributes: facts.attributes,
    hasPromotionScores: [...facts.attributes.keys()].some(name => name.startsWith(PROMOTION_SCORE)),
    online: facts.online,
    standby: facts.standby,
    maintenance: facts.maintenance,
    pending: facts.pending,
    unclean: facts.unclean,
    shutdown: facts.shutdown,
    seen: facts.seen,
    remoteReset: facts.remoteReset,
    base: base as Candidate,
    load: 0,
    capacity: new Map([...facts.utilization].map(([name, value]) => [name, parseInteger(value) ?? 0])),
    connection: undefined,
  };
  base.node = node;
  return node;
}

const beginning = (value: number, origin: ScoreRule): Addend | undefined =>
  value === 0 ? undefined : { origin, value, before: undefined };

/** The cluster is to be looked at again by then. */
export function noteChange(cluster: Cluster, at: Instant): void {
  const second = Math.floor(at / 1000);
  if (cluster.recheckAt === undefined || second < cluster.recheckAt) cluster.recheckAt = second;
}

function buildResource(build: Building, facts: ResourcePicture, parent: Resource | undefined): Resource {
  const node = (of: NodePicture): Node => build.nodeOf.get(of) as Node;
  const { migration, lock } = movesOf(facts, node);
  const resource: Resource = {
    cluster: build.cluster,
    facts,
    id: facts.id,
    number: numberIn(facts.id),
    kind: facts.kind,
    methods: build.methods[facts.kind],
    flags: { ...facts.flags },
    meta: facts.meta,
    parent,
    children: [],
    role: facts.role,
    nextRole: facts.nextRole,
    active: facts.activeOn.map(node),
    allowed: candidatesOf(build, facts),
    flowSum: undefined,
    assigned: undefined,
    displaced: undefined,
    assignedScore: 0,
    isAssigned: false,
    isAssigning: false,
    isUpdatingNodes: false,
    isRestarting: false,
    stopsUnexpected: false,
    reloads: false,
    priority: facts.priority,
    stickiness: facts.stickiness,
    promotionPriority: 0,
    migration,
    danglingMigrations: facts.danglingMigrations.map(node),
    lock,
    launcher: undefined,
    launched: [],
    thisWith: [],
    withThis: [],
    locations: [],
    tickets: [],
    actions: [],
    tasks: new Map(),
    otherActions: new Map(),
    tallies: new Map(),
    parameters: new Map(),
    clone: cloneState(facts),
    bundle: facts.bundle === undefined ? undefined : { replicas: [] },
    notifications: undefined,
  };
  build.resourceOf.set(facts, resource);
  resource.children = facts.children.map(one => buildResource(build, one, resource));
  return resource;
}

function movesOf(
  facts: ResourcePicture,
  node: (of: NodePicture) => Node,
): Pick<Resource, 'migration' | 'lock'> {
  const { partialMigration: move, lock } = facts;
  return {
    migration: move === undefined ? undefined : { source: node(move.source), target: node(move.target) },
    lock: lock === undefined ? undefined : { node: node(lock.node), at: Math.floor(lock.at / 1000) },
  };
}

/** Resources whose places are one table share what is made of it. */
function candidatesOf(build: Building, { places }: ResourcePicture): CandidateTable {
  let shared = build.candidates.get(places);
  if (shared === undefined) {
    shared = sharedCandidates(build, places);
    build.candidates.set(places, shared);
  }
  return shared.copy();
}

function sharedCandidates(build: Building, places: ResourcePicture['places']): CandidateTable {
  const made: Candidate[] = [];
  for (const [id, { score, discovery }] of places) {
    const node = build.cluster.nodeById.get(id);
    if (node === undefined) continue;
    const addends = score === node.base.score ? node.base.addends : beginning(score, 'history');
    made.push({ node, score, discovery, count: 0, addends });
  }
  return CandidateTable.sharing(made);
}

const cloneState = ({ clone }: ResourcePicture): Resource['clone'] =>
  clone === undefined
    ? undefined
    : {
        max: clone.max,
        nodeMax: clone.nodeMax,
        promotedMax: clone.promotedMax,
        promotedNodeMax: clone.promotedNodeMax,
        ordered: clone.ordered,
        interleave: clone.interleave,
        promotionScoresAdded: false,
        promotionsSorted: false,
      };

/** What points across the tree. */
function link(build: Building, facts: ResourcePicture, resource: Resource): void {
  const other = (of: ResourcePicture | undefined): Resource | undefined =>
    of === undefined ? undefined : build.resourceOf.get(of);
  resource.launcher = other(facts.launcher);
  resource.launched = facts.launched.flatMap(one => other(one) ?? []);
  if (facts.bundle === undefined) return;
  const replicas: Replica[] = facts.bundle.replicas.map(replica => ({
    offset: replica.offset,
    address: replica.address,
    container: other(replica.container) as Resource,
    child: other(replica.child),
    ip: other(replica.ip),
    remote: other(replica.remote),
    node: replica.node === undefined ? undefined : build.nodeOf.get(replica.node),
  }));
  (resource.bundle as { replicas: readonly Replica[] }).replicas = replicas;
}

/** Looks for a resource by id or by its name in the history, children included, in the order of the tree. */
function findResource(cluster: Cluster, id: string): Resource | undefined {
  const known = cluster.picture.resourceById.get(id);
  if (known !== undefined) return cluster.resourceOf.get(known);
  const byHistory = cluster.picture.resourceByHistoryId.get(id);
  return byHistory === undefined ? undefined : cluster.resourceOf.get(byHistory);
}

/** The resource that a constraint names; the name in the history of a clone's instance stands for the clone. */
export function findConstrained(cluster: Cluster, id: string | undefined): Resource | undefined {
  const found = id === undefined ? undefined : findResource(cluster, id);
  return found === undefined || found.id === id ? found : topOf(found);
}
