import { isTrue } from '../../status/words.ts';
import { collectiveAction, demand, forbid, is, setFlag } from '../actions/action.ts';
import { newestAction } from '../actions/lookup.ts';
import { tallyOf } from '../actions/tally.ts';
import { assignTo } from '../assign/assign.ts';
import { ACTION, CHANGED, has, ORDER } from '../flags.ts';
import type { Action, Node, OrderedUpdate, Resource } from '../model.ts';
import { isMoot } from '../order/meanings.ts';
import { type Relation, relate } from '../order/relate.ts';
import { updateOrdered, updateWithin } from '../order/update.ts';
import { containedIn, rankOf } from '../tree.ts';
import { instancesOf, Partners } from './partners.ts';
import { memberTask } from './tasks.ts';

interface InstanceState {
  active: boolean;
  starting: boolean;
  stopping: boolean;
  restarting: boolean;
}

/** Schedules the actions of instances, then the pseudo-actions that stand for all of them. */
export function createInstanceActions(
  collective: Resource,
  instances: readonly Resource[],
): { readonly start: Action; readonly started: Action; readonly stop: Action; readonly stopped: Action } {
  const state: InstanceState = { active: false, starting: false, stopping: false, restarting: false };
  for (const instance of instances) {
    instance.methods.createActions(instance);
    addState(instance, state);
  }
  const optionalStart = !state.starting;
  const start = collectiveAction(collective, 'start', { optional: optionalStart, runnable: true });
  const started = collectiveAction(collective, 'running', { optional: optionalStart, runnable: false });
  started.priority = COMPLETED;
  if (state.active || state.starting) setFlag(started, ACTION.runnable);
  const stop = collectiveAction(collective, 'stop', { optional: !state.stopping, runnable: true });
  const stopped = collectiveAction(collective, 'stopped', { optional: !state.stopping, runnable: true });
  stopped.priority = COMPLETED;
  if (!state.restarting) setFlag(stop, ACTION.migratable);
  return { start, started, stop, stopped };
}

/** What tells that something is complete goes before all else. */
export const COMPLETED = 1_000_000;

function addState(instance: Resource, state: InstanceState): void {
  if (instance.kind !== 'primitive') {
    for (const one of instance.children) addState(one, state);
    return;
  }
  let starting = false;
  let stopping = false;
  for (const { task, flags } of instance.actions) {
    if (has(flags, ACTION.optional)) continue;
    if (task === 'start' && has(flags, ACTION.runnable)) starting = true;
    if (task === 'stop' && (flags & (ACTION.pseudo | ACTION.runnable)) !== 0) stopping = true;
  }
  state.active ||= instance.active.length > 0;
  state.starting ||= starting;
  state.stopping ||= stopping;
  state.restarting ||= starting && stopping;
}

/** The task of an instance that a collective action stands for. */
function instanceTask(action: Action): string {
  const first = action.resource?.children[0];
  let { task } = action;
  if (task === 'notify' || task === 'notified') {
    task = /_notify_([a-z]+)_\d+$/.exec(action.key)?.[1] ?? task;
  }
  return first === undefined ? task : memberTask(first, task);
}

const MANAGED_BY_REMOTE = {
  first: new Set(['stop', 'stopped']),
  later: new Set(['promote', 'promoted', 'demote', 'demoted']),
} as const;

/** The action of an instance that takes part in an ordering of the whole; of a container, maybe of what is in it. */
function findInstanceAction(
  action: Action,
  instance: Resource,
  {
    task,
    node,
    end,
  }: { readonly task: string; readonly node: Node | undefined; readonly end: 'first' | 'then' },
): Action | undefined {
  const inside =
    end === 'first' ? !MANAGED_BY_REMOTE.first.has(action.task) : MANAGED_BY_REMOTE.later.has(action.task);
  const contained = inside ? containedIn(instance) : undefined;
  if (contained !== undefined) return newestAction(contained, task);
  return newestAction(instance, task, node);
}

/** Takes the consequences of an ordering with a clone or bundle after it to its instances. */
export function updateCollective(update: OrderedUpdate): number {
  const { first, later: then } = update;
  if (then.resource === undefined) return CHANGED.none;
  if (interleaves(first, then)) return updateInterleaved(update);
  const instances = instancesOf(then.resource);
  if (instances[0]?.kind === 'primitive' && isMoot(update.type, update.flags)) return CHANGED.none;
  let changed = updateOrdered(update);
  for (const instance of instances) changed |= updateInstance(instance, update);
  return changed;
}

