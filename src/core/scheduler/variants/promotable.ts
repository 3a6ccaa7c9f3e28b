import { withoutInstance } from '../../model/names.ts';
import { compareRoles } from '../../model/role.ts';
import { parseScore } from '../../model/score.ts';
import { collectiveAction } from '../actions/action.ts';
import { createPromotionPseudoNotifications } from '../actions/notify.ts';
import {
  colocationsOfThis,
  colocationsWithThis,
  colocationValue,
  hasInfluence,
  intersect,
} from '../assign/colocated.ts';
import { flowScores } from '../assign/flow.ts';
import { instanceOrder } from '../assign/instances.ts';
import { addScore, isAvailable, isReady, MUST, NEVER, setAllowed, sum, weigh } from '../assign/nodes.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Candidate, Colocation, ColocationUse, Location, Node, Resource } from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { notePromotion } from '../scores.ts';
import { isAssignedAnywhere, locationOf, PROMOTION_SCORE, roleOf, topOf, xmlId } from '../tree.ts';
import { COMPLETED } from './instances.ts';
import { Partners } from './partners.ts';

interface PromotionScore {
  readonly score: number;
  /** Somebody has set it. */
  readonly isSet: boolean;
}

const NOT_SET: PromotionScore = { score: 0, isSet: false };

/** Members of a clone that go by one name. */
interface Namesakes {
  readonly all: Resource[];
  /** The first of them that is active on a node. */
  readonly activeOn: Map<Node, Resource>;
}

type Members = ReadonlyMap<string, Namesakes>;

/** All below a resource, by id and by the name without a number, in the order of the tree. */
function membersByName(within: Resource, found = new Map<string, Namesakes>()): Members {
  for (const one of within.children) {
    for (const name of new Set([one.id, xmlId(one)])) {
      const same: Namesakes = found.get(name) ?? { all: [], activeOn: new Map() };
      found.set(name, same);
      same.all.push(one);
      for (const node of one.active) if (!same.activeOn.has(node)) same.activeOn.set(node, one);
    }
    membersByName(one, found);
  }
  return found;
}

/** Where promotion scores are set, an instance is worth more there, promoted or not. */
export function addPromotionScores(clone: Resource): void {
  if (clone.clone === undefined || clone.clone.promotionScoresAdded) return;
  clone.clone.promotionScoresAdded = true;
  const members = membersByName(topOf(clone));
  for (const instance of clone.children) {
    instance.allowed.each(seen => {
      if (!isAvailable(seen)) return;
      const { score } = promotionScore(instance, seen.node, members);
      const candidate = score > 0 ? instance.allowed.get(seen.node) : undefined;
      if (candidate !== undefined) weigh(candidate, score, 'promotion-score');
      if (score > instance.priority) instance.priority = score;
    });
  }
}

/** What the agents of an instance say of its promotion on a node; of a group, the sum over its members. */
function promotionScore(resource: Resource, node: Node, members: Members): PromotionScore {
  if (resource.children.length > 0) {
    let score = 0;
    let isSet = false;
    for (const one of resource.children) {
      const its = promotionScore(one, node, members);
      score += its.score;
      isSet ||= its.isSet;
    }
    return { score, isSet };
  }
  const there = whereScoreIs(resource, node);
  if (there?.hasPromotionScores !== true) return NOT_SET;
  const plain = withoutInstance(resource.id);
  let text = there.attributes.get(PROMOTION_SCORE + (resource.facts.historyId ?? resource.id));
  if (text === undefined && !resource.flags.unique && plain !== resource.id) {
    text = there.attributes.get(PROMOTION_SCORE + plain);
  }
  if (text === undefined || !scoreApplies(resource, node, members.get(plain))) return NOT_SET;
  return { score: parseScore(text) ?? 0, isSet: true };
}

