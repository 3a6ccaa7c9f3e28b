/** What must be written so that the CIB's status says what the table says. */
import type { Instant } from '../../base/time.ts';
import { sectionOf } from '../../cib/document.ts';
import type { CibRequest } from '../../messages/client.ts';
import { type NodeId, type NodeName, nodeId, nodeName } from '../../model/names.ts';
import { attribute, child, childrenNamed, element, idOf, walk, type XmlElement } from '../../xml/element.ts';
import type { Member } from '../contract.ts';
import type { Table } from './table.ts';

/** An nvpair of a node's transient attributes and the set that it stands in. */
interface Written {
  readonly id: string;
  readonly set: string;
  readonly value: string;
}

/** The requests that bring the CIB up to the table, as far as dampening and known node ids allow. */
export function neededWrites(
  table: Table,
  cib: XmlElement,
  members: readonly Member[],
  now: Instant,
): readonly CibRequest[] {
  const status = sectionOf(cib, 'status');
  const ids = nodeIds(cib, members);
  const updates: XmlElement[] = [];
  const deletions: CibRequest[] = [];
  for (const [node, id] of ids) {
    const state = status === undefined ? undefined : child(status, 'node_state', id);
    const transient = state === undefined ? undefined : child(state, 'transient_attributes');
    const written = transient === undefined ? NOTHING : writtenIn(transient);
    const sets = setsToWrite(table, node, id, written, now);
    if (sets.length > 0) {
      updates.push(
        element('node_state', { id, uname: node }, [element('transient_attributes', { id }, sets)]),
      );
    }
    deletions.push(...toDelete(table, node, id, written, now));
  }
  if (updates.length === 0) return deletions;
  const input = element('status', {}, updates);
  const update: CibRequest = {
    kind: 'cib',
    operation: 'modify',
    section: 'status',
    input,
    allowCreate: true,
  };
  return [update, ...deletions];
}

const NOTHING: ReadonlyMap<string, Written> = new Map();
const cache = new WeakMap<XmlElement, ReadonlyMap<string, Written>>();

function writtenIn(transient: XmlElement): ReadonlyMap<string, Written> {
  const known = cache.get(transient);
  if (known !== undefined) return known;
  const found = new Map<string, Written>();
  for (const set of childrenNamed(transient, 'instance_attributes')) {
    for (const pair of childrenNamed(set, 'nvpair')) {
      const name = attribute(pair, 'name');
      if (name === undefined || found.has(name)) continue;
      found.set(name, { id: idOf(pair) ?? '', set: idOf(set) ?? '', value: attribute(pair, 'value') ?? '' });
    }
  }
  cache.set(transient, found);
  return found;
}

function setsToWrite(
  table: Table,
  node: NodeName,
  id: NodeId,
  written: ReadonlyMap<string, Written>,
  now: Instant,
): readonly XmlElement[] {
  const sets = new Map<string, XmlElement[]>();
  for (const [name, known] of table) {
    const value = known.values.get(node);
    if (known.private || value === undefined || (known.heldUntil ?? now) > now) continue;
    const there = written.get(name);
    if (there?.value === value) continue;
    const set = there?.set ?? known.set ?? `status-${id}`;
    const pair = element('nvpair', { id: there?.id ?? idFor(set, name), name, value });
    sets.set(set, [...(sets.get(set) ?? []), pair]);
  }
  return [...sets].map(([set, pairs]) => element('instance_attributes', { id: set }, pairs));
}

function toDelete(
  table: Table,
  node: NodeName,
  id: NodeId,
  written: ReadonlyMap<string, Written>,
  now: Instant,
): readonly CibRequest[] {
  const gone = [...written].filter(([name]) => {
    const known = table.get(name);
    return (
      known === undefined || known.private || (!known.values.has(node) && (known.heldUntil ?? now) <= now)
    );
  });
  if (gone.length === 0) return [];
  const transient = `/cib/status/node_state[@id='${id}']/transient_attributes`;
  const all = gone.length === written.size;
  const paths = all
    ? [transient]
    : gone.map(
        ([, { set, id: pair }]) => `${transient}/instance_attributes[@id='${set}']/nvpair[@id='${pair}']`,
      );
  return paths.map(xpath => ({ kind: 'cib', operation: 'delete', xpath }));
}

/** An XML id may not hold what a name may: everything else becomes a dot, as Pacemaker does. */
const idFor = (set: string, name: string): string => `${set}-${name.replace(/[^A-Za-z0-9_.-]/g, '.')}`;

/** Of every node whose id is known: of members, of nodes of the configuration, of connections to remote nodes. */
function nodeIds(cib: XmlElement, members: readonly Member[]): ReadonlyMap<NodeName, NodeId> {
  const ids = new Map<NodeName, NodeId>();
  const nodes = sectionOf(cib, 'nodes');
  for (const node of nodes?.children ?? []) {
    const name = attribute(node, 'uname');
    const id = idOf(node);
    if (name !== undefined && id !== undefined) ids.set(nodeName(name), nodeId(id));
  }
  for (const { name, id } of members) ids.set(name, id);
  for (const name of remoteNodes(cib)) if (!ids.has(name)) ids.set(name, nodeId(name));
  const status = sectionOf(cib, 'status');
  for (const state of status?.children ?? []) {
    const name = attribute(state, 'uname');
    const id = idOf(state);
    if (name !== undefined && id !== undefined && !ids.has(nodeName(name)))
      ids.set(nodeName(name), nodeId(id));
  }
  return ids;
}

const remotes = new WeakMap<XmlElement, readonly NodeName[]>();

function remoteNodes(cib: XmlElement): readonly NodeName[] {
  const resources = sectionOf(cib, 'resources');
  if (resources === undefined) return [];
  const known = remotes.get(resources);
  if (known !== undefined) return known;
  const found: NodeName[] = [];
  for (const one of walk(resources)) {
    if (one.name === 'primitive' && attribute(one, 'type') === 'remote') {
      if (attribute(one, 'provider') === 'pacemaker') found.push(nodeName(idOf(one) ?? ''));
    } else if (one.name === 'nvpair' && attribute(one, 'name') === 'remote-node') {
      found.push(nodeName(attribute(one, 'value') ?? ''));
    }
  }
  remotes.set(resources, found);
  return found;
}
