/**
 * Migrations whose source will not tell of them any more. Where a resource was on its way from a node whose history
 * is wiped or forgotten, or tells of a later migration, it may be active on the target though nothing there says so:
 * the target's history of it goes first, so that it is probed there before anybody starts it elsewhere.
 */
import { type NodeName, nodeName, resourceId } from '../../../model/names.ts';
import { attribute, type XmlElement } from '../../../xml/element.ts';
import type { History } from '../state.ts';
import { send, type Turn, write } from '../turn.ts';
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

/** Where the resource was going, unless something was done with it here since: then that tells the end of it. */
function openMigration(resource: string, entries: ReadonlyMap<string, XmlElement>): NodeName | undefined {
  const migration = entries.get(`${resource}_migrate_to_0`);
  const target = migration === undefined ? undefined : attribute(migration, 'migrate_target');
  if (migration === undefined || target === undefined) return undefined;
  const call = callOf(migration);
  const last = entries.get(`${resource}_last_0`);
  const isOver = call >= 0 && last !== undefined && callOf(last) > call;
  return isOver ? undefined : nodeName(target);
}

const callOf = (entry: XmlElement): number => Number(attribute(entry, 'call-id') ?? -1);

function forgetAt(turn: Turn, resource: string, target: NodeName): void {
  const { members, peers } = turn.state.view;
  const id = members.get(target);
  if (id === undefined) return;
  write(turn, { operation: 'delete', xpath: xpathOfResource(id, resource) }, { kind: 'other' });
  if (peers.has(target)) send(turn, target, { kind: 'lrm_delete', resource: resourceId(resource) });
}