/** The node whose attributes tell what a resource's promotion on a node is worth: of a container, maybe its host. */
function whereScoreIs(resource: Resource, node: Node): Node | undefined {
  const container = node.connection?.launcher;
  if (container === undefined || resource.meta.get('container-attribute-target') !== 'host') return node;
  return resource.isAssigned ? container.assigned : container.active[0];
}

/** A score counts only where the instance is active, or was looked for. */
function scoreApplies(resource: Resource, node: Node, namesakes: Namesakes | undefined): boolean {
  if ((resource.allowed.peek(node)?.score ?? -1) < 0) return false;
  if (!resource.flags.unique && namesakes !== undefined) {
    const active = namesakes.activeOn.get(node);
    if (active === resource) return true;
    if (active === undefined && namesakes.all.some(one => one.facts.knownOn.has(node.facts))) return true;
  }
  if (resource.active.length === 0 && resource.facts.knownOn.isEmpty) return true;
  return resource.facts.knownOn.has(node.facts) || resource.active.includes(node);
}

/** Chooses which instances are promoted. */
export function setInstanceRoles(clone: Resource): void {
  clone.allowed.resetCounts();
  const members = membersByName(topOf(clone));
  for (const instance of clone.children) setPriority(clone, instance, members);
  sortInstances(clone);
  let promoted = 0;
  for (const instance of clone.children) if (setRole(clone, instance, promoted)) promoted += 1;
}

function setPriority(clone: Resource, instance: Resource, members: Members): void {
  if (roleOf(instance, 'now') === 'Started') unpromoteNow(instance);
  const node = locationOf(instance, 'assigned');
  if (node === undefined) return;
  const next = roleOf(instance, 'next');
  if (next === 'Started' || next === 'Unknown') {
    const { score, isSet } = promotionScore(instance, node, members);
    instance.priority = isSet ? score : -1;
  } else if (next !== 'Promoted') {
    instance.priority = NEVER;
  }
  applyPromotedLocations(instance, instance.locations, node);
  applyPromotedLocations(instance, clone.locations, node);
  for (const colocation of colocationsOfThis(instance)) {
    const { primary } = colocation;
    instance.methods.applyColocation({ dependent: instance, primary, colocation, forDependent: true });
  }
  instance.promotionPriority = next === 'Promoted' ? MUST : instance.priority;
}

function unpromoteNow(resource: Resource): void {
  if (resource.role === 'Started') resource.role = 'Unpromoted';
  for (const one of resource.children) unpromoteNow(one);
}

function applyPromotedLocations(instance: Resource, locations: readonly Location[], node: Node): void {
  for (let at = locations.length - 1; at >= 0; at -= 1) {
    const location = locations[at];
    if (location?.role !== 'Promoted') continue;
    const there = location.nodes.find(one => one.node === node);
    if (there !== undefined) instance.priority = sum(instance.priority, there.score);
  }
}

function sortInstances(clone: Resource): void {
  if (clone.clone === undefined || clone.clone.promotionsSorted) return;
  clone.clone.promotionsSorted = true;
  clone.isUpdatingNodes = true;
  for (const instance of clone.children) addPriorityToNode(clone, instance);
  for (const colocation of colocationsWithThis(clone)) flowFromDependent(clone, colocation);
  requireTickets(clone);
  for (const instance of clone.children) takePriorityFromNode(clone, instance);
  clone.children.sort(promotionOrder());
  clone.isUpdatingNodes = false;
}

function addPriorityToNode(clone: Resource, instance: Resource): void {
  if (instance.promotionPriority < 0) return;
  const node = locationOf(instance, 'assigned');
  const candidate = node === undefined ? undefined : clone.allowed.get(node);
  if (candidate !== undefined) weigh(candidate, instance.promotionPriority, 'promotion-score');
}

function flowFromDependent(clone: Resource, colocation: Colocation): void {
  if (colocation.primaryRole !== 'Promoted' || !hasInfluence(colocation)) return;
  const { dependent } = colocation;
  const flowed = flowScores(dependent, clone.allowed, {
    target: clone,
    colocation,
    factor: colocation.score / MUST,
    thisWith: false,
    nonnegative: true,
    active: true,
  });
  if (flowed !== undefined) setAllowed(clone, flowed);
}

