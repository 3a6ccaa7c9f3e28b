import { ACTION, ORDER } from '../flags.ts';
import type { Action, Node, Resource } from '../model.ts';
import { addOrdering } from '../order/ordering.ts';
import { resourceAction, setFlag } from './action.ts';
import { operationKey } from './lookup.ts';
import { triggerUnfencing } from './unfencing.ts';

/** Ends a recurring operation. */
export function cancelAction(
  resource: Resource,
  task: string,
  interval: number,
  node: Node | undefined,
): Action {
  const key = operationKey(resource.id, task, interval);
  const wanted = { task: 'cancel', key, node, optional: false, because: 'operation-ends' } as const;
  const action = resourceAction(resource, wanted);
  action.task = 'cancel';
  action.cancelled = task;
  action.meta.set('operation', task);
  action.meta.set('interval', String(interval));
  action.interval = interval;
  return action;
}

export interface RunningOperation {
  readonly task: string;
  readonly interval: number;
  readonly call: string | undefined;
}

/** Ends a recurring operation that the history shows, before the resource stops. */
export function scheduleCancel(resource: Resource, node: Node, operation: RunningOperation): void {
  const action = cancelAction(resource, operation.task, operation.interval, node);
  if (operation.call !== undefined) action.meta.set('call-id', operation.call);
  addOrdering(resource.cluster, { resource, task: 'stop' }, action, ORDER.ordered, 'recurring-follows-role');
}

/** Starts a recurring operation anew: what it runs with has changed. */
export function reschedule(resource: Resource, task: string, interval: number, node: Node): void {
  triggerUnfencing(resource, node, { reason: 'Device parameters changed (reschedule)' });
  const key = operationKey(resource.id, task, interval);
  const action = resourceAction(resource, { task, key, node, optional: true });
  setFlag(action, ACTION.reschedule);
}
