import { instant } from '../base/time.ts';
import type { Picture, TicketPicture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { timestamp } from './history-words.ts';
import { type Outline, section } from './outline.ts';

const lastGrant = ({ lastGranted }: TicketPicture): string | undefined =>
  lastGranted === undefined ? undefined : timestamp(instant(Number(lastGranted) * 1000));

export function ticketOutline({ tickets }: Picture): readonly Outline[] {
  const lines = tickets.map(ticket => {
    const standby = ticket.standby ? ' [standby]' : '';
    const last = lastGrant(ticket);
    const words = `${ticket.granted ? 'granted' : 'revoked'}${standby}`;
    return `${ticket.id}: ${words}${last === undefined ? '' : ` last-granted="${last}"`}`;
  });
  return lines.length === 0 ? [] : [section('Tickets', lines)];
}

export function ticketsElement({ tickets }: Picture): readonly XmlElement[] {
  const items = tickets.map(ticket =>
    element('ticket', {
      id: ticket.id,
      status: ticket.granted ? 'granted' : 'revoked',
      standby: ticket.standby,
      'last-granted': lastGrant(ticket),
    }),
  );
  return items.length === 0 ? [] : [element('tickets', {}, items)];
}
