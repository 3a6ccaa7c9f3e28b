import { OCF } from '../../model/exit-status.ts';
import { parseRole, type Role } from '../../model/role.ts';
import type { OperationPicture } from '../../status/picture.ts';
import { attribute } from '../../xml/element.ts';
import { ACTION, ORDER } from '../flags.ts';
import type { Action, Node, Resource } from '../model.ts';
import { addOrdering } from '../order/ordering.ts';
import { relate } from '../order/relate.ts';
import { expectStatus, forbid, is, resourceAction, setFlag, startAction } from './action.ts';
import { cancelAction } from './cancel.ts';
import { operationKey, recurringActionsOn, taskActions, taskActionsOn } from './lookup.ts';

const NEVER_RECURS: ReadonlySet<string> = new Set([
  'stop',
  'start',
  'demote',
  'promote',
  'reload-agent',
  'migrate_to',
  'migrate_from',
]);

interface Recurring {
  readonly name: string;
  readonly interval: number;
  readonly role: Role;
  readonly key: string;
}

/** Recurring operations as configured: those for where it will run, and those for where it must not. */
export function createRecurringActions(resource: Resource): void {
  if (resource.flags.blocked || resource.flags.maintenance) return;
  const node = resource.assigned;
  const willRun =
    node !== undefined && !node.maintenance && (resource.nextRole !== 'Stopped' || !resource.flags.managed);
  const start = willRun ? startAction(resource, node, 'optional') : undefined;
  for (const operation of resource.facts.operations) {
    const recurring = readRecurring(resource, operation);
    if (recurring === undefined) continue;
    if (start !== undefined) watchActive(resource, start, recurring);
    watchInactive(resource, recurring);
  }
}

function readRecurring(resource: Resource, operation: OperationPicture): Recurring | undefined {
  const { xml, name, interval, enabled } = operation;
  if (interval === 0 || NEVER_RECURS.has(name) || attribute(xml, 'id') === undefined) return undefined;
  const same = resource.facts.operations.filter(one => one.name === name && one.interval === interval);
  if (same.length > 1) {
    reportDuplicate(resource, same);
    return undefined;
  }
  const text = attribute(xml, 'role');
  const role = text === undefined ? 'Unknown' : parseRole(text);
  if (role === undefined || (text !== undefined && role === 'Unknown') || !enabled) return undefined;
  return { name, interval, role, key: operationKey(resource.id, name, interval) };
}

function reportDuplicate(resource: Resource, [first, second]: readonly OperationPicture[]): void {
  const nameOf = (one: OperationPicture | undefined) => (one === undefined ? '' : attribute(one.xml, 'id'));
  resource.cluster.problems.push(
    `error: Operation ${nameOf(second)} is duplicate of ${nameOf(first)} (do not use same name and interval combination more than once per resource)`,
  );
}

/** Whether it is running already and need not be started anew. */
function goesOn(resource: Resource, node: Node | undefined, key: string, start: Action): boolean {
  if (node === undefined || !is(start, ACTION.optional)) return false;
  const running = recurringActionsOn(resource, key, node);
  return running.length > 0 && !running.some(action => is(action, ACTION.reschedule));
}

function watchActive(resource: Resource, start: Action, recurring: Recurring): void {
  if (recurring.role === 'Stopped') return;
  const node = resource.assigned;
  const optional = goesOn(resource, node, recurring.key, start);
  const fits =
    recurring.role === 'Unknown' ? resource.nextRole !== 'Promoted' : resource.nextRole === recurring.role;
  if (!fits) {
    if (optional) cancelForRole(resource, recurring);
    return;
  }
  const action = resourceAction(resource, {
    task: recurring.name,
    key: recurring.key,
    node,
    optional,
    because: 'operation-configured',
  });
  if (!is(start, ACTION.runnable) || node === undefined || !node.online || node.unclean) {
    forbid(action, is(start, ACTION.runnable) ? 'node-offline' : 'start-impossible');
  }
  if (resource.nextRole === 'Promoted') expectStatus(action, OCF.runningPromoted);
  if (node === undefined || resource.flags.managed) orderAfterStart(resource, action);
}

