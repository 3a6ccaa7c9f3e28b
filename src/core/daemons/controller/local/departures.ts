/**
 * A resource is let go only to a node that expects it. What holds:
 *
 * 1. History says that it is to leave, and its target says in its own that it may arrive (`arrivals.ts`), before the
 *    agent begins: what has begun is told of by both, and whichever is lost, the other one still tells of it.
 * 2. One migration is told over the one before it, so it is not told before that has ended.
 * 3. Where the target does not answer, or the departure was forgotten meanwhile, nothing has begun: it is taken back.
 */
import type { ResourceOrder } from '../../../messages/controller.ts';
import { type NodeName, nodeName } from '../../../model/names.ts';
import { attribute } from '../../../xml/element.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { isPending, withoutEntries } from './history.ts';
import { departureKey, isExpectedOn } from './migrations.ts';
import { actionOf, notePending } from './orders.ts';
import { writeResource } from './write.ts';

const targetOf = ({ attributes }: ResourceOrder): NodeName =>
  nodeName(attributes.CRM_meta_migrate_target ?? '');

/** `told`: it stands in history already. */
export type Departure = 'may-begin' | 'to-tell' | 'told' | 'void';

/** Tells of a departure that is ordered, and says whether it may begin. */
export function prepareDeparture(turn: Turn, order: ResourceOrder, state: 'to-tell' | 'told'): Departure {
  const { view, cib, local } = turn.state;
  const target = view.peers.has(targetOf(order)) ? view.members.get(targetOf(order)) : undefined;
  if (target === undefined || cib === undefined) return 'void';
  const resource = order.resource.id;
  if (state === 'told') {
    if (!isTold(turn, order)) return 'void';
    return isExpectedOn(cib, target, resource, order.transitionKey) ? 'may-begin' : 'told';
  }
  const isBusy = [...local.running.values()].some(one => one.resource === resource && one.interval === 0);
  if (isBusy) return 'to-tell';
  notePending(turn, actionOf(turn, order));
  return 'told';
}

function isTold({ state }: Turn, { resource: { id }, transitionKey }: ResourceOrder): boolean {
  const entry = state.local.history?.get(id)?.entries.get(departureKey(id));
  return entry !== undefined && isPending(entry) && attribute(entry, 'transition-key') === transitionKey;
}

export function takeBackDeparture(turn: Turn, order: ResourceOrder): void {
  const { history } = turn.state.local;
  const { id } = order.resource;
  if (history === undefined || !isTold(turn, order)) return;
  const isIt = (entry: Parameters<typeof isPending>[0]) => attribute(entry, 'id') === departureKey(id);
  updateLocal(turn, { history: withoutEntries(history, id, isIt) });
  writeResource(turn, id, []);
}
