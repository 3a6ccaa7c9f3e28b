import { instant, milliseconds } from '../base/time.ts';
import { withoutInstance } from '../model/names.ts';
import { compareRoles } from '../model/role.ts';
import { MINUS_INFINITY } from '../model/score.ts';
import { attribute, child, type XmlElement } from '../xml/element.ts';
import { addActive, block } from './active.ts';
import {
  type Draft,
  findResource,
  isAnonymousClone,
  isGuest,
  type NodeDraft,
  type ResourceDraft,
  secondsNow,
  topOf,
} from './draft.ts';
import type { Course } from './entry.ts';
import { fenceNode, findStop, markFailed } from './fence.ts';
import { findInstance } from './instances.ts';
import type { OnFail } from './operations.ts';
import { applyEntry } from './outcome.ts';
import { addPlace } from './places.ts';
import { nodeHistory, type Recorded, type RecordedHistory } from './recorded.ts';
import { makeRemovedResource } from './resources.ts';
import { parseInteger } from './words.ts';

/** Takes the history of one node into account. */
export function unpackNodeHistory(draft: Draft, node: NodeDraft, state: XmlElement): void {
  const lrm = child(state, 'lrm');
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  if (list === undefined) return;
  let foundLaunched = false;
  const { all } = nodeHistory(list, node.name);
  for (let at = 0; at < all.length; at += 1) {
    const resource = unpackResourceHistory(draft, node, all[at] as RecordedHistory);
    if (resource?.flags.removedLaunched === true) foundLaunched = true;
  }
  if (foundLaunched) linkRemovedLaunched(draft, list);
}

function linkRemovedLaunched(draft: Draft, list: XmlElement): void {
  for (const entry of list.children) {
    const launcher = findResource(draft, attribute(entry, 'container') ?? '');
    const resource = findResource(draft, attribute(entry, 'id') ?? '');
    if (launcher === undefined || resource === undefined) continue;
    if (resource.launcher !== undefined || !resource.flags.removedLaunched) continue;
    resource.launcher = launcher;
    launcher.launched.push(resource);
    const guest = draft.nodes.find(({ connection }) => connection === resource);
    if (guest !== undefined) guest.kind = 'guest';
  }
}

function unpackResourceHistory(
  draft: Draft,
  node: NodeDraft,
  history: RecordedHistory,
): ResourceDraft | undefined {
  const { id, xml, entries } = history;
  if (entries.length === 0 && !draft.options.shutdownLock) return undefined;
  let resource = resourceOfHistory(draft, node, id);
  if (resource === undefined) {
    if (entries.length === 0) return undefined;
    resource = adoptRemoved(draft, xml);
    if (resource === undefined) return undefined;
  }
  if (draft.options.shutdownLock) readLock(draft, xml, { resource, node });
  const saved = resource.role;
  resource.role = 'Unknown';
  const where: Where = { resource, node };
  if (history.agent !== resource.agentText) node.otherAgents.push(id);
  if (history.foundNothing && resource.failureTimeout === 0) {
    // What the general case comes to.
    resource.role = 'Stopped';
    resource.nextRole = 'Unknown';
    applyState(draft, where, 'ignore');
  } else {
    applyState(draft, where, applyEntries(draft, where, history));
  }
  const { targetRole } = resource.nature;
  if (targetRole !== undefined) {
    if (resource.nextRole === 'Unknown' || compareRoles(targetRole, resource.nextRole) < 0)
      resource.nextRole = targetRole;
  }
  if (compareRoles(saved, resource.role) > 0) resource.role = saved;
  return resource;
}

/** Takes all entries into account, the oldest first; returns what the last failure calls for. */
function applyEntries(draft: Draft, where: Where, history: RecordedHistory): OnFail {
  const course: Course = { lastFailure: undefined, onFail: 'ignore' };
  const { entries } = history;
  for (let at = 0; at < entries.length; at += 1) applyEntry(draft, where, entries[at] as Recorded, course);
  noteRecurring(draft, where, history);
  return course.onFail;
}

function adoptRemoved(draft: Draft, entry: XmlElement): ResourceDraft | undefined {
  const resource = makeRemovedResource(draft, entry);
  if (resource === undefined) return undefined;
  if (draft.options.stopRemovedResources) addPlace(draft, resource, undefined, MINUS_INFINITY);
  else resource.flags.managed = false;
  return resource;
}

/** The resource, or the instance of a clone, that an entry of a node's history is about. */
function resourceOfHistory(draft: Draft, node: NodeDraft, id: string): ResourceDraft | undefined {
  let resource = findResource(draft, id);
  if (resource === undefined) {
    const first = findResource(draft, `${withoutInstance(id)}:0`);
    if (first !== undefined && !first.flags.unique) resource = first;
  } else if (resource.kind !== 'primitive') {
    return undefined;
  }
  if (resource === undefined) return undefined;
  const top = topOf(resource);
  if (isAnonymousClone(top)) resource = findInstance(draft, { clone: top, node, id });
  if (resource !== undefined && resource.id !== id && resource.historyId !== id) {
    resource.historyId = id;
    if (!draft.resourceByHistoryId.has(id)) draft.resourceByHistoryId.set(id, resource);
  }
  return resource;
}

