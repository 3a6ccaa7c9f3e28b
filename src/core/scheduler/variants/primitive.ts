import { compareRoles, type Role } from '../../model/role.ts';
import {
  demand,
  demoteAction,
  forbid,
  is,
  type Need,
  promoteAction,
  setFlag,
  setReason,
  startAction,
  stopAction,
} from '../actions/action.ts';
import { fencingAction } from '../actions/fencing.ts';
import { taskActionsOn } from '../actions/lookup.ts';
import { canMigrate, createMigrationActions } from '../actions/migration.ts';
import { createProbe } from '../actions/probes.ts';
import { createRecurringActions } from '../actions/recurring.ts';
import { isUnfenced, orderVsUnfencing } from '../actions/unfencing.ts';
import { assignTo } from '../assign/assign.ts';
import { addNeeds } from '../assign/capacity.ts';
import {
  addAllThisWith,
  addAllWithThis,
  addColocated,
  addThisWith,
  addWithThis,
  applyToPriority,
  applyToScores,
  colocationsOfThis,
  colocationsWithThis,
  effectOf,
  isMandatory,
} from '../assign/colocated.ts';
import { addDependentScores } from '../assign/flow.ts';
import {
  addScore,
  anyAvailable,
  bestCandidate,
  isAvailable,
  isEligible,
  NEVER,
  setAllowed,
} from '../assign/nodes.ts';
import { banWithoutRoom } from '../assign/utilization.ts';
import { applyLocation } from '../constraints/location.ts';
import { ACTION, ORDER } from '../flags.ts';
import { addResourceActions } from '../graph/produce.ts';
import type { Assigning, Candidate, Colocation, ColocationUse, Methods, Node, Resource } from '../model.ts';
import { relate } from '../order/relate.ts';
import { updateOrdered } from '../order/update.ts';
import type { Demand } from '../origins.ts';
import { noteScores } from '../scores.ts';
import { activeNodes, currentNode, isHappy, isUniqueClone } from '../tree.ts';
import { constrainPrimitive } from './primitive-constraints.ts';
import { lockShutdown } from './shutdown-lock.ts';

/** Chooses the node of a primitive, after all that it must be with, or with which it would rather be. */
function* assign(resource: Resource, prefer: Node | undefined, stopIfFail: boolean): Assigning {
  const { parent } = resource;
  if (parent !== undefined && !parent.isAssigning) yield parent.methods.assign(parent, prefer, stopIfFail);
  if (resource.isAssigned) return resource.assigned;
  if (resource.isAssigning) return undefined;
  resource.isAssigning = true;
  const thisWith = colocationsOfThis(resource);
  const withThis = colocationsWithThis(resource);
  if (thisWith.length > 0 || withThis.length > 0) {
    for (const mandatory of [true, false]) {
      for (const one of thisWith) if (isMandatory(one) === mandatory) yield* applyThisWith(one, resource);
      for (const one of withThis) if (isMandatory(one) === mandatory) addDependentScores(one, resource);
    }
  }
  applyWantedRole(resource);
  noteScores(resource, 'primitive');
  place(resource, prefer, stopIfFail);
  resource.isAssigning = false;
  if (resource.flags.remoteConnection) connectionAssigned(resource);
  return resource.assigned;
}

function applyWantedRole(resource: Resource): void {
  const { options, quorate } = resource.cluster.picture;
  if (resource.nextRole === 'Stopped') {
    addScore(resource, undefined, NEVER, 'wanted-role');
  } else if (!quorate && options.noQuorumPolicy === 'freeze') {
    if (compareRoles(resource.nextRole, resource.role) > 0) resource.nextRole = resource.role;
  }
}

/** What is not managed stays as it is, where it is. */
function place(resource: Resource, prefer: Node | undefined, stopIfFail: boolean): void {
  const { options } = resource.cluster.picture;
  if (options.fencingEnabled && !options.haveFencing) resource.flags.managed = false;
  if (!resource.flags.managed) {
    resource.nextRole = resource.role;
    assignTo(resource, currentNode(resource)?.base, { force: true, stopIfFail });
  } else if (options.stopAll) {
    assignTo(resource, undefined, { force: true, stopIfFail });
  } else {
    assignBest(resource, prefer, stopIfFail);
  }
}

