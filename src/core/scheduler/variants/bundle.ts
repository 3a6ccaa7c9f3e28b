import { compareRoles } from '../../model/role.ts';
import { collectiveAction } from '../actions/action.ts';
import { taskActionsOn } from '../actions/lookup.ts';
import { assignTo } from '../assign/assign.ts';
import { addAllThisWith, addAllWithThis, addColocated, intersect } from '../assign/colocated.ts';
import { assignInTurn } from '../assign/in-turn.ts';
import { assignInstances, instanceOrder } from '../assign/instances.ts';
import { bestFirst, exclude, MUST, NEVER, reweigh, sum } from '../assign/nodes.ts';
import { addColocation } from '../constraints/colocation.ts';
import { applyLocation } from '../constraints/location.ts';
import { ORDER } from '../flags.ts';
import type {
  Action,
  Assigning,
  Candidate,
  ColocationUse,
  Methods,
  Node,
  Replica,
  Resource,
} from '../model.ts';
import { thresholdReached } from '../node-criteria.ts';
import { addOrdering } from '../order/ordering.ts';
import { noteScores } from '../scores.ts';
import { anyFlag, isBundleNode, locationOf, topOf } from '../tree.ts';
import { constrainBundle } from './bundle-constraints.ts';
import { COMPLETED, collectiveFlags, createInstanceActions, updateCollective } from './instances.ts';
import { Partners } from './partners.ts';

const replicasOf = (bundle: Resource): readonly Replica[] => bundle.bundle?.replicas ?? [];
const containersOf = (bundle: Resource): readonly Resource[] => bundle.bundle?.containers ?? [];

/** The clone whose instances run in the replicas. */
const cloneIn = (bundle: Resource): Resource | undefined => bundle.children.find(one => one.kind === 'clone');

function* assign(bundle: Resource, prefer: Node | undefined, stopIfFail: boolean): Assigning {
  bundle.isAssigning = true;
  noteScores(bundle, 'bundle');
  const replicas = replicasOf(bundle);
  const perNode = bundle.facts.bundle?.replicasPerHost ?? 1;
  assignInstances(bundle, containersOf(bundle).toSorted(instanceOrder()), {
    total: replicas.length,
    perNode,
  });
  for (const replica of replicas) assignReplica(replica, prefer, stopIfFail);
  const clone = cloneIn(bundle);
  if (clone !== undefined) {
    const own = new Set(replicas.map(one => one.node));
    for (const candidate of clone.allowed.values()) {
      reweigh(candidate, own.has(candidate.node) ? 0 : NEVER, 'replica');
    }
    yield clone.methods.assign(clone, prefer, stopIfFail);
  }
  bundle.isAssigned = true;
  bundle.isAssigning = false;
  return undefined;
}

/** With a container go its address, the connection into it, and what runs there. */
function assignReplica(replica: Replica, prefer: Node | undefined, stopIfFail: boolean): void {
  const { ip, container, remote, child, node } = replica;
  if (ip !== undefined) assignInTurn(ip, prefer, stopIfFail);
  const host = container.assigned;
  if (remote !== undefined) {
    if (host !== undefined && host.facts.kind !== 'cluster' && host.connection !== undefined) {
      addColocation({
        id: '#replica-remote-with-host-remote',
        score: MUST,
        dependent: remote,
        primary: host.connection,
        influence: true,
        explicit: false,
      });
    }
    assignInTurn(remote, prefer, stopIfFail);
  }
  if (child?.parent === undefined) return;
  for (const candidate of child.allowed.values()) {
    if (candidate.node !== node) exclude(candidate, 'replica');
    else if (!thresholdReached(child, candidate.node)) reweigh(candidate, MUST, 'replica');
  }
  // Its clone may be at it already, where that is colocated with the bundle that it is in.
  const { isAssigning } = child.parent;
  child.parent.isAssigning = true;
  assignInTurn(child, node, stopIfFail);
  child.parent.isAssigning = isAssigning;
}

function createActions(bundle: Resource): void {
  for (const { ip, container, remote } of replicasOf(bundle)) {
    for (const one of [ip, container, remote]) one?.methods.createActions(one);
  }
  createInstanceActions(bundle, containersOf(bundle));
  const clone = cloneIn(bundle);
  if (clone === undefined) return;
  clone.methods.createActions(clone);
  if (!clone.flags.promotable) return;
  for (const [task, done] of [
    ['promote', 'promoted'],
    ['demote', 'demoted'],
  ] as const) {
    collectiveAction(bundle, task, { optional: true, runnable: true });
    collectiveAction(bundle, done, { optional: true, runnable: true }).priority = COMPLETED;
  }
}

function createProbe(bundle: Resource, node: Node): boolean {
  let any = false;
  for (const replica of replicasOf(bundle)) any = probeReplica(bundle, replica, node) || any;
  return any;
}

function probeReplica(
  bundle: Resource,
  { ip, child, container, remote, node: own }: Replica,
  node: Node,
): boolean {
  let any = ip?.methods.createProbe(ip, node) === true;
  if (child !== undefined && node === own && child.methods.createProbe(child, node)) any = true;
  if (container.methods.createProbe(container, node)) {
    any = true;
    if ((bundle.facts.bundle?.replicasPerHost ?? 1) === 1) orderOthersAfterProbe(bundle, container);
  }
  if (remote === undefined || !remote.methods.createProbe(remote, node)) return any;
  const probe = taskActionsOn(remote, 'monitor', node).at(-1);
  if (probe === undefined) return any;
  addOrdering(
    bundle.cluster,
    { resource: container, task: 'start' },
    probe,
    ORDER.nestedRemoteProbe,
    'container-first',
  );
  return true;
}

