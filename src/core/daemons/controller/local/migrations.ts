/** What histories tell of migrations: who lets what go, and who expects it. */
import { milliseconds } from '../../../base/time.ts';
import { type NodeName, nodeName } from '../../../model/names.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute, child, type XmlElement } from '../../../xml/element.ts';
import type { ResourceHistory } from '../state.ts';
import { agentIn, isPending, lrmOf } from './history.ts';

export const departureKey = (resource: string): string =>
  operationKey(resource, 'migrate_to', milliseconds(0));
export const arrivalKey = (resource: string): string =>
  operationKey(resource, 'migrate_from', milliseconds(0));

/** A migration of which its source tells, to one node. */
export interface Departure {
  readonly resource: string;
  readonly agent: ResourceHistory['agent'];
  readonly source: NodeName;
  readonly key: string;
  readonly ended: boolean;
}

/** By source and resource. */
export function departuresTo(
  target: NodeName,
  status: XmlElement | undefined,
): ReadonlyMap<string, Departure> {
  const found = new Map<string, Departure>();
  for (const state of status?.children ?? []) {
    const lrm = child(state, 'lrm');
    const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
    for (const { resource, entry } of list === undefined ? [] : migrationsIn(list)) {
      if (attribute(entry, 'migrate_target') !== target) continue;
      const source = nodeName(attribute(state, 'uname') ?? '');
      const id = attribute(resource, 'id') ?? '';
      found.set(`${source} ${id}`, {
        resource: id,
        agent: agentIn(resource),
        source,
        key: attribute(entry, 'transition-key') ?? '',
        ended: !isPending(entry),
      });
    }
  }
  return found;
}

interface Migration {
  readonly resource: XmlElement;
  readonly entry: XmlElement;
}

const lists = new WeakMap<XmlElement, readonly Migration[]>();
const resources = new WeakMap<XmlElement, readonly Migration[]>();

/** Both a node's history and that of each resource in it are read once: most stay as they are. */
function migrationsIn(list: XmlElement): readonly Migration[] {
  const known = lists.get(list);
  if (known !== undefined) return known;
  const found: Migration[] = [];
  for (const one of list.children) found.push(...migrationIn(one));
  lists.set(list, found);
  return found;
}

function migrationIn(resource: XmlElement): readonly Migration[] {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const entry = child(resource, 'lrm_rsc_op', departureKey(attribute(resource, 'id') ?? ''));
  const found = entry === undefined ? NONE : [{ resource, entry }];
  resources.set(resource, found);
  return found;
}
const NONE: readonly Migration[] = [];

/** Whether the node expects the resource by that very migration. */
export function isExpectedOn(cib: XmlElement, node: string, resource: string, key: string): boolean {
  const lrm = lrmOf(cib, node);
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  const known = list === undefined ? undefined : child(list, 'lrm_resource', resource);
  const entry = known === undefined ? undefined : child(known, 'lrm_rsc_op', arrivalKey(resource));
  return entry !== undefined && isPending(entry) && attribute(entry, 'transition-key') === key;
}