/** Applies that this must be, or would rather be, with another; that is assigned first. */
function* applyThisWith(
  colocation: Colocation,
  resource: Resource,
): Generator<Assigning, void, Node | undefined> {
  const { primary, score } = colocation;
  const mayUndo = compareRoles(colocation.dependentRole, 'Promoted') >= 0 || (score < 0 && score > NEVER);
  const saved = mayUndo ? resource.allowed.copy() : undefined;
  if (!primary.isAssigned) yield primary.methods.assign(primary, undefined, true);
  resource.methods.applyColocation({ dependent: resource, primary, colocation, forDependent: true });
  if (saved !== undefined && !anyAvailable(resource.allowed)) setAllowed(resource, saved);
}

function assignBest(resource: Resource, wished: Node | undefined, stopIfFail: boolean): void {
  const roomiest = banWithoutRoom(resource);
  const prefer = wished ?? roomiest;
  if (resource.isAssigned) return;
  const best = bestCandidate(resource, currentNode(resource));
  let chosen = prefer === undefined || best === undefined ? undefined : resource.allowed.get(prefer);
  if (chosen !== undefined && best !== undefined) {
    if (chosen.score < best.score || !isEligible(chosen)) chosen = undefined;
  }
  if (chosen === undefined && best !== undefined) chosen = stayAmongBest(resource, best);
  assignTo(resource, chosen, { force: false, stopIfFail });
}

/** Of nodes as good as the best, the one where it runs already. */
function stayAmongBest(resource: Resource, best: Candidate): Candidate {
  if (isUniqueClone(resource.parent) || best.score <= 0 || !isAvailable(best)) return best;
  const running = currentNode(resource);
  if (running === undefined || !isEligible(running.base)) return best;
  const there = resource.allowed.get(running);
  return there?.score === best.score ? there : best;
}

/** A remote node is there if its connection will be. */
function connectionAssigned(connection: Resource): void {
  const node = connection.cluster.nodeByName.get(connection.id);
  if (node === undefined) return;
  if (connection.assigned !== undefined && connection.nextRole !== 'Stopped') {
    node.online = true;
    if (!node.seen) node.unclean = false;
  } else {
    node.shutdown = true;
  }
}

const STEPS: Readonly<Record<Role, Readonly<Record<Role, Role>>>> = {
  Unknown: steps('Unknown', 'Stopped', 'Stopped', 'Stopped', 'Stopped'),
  Stopped: steps('Stopped', 'Stopped', 'Started', 'Unpromoted', 'Unpromoted'),
  Started: steps('Stopped', 'Stopped', 'Started', 'Unpromoted', 'Promoted'),
  Unpromoted: steps('Stopped', 'Stopped', 'Stopped', 'Unpromoted', 'Promoted'),
  Promoted: steps('Stopped', 'Unpromoted', 'Unpromoted', 'Unpromoted', 'Promoted'),
};

function steps(Unknown: Role, Stopped: Role, Started: Role, Unpromoted: Role, Promoted: Role) {
  return { Unknown, Stopped, Started, Unpromoted, Promoted };
}

type Step = (resource: Resource, node: Node | undefined, need: Need) => void;

/** What takes a resource from one role to the next; nothing where they are as good as the same. */
function stepBetween(from: Role, to: Role): Step | undefined {
  switch (from) {
    case 'Stopped':
      return to === 'Started' || to === 'Unpromoted' ? start : undefined;
    case 'Started':
      return to === 'Stopped' ? stop : to === 'Promoted' ? promote : undefined;
    case 'Unpromoted':
      return to === 'Stopped' || to === 'Started' ? stop : to === 'Promoted' ? promote : undefined;
    case 'Promoted':
      return to === 'Promoted' || to === 'Unknown' ? undefined : demote;
    case 'Unknown':
      return to === 'Stopped' ? stop : undefined;
  }
}

const isExpected = (resource: Resource, node: Node | undefined): boolean =>
  resource.stopsUnexpected &&
  resource.isRestarting &&
  compareRoles(resource.nextRole, 'Stopped') > 0 &&
  resource.assigned === node;

