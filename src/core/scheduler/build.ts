import type { Instant } from '../base/time.ts';
import { Flags } from '../status/flags.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { parseInteger } from '../status/words.ts';
import { CandidateTable } from './assign/candidates.ts';
import { NODE_NAME } from './assign/colocated.ts';
import type { Candidate, Cluster, Methods, Node, Replica, Resource } from './model.ts';
import type { Addend, ScoreRule } from './origins.ts';
import { numberIn, PROMOTION_SCORE, topOf } from './tree.ts';

/** The working model of a picture. */
export function buildCluster(
  picture: Picture,
  methods: Readonly<Record<Resource['kind'], Methods>>,
): Cluster {
  const nodeOf = new Map<NodePicture, Node>();
  const nodes = picture.nodes.map(buildNode);
  for (const node of nodes) nodeOf.set(node.facts, node);
  const resourceOf = new Map<ResourcePicture, Resource>();
  const cluster: Cluster = {
    picture,
    nodes,
    nodeByName: new Map(nodes.map(node => [node.name, node])),
    nodeById: new Map(nodes.map(node => [node.id, node])),
    dc: picture.dc === undefined ? undefined : nodeOf.get(picture.dc),
    namesDiffer:
      new Set(nodes.map(node => node.attributes.get(NODE_NAME)?.toLowerCase())).size === nodes.length,
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
  const build: Building = { cluster, methods, nodeOf, resourceOf, candidates: new Map(), linked: [] };
  cluster.resources = picture.resources.map(facts => buildResource(build, facts, undefined));
  for (const resource of build.linked) link(build, resource);
  for (const node of nodes) {
    const { connection } = node.facts;
    if (connection !== undefined) node.connection = resourceOf.get(connection);
  }
  return cluster;
}

interface Building {
  readonly cluster: Cluster;
  readonly methods: Readonly<Record<Resource['kind'], Methods>>;
  readonly nodeOf: ReadonlyMap<NodePicture, Node>;
  readonly resourceOf: Map<ResourcePicture, Resource>;
  readonly candidates: Map<ResourcePicture['places'], CandidateTable>;
  /** Resources that others across the tree belong to, or that belong to these. */
  readonly linked: Resource[];
}

function buildNode(facts: NodePicture, position: number): Node {
  const base = {
    node: undefined as never as Node,
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
    hasPromotionScores: hasPromotionScores(facts),
    online: facts.online,
    standby: facts.standby,
    maintenance: facts.maintenance,
    pending: facts.pending,
    unclean: facts.unclean,
    shutdown: facts.shutdown,
    seen: facts.seen,
    remoteReset: facts.remoteReset,
    base,
    load: 0,
    capacity: new Map(),
    connection: undefined,
  };
  base.node = node;
  for (const [name, value] of facts.utilization) node.capacity.set(name, parseInteger(value) ?? 0);
  return node;
}

function hasPromotionScores({ attributes }: NodePicture): boolean {
  for (const name of attributes.keys()) if (name.startsWith(PROMOTION_SCORE)) return true;
  return false;
}

const beginning = (value: number, origin: ScoreRule): Addend | undefined =>
  value === 0 ? undefined : { origin, value, before: undefined };

/** The cluster is to be looked at again by then. */
export function noteChange(cluster: Cluster, at: Instant): void {
  const second = Math.floor(at / 1000);
  if (cluster.recheckAt === undefined || second < cluster.recheckAt) cluster.recheckAt = second;
}

function buildResource(build: Building, facts: ResourcePicture, parent: Resource | undefined): Resource {
  const resource: Resource = {
    cluster: build.cluster,
    facts,
    id: facts.id,
    number: parent === undefined ? 0 : numberIn(facts.id),
    kind: facts.kind,
    methods: build.methods[facts.kind],
    flags: new Flags(facts.flags),
    meta: facts.meta,
    parent,
    children: [],
    role: facts.role,
    nextRole: facts.nextRole,
    active: nodesOf(build, facts.activeOn),
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
    migration: migrationOf(build, facts),
    danglingMigrations: nodesOf(build, facts.danglingMigrations),
    lock: lockOf(build, facts),
    launcher: undefined,
    launched: NONE,
    needs: needsOf(facts),
    thisWith: [],
    withThis: [],
    locations: [],
    tickets: [],
    actions: [],
    tasks: new Map(),
    otherActions: undefined,
    tallies: undefined,
    parameters: undefined,
    parametersByNode: undefined,
    clone: cloneState(facts),
    bundle: undefined,
    notifications: undefined,
  };
  build.resourceOf.set(facts, resource);
  for (const one of facts.children) resource.children.push(buildResource(build, one, resource));
  const { launcher, launched, bundle } = facts;
  if (launcher !== undefined || launched.length > 0 || bundle !== undefined) build.linked.push(resource);
  return resource;
}

const NONE: readonly never[] = [];

const nodeOf = (build: Building, of: NodePicture): Node => build.nodeOf.get(of) as Node;

const nodesOf = (build: Building, of: readonly NodePicture[]): readonly Node[] =>
  of.length === 0 ? NONE : of.map(one => nodeOf(build, one));

function needsOf({ utilization }: ResourcePicture): Resource['needs'] {
  if (utilization.size === 0) return NONE;
  return [...utilization].map(([name, text]) => ({ name, amount: parseInteger(text) ?? 0 }));
}

const migrationOf = (build: Building, { partialMigration: move }: ResourcePicture): Resource['migration'] =>
  move === undefined ? undefined : { source: nodeOf(build, move.source), target: nodeOf(build, move.target) };

const lockOf = (build: Building, { lock }: ResourcePicture): Resource['lock'] =>
  lock === undefined ? undefined : { node: nodeOf(build, lock.node), at: Math.floor(lock.at / 1000) };

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
  places.forEach(({ score, discovery }, id) => {
    const node = build.cluster.nodeById.get(id);
    if (node === undefined) return;
    const addends = score === node.base.score ? node.base.addends : beginning(score, 'history');
    made.push({ node, score, discovery, count: 0, addends });
  });
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
function link(build: Building, resource: Resource): void {
  const { facts } = resource;
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
  resource.bundle = { replicas, containers: replicas.map(one => one.container) };
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