interface Where {
  readonly resource: ResourceDraft;
  readonly node: NodeDraft;
}

function readLock(draft: Draft, entry: XmlElement, { resource, node }: Where): void {
  const since = parseInteger(attribute(entry, 'shutdown-lock')) ?? 0;
  if (since === 0) return;
  const limit = Math.round(draft.options.shutdownLockLimit / 1000);
  if (limit > 0 && secondsNow(draft) > since + limit)
    draft.findings.push({ kind: 'clear-history', resource, node });
  else resource.lock = { node, at: instant(since * 1000) };
}

/** Recurring operations of the time since the resource was last started. */
function noteRecurring(draft: Draft, { resource, node }: Where, history: RecordedHistory): void {
  if (!node.online) return;
  const { start, stop } = history.active;
  for (let at = Math.max(start < stop ? stop + 1 : start, 0); at < history.entries.length; at += 1) {
    const { interval, task = '', xml } = history.entries[at] as Recorded;
    if (interval === 0 || attribute(xml, 'op-status') === '-1') continue;
    draft.findings.push({
      kind: 'recurring',
      resource,
      node,
      operation: task,
      interval: milliseconds(interval),
    });
  }
}

function applyState(draft: Draft, where: Where, onFail: OnFail): void {
  const { resource, node } = where;
  const isActive = compareRoles(resource.role, 'Stopped') > 0;
  if (resource.role !== 'Unknown') noteKnown(where);
  if (isActive && !node.online && !node.maintenance && resource.flags.managed) fenceForActive(draft, where);
  const effective: OnFail = node.unclean ? 'ignore' : onFail;
  applyOnFail(draft, where, { onFail: effective, isActive });
  if (resource.flags.failed && resource.flags.remoteConnection) {
    const remote = draft.nodeByName.get(resource.id);
    if (remote?.unclean === true) remote.seen = true;
  }
  if (isActive) {
    addActive(draft, resource, node, { failed: onFail !== 'ignore' });
    if (effective === 'demote' || effective === 'block') resource.flags.failed = true;
    else if (effective !== 'ignore') markFailed(resource);
  } else if (resource.historyId?.includes(':') === true) {
    resource.historyId = undefined;
  } else if (draft.stopsFound.has(resource)) {
    draft.findings.push({ kind: 'stop-is-optional', resource, node });
  }
  if (
    resource.role === 'Stopped' &&
    resource.activeOn.length > 0 &&
    resource.partialMigration?.source === node
  ) {
    resource.role = 'Started';
  }
}

function noteKnown({ resource, node }: Where): void {
  for (let at: ResourceDraft | undefined = resource; at !== undefined; at = at.parent) {
    at.knownOn.add(node);
    if (at.flags.unique) break;
  }
}

/** What was active on a node that is away may still be: the node must be fenced first. */
function fenceForActive(draft: Draft, { resource, node }: Where): void {
  if (isGuest(node)) {
    markFailed(resource);
  } else if (!draft.options.fencingEnabled) {
    return;
  }
  let reason = `${resource.id} is thought to be active there`;
  if (node.kind === 'remote' && node.connection !== undefined && !node.connection.flags.failed) {
    node.seen = false;
    reason = `${resource.id} is active there (fencing will be revoked if remote connection can be re-established elsewhere)`;
  }
  fenceNode(draft, node, reason);
}

function applyOnFail(
  draft: Draft,
  { resource, node }: Where,
  { onFail, isActive }: { readonly onFail: OnFail; readonly isActive: boolean },
): void {
  switch (onFail) {
    case 'ignore':
      break;
    case 'demote':
      resource.flags.failed = true;
      draft.findings.push({ kind: 'demote', resource, node });
      break;
    case 'fence':
      fenceNode(draft, node, `${resource.id} failed there`);
      break;
    case 'standby':
      node.standby = true;
      node.failStandby = true;
      break;
    case 'block':
      block(resource);
      break;
    case 'ban':
      addPlace(draft, resource, node, MINUS_INFINITY);
      break;
    case 'stop':
      resource.nextRole = 'Stopped';
      break;
    case 'restart':
      if (!isActive) break;
      markFailed(resource);
      findStop(draft, resource, node);
      break;
    case 'restart-container':
      restartContainer(draft, { resource, node }, isActive);
      break;
    case 'reset-remote':
      resetRemote(draft, { resource, node }, isActive);
      break;
  }
}

function restartContainer(draft: Draft, { resource, node }: Where, isActive: boolean): void {
  markFailed(resource);
  if (resource.launcher !== undefined && resource.flags.bundled) draft.stopNeeded.unshift(resource.launcher);
  else if (resource.launcher !== undefined) findStop(draft, resource.launcher, node);
  else if (isActive) findStop(draft, resource, node);
}

function resetRemote(draft: Draft, { resource, node }: Where, isActive: boolean): void {
  markFailed(resource);
  const remote = resource.flags.remoteConnection ? draft.nodeByName.get(resource.id) : undefined;
  if (draft.options.fencingEnabled && remote?.kind === 'remote' && !remote.remoteFenced) {
    fenceNode(draft, remote, 'remote connection is unrecoverable');
  }
  if (isActive) findStop(draft, resource, node);
  if (resource.reconnectInterval > 0) resource.nextRole = 'Stopped';
}