function requireTickets(clone: Resource): void {
  for (const ticket of clone.tickets) {
    if (ticket.role === 'Promoted' && (!ticket.granted || ticket.standby))
      addScore(clone, undefined, NEVER, ticket);
  }
}

function takePriorityFromNode(clone: Resource, instance: Resource): void {
  const node = locationOf(instance, 'assigned');
  if (!instance.flags.managed && instance.nextRole === 'Promoted') {
    instance.promotionPriority = MUST;
  } else if (node === undefined) {
    instance.promotionPriority = NEVER;
  } else if (instance.promotionPriority >= 0) {
    instance.promotionPriority = clone.allowed.peek(node)?.score ?? 0;
  }
}

function promotionOrder(): (left: Resource, right: Resource) => number {
  const otherwise = instanceOrder();
  return (left, right) => {
    const byPriority = right.promotionPriority - left.promotionPriority;
    if (byPriority !== 0) return byPriority;
    return compareRoles(roleOf(right, 'now'), roleOf(left, 'now')) || otherwise(left, right);
  };
}

function setRole(clone: Resource, instance: Resource, promoted: number): boolean {
  notePromotion(instance);
  const { picture } = clone.cluster;
  const hasPlace = promoted < (clone.clone?.promotedMax ?? 0) || !clone.flags.managed;
  const chosen = instance.promotionPriority >= 0 && hasPlace ? promotionNode(clone, instance) : undefined;
  const frozen =
    compareRoles(instance.role, 'Promoted') < 0 &&
    !picture.quorate &&
    picture.options.noQuorumPolicy === 'freeze';
  if (chosen === undefined || frozen) {
    unpromoteNext(instance);
    return false;
  }
  chosen.count += 1;
  promoteNext(instance);
  return true;
}

/** Where an instance, with all in it, could be promoted. */
function promotionNode(clone: Resource, resource: Resource): Candidate | undefined {
  for (const one of resource.children) if (promotionNode(clone, one) === undefined) return undefined;
  const node = locationOf(resource, 'assigned');
  if (node === undefined) return undefined;
  if (!resource.flags.managed) {
    if (roleOf(resource, 'now') !== 'Promoted') return undefined;
  } else if (resource.priority < 0 || !isReady(node)) {
    return undefined;
  }
  const candidate = clone.allowed.get(node);
  if (candidate === undefined) return undefined;
  const isFull = candidate.count >= (clone.clone?.promotedNodeMax ?? 0);
  return isFull && resource.flags.managed ? undefined : candidate;
}

function unpromoteNext(resource: Resource): void {
  resource.nextRole = isAssignedAnywhere(resource) ? 'Unpromoted' : 'Stopped';
  for (const one of resource.children) unpromoteNext(one);
}

function promoteNext(resource: Resource): void {
  if (resource.nextRole === 'Unknown') resource.nextRole = 'Promoted';
  for (const one of resource.children) promoteNext(one);
}

export function createPromotableActions(clone: Resource): void {
  let promoting = false;
  let demoting = false;
  const note = (resource: Resource): void => {
    for (const one of resource.children) note(one);
    if (resource.children.length > 0) return;
    for (const { task, flags } of resource.actions) {
      if (has(flags, ACTION.optional)) continue;
      if (task === 'demote') demoting = true;
      else if (task === 'promote') promoting = true;
    }
  };
  for (const instance of clone.children) {
    note(instance);
  }
  const pair = (task: string, done: string, wanted: boolean) => {
    const action = collectiveAction(clone, task, { optional: !wanted, runnable: true });
    const complete = collectiveAction(clone, done, { optional: !wanted, runnable: true });
    complete.priority = COMPLETED;
    return { action, complete };
  };
  createPromotionPseudoNotifications(clone, {
    promote: () => pair('promote', 'promoted', promoting),
    demote: () => pair('demote', 'demoted', demoting),
  });
  for (const instance of clone.children) instance.priority = clone.priority;
}

