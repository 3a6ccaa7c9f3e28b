import { isTrue } from '../../status/words.ts';
import { actionOf, demand, forbid, is, setFlag } from '../actions/action.ts';
import { newestAction } from '../actions/lookup.ts';
import { createProbe } from '../actions/probes.ts';
import { type Tally, tallyOf } from '../actions/tally.ts';
import { addAllThisWith, addAllWithThis, addColocated, addThisWith } from '../assign/colocated.ts';
import { MUST, sum } from '../assign/nodes.ts';
import { applyLocation } from '../constraints/location.ts';
import { ACTION, has } from '../flags.ts';
import { addResourceActions } from '../graph/produce.ts';
import type { Action, Assigning, ColocationUse, Methods, Node, OrderedUpdate, Resource } from '../model.ts';
import { updateOrdered } from '../order/update.ts';
import { noteScores } from '../scores.ts';
import { constrainGroup } from './group-constraints.ts';
import { completedTask, isCompletion, memberTask } from './tasks.ts';

const keepsTogether = (group: Resource): boolean => group.facts.group?.colocated !== false;

function* assign(group: Resource, prefer: Node | undefined, stopIfFail: boolean): Assigning {
  if (group.isAssigned) return group.assigned;
  if (group.isAssigning) return undefined;
  const first = group.children[0];
  if (first === undefined) {
    group.isAssigned = true;
    return undefined;
  }
  group.isAssigning = true;
  group.role = first.role;
  noteScores(group, 'group');
  let node: Node | undefined;
  for (const member of group.children) {
    const chosen = yield member.methods.assign(member, prefer, stopIfFail);
    node ??= chosen;
  }
  group.nextRole = first.nextRole;
  group.isAssigning = false;
  group.isAssigned = true;
  return keepsTogether(group) ? node : undefined;
}

function pseudo(group: Resource, task: string): void {
  setFlag(actionOf(group, task, undefined, { optional: true }), ACTION.pseudo | ACTION.runnable);
}

function createActions(group: Resource): void {
  for (const member of group.children) member.methods.createActions(member);
  for (const task of ['start', 'running', 'stop', 'stopped']) pseudo(group, task);
  if (!isTrue(group.meta.get('promotable'))) return;
  for (const task of ['demote', 'demoted', 'promote', 'promoted']) pseudo(group, task);
}

function applyColocation(use: ColocationUse): number {
  return use.forDependent ? colocateGroup(use) : colocateWithGroup(use);
}

/** A group that keeps together goes where its first member goes. */
function colocateGroup({ dependent, primary, colocation }: ColocationUse): number {
  let delta = 0;
  const [first] = dependent.children;
  if (first === undefined) return 0;
  if (keepsTogether(dependent)) {
    delta = first.methods.applyColocation({ dependent: first, primary, colocation, forDependent: true });
  } else {
    if (colocation.score >= MUST) return 0;
    for (const member of dependent.children) {
      const one = member.methods.applyColocation({
        dependent: member,
        primary,
        colocation,
        forDependent: false,
      });
      delta = sum(delta, one);
    }
  }
  if (delta !== 0) dependent.priority = sum(delta, dependent.priority);
  return delta;
}

/** What must be with a group must be with its last member: only then is all of it there. */
function colocateWithGroup({ dependent, primary, colocation }: ColocationUse): number {
  if (!primary.isAssigned) return 0;
  if (keepsTogether(primary)) {
    const member = colocation.score >= MUST ? primary.children.at(-1) : primary.children[0];
    if (member === undefined) return 0;
    return member.methods.applyColocation({ dependent, primary: member, colocation, forDependent: false });
  }
  if (colocation.score >= MUST) return 0;
  let delta = 0;
  for (const member of primary.children) {
    delta = sum(
      delta,
      member.methods.applyColocation({ dependent, primary: member, colocation, forDependent: false }),
    );
  }
  return delta;
}

/** A group's action is what its members' actions come to. */
function actionFlags(action: Action, node: Node | undefined): number {
  const { resource: group, task } = action;
  const tally = group === undefined || node !== undefined ? undefined : tallyOf(group, completedTask(task));
  if (tally === undefined || isNews(action, tally)) return gatherFlags(action, node);
  const impossible =
    (isCompletion(task) && tally.unrunnable > 0) || (tally.absent > 0 && !isDown(completedTask(task)));
  return ACTION.pseudo | (tally.required > 0 ? 0 : ACTION.optional) | (impossible ? 0 : ACTION.runnable);
}

