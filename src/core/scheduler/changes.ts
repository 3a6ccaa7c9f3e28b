import { compareRoles } from '../model/role.ts';
import { is } from './actions/action.ts';
import { taskActions } from './actions/lookup.ts';
import { ACTION } from './flags.ts';
import type { Action, Cluster, Node, Resource } from './model.ts';
import type { Change, ChangeWord } from './schedule.ts';
import { currentNode } from './tree.ts';

/** What is going to happen, in the words of an administrator: nodes first, then resources in the order of the tree. */
export function summarize(cluster: Cluster): Change[] {
  const changes: Change[] = [];
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) {
    const change = nodeChange(cluster.actions[at] as Action);
    if (change !== undefined) changes.push(change);
  }
  for (const resource of cluster.resources) summarizeTree(resource, changes);
  return changes;
}

function nodeChange(action: Action): Change | undefined {
  if (action.resource !== undefined || is(action, ACTION.optional) || action.node === undefined)
    return undefined;
  const subject = action.node.name;
  const common = {
    subject,
    node: action.node.facts,
    ...(action.reason === undefined ? {} : { reason: action.reason }),
  };
  if (action.task === 'do_shutdown') return { word: 'Shutdown', ...common };
  if (action.task !== 'stonith') return undefined;
  return { word: 'Fence', fencing: action.meta.get('stonith_action') ?? '', ...common };
}

/** What a resource consists of, as an administrator sees it. */
const partsOf = ({ bundle, children }: Resource): readonly (Resource | undefined)[] =>
  bundle?.replicas.flatMap(one => [one.ip, one.container, one.remote, one.child]) ?? children;

/** What is active is not stopped, whatever became of its role. */
export function correctRoles(resource: Resource): void {
  const parts = partsOf(resource);
  for (const one of parts) if (one !== undefined) correctRoles(one);
  if (parts.length === 0 && resource.role === 'Stopped' && resource.active.length > 0)
    resource.role = 'Started';
}

function summarizeTree(resource: Resource, into: Change[]): void {
  const parts = partsOf(resource);
  if (parts.length > 0) {
    for (const one of parts) if (one !== undefined) summarizeTree(one, into);
    return;
  }
  const current = currentNode(resource);
  if (current === undefined && resource.flags.removed) return;
  summarizeResource(resource, current, into);
}

/** Actions of a resource that tell what happens to it. */
interface Plan {
  readonly resource: Resource;
  readonly current: Node | undefined;
  readonly next: Node | undefined;
  readonly start: Action | undefined;
  readonly stop: Action | undefined;
  readonly promote: Action | undefined;
  readonly demote: Action | undefined;
}

const first = (resource: Resource, task: string, node: Node | undefined): Action | undefined =>
  taskActions(resource, task, node)[0];

/** Whether all that is planned for a resource is only for the case that something calls for it. */
const staysAsItIs = ({ role, nextRole, reloads, actions }: Resource): boolean =>
  role === nextRole &&
  !reloads &&
  actions.every(action => is(action, ACTION.optional) && action.task !== 'migrate_from');

function summarizeResource(resource: Resource, current: Node | undefined, into: Change[]): void {
  const next = resource.assigned;
  if (staysAsItIs(resource)) return;
  if (!resource.flags.managed || (current === undefined && next === undefined)) return;
  const start = first(resource, 'start', next);
  const stopNode = start !== undefined && is(start, ACTION.runnable) ? current : undefined;
  let stop = first(resource, 'stop', stopNode);
  if (stop === undefined && resource.stopsUnexpected) stop = first(resource, 'stop', undefined);
  const plan: Plan = {
    resource,
    current,
    next,
    start,
    stop,
    promote: first(resource, 'promote', next),
    demote: first(resource, 'demote', next),
  };
  if (resource.role === resource.nextRole) into.push(...sameRoleChanges(plan));
  else into.push(...roleChanges(plan));
}

const optional = (action: Action | undefined): boolean => action === undefined || is(action, ACTION.optional);
const runnable = (action: Action | undefined): boolean => action !== undefined && is(action, ACTION.runnable);

function sameRoleChanges(plan: Plan): Change[] {
  const { resource, current, next, start, stop, promote, demote } = plan;
  const arrive = first(resource, 'migrate_from', next);
  if (arrive !== undefined && current !== undefined && runnable(arrive)) {
    return item(plan, 'Migrate', { from: current, to: next, action: start });
  }
  if (resource.reloads) return item(plan, 'Reload', { from: current, to: next, action: start });
  if (optional(start)) {
    if (optional(demote) || optional(promote)) return [];
    return item(plan, 'Re-promote', { from: current, to: next, action: promote, source: demote });
  }
  if (!runnable(start)) {
    const source = stop?.reason === undefined ? start : stop;
    return item(plan, 'Stop', { from: current, to: undefined, action: stop, source });
  }
  if (current !== undefined && next !== undefined && current !== next) {
    const word = resource.flags.failed ? 'Recover' : 'Move';
    return item(plan, word, { from: current, to: next, action: stop });
  }
  if (resource.flags.failed) return item(plan, 'Recover', { from: current, to: undefined, action: stop });
  return item(plan, 'Restart', { from: current, to: next, action: start });
}

function roleChanges(plan: Plan): Change[] {
  const { resource, current, next, start, stop, promote, demote } = plan;
  const { role, nextRole, flags } = resource;
  if (stop !== undefined && (nextRole === 'Stopped' || (start !== undefined && !runnable(start)))) {
    return resource.active.flatMap(node => {
      const its = taskActions(resource, 'stop', node)[0];
      const source = its?.reason === undefined ? start : its;
      return item(plan, 'Stop', { from: node, to: undefined, action: its, source });
    });
  }
  const plain = { from: current, to: next };
  if (stop !== undefined && flags.failed && flags.stopIfFailed) {
    return item(plan, 'Recover', { ...plain, action: stop, source: start });
  }
  if (current !== undefined && next !== undefined && current !== next)
    return item(plan, 'Move', { ...plain, action: stop });
  if (resource.reloads) return item(plan, 'Reload', { ...plain, action: start });
  if (stop !== undefined && !optional(stop)) return item(plan, 'Restart', { ...plain, action: start });
  if (role === 'Promoted') return item(plan, 'Demote', { ...plain, action: demote });
  if (nextRole === 'Promoted') return item(plan, 'Promote', { ...plain, action: promote });
  if (role === 'Stopped' && compareRoles(nextRole, 'Stopped') > 0) {
    return item(plan, 'Start', { ...plain, action: start });
  }
  return [];
}

interface Item {
  readonly from: Node | undefined;
  readonly to: Node | undefined;
  readonly action: Action | undefined;
  /** Whose reason is told, if not the action's own. */
  readonly source?: Action | undefined;
}

function item({ resource }: Plan, word: ChangeWord, { from, to, action, source = action }: Item): Change[] {
  if (from === undefined && to === undefined) return [];
  return [
    {
      word,
      subject: resource.id,
      resource: resource.facts,
      fromRole: resource.role,
      toRole: resource.nextRole,
      ...(from === undefined ? {} : { from: from.name }),
      ...(to === undefined ? {} : { to: to.name }),
      ...(source?.reason === undefined ? {} : { reason: source.reason }),
      blocked: action !== undefined && !is(action, ACTION.runnable),
    },
  ];
}
