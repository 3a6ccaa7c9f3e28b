import { sectionOf } from '../../cib/document.ts';
import { evaluateRules } from '../../cib/rules/rule.ts';
import { ruleContext } from '../../status/nvpairs.ts';
import { child, type XmlElement } from '../../xml/element.ts';
import { noteChange } from '../build.ts';
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
    else if (xml.name === 'rsc_location' && isInForce(cluster, xml)) unpackLocation(cluster, xml);
    else if (xml.name === 'rsc_ticket') unpackTicket(cluster, xml);
  }
}

/** Schemas before 4.0 let a location be in force only as long as one rule of its `lifetime` holds. */
function isInForce(cluster: Cluster, xml: XmlElement): boolean {
  const lifetime = child(xml, 'lifetime');
  if (lifetime === undefined) return true;
  const { rules } = cluster.picture;
  const { verdict, nextChange } = evaluateRules(lifetime, ruleContext(rules, {}), rules.ids);
  if (nextChange !== undefined) noteChange(cluster, nextChange);
  return verdict === 'satisfied';
}
