/** Where in the CIB the name-value pairs stand that `crm_attribute` and its relatives read and write. */

import { sectionOf } from '../core/cib/document.ts';
import { attribute, childrenNamed, element, idOf, walk, type XmlElement } from '../core/xml/element.ts';

export type Scope = 'crm_config' | 'nodes' | 'status' | 'rsc_defaults' | 'op_defaults' | 'tickets';

export interface Place {
  readonly scope: Scope;
  /** For `nodes` and `status`. */
  readonly node?: { readonly id: string; readonly name: string };
  readonly utilization?: boolean;
}

/** One pair as it stands in the CIB, with the set that holds it. */
export interface Pair {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly set: string;
}

const SECTION: Readonly<Record<Scope, string>> = {
  crm_config: 'crm_config',
  nodes: 'nodes',
  status: 'status',
  rsc_defaults: 'rsc_defaults',
  op_defaults: 'op_defaults',
  tickets: 'status',
};

const SETS: Readonly<Record<Exclude<Scope, 'nodes' | 'status'>, readonly [tag: string, id: string]>> = {
  crm_config: ['cluster_property_set', 'cib-bootstrap-options'],
  rsc_defaults: ['meta_attributes', 'rsc-options'],
  op_defaults: ['meta_attributes', 'op-options'],
  tickets: ['instance_attributes', 'status-tickets'],
};

export const sectionOfPlace = ({ scope }: Place): string => SECTION[scope];

/** Tag of the sets, and id of the one that is made where there is none. */
function setOf({ scope, node, utilization = false }: Place): readonly [tag: string, id: string] {
  if (scope !== 'nodes' && scope !== 'status') return SETS[scope];
  const id = `${scope}-${node?.id ?? ''}`;
  return utilization ? ['utilization', `${id}-utilization`] : ['instance_attributes', id];
}

/** Id of the set that is made where there is none. */
export const usualSet = (place: Place): string => setOf(place)[1];

/** Whether there is, or may be made, a place for the sets. */
export function hasPlace(cib: XmlElement, { scope, node }: Place): boolean {
  const status = scope === 'status' ? sectionOf(cib, 'status') : undefined;
  return scope !== 'status' || status?.children.some(state => idOf(state) === node?.id) === true;
}

/** The elements that hold sets of this place; none where there is not even a place for them. */
function holders(cib: XmlElement, { scope, node }: Place): readonly XmlElement[] {
  const section = sectionOf(cib, SECTION[scope]);
  if (section === undefined) return [];
  const own = (tag: string) => childrenNamed(section, tag).filter(one => idOf(one) === node?.id);
  switch (scope) {
    case 'nodes':
      return own('node');
    case 'status':
      return own('node_state').flatMap(state => childrenNamed(state, 'transient_attributes'));
    case 'tickets':
      return childrenNamed(section, 'tickets');
    default:
      return [section];
  }
}

/** All pairs of the place, in document order. */
export function pairsOf(cib: XmlElement, place: Place): readonly Pair[] {
  const [tag] = setOf(place);
  return holders(cib, place)
    .flatMap(holder => childrenNamed(holder, tag))
    .flatMap(set =>
      [...walk(set)]
        .filter(({ name }) => name === 'nvpair')
        .map(pair => ({
          id: idOf(pair) ?? '',
          name: attribute(pair, 'name') ?? '',
          value: attribute(pair, 'value') ?? '',
          set: idOf(set) ?? '',
        })),
    );
}

export interface Wanted {
  readonly name: string;
  readonly value: string;
  readonly set?: string | undefined;
  readonly id?: string | undefined;
}

/** Id of a pair in its set: a character that no XML id can hold becomes one that it can, as in Pacemaker. */
export const idOfPair = (set: string, name: string): string =>
  `${set}-${name}`.replace(/[:#]/g, '.').replace(/[^\w.-]/g, '_');

/** What to merge into the CIB so that the pair has the value: the path down to it and nothing else. */
export function updateOf(place: Place, { name, value, set, id }: Wanted): XmlElement {
  const [tag, usualSet] = setOf(place);
  const setId = set ?? usualSet;
  const pair = element('nvpair', { id: id ?? idOfPair(setId, name), name, value });
  const within = element(tag, { id: setId }, [pair]);
  const node = place.node?.id;
  switch (place.scope) {
    case 'nodes':
      return element('nodes', {}, [element('node', { id: node }, [within])]);
    case 'status': {
      const attributes = element('transient_attributes', { id: node }, [within]);
      return element('status', {}, [element('node_state', { id: node }, [attributes])]);
    }
    case 'tickets':
      return element('status', {}, [element('tickets', {}, [within])]);
    default:
      return element(SECTION[place.scope], {}, [within]);
  }
}

/** The cluster or remote node of that name. */
export function nodeNamed(
  cib: XmlElement,
  name: string,
): { readonly id: string; readonly name: string } | undefined {
  const nodes = sectionOf(cib, 'nodes');
  const found =
    nodes === undefined
      ? undefined
      : childrenNamed(nodes, 'node').find(one => attribute(one, 'uname') === name);
  if (found !== undefined) return { id: idOf(found) ?? name, name };
  const status = sectionOf(cib, 'status');
  const state =
    status === undefined
      ? undefined
      : childrenNamed(status, 'node_state').find(one => (attribute(one, 'uname') ?? idOf(one)) === name);
  if (state !== undefined) return { id: idOf(state) ?? name, name };
  return isRemote(cib, name) ? { id: name, name } : undefined;
}

/** Remote nodes are known by the resource that connects to them or by the meta-attribute of their guest. */
function isRemote(cib: XmlElement, name: string): boolean {
  const resources = sectionOf(cib, 'resources');
  if (resources === undefined) return false;
  return [...walk(resources)].some(one =>
    one.name === 'primitive'
      ? idOf(one) === name &&
        attribute(one, 'provider') === 'pacemaker' &&
        attribute(one, 'type') === 'remote'
      : one.name === 'nvpair' && attribute(one, 'name') === 'remote-node' && attribute(one, 'value') === name,
  );
}
