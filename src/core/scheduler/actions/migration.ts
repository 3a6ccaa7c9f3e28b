import { ACTION, ORDER } from '../flags.ts';
import type { Action, Node, Resource } from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { actionOf, setFlag, startAction, stopAction } from './action.ts';

export function canMigrate(resource: Resource, current: Node | undefined): boolean {
  const { flags, assigned } = resource;
  if (!flags.migratable || !flags.managed || flags.failed || flags.startPending) return false;
  return current !== undefined && !current.unclean && assigned !== undefined && !assigned.unclean;
}

/**
 * A live migration: away, there, then a stop of what is left behind; the start is only for show. Where it has
 * left already, only the arrival is still to come.
 */
export function createMigrationActions(resource: Resource, current: Node): void {
  const target = resource.assigned;
  if (target === undefined) return;
  const isUnderWay = resource.migration !== undefined;
  const start = startAction(resource, target, 'optional');
  const stop = stopAction(resource, current, 'optional');
  const leave = isUnderWay ? undefined : actionOf(resource, 'migrate_to', current, { optional: true });
  const arrive = actionOf(resource, 'migrate_from', target, { optional: true });
  setFlag(start, ACTION.migratable | ACTION.pseudo);
  setFlag(stop, ACTION.migratable);
  setFlag(arrive, ACTION.migratable);
  const needed = ORDER.ordered | ORDER.unmigratableThenBlocks;
  if (leave === undefined) {
    arrive.needs = start.needs;
    orderTasks(resource, 'monitor', resource, 'migrate_from', ORDER.ordered, 'migration-steps');
  } else {
    setFlag(leave, ACTION.migratable);
    leave.needs = start.needs;
    orderTasks(resource, 'monitor', resource, 'migrate_to', ORDER.ordered, 'migration-steps');
    orderTasks(resource, 'migrate_to', resource, 'migrate_from', needed, 'migration-steps');
  }
  orderTasks(resource, 'migrate_from', resource, 'stop', needed, 'migration-steps');
  orderTasks(resource, 'migrate_from', resource, 'start', needed | ORDER.firstElseThen, 'migration-steps');
  if (leave !== undefined) {
    nameEnds(leave, current, target);
    if (!resource.flags.remoteConnection) leave.meta.set('record-pending', 'true');
  }
  nameEnds(arrive, current, target);
}

function nameEnds(action: Action, source: Node, target: Node): void {
  action.meta.set('migrate_source', source.name);
  action.meta.set('migrate_target', target.name);
}
