import { isTrue } from '../../status/words.ts';
import { createClonePseudoNotifications, createNotifications } from '../actions/notify.ts';
import { createProbe, probeAll } from '../actions/probes.ts';
import { assignTo } from '../assign/assign.ts';
import {
  addAllThisWith,
  addAllWithThis,
  addColocated,
  colocationsOfThis,
  colocationsWithThis,
  intersect,
} from '../assign/colocated.ts';
import { addDependentScores } from '../assign/flow.ts';
import { assignInstances, instanceOrder } from '../assign/instances.ts';
import { MUST, sum } from '../assign/nodes.ts';
import { applyLocation } from '../constraints/location.ts';
import { ORDER } from '../flags.ts';
import { addResourceActions } from '../graph/produce.ts';
import type {
  Assigning,
  Candidate,
  Colocation,
  ColocationUse,
  GraphSink,
  Methods,
  Node,
  Resource,
} from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { noteScores } from '../scores.ts';
import { anyFlag, compareInstanceNumbers, locationOf } from '../tree.ts';
import { collectiveFlags, createInstanceActions, updateCollective } from './instances.ts';
import { Partners } from './partners.ts';
import {
  addPromotionScores,
  createPromotableActions,
  orderPromotable,
  setInstanceRoles,
  updateDependentOfPromotable,
  updatePromotableDependent,
} from './promotable.ts';

function* assign(clone: Resource, prefer: Node | undefined, stopIfFail: boolean): Assigning {
  if (clone.isAssigned || clone.isAssigning || clone.clone === undefined) return undefined;
  clone.isAssigning = true;
  if (clone.flags.promotable) addPromotionScores(clone);
  for (const { primary } of colocationsOfThis(clone))
    yield primary.methods.assign(primary, prefer, stopIfFail);
  for (const colocation of colocationsWithThis(clone)) addDependentScores(colocation, clone);
  noteScores(clone, 'clone');
  clone.children.sort(instanceOrder());
  assignInstances(clone, clone.children, { total: clone.clone.max, perNode: clone.clone.nodeMax });
  if (clone.flags.promotable) setInstanceRoles(clone);
  clone.isAssigned = true;
  clone.isAssigning = false;
  return undefined;
}

function createActions(clone: Resource): void {
  createClonePseudoNotifications(clone, createInstanceActions(clone, clone.children));
  if (clone.flags.promotable) createPromotableActions(clone);
}

function constrain(clone: Resource): void {
  const { promotable } = clone.flags;
  orderTasks(clone, 'stopped', clone, 'start', ORDER.ordered, 'clone-bounds');
  orderTasks(clone, 'start', clone, 'running', ORDER.unrunnableFirstBlocks, 'clone-bounds');
  orderTasks(clone, 'stop', clone, 'stopped', ORDER.unrunnableFirstBlocks, 'clone-bounds');
  if (promotable) {
    orderTasks(clone, 'demoted', clone, 'stop', ORDER.ordered, 'clone-bounds');
    orderTasks(clone, 'running', clone, 'promote', ORDER.unrunnableFirstBlocks, 'clone-bounds');
  }
  const ordered = clone.clone?.ordered === true;
  if (ordered) clone.children.sort(compareInstanceNumbers);
  for (const [at, instance] of clone.children.entries()) {
    instance.methods.constrain(instance);
    orderTasks(
      clone,
      'start',
      instance,
      'start',
      ORDER.unrunnableFirstBlocks | ORDER.thenImpliesFirstGraphed,
      'clone-bounds',
    );
    orderTasks(instance, 'start', clone, 'running', ORDER.firstImpliesThenGraphed, 'clone-bounds');
    orderTasks(clone, 'stop', instance, 'stop', ORDER.thenImpliesFirstGraphed, 'clone-bounds');
    orderTasks(instance, 'stop', clone, 'stopped', ORDER.firstImpliesThenGraphed, 'clone-bounds');
    if (!ordered) continue;
    for (const later of clone.children.slice(at + 1)) {
      orderTasks(instance, 'start', later, 'start', ORDER.ordered, 'clone-order');
      orderTasks(later, 'stop', instance, 'stop', ORDER.ordered, 'clone-order');
    }
  }
  if (promotable) orderPromotable(clone);
}

/** Whether instances of the two collectives go by pairs. */
function goesByPairs({ dependent, primary }: Colocation): boolean {
  if (dependent.kind === 'primitive' || dependent.kind === 'group') return false;
  if (!isTrue(dependent.meta.get('interleave'))) return false;
  return maxPerNode(dependent) === maxPerNode(primary);
}

const maxPerNode = (collective: Resource): number =>
  collective.clone?.nodeMax ?? collective.facts.bundle?.replicasPerHost ?? 1;

