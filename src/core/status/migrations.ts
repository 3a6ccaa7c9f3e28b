import { EXECUTION, OCF } from '../model/exit-status.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { addActive } from './active.ts';
import { compareCalls } from './call-order.ts';
import type { Draft } from './draft.ts';
import type { Entry } from './entry.ts';
import { markFailed } from './fence.ts';
import { parseInteger } from './words.ts';

const entriesOn = (draft: Draft, resource: string, node: string): readonly XmlElement[] =>
  (draft.histories.get(node)?.get(resource)?.children ?? []).filter(one => one.name === 'lrm_rsc_op');

interface OperationSought {
  readonly operation: string;
  /** The other end of a migration. */
  readonly partner?: string;
  /** It must have ended well, with this status. */
  readonly status?: number;
}

function findEntry(
  draft: Draft,
  resource: string,
  node: string,
  { operation, partner, status }: OperationSought,
): XmlElement | undefined {
  const end = operation === 'migrate_to' ? 'migrate_target' : 'migrate_source';
  const found = entriesOn(draft, resource, node).find(
    one =>
      attribute(one, 'operation') === operation && (partner === undefined || attribute(one, end) === partner),
  );
  if (found === undefined || status === undefined) return found;
  const ended =
    parseInteger(attribute(found, 'rc-code')) === status &&
    parseInteger(attribute(found, 'op-status')) === EXECUTION.done;
  return ended ? found : undefined;
}

const unknownOn = (draft: Draft, resource: string, node: string): boolean =>
  !entriesOn(draft, resource, node).some(one => {
    const status = attribute(one, 'rc-code');
    return status !== undefined && Number(status) !== OCF.unknown;
  });

const CHANGES_STATE: ReadonlySet<string> = new Set(['start', 'stop', 'migrate_to', 'migrate_from']);

const changedAfter = (draft: Draft, resource: string, node: string, xml: XmlElement): boolean =>
  entriesOn(draft, resource, node).some(
    one => one !== xml && CHANGES_STATE.has(attribute(one, 'operation') ?? '') && compareCalls(one, xml) > 0,
  );

function foundStoppedAfter(draft: Draft, resource: string, node: string, xml: XmlElement): boolean {
  const monitor = findEntry(draft, resource, node, { operation: 'monitor', status: OCF.notRunning });
  return monitor !== undefined && compareCalls(monitor, xml) > 0;
}

/** Whether the history of a node has something newer than the migration. */
function newerThanMigration(
  draft: Draft,
  resource: string,
  node: string,
  { to, from }: { readonly to: XmlElement | undefined; readonly from: XmlElement | undefined },
): boolean {
  let last = from ?? to;
  if (last === undefined) return false;
  if (last !== to && to !== undefined && sameName(node, attribute(last, 'migrate_source'))) last = to;
  return changedAfter(draft, resource, node, last) || foundStoppedAfter(draft, resource, node, last);
}

const sameName = (left: string, right: string | undefined): boolean =>
  left.toLowerCase() === right?.toLowerCase();

/** Both ends of a migration, where the entry names them and stands on the end that it says. */
function endsOf(
  { xml, node }: Entry,
  here: 'source' | 'target',
): { readonly source: string; readonly target: string } | undefined {
  const source = attribute(xml, 'migrate_source');
  const target = attribute(xml, 'migrate_target');
  if (source === undefined || target === undefined) return undefined;
  return sameName(node.name, here === 'source' ? source : target) ? { source, target } : undefined;
}