/** Whether members make of the action what it was not, so that one of them is the cause. */
function isNews(action: Action, { required, unrunnable }: Tally): boolean {
  if (required > 0 && is(action, ACTION.optional)) return true;
  return (
    unrunnable > 0 &&
    isCompletion(action.task) &&
    (is(action, ACTION.runnable) || action.obstacle === 'no-node')
  );
}

const isDown = (task: string): boolean => task === 'stop' || task === 'demote';

function gatherFlags(action: Action, node: Node | undefined): number {
  let flags = ACTION.optional | ACTION.runnable | ACTION.pseudo;
  for (const member of action.resource?.children ?? []) {
    const task = memberTask(member, action.task);
    const its = newestAction(member, task, node);
    if (its !== undefined) {
      const memberFlags = member.methods.actionFlags(its, node);
      if (has(flags, ACTION.optional) && !has(memberFlags, ACTION.optional)) {
        flags &= ~ACTION.optional;
        demand(action, { action: its, origin: 'group-bounds' });
      }
      if (task !== action.task && has(flags, ACTION.runnable) && !has(memberFlags, ACTION.runnable)) {
        flags &= ~ACTION.runnable;
        forbid(action, { action: its, origin: 'group-bounds' });
      }
    } else if (!isDown(task)) {
      flags &= ~ACTION.runnable;
    }
  }
  return flags;
}

function updateGroup(update: OrderedUpdate): number {
  let changed = updateOrdered(update);
  if (isCompletion(update.later.task)) return changed;
  for (const member of update.later.resource?.children ?? []) {
    const action = newestAction(member, update.later.task, update.node);
    if (action !== undefined) changed |= member.methods.updateOrdered({ ...update, later: action });
  }
  return changed;
}

/** What must be with one member of a group must be with the others, where they keep together. */
function addGroupWithThis(group: Resource, origin: Resource, list: Resource['withThis']): void {
  if (group.children.length === 0) return;
  if (origin !== group && origin !== group.children[group.children.length - 1]) return;
  addAllWithThis(list, group.withThis);
  group.parent?.methods.addWithThis(group.parent, origin, list);
  if (!keepsTogether(group)) return;
  for (const member of group.children) {
    if (member !== origin) member.methods.addWithThis(member, origin, list);
  }
}

function addGroupThisWith(group: Resource, origin: Resource, list: Resource['thisWith']): void {
  if (group.children.length === 0) return;
  if (origin === group || origin === group.children[0]) {
    addAllThisWith(list, group.thisWith);
    group.parent?.methods.addThisWith(group.parent, origin, list);
    if (!keepsTogether(group)) return;
    for (const member of group.children) {
      if (member !== origin) member.methods.addThisWith(member, origin, list);
    }
    return;
  }
  for (const member of group.children) {
    if (member === origin) return;
    if (member.flags.managed) continue;
    for (const one of group.thisWith) if (one.score === MUST) addThisWith(list, one);
    return;
  }
}

export const groupMethods: Methods = {
  assign,
  createActions,
  createProbe,
  constrain: constrainGroup,
  applyColocation,
  addColocated: (group, together) => {
    if (keepsTogether(group) || group.parent?.kind === 'clone') {
      for (const member of group.children) together.add(member);
    } else if (group.children.length > 0) {
      addColocated(group, together);
    }
  },
  addWithThis: addGroupWithThis,
  addThisWith: addGroupThisWith,
  applyLocation: (group, location) => {
    applyLocation(group, location);
    const { nodes } = location;
    const weightless = nodes.map(({ node }) => ({ node, score: 0 }));
    for (const [at, member] of group.children.entries()) {
      if (at > 0 && keepsTogether(group)) location.nodes = weightless;
      member.methods.applyLocation(member, location);
    }
    location.nodes = nodes;
  },
  actionFlags,
  updateOrdered: updateGroup,
  addToGraph: addResourceActions,
  addGraphMeta: () => {},
  addUtilization: (group, together, needs) => {
    if (group.isAssigned) return;
    const isOne = keepsTogether(group) || group.parent?.kind === 'clone';
    for (const member of isOne ? group.children : group.children.slice(0, 1)) {
      if (!member.isAssigned && !together.has(member)) {
        member.methods.addUtilization(member, together, needs);
      }
    }
  },
  lockShutdown: group => {
    for (const member of group.children) member.methods.lockShutdown(member);
  },
  isActive: (group, all) => {
    const states = group.children.map(member => member.methods.isActive(member, all));
    return states.some(Boolean) && (!all || states.every(Boolean));
  },
};
