/**
 * Source and target tell of a migration each by its own clock, and the scheduler compares these times: a probe of the
 * target seems to have come after the migration where the target's clock is ahead. What holds:
 *
 * 1. What is told of a resource that was, or is to be, on its way is told as later than all that other nodes had told
 *    of it by then.
 */
import { type Instant, instant } from '../../../base/time.ts';
import { sectionOf } from '../../../cib/document.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../../../xml/element.ts';
import type { Turn } from '../turn.ts';

export function toldAt(
  turn: Turn,
  { resource, operation }: { readonly resource: string; readonly operation: string },
  at: Instant,
): Instant {
  const entries = entriesElsewhere(turn, resource);
  const moves =
    operation === 'migrate_to' ||
    operation === 'migrate_from' ||
    entries.some(entry => attribute(entry, 'migrate_target') !== undefined);
  if (!moves) return at;
  // Entries count seconds; of one and the same second neither is the later one.
  const latest = Math.max(0, ...entries.map(entry => Number(attribute(entry, 'last-rc-change') ?? 0)));
  return Math.floor(at / 1000) < latest ? instant((latest + 1) * 1000) : at;
}

function entriesElsewhere({ state: { cib }, env }: Turn, resource: string): readonly XmlElement[] {
  const status = cib === undefined ? undefined : sectionOf(cib, 'status');
  return (status?.children ?? []).flatMap(state => {
    const lrm = attribute(state, 'id') === env.node.id ? undefined : child(state, 'lrm');
    const resources = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
    const known = resources === undefined ? undefined : child(resources, 'lrm_resource', resource);
    return known === undefined ? [] : childrenNamed(known, 'lrm_rsc_op');
  });
}