function stop(resource: Resource, _node: Node | undefined, wanted: Need): void {
  let need = wanted;
  for (const current of resource.active) {
    if (isExpected(resource, current)) continue;
    if (resource.migration !== undefined) {
      if (current === resource.migration.target && current === resource.assigned) continue;
      if (need === 'optional') need = 'move';
    }
    const action = stopAction(resource, current, need);
    if (resource.assigned === undefined) setReason(action, 'node availability', true);
    else if (resource.isRestarting && resource.stopsUnexpected)
      setReason(action, 'being multiply active', true);
    if (!resource.flags.managed) forbid(action, 'unmanaged');
    if (resource.flags.needsUnfencing) {
      const unfencing = fencingAction(resource.cluster, current, { action: 'on', optional: true });
      relate(action, unfencing, ORDER.thenImpliesFirst, 'unfencing-first');
      isUnfenced(current);
    }
  }
}

function start(resource: Resource, node: Node | undefined, need: Need): void {
  const action = startAction(resource, node, 'optional');
  if (node !== undefined) orderVsUnfencing(resource, node, action, ORDER.firstImpliesThen);
  if (is(action, ACTION.runnable) && need !== 'optional') demand(action, need);
  if (isExpected(resource, node)) setFlag(action, ACTION.pseudo);
}

function promote(resource: Resource, node: Node | undefined, need: Need): void {
  const starts = taskActionsOn(resource, 'start', node);
  if (starts.every(action => is(action, ACTION.runnable))) {
    const action = promoteAction(resource, node, need);
    if (isExpected(resource, node)) setFlag(action, ACTION.pseudo);
    return;
  }
  for (const action of taskActionsOn(resource, 'promote', node)) forbid(action, 'start-impossible');
}

function demote(resource: Resource, _node: Node | undefined, need: Need): void {
  for (const current of resource.active) {
    if (!isExpected(resource, current)) demoteAction(resource, current, need);
  }
}

/** Schedules what takes a primitive from where, and what, it is to where and what it should be. */
function createActions(resource: Resource): void {
  if (resource.nextRole === 'Unknown')
    resource.nextRole = resource.assigned === undefined ? 'Stopped' : 'Started';
  const nodes = activeNodes(resource);
  const current = currentNode(resource);
  for (const node of resource.danglingMigrations) {
    setFlag(stopAction(resource, node, 'migration-left-over'), ACTION.migrationAbort);
  }
  const isMoving =
    current !== undefined &&
    resource.assigned !== undefined &&
    current !== resource.assigned &&
    compareRoles(resource.nextRole, 'Started') >= 0;
  let mayMigrate = isMoving && canMigrate(resource, current);
  let needStop: Demand | undefined = isMoving ? 'move' : undefined;
  let isMultiple = false;
  const { migration } = resource;
  const goesOn =
    migration !== undefined &&
    mayMigrate &&
    nodes.length === 2 &&
    current === migration.source &&
    resource.assigned === migration.target;
  if (migration !== undefined && !goesOn) {
    needStop = 'migration-failed';
    resource.migration = undefined;
    mayMigrate = false;
  } else if (migration === undefined) {
    isMultiple = (resource.flags.needsFencing ? nodes : nodes.filter(isHappy)).length > 1;
  }
  if (handleMultiplyActive(resource, isMultiple)) needStop = 'multiply-active';
  if (resource.flags.startPending)
    setFlag(startAction(resource, resource.assigned, 'optional'), ACTION.always);
  const restart = restartNeeds(resource, { isMoving, current });
  scheduleRestart(resource, current, { stop: needStop ?? restart.stop, promote: restart.promote });
  scheduleRoles(resource);
  createRecurringActions(resource);
  if (mayMigrate && current !== undefined) createMigrationActions(resource, current);
}

function handleMultiplyActive(resource: Resource, isMultiple: boolean): boolean {
  if (!isMultiple) {
    resource.stopsUnexpected = false;
    return false;
  }
  const policy = resource.facts.multipleActive;
  if (policy === 'stop_unexpected') resource.stopsUnexpected = true;
  return policy === 'stop_unexpected' || policy === 'stop_start';
}

interface RestartNeeds {
  /** What calls for a stop, if anything does. */
  readonly stop: Demand | undefined;
  readonly promote: boolean;
}