/** What comes down comes before what goes up. */
export function orderPromotionRestart(collective: Resource): void {
  const order = (first: string, then: string): void =>
    orderTasks(collective, first, collective, then, ORDER.ordered, 'promotion-order');
  order('stopped', 'start');
  order('stopped', 'promote');
  order('demoted', 'stop');
  order('demoted', 'start');
  order('demoted', 'promote');
  order('running', 'promote');
  order('demote', 'demoted');
}

export function orderPromotable(clone: Resource): void {
  orderPromotionRestart(clone);
  const ordered = clone.clone?.ordered === true;
  let last: Resource | undefined;
  for (const instance of clone.children) {
    orderTasks(instance, 'demote', instance, 'promote', ORDER.ordered, 'promotion-order');
    orderTasks(clone, 'promote', instance, 'promote', ORDER.ordered, 'clone-bounds');
    orderTasks(instance, 'promote', clone, 'promoted', ORDER.ordered, 'clone-bounds');
    if (last !== undefined && ordered)
      orderTasks(last, 'promote', instance, 'promote', ORDER.ordered, 'clone-order');
    orderTasks(clone, 'demote', instance, 'demote', ORDER.thenImpliesFirstGraphed, 'clone-bounds');
    orderTasks(instance, 'demote', clone, 'demoted', ORDER.firstImpliesThenGraphed, 'clone-bounds');
    if (last !== undefined && ordered)
      orderTasks(instance, 'demote', last, 'demote', ORDER.ordered, 'clone-order');
    last = instance;
  }
}

/** What must be with instances of a role may be where there are some. */
export function updateDependentOfPromotable({ dependent, primary, colocation }: ColocationUse): void {
  const affected: Candidate[] = [];
  for (const instance of primary.children) {
    const node = locationOf(instance, 'assigned');
    if (node === undefined || roleOf(instance, 'next') !== colocation.primaryRole) continue;
    if (colocation.score < MUST) addWhereSame({ dependent, primary, colocation }, node);
    affected.unshift({ ...node.base, score: assignedScoreOf(instance) });
  }
  const bothPromoted = colocation.dependentRole === 'Promoted' && colocation.primaryRole === 'Promoted';
  if (colocation.score >= MUST && !bothPromoted)
    intersect(dependent, affected, { merge: true, origin: colocation });
}

/** What the place of an instance was worth to it; of a group, to its first member that has one. */
function assignedScoreOf(resource: Resource): number {
  if (resource.children.length === 0) return resource.assignedScore;
  const placed = resource.children.find(isAssignedAnywhere);
  return placed === undefined ? 0 : assignedScoreOf(placed);
}

function addWhereSame(
  { dependent, primary, colocation }: Pick<ColocationUse, 'dependent' | 'primary' | 'colocation'>,
  node: Node,
): void {
  const { attribute, score } = colocation;
  const value = colocationValue(node, attribute, primary)?.toLowerCase();
  for (const candidate of dependent.allowed.values()) {
    if (colocationValue(candidate.node, attribute, dependent)?.toLowerCase() !== value) continue;
    weigh(candidate, score, colocation);
  }
}

/** An instance is worth more promoted where an instance of the primary has the role that it must be with. */
export function updatePromotableDependent({ dependent, primary, colocation }: ColocationUse): number {
  const partners = new Partners(primary, {
    role: colocation.primaryRole,
    when: 'next',
    attribute: colocation.attribute,
  });
  const partner = partners.of(dependent);
  if (partner !== undefined) {
    dependent.priority = sum(dependent.priority, colocation.score);
    return colocation.score;
  }
  if (colocation.score < MUST) return 0;
  dependent.priority = NEVER;
  return NEVER;
}