function interleaves(first: Action, then: Action): boolean {
  if (first.resource === undefined || then.resource === undefined || first.resource === then.resource) {
    return false;
  }
  if (rankOf(first.resource) < CLONE_RANK || rankOf(then.resource) < CLONE_RANK) return false;
  const isDown = then.key.endsWith('_stop_0') || then.key.endsWith('_demote_0');
  return isTrue((isDown ? first : then).resource?.meta.get('interleave'));
}

const CLONE_RANK = 3;

function updateInterleaved({ first, later: then, node, type, origin }: OrderedUpdate): number {
  let changed: number = CHANGED.none;
  const task = instanceTask(first);
  const looksBack = first.key.endsWith('_stopped_0') || first.key.endsWith('_demoted_0');
  const partners = new Partners(first.resource as Resource, {
    role: 'Unknown',
    when: looksBack ? 'now' : 'next',
  });
  for (const instance of instancesOf(then.resource as Resource)) {
    const partner = partners.of(instance);
    if (partner === undefined) {
      const mandatory = (type & (ORDER.unrunnableFirstBlocks | ORDER.firstImpliesThen)) !== 0;
      if (looksBack || !mandatory) continue;
      const because = { partner: first.resource as Resource, origin };
      if (assignTo(instance, undefined, { force: true, stopIfFail: true, because })) changed |= CHANGED.later;
      continue;
    }
    const before = findInstanceAction(first, partner, { task, node, end: 'first' });
    const after =
      before === undefined
        ? undefined
        : findInstanceAction(then, instance, { task: then.task, node, end: 'then' });
    if (before === undefined || after === undefined) continue;
    if (relate(before, after, type, origin)) changed |= CHANGED.first | CHANGED.later;
    const flags = partner.methods.actionFlags(before, node);
    changed |= instance.methods.updateOrdered({
      first: before,
      later: after,
      node,
      flags,
      type,
      origin,
    });
  }
  return changed;
}

function updateInstance(instance: Resource, update: OrderedUpdate): number {
  const action = newestAction(instance, update.later.task, update.node);
  if (action === undefined) return CHANGED.none;
  if (!has(instance.methods.actionFlags(action, update.node), ACTION.runnable)) return CHANGED.none;
  const changed = instance.methods.updateOrdered({ ...update, later: action });
  if (has(changed, CHANGED.later)) {
    for (let at = action.after.length - 1; at >= 0; at -= 1) {
      updateWithin((action.after[at] as Relation).later);
    }
  }
  return changed;
}

/**
 * A collective action is required if any instance's is, and runnable if any instance's is. Of a clone of primitives
 * that is counted, so that its instances are looked through only where one of them makes the action what it was not.
 */
export function collectiveFlags(
  action: Action,
  instances: readonly Resource[],
  node: Node | undefined,
): number {
  const { resource } = action;
  if (resource?.kind !== 'clone' || node !== undefined || instances[0]?.kind !== 'primitive')
    return gatherFlags(action, instances, node);
  const { required, unrunnable, absent } = tallyOf(resource, instanceTask(action));
  const impossible = instances.length - absent === unrunnable;
  const mayForbid = is(action, ACTION.runnable) || action.obstacle === 'no-node';
  const isNews = (required > 0 && is(action, ACTION.optional)) || (impossible && mayForbid);
  if (isNews) return gatherFlags(action, instances, node);
  return ACTION.pseudo | (required > 0 ? 0 : ACTION.optional) | (impossible ? 0 : ACTION.runnable);
}

function gatherFlags(action: Action, instances: readonly Resource[], node: Node | undefined): number {
  let anyRunnable = false;
  let flags = ACTION.optional | ACTION.runnable | ACTION.pseudo;
  const task = instanceTask(action);
  for (let at = 0; at < instances.length; at += 1) {
    const instance = instances[at] as Resource;
    const its = newestAction(instance, task, instance.kind === 'primitive' ? node : undefined);
    if (its === undefined) continue;
    const instanceFlags = instance.methods.actionFlags(its, node);
    if (has(flags, ACTION.optional) && !has(instanceFlags, ACTION.optional)) {
      flags &= ~ACTION.optional;
      demand(action, { action: its, origin: 'clone-bounds' });
    }
    if (has(instanceFlags, ACTION.runnable)) anyRunnable = true;
  }
  if (!anyRunnable) {
    flags &= ~ACTION.runnable;
    if (node === undefined) forbid(action, 'instances');
  }
  return flags;
}
