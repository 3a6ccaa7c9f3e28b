import type { NodePicture, Picture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { healthOf } from './node-words.ts';

/** Shown for a member that does not tell its feature set: it is older than this. */
const OLDEST_FEATURE_SET = '<3.15.1';

/** The feature set of a member, where that is to be told: not of one that leaves. */
export function featureSetOf({ kind, online, expectedUp, featureSet }: NodePicture): string | undefined {
  return kind === 'cluster' && online && expectedUp ? (featureSet ?? OLDEST_FEATURE_SET) : undefined;
}

/** A `node` element of the node list; `children` stand inside, where resources are listed by node. */
export function nodeElement(
  picture: Picture,
  node: NodePicture,
  children: readonly XmlElement[] = [],
): XmlElement {
  return element(
    'node',
    {
      name: node.name,
      id: node.id,
      online: node.online,
      standby: node.standby,
      standby_onfail: node.failStandby,
      maintenance: node.maintenance,
      pending: node.pending,
      unclean: node.unclean,
      health: healthOf(node, picture.options),
      feature_set: featureSetOf(node),
      shutdown: node.shutdown,
      expected_up: node.expectedUp,
      is_dc: node === picture.dc,
      resources_running: node.running.length,
      type: node.kind === 'cluster' ? 'member' : 'remote',
      id_as_resource: node.kind === 'guest' ? node.connection?.launcher?.id : undefined,
    },
    children,
  );
}