const NO_RESTART: RestartNeeds = { stop: undefined, promote: false };

function restartNeeds(
  resource: Resource,
  { isMoving, current }: { readonly isMoving: boolean; readonly current: Node | undefined },
): RestartNeeds {
  if (isMoving) return NO_RESTART;
  if (resource.flags.failed) {
    const stops = resource.flags.stopIfFailed;
    return { stop: stops ? 'recovery' : undefined, promote: !stops && resource.nextRole === 'Promoted' };
  }
  if (resource.flags.blocked) return { stop: 'blocked', promote: false };
  if (
    compareRoles(resource.role, 'Started') > 0 &&
    current !== undefined &&
    resource.assigned !== undefined
  ) {
    const action = startAction(resource, resource.assigned, 'optional');
    if (is(action, ACTION.optional)) return NO_RESTART;
    return { stop: { action, origin: 'stop-before-start' }, promote: false };
  }
  return NO_RESTART;
}

/** Down to stopped and up again: for real where a stop is needed, else only in case something calls for it. */
function scheduleRestart(resource: Resource, current: Node | undefined, needs: RestartNeeds): void {
  resource.isRestarting = true;
  let role = resource.role;
  while (role !== 'Stopped') {
    const next = STEPS[role].Stopped;
    const step = stepBetween(role, next);
    if (step === undefined) break;
    step(resource, current, needs.stop ?? 'optional');
    role = next;
  }
  while (
    compareRoles(resource.role, resource.nextRole) <= 0 &&
    role !== resource.role &&
    !resource.flags.blocked
  ) {
    const next = STEPS[role][resource.role];
    const step = stepBetween(role, next);
    if (step === undefined) break;
    const anew = next === 'Promoted' && needs.promote ? 'recovery' : 'optional';
    step(resource, resource.assigned, needs.stop ?? anew);
    role = next;
  }
  resource.isRestarting = false;
}

function scheduleRoles(resource: Resource): void {
  let role = resource.role;
  while (role !== resource.nextRole) {
    const next = STEPS[role][resource.nextRole];
    const step = stepBetween(role, next);
    if (step === undefined) break;
    step(resource, resource.assigned, 'role');
    role = next;
  }
}

function applyColocation(use: ColocationUse): number {
  if (use.forDependent) return use.primary.methods.applyColocation({ ...use, forDependent: false });
  switch (effectOf(use)) {
    case 'role':
      return applyToPriority(use);
    case 'location':
      applyToScores(use);
      return 0;
    case 'nothing':
      return 0;
  }
}

export const primitiveMethods: Methods = {
  assign,
  createActions,
  createProbe,
  constrain: constrainPrimitive,
  applyColocation,
  addColocated,
  addWithThis: (resource, origin, list) => {
    if (resource === origin) {
      addAllWithThis(list, resource.withThis);
      resource.parent?.methods.addWithThis(resource.parent, origin, list);
    } else {
      for (const one of resource.withThis) if (one.explicit) addWithThis(list, one);
    }
  },
  addThisWith: (resource, origin, list) => {
    if (resource === origin) {
      addAllThisWith(list, resource.thisWith);
      resource.parent?.methods.addThisWith(resource.parent, origin, list);
    } else {
      for (const one of resource.thisWith) if (one.explicit) addThisWith(list, one);
    }
  },
  applyLocation,
  actionFlags: action => action.flags,
  updateOrdered,
  addToGraph: addResourceActions,
  addGraphMeta: (resource, set) => {
    const instance = resource.meta.get('clone');
    if (instance !== undefined) set('CRM_meta_clone', instance);
    const guest = resource.meta.get('remote-node');
    if (guest !== undefined) set('CRM_meta_remote_node', guest);
    for (let at: Resource | undefined = resource; at !== undefined; at = at.parent) {
      if (at.launcher !== undefined) set('CRM_meta_container', at.launcher.id);
    }
    const address = resource.meta.get('external-ip');
    if (address !== undefined) set('pcmk_external_ip', address);
  },
  addUtilization: (resource, _together, needs) => {
    if (!resource.isAssigned) addNeeds(needs, resource, 1);
  },
  lockShutdown,
  isActive: resource => resource.active.some(node => node.unclean || node.online || !resource.flags.managed),
};
