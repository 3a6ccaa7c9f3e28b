import { sectionOf } from '../core/cib/document.ts';
import { attribute, childrenNamed, idOf, walk, type XmlElement } from '../core/xml/element.ts';

export interface ListedNode {
  readonly type: 'cluster' | 'guest' | 'remote';
  readonly name: string;
  /** Cluster nodes have one; the others are known by name alone. */
  readonly id: string;
}

const known = (type: 'guest' | 'remote', name: string): ListedNode => ({ type, name, id: name });

/** The nodes that the configuration knows: of the cluster, then guests, then remote ones. */
export function nodesOf(cib: XmlElement): readonly ListedNode[] {
  const nodes = sectionOf(cib, 'nodes');
  const cluster = (nodes === undefined ? [] : childrenNamed(nodes, 'node'))
    .filter(node => attribute(node, 'type') !== 'remote')
    .map(
      (node): ListedNode => ({
        type: 'cluster',
        name: attribute(node, 'uname') ?? idOf(node) ?? '',
        id: idOf(node) ?? '',
      }),
    );
  const resources = sectionOf(cib, 'resources');
  const below = resources === undefined ? [] : [...walk(resources)];
  const guests = below
    .filter(one => one.name === 'nvpair' && attribute(one, 'name') === 'remote-node')
    .map((one): ListedNode => known('guest', attribute(one, 'value') ?? ''));
  const remotes = below
    .filter(
      one =>
        one.name === 'primitive' &&
        attribute(one, 'provider') === 'pacemaker' &&
        attribute(one, 'type') === 'remote',
    )
    .map((one): ListedNode => known('remote', idOf(one) ?? ''));
  return [...cluster, ...guests, ...remotes];
}
