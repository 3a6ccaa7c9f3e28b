/** What became of resources on this node, as it stands in `node_state/lrm` of the CIB. */

import { sectionOf } from '../../../cib/document.ts';
import {
  type AttributeInit,
  attribute,
  child,
  childrenNamed,
  element,
  type XmlElement,
} from '../../../xml/element.ts';
import type { History, ResourceHistory } from '../state.ts';

/** With these entries in the place of those of the same ids. Whatever is done with a resource ends its lock. */
export function withEntries(
  history: History,
  resource: string,
  agent: ResourceHistory['agent'],
  entries: readonly XmlElement[],
): History {
  const known = new Map(history.get(resource)?.entries);
  for (const entry of entries) known.set(attribute(entry, 'id') ?? '', entry);
  return new Map(history).set(resource, { agent, entries: known });
}

export function withLock(history: History, resource: string, lock: string): History {
  const known = history.get(resource);
  return known === undefined ? history : new Map(history).set(resource, { ...known, lock });
}

export function withoutEntries(
  history: History,
  resource: string,
  isGone: (entry: XmlElement) => boolean,
): History {
  const known = history.get(resource);
  if (known === undefined || ![...known.entries.values()].some(isGone)) return history;
  const entries = new Map([...known.entries].filter(([, entry]) => !isGone(entry)));
  return new Map(history).set(resource, { ...known, entries });
}

export function withoutResource(history: History, resource: string): History {
  if (!history.has(resource)) return history;
  const left = new Map(history);
  left.delete(resource);
  return left;
}

/** Nothing is told of the resource any more but that it is on its way, for as long as it is. */
export function withoutPast(history: History, resource: string): History {
  const known = history.get(resource);
  const moving = [...(known?.entries ?? [])].filter(([, entry]) => isPending(entry) && isMigration(entry));
  if (known === undefined || moving.length === 0) return withoutResource(history, resource);
  return new Map(history).set(resource, { agent: known.agent, entries: new Map(moving) });
}

const isMigration = (entry: XmlElement): boolean =>
  ['migrate_to', 'migrate_from'].includes(attribute(entry, 'operation') ?? '');

/** Unless the last word on it is that it is stopped. */
export function mayBeActive(resource: string, { entries }: ResourceHistory): boolean {
  const last = entries.get(`${resource}_last_0`);
  const ended = last !== undefined && isEnded(attribute(last, 'operation'), attribute(last, 'rc-code'));
  return !ended || [...entries.values()].some(entry => isRecurring(entry) || isArrivalAfter(entry, last));
}

const isArrivalAfter = (entry: XmlElement, last: XmlElement): boolean =>
  attribute(entry, 'operation') === 'migrate_from' && (isPending(entry) || callOf(entry) > callOf(last));

const callOf = (entry: XmlElement): number => Number(attribute(entry, 'call-id') ?? -1);

const isEnded = (operation: string | undefined, status: string | undefined): boolean =>
  (operation === 'stop' && status === '0') || (operation === 'monitor' && status === '7');

export const isRecurring = (entry: XmlElement): boolean => Number(attribute(entry, 'interval') ?? 0) > 0;

export const isPending = (entry: XmlElement): boolean => attribute(entry, 'op-status') === '-1';

export const printResource = (id: string, { agent, lock, entries }: ResourceHistory): XmlElement => {
  const attributes: AttributeInit = {
    id,
    type: agent.type,
    class: agent.class,
    provider: agent.provider,
    'shutdown-lock': lock,
  };
  return element('lrm_resource', attributes, [...entries.values()]);
};

export const printHistory = (history: History, node: string): XmlElement =>
  element('lrm', { id: node }, [
    element(
      'lrm_resources',
      {},
      [...history].map(([id, one]) => printResource(id, one)),
    ),
  ]);

/** The `node_state` of a node, by its id. */
export function stateOf(cib: XmlElement, node: string): XmlElement | undefined {
  const status = sectionOf(cib, 'status');
  return status === undefined ? undefined : child(status, 'node_state', node);
}

/** The `lrm` of a node, if it has any. */
export function lrmOf(cib: XmlElement, node: string): XmlElement | undefined {
  const state = stateOf(cib, node);
  return state === undefined ? undefined : child(state, 'lrm');
}

export function readHistory(lrm: XmlElement | undefined): History {
  const history = new Map<string, ResourceHistory>();
  const resources = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  if (resources === undefined) return history;
  for (const one of childrenNamed(resources, 'lrm_resource')) {
    const id = attribute(one, 'id');
    if (id === undefined) continue;
    const lock = attribute(one, 'shutdown-lock');
    history.set(id, {
      agent: agentIn(one),
      ...(lock === undefined ? {} : { lock }),
      entries: new Map(childrenNamed(one, 'lrm_rsc_op').map(entry => [attribute(entry, 'id') ?? '', entry])),
    });
  }
  return history;
}

/** The agent that a resource's history names. */
export function agentIn(resource: XmlElement): ResourceHistory['agent'] {
  const provider = attribute(resource, 'provider');
  return {
    class: attribute(resource, 'class') ?? '',
    ...(provider === undefined ? {} : { provider }),
    type: attribute(resource, 'type') ?? '',
  };
}

/** Where a node's history stands, as XPath. */
export const xpathOfLrm = (node: string): string => `/cib/status/node_state[@id='${node}']/lrm`;
export const xpathOfResource = (node: string, resource: string): string =>
  `${xpathOfLrm(node)}/lrm_resources/lrm_resource[@id='${resource}']`;

/** The update that puts parts of a node's history in place. */
export const statusUpdate = (
  node: { readonly id: string; readonly name: string },
  parts: readonly XmlElement[],
): XmlElement => element('status', {}, [element('node_state', { id: node.id, uname: node.name }, parts)]);