function applyColocation(use: ColocationUse): number {
  const { dependent, primary, colocation } = use;
  if (use.forDependent) return primary.methods.applyColocation({ ...use, forDependent: false });
  if (!primary.isAssigned) return 0;
  if (primary.flags.promotable && colocation.primaryRole !== 'Unknown') {
    if (!dependent.isAssigned) {
      updateDependentOfPromotable(use);
      return 0;
    }
    if (colocation.dependentRole === 'Promoted') return updatePromotableDependent(use);
  }
  if (goesByPairs(colocation)) return applyToPair(use);
  if (colocation.score >= MUST) {
    intersect(dependent, assignedPlaces(primary), { merge: false, origin: colocation });
    return 0;
  }
  let delta = 0;
  for (const instance of primary.children) {
    delta = sum(
      delta,
      instance.methods.applyColocation({ dependent, primary: instance, colocation, forDependent: false }),
    );
  }
  return delta;
}

function applyToPair({ dependent, primary, colocation }: ColocationUse): number {
  const partner = new Partners(primary, { role: 'Unknown', when: 'next' }).of(dependent);
  if (partner !== undefined) {
    return dependent.methods.applyColocation({ dependent, primary: partner, colocation, forDependent: true });
  }
  if (colocation.score < MUST) return 0;
  const because = { partner: primary, origin: colocation };
  assignTo(dependent, undefined, { force: true, stopIfFail: true, because });
  return 0;
}

function assignedPlaces(clone: Resource): Candidate[] {
  const places: Candidate[] = [];
  for (const instance of clone.children) {
    const node = locationOf(instance, 'assigned');
    if (node !== undefined && !anyFlag(instance, 'blocked')) places.push(node.base);
  }
  return places;
}

/** One probe is enough to know an anonymous clone on a node: best of the instance that will run there. */
function probeClone(clone: Resource, node: Node): boolean {
  if (clone.flags.exclusiveDiscovery) {
    const allowed = clone.allowed.peek(node);
    if (allowed?.discovery !== 'exclusive') {
      clone.allowed.delete(node);
      return false;
    }
  }
  clone.children.sort(compareInstanceNumbers);
  if (clone.flags.unique) return probeAll(clone.children, node);
  const instance =
    clone.children.find(one => isKnownOn(one, node)) ??
    clone.children.find(one => locationOf(one, 'assigned') === node) ??
    clone.children[0];
  return instance === undefined ? false : instance.methods.createProbe(instance, node);
}

const isKnownOn = (resource: Resource, node: Node): boolean =>
  resource.children.length > 0
    ? resource.children.some(one => isKnownOn(one, node))
    : resource.facts.knownOn.has(node.facts);

function addToGraph(clone: Resource, graph: GraphSink): void {
  for (let at = clone.actions.length - 1; at >= 0; at -= 1) {
    const action = clone.actions[at];
    if (action !== undefined) clone.methods.actionFlags(action, undefined);
  }
  createNotifications(clone);
  for (const instance of clone.children) instance.methods.addToGraph(instance, graph);
  addResourceActions(clone, graph);
}

export const cloneMethods: Methods = {
  assign,
  createActions,
  createProbe: (clone, node) =>
    clone.clone === undefined ? createProbe(clone, node) : probeClone(clone, node),
  constrain,
  applyColocation,
  addColocated,
  addWithThis: (clone, origin, list) => {
    addAllWithThis(list, clone.withThis);
    clone.parent?.methods.addWithThis(clone.parent, origin, list);
  },
  addThisWith: (clone, origin, list) => {
    addAllThisWith(list, clone.thisWith);
    clone.parent?.methods.addThisWith(clone.parent, origin, list);
  },
  applyLocation: (clone, location) => {
    applyLocation(clone, location);
    for (const instance of clone.children) instance.methods.applyLocation(instance, location);
  },
  actionFlags: (action, node) => collectiveFlags(action, action.resource?.children ?? [], node),
  updateOrdered: updateCollective,
  addToGraph,
  addGraphMeta: (clone, set) => {
    const facts = clone.clone;
    if (facts === undefined) return;
    set('CRM_meta_globally_unique', String(clone.flags.unique));
    set('CRM_meta_notify', String(clone.flags.notify));
    set('CRM_meta_clone_max', String(facts.max));
    set('CRM_meta_clone_node_max', String(facts.nodeMax));
    if (!clone.flags.promotable) return;
    set('CRM_meta_promoted_max', String(facts.promotedMax));
    set('CRM_meta_promoted_node_max', String(facts.promotedNodeMax));
    set('CRM_meta_master_max', String(facts.promotedMax));
    set('CRM_meta_master_node_max', String(facts.promotedNodeMax));
  },
  addUtilization: (clone, together, needs) => {
    if (clone.isAssigned) return;
    let counted = false;
    for (const instance of clone.children) {
      if (together.has(instance)) counted = true;
      else if (instance.children.some(member => together.has(member))) {
        instance.methods.addUtilization(instance, together, needs);
        counted = true;
      }
    }
    const [first] = clone.children;
    if (!counted && first !== undefined) first.methods.addUtilization(first, together, needs);
  },
  lockShutdown: () => {},
  isActive: (clone, all) => {
    const states = clone.children.map(one => one.methods.isActive(one, all));
    return all ? states.every(Boolean) : states.some(Boolean);
  },
};