function orderAfterStart(resource: Resource, action: Action): void {
  const { cluster } = resource;
  const needed = ORDER.firstImpliesThen | ORDER.unrunnableFirstBlocks;
  const after = (task: string, flags: number): void =>
    addOrdering(cluster, { resource, task }, action, flags, 'recurring-after-start');
  after('start', needed);
  for (const reload of taskActions(resource, 'reload-agent'))
    addOrdering(cluster, reload, action, needed, 'recurring-after-start');
  const follows = ORDER.ordered | ORDER.unrunnableFirstBlocks;
  if (resource.nextRole === 'Promoted') after('promote', follows);
  else if (resource.role === 'Promoted') after('demote', follows);
}

/** It runs for a role that the resource is about to leave. */
function cancelForRole(resource: Resource, { name, interval }: Recurring): void {
  const action = cancelAction(resource, name, interval, resource.assigned);
  let before: string | undefined;
  if (resource.role === 'Promoted') before = 'demote';
  else if (resource.role === 'Unpromoted' || resource.role === 'Started') {
    if (resource.nextRole === 'Promoted') before = 'promote';
    else if (resource.nextRole === 'Stopped') before = 'stop';
  }
  if (before === undefined) return;
  addOrdering(
    resource.cluster,
    action,
    { resource, task: before },
    ORDER.unrunnableFirstBlocks,
    'recurring-follows-role',
  );
}

/** Makes sure, where that is asked for, that it does not run elsewhere. */
function watchInactive(resource: Resource, recurring: Recurring): void {
  if (recurring.role !== 'Stopped' || !resource.flags.unique) return;
  for (const node of resource.cluster.nodes) {
    if (node === resource.assigned) cancelWhereItRuns(resource, node, recurring);
    else watchStopped(resource, node, recurring);
  }
}

function cancelWhereItRuns(resource: Resource, node: Node, { name, interval, key }: Recurring): void {
  if (recurringActionsOn(resource, key, node).length === 0) return;
  const action = cancelAction(resource, name, interval, node);
  if (resource.nextRole !== 'Started' && resource.nextRole !== 'Unpromoted') return;
  addOrdering(
    resource.cluster,
    action,
    { resource, task: 'start' },
    ORDER.unrunnableFirstBlocks,
    'recurring-follows-role',
  );
}

function watchStopped(resource: Resource, node: Node, { name, key }: Recurring): void {
  const optional = recurringActionsOn(resource, key, node).length > 0;
  const action = resourceAction(resource, {
    task: name,
    key,
    node,
    optional,
    because: 'operation-configured',
  });
  expectStatus(action, OCF.notRunning);
  if (resource.flags.managed) {
    for (const probe of taskActions(resource, 'monitor', node)) {
      relate(probe, action, ORDER.unrunnableFirstBlocks, 'probe-before-change');
    }
  }
  orderAfterStops(resource, node, action);
  if (!node.online || node.unclean) forbid(action, 'node-offline');
}

function orderAfterStops(resource: Resource, node: Node, action: Action): void {
  for (const stop of taskActionsOn(resource, 'stop', node)) {
    const bothRequired = !is(stop, ACTION.optional) && !is(action, ACTION.optional);
    if (bothRequired && !resource.flags.managed) setFlag(action, ACTION.optional);
    if (!is(stop, ACTION.runnable)) forbid(action, { action: stop, origin: 'recurring-follows-role' });
    if (resource.flags.managed) {
      addOrdering(
        resource.cluster,
        stop,
        action,
        ORDER.firstImpliesThen | ORDER.unrunnableFirstBlocks,
        'recurring-follows-role',
      );
    }
  }
}