/** Of replicas that may not share a host another starts only when it is known that this one is not there. */
function orderOthersAfterProbe(bundle: Resource, probed: Resource): void {
  for (const { container } of replicasOf(bundle)) {
    if (container === probed) continue;
    addOrdering(
      bundle.cluster,
      { resource: probed, task: 'monitor' },
      { resource: container, task: 'start' },
      ORDER.ordered | ORDER.ifOnSameNode,
      'probe-before-change',
    );
  }
}

const hostOf = (node: Node): Node | undefined => {
  const launcher = isBundleNode(node) ? node.connection?.launcher : undefined;
  return launcher === undefined ? node : locationOf(launcher, 'assigned');
};

/** The container on the host of what is to be with the bundle, or where that would best be. */
function compatibleContainer(dependent: Resource, bundle: Resource): Resource | undefined {
  const partners = new Partners(bundle, { role: 'Unknown', when: 'next' });
  const place = locationOf(dependent, 'assigned');
  const host = place === undefined ? undefined : hostOf(place);
  if (host !== undefined) return partners.on(host);
  for (const candidate of bestFirst(dependent)) {
    const there = hostOf(candidate.node);
    const found = there === undefined ? undefined : partners.on(there);
    if (found !== undefined) return found;
  }
  return undefined;
}

function applyColocation(use: ColocationUse): number {
  const { dependent, primary, colocation } = use;
  if (!primary.isAssigned) return 0;
  if (colocation.dependent.kind === 'clone' || colocation.dependent.kind === 'bundle') {
    const container = compatibleContainer(dependent, primary);
    if (container !== undefined) {
      return dependent.methods.applyColocation({
        dependent,
        primary: container,
        colocation,
        forDependent: true,
      });
    }
    if (colocation.score < MUST) return 0;
    const because = { partner: primary, origin: colocation };
    assignTo(dependent, undefined, { force: true, stopIfFail: true, because });
    return 0;
  }
  if (colocation.score >= MUST) {
    intersect(dependent, hostsFor(use), { merge: false, origin: colocation });
    return 0;
  }
  let delta = 0;
  for (const container of containersOf(primary)) {
    delta = sum(
      delta,
      container.methods.applyColocation({ dependent, primary: container, colocation, forDependent: false }),
    );
  }
  return delta;
}

/** Hosts of containers in which what is to be promoted is. */
function hostsFor({ primary, colocation }: ColocationUse): Candidate[] {
  const hosts: Candidate[] = [];
  const promoted = compareRoles(colocation.primaryRole, 'Promoted') >= 0;
  for (const { container, child } of replicasOf(primary)) {
    const node = locationOf(container, 'assigned');
    if (node === undefined || anyFlag(container, 'blocked')) continue;
    if (promoted && child?.nextRole !== 'Promoted') continue;
    hosts.push(node.base);
  }
  return hosts;
}

/** Colocations of a bundle are those of its containers, and, where roles are chosen, of what is in them. */
function appliesTo(bundle: Resource, origin: Resource): boolean {
  if (origin === bundle || origin.flags.replicaContainer) return true;
  const clone = cloneIn(bundle);
  if (clone?.flags.promotable !== true || topOf(origin) !== clone) return false;
  return origin === clone ? clone.clone?.promotionsSorted === true : origin.isAssigned;
}

const OF_INSTANCES: ReadonlySet<string> = new Set([
  'start',
  'running',
  'stop',
  'stopped',
  'monitor',
  'do_shutdown',
  'stonith',
]);

function actionFlags(action: Action, node: Node | undefined): number {
  const bundle = action.resource;
  if (bundle === undefined) return action.flags;
  const clone = cloneIn(bundle);
  const inside = clone !== undefined && !OF_INSTANCES.has(action.task);
  return collectiveFlags(action, inside ? clone.children : containersOf(bundle), node);
}

export const bundleMethods: Methods = {
  assign,
  createActions,
  createProbe,
  constrain: constrainBundle,
  applyColocation,
  addColocated,
  addWithThis: (bundle, origin, list) => {
    if (appliesTo(bundle, origin)) addAllWithThis(list, bundle.withThis);
  },
  addThisWith: (bundle, origin, list) => {
    if (appliesTo(bundle, origin)) addAllThisWith(list, bundle.thisWith);
  },
  applyLocation: (bundle, location) => {
    applyLocation(bundle, location);
    for (const { container, ip } of replicasOf(bundle)) {
      container.methods.applyLocation(container, location);
      ip?.methods.applyLocation(ip, location);
    }
    const clone = cloneIn(bundle);
    if (clone === undefined || (location.role !== 'Promoted' && location.role !== 'Unpromoted')) return;
    clone.methods.applyLocation(clone, location);
    clone.locations.push(location);
  },
  actionFlags,
  updateOrdered: updateCollective,
  addToGraph: (bundle, graph) => {
    const clone = cloneIn(bundle);
    clone?.methods.addToGraph(clone, graph);
    for (const { ip, container, remote } of replicasOf(bundle)) {
      for (const one of [ip, container, remote]) one?.methods.addToGraph(one, graph);
    }
  },
  addGraphMeta: () => {},
  addUtilization: (bundle, together, needs) => {
    const [first] = containersOf(bundle);
    if (!bundle.isAssigned && first !== undefined) first.methods.addUtilization(first, together, needs);
  },
  lockShutdown: () => {},
  isActive: (bundle, all) => {
    for (const { ip, child, container, remote } of replicasOf(bundle)) {
      for (const one of [ip, child, container, remote]) {
        if (one !== undefined && one.methods.isActive(one, all) !== all) return !all;
      }
    }
    return all;
  },
};
