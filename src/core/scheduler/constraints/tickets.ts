import { resolveReference } from '../../cib/id-index.ts';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { fenceNode } from '../actions/fencing.ts';
import { addScore, NEVER } from '../assign/nodes.ts';
import { findConstrained } from '../build.ts';
import type { Cluster, Resource, Ticket } from '../model.ts';
import { constraintRole } from './colocation.ts';
import { expandSets, expandTag } from './sets.ts';

/** A resource (or a role of it) that this site may run only while it holds a ticket. */
export function unpackTicket(cluster: Cluster, xml: XmlElement): void {
  const name = attribute(xml, 'ticket');
  if (name === undefined) return;
  const expanded =
    expandSets(cluster, xml) ?? expandTag(cluster, xml, { attribute: 'rsc', role: 'rsc-role', alone: false });
  if (expanded === 'invalid') return;
  const policy = attribute(xml, 'loss-policy');
  const constraint = attribute(xml, 'id') ?? '';
  let any = false;
  for (const one of (expanded ?? xml).children) {
    if (one.name !== 'resource_set') continue;
    any = true;
    const set = resolveReference(one, cluster.picture.rules.ids);
    for (const reference of set.children) {
      const resource = findConstrained(cluster, attribute(reference, 'id'));
      if (resource === undefined) return;
      const id = attribute(set, 'id') ?? '';
      addTicket(resource, { id, constraint, name, role: attribute(set, 'role'), policy });
    }
  }
  if (any) return;
  const resource = findConstrained(cluster, attribute(xml, 'rsc'));
  if (resource === undefined) return;
  const role = attribute(xml, 'rsc-role');
  addTicket(resource, { id: constraint, constraint, name, role, policy });
}

interface NewTicket {
  readonly id: string;
  readonly constraint: string;
  readonly name: string;
  readonly role: string | undefined;
  readonly policy: string | undefined;
}

function addTicket(resource: Resource, { id, constraint, name, role: text, policy }: NewTicket): void {
  const role = constraintRole(text);
  if (role === undefined) return;
  const { picture } = resource.cluster;
  const state = picture.tickets.find(one => one.id === name);
  const ticket: Ticket = {
    kind: 'ticket',
    id,
    constraint,
    ticket: name,
    granted: state?.granted === true,
    standby: state?.standby === true,
    everGranted: state?.lastGranted !== undefined,
    role,
    lossPolicy: lossPolicy(policy, { role, fencingEnabled: picture.options.fencingEnabled }),
  };
  resource.tickets.push(ticket);
  if (!ticket.granted || ticket.standby) withhold(resource, ticket);
}

function lossPolicy(
  text: string | undefined,
  { role, fencingEnabled }: { readonly role: Ticket['role']; readonly fencingEnabled: boolean },
): Ticket['lossPolicy'] {
  switch (text?.toLowerCase()) {
    case 'fence':
      return fencingEnabled ? 'fence' : 'stop';
    case 'freeze':
      return 'freeze';
    case 'demote':
      return 'demote';
    case 'stop':
      return 'stop';
    default:
      return role === 'Promoted' ? 'demote' : 'stop';
  }
}

function withhold(resource: Resource, ticket: Ticket): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) withhold(one, ticket);
    return;
  }
  if (!ticket.granted && resource.active.length > 0) {
    lose(resource, ticket);
  } else if (ticket.role !== 'Promoted' || ticket.lossPolicy === 'stop') {
    addScore(resource, undefined, NEVER, ticket);
  }
}

/** The ticket is gone, and the resource is running. */
function lose(resource: Resource, ticket: Ticket): void {
  const concerns = ticket.role === 'Unknown' || ticket.role === resource.role;
  switch (ticket.lossPolicy) {
    case 'stop':
      addScore(resource, undefined, NEVER, ticket);
      break;
    case 'demote':
      if (ticket.role !== 'Promoted') addScore(resource, undefined, NEVER, ticket);
      break;
    case 'fence':
      if (!concerns) break;
      addScore(resource, undefined, NEVER, ticket);
      for (const node of resource.active) {
        fenceNode(resource.cluster, node, { reason: 'deadman ticket was lost' });
      }
      break;
    case 'freeze':
      if (!concerns) break;
      resource.flags.managed = false;
      resource.flags.blocked = true;
      break;
  }
}
