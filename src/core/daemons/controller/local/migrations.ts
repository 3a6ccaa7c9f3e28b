/**
 * Migrations whose source will not tell of them any more. Where a resource was on its way from a node whose history
 * is wiped or forgotten, or goes on with something else, it may be active on the target though nothing there says so:
 * the target's history of it goes first, so that it is probed there before anybody starts it elsewhere.
 */
import { milliseconds } from '../../../base/time.ts';
import type { ExecutorAction } from '../../../messages/executor.ts';
import { type NodeName, nodeName, resourceId } from '../../../model/names.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute, type XmlElement } from '../../../xml/element.ts';
import type { History } from '../state.ts';
import { send, type Turn, updateLocal, write } from '../turn.ts';
import { xpathOfResource } from './history.ts';

/** `before` is what was told of a node, `after` what is kept of it. */
export function forgetTargets(turn: Turn, before: History, after: History): void {
  for (const [resource, { entries }] of before) {
    if (after.has(resource)) continue;
    const target = openMigration(resource, entries);
    if (target !== undefined) forgetAt(turn, resource, target);
  }
}

/** A migration is told over the one before it: where that one was going and this one is not. */
export function forgetFormerTarget(turn: Turn, resource: string, target: string | undefined): void {
  const known = turn.state.local.history?.get(resource);
  const former = known === undefined ? undefined : openMigration(resource, known.entries);
  if (former !== undefined && former !== target) forgetAt(turn, resource, former);
}

/**
 * A migration ended after something else had been ordered: what the target was told or found meanwhile says nothing
 * of what arrived there in the end.
 */
export function forgetOvertakenTarget(turn: Turn, { resource, call, parameters }: ExecutorAction): void {
  const target = parameters.CRM_meta_migrate_target;
  const isOvertaken = [...turn.state.local.running.values()].some(
    other => other.resource === resource && other.call > call && CHANGING.has(other.operation),
  );
  if (target !== undefined && isOvertaken) forgetAt(turn, resource, nodeName(target));
}

const CHANGING: ReadonlySet<string> = new Set(['start', 'stop', 'migrate_to', 'migrate_from']);

/** Where the resource was going, unless something was done with it here since: then that tells the end of it. */
export function openMigration(
  resource: string,
  entries: ReadonlyMap<string, XmlElement>,
): NodeName | undefined {
  const migration = entries.get(migrationKey(resource));
  const target = migration === undefined ? undefined : attribute(migration, 'migrate_target');
  if (migration === undefined || target === undefined) return undefined;
  const call = callOf(migration);
  const last = entries.get(`${resource}_last_0`);
  const isOver = call >= 0 && last !== undefined && callOf(last) > call;
  return isOver ? undefined : nodeName(target);
}

export const migrationKey = (resource: string): string =>
  operationKey(resource, 'migrate_to', milliseconds(0));

const callOf = (entry: XmlElement): number => Number(attribute(entry, 'call-id') ?? -1);

/** A target that is not among us is told when it is again: meanwhile others may give it what it has. */
export function forgetAt(turn: Turn, resource: string, target: NodeName): void {
  const { members, peers } = turn.state.view;
  const id = members.get(target);
  if (id !== undefined) {
    write(turn, { operation: 'delete', xpath: xpathOfResource(id, resource) }, { kind: 'other' });
  }
  if (peers.has(target)) send(turn, target, { kind: 'lrm_delete', resource: resourceId(resource) });
  else updateLocal(turn, { owed: [...turn.state.local.owed, { resource, target }] });
}

export function forgetOwed(turn: Turn): void {
  const { owed } = turn.state.local;
  const due = owed.filter(({ target }) => turn.state.view.peers.has(target));
  if (due.length === 0) return;
  updateLocal(turn, { owed: owed.filter(one => !due.includes(one)) });
  for (const { resource, target } of due) forgetAt(turn, resource, target);
}