/** The resource left this node; where it is now, the other node's history must tell. */
export function migratedAway(entry: Entry): void {
  const { draft, resource, node, xml } = entry;
  const ends = endsOf(entry, 'source');
  if (ends === undefined) return;
  const sourceChanged = changedAfter(draft, resource.id, ends.source, xml);
  const from = findEntry(draft, resource.id, ends.target, {
    operation: 'migrate_from',
    partner: ends.source,
  });
  if (from !== undefined && sourceChanged) return;
  const exit = from === undefined ? OCF.ok : (parseInteger(attribute(from, 'rc-code')) ?? OCF.ok);
  const execution =
    from === undefined
      ? EXECUTION.pending
      : (parseInteger(attribute(from, 'op-status')) ?? EXECUTION.pending);
  const targetChanged = newerThanMigration(draft, resource.id, ends.target, { to: xml, from });
  if (sourceChanged && targetChanged) return;
  if (exit === OCF.ok && execution === EXECUTION.done) {
    resource.role = 'Stopped';
    resource.danglingMigrations.unshift(node);
    return;
  }
  resource.role = 'Started';
  const target = draft.nodeByName.get(ends.target);
  const isOnTarget = !targetChanged && target?.online === true;
  if (execution !== EXECUTION.pending) {
    if (isOnTarget && target !== undefined) addActive(draft, resource, target, { failed: true });
    else giveUpMigration(entry);
    return;
  }
  if (target?.online === true && unknownOn(draft, resource.id, ends.target)) return;
  if (isOnTarget && target !== undefined) {
    const source = draft.nodeByName.get(ends.source);
    addActive(draft, resource, target, { failed: false });
    if (source?.online === true) resource.partialMigration = { source, target };
  } else if (!sourceChanged) {
    giveUpMigration(entry);
  }
}

/**
 * An arrival is under way, and the source does not tell of the migration any more: its history went with it, or it
 * has stopped the resource since. Then the target alone tells that the resource may be there.
 */
export function sourceMovedOn(entry: Entry): boolean {
  const ends = endsOf(entry, 'target');
  if (ends === undefined) return true;
  const { draft, resource } = entry;
  const to = findEntry(draft, resource.id, ends.source, { operation: 'migrate_to', partner: ends.target });
  return to === undefined || changedAfter(draft, resource.id, ends.source, to);
}

function giveUpMigration({ resource }: Entry): void {
  markFailed(resource);
  resource.flags.migratable = false;
}

/** A target says that it expects the resource before its source lets it go: that is older than what became of it. */
function arrivalOrAnnouncement(
  draft: Draft,
  resource: string,
  { source, target }: { readonly source: string; readonly target: string },
): XmlElement | undefined {
  const from = findEntry(draft, resource, target, { operation: 'migrate_from', partner: source });
  if (from === undefined) return undefined;
  const status = parseInteger(attribute(from, 'op-status'));
  const isWell = status === EXECUTION.done && parseInteger(attribute(from, 'rc-code')) === OCF.ok;
  return isWell || status === EXECUTION.pending ? from : undefined;
}

/** The departure failed: it may be active on both nodes. */
export function failedToLeave(entry: Entry): void {
  const { draft, resource, node, xml } = entry;
  const ends = endsOf(entry, 'source');
  if (ends === undefined) return;
  resource.role = 'Started';
  const from = arrivalOrAnnouncement(draft, resource.id, ends);
  if (
    !unknownOn(draft, resource.id, ends.target) &&
    !newerThanMigration(draft, resource.id, ends.target, { to: xml, from })
  ) {
    const target = draft.nodeByName.get(ends.target);
    if (target?.online === true) addActive(draft, resource, target, { failed: false });
  } else if (!changedAfter(draft, resource.id, ends.source, xml)) {
    resource.danglingMigrations.unshift(node);
  }
}

/** The arrival failed: it may still be active where it came from. */
export function failedToArrive(entry: Entry): void {
  const { draft, resource, xml } = entry;
  const ends = endsOf(entry, 'target');
  if (ends === undefined) return;
  resource.role = 'Started';
  const to = findEntry(draft, resource.id, ends.source, {
    operation: 'migrate_to',
    partner: ends.target,
    status: OCF.ok,
  });
  if (
    !unknownOn(draft, resource.id, ends.source) &&
    !newerThanMigration(draft, resource.id, ends.source, { to, from: xml })
  ) {
    const source = draft.nodeByName.get(ends.source);
    if (source?.online === true) addActive(draft, resource, source, { failed: true });
  }
}
