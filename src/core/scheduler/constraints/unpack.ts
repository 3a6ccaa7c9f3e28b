import { sectionOf } from '../../cib/document.ts';
import type { Cluster } from '../model.ts';
import { unpackColocation } from './colocation.ts';
import { unpackLocation } from './location.ts';
import { unpackOrdering } from './ordering.ts';
import { unpackTicket } from './tickets.ts';

/** Reads what the administrator demands of the places, the order and the company of resources. */
export function unpackConstraints(cluster: Cluster): void {
  for (const xml of sectionOf(cluster.picture.cib, 'constraints')?.children ?? []) {
    if (xml.name === 'rsc_order') unpackOrdering(cluster, xml);
    else if (xml.name === 'rsc_colocation') unpackColocation(cluster, xml);
    else if (xml.name === 'rsc_location') unpackLocation(cluster, xml);
    else if (xml.name === 'rsc_ticket') unpackTicket(cluster, xml);
  }
}
