import { EXECUTION, OCF } from '../model/exit-status.ts';
import { compareRoles, type Role } from '../model/role.ts';
import { MINUS_INFINITY } from '../model/score.ts';
import { attribute } from '../xml/element.ts';
import { compareDigests } from './digests.ts';
import { isAnonymousClone, noteRecheck, type ResourceDraft, secondsNow, topOf } from './draft.ts';
import {
  type Course,
  type Entry,
  interpret,
  isMasked,
  isProbe,
  readEntry,
  recordFailure,
  setActive,
} from './entry.ts';
import { blocksOnFailure, failCount } from './fail-counts.ts';
import { findStop, markFailed } from './fence.ts';
import { failedToArrive, failedToLeave, migratedAway, sourceMovedOn } from './migrations.ts';
import {
  findOperation,
  harsher,
  type OnFail,
  onFailOf,
  operationMeta,
  roleAfterFailure,
} from './operations.ts';
import { parametersOn } from './parameters.ts';
import { addPlace, banEverywhere } from './places.ts';
import type { Recorded } from './recorded.ts';
import { sameText } from './words.ts';

const isBelow = (left: Role, right: Role): boolean => compareRoles(left, right) < 0;

/** Takes one entry of the history into account. */
export function applyEntry(
  draft: Entry['draft'],
  where: { readonly resource: ResourceDraft; readonly node: Entry['node'] },
  recorded: Recorded,
  course: Course,
): void {
  const entry = readEntry(draft, where, recorded, course);
  if (entry === undefined) return;
  const expired = hasExpired(entry);
  const returned = entry.exit;
  interpret(entry, { expired });
  if (expired && isSettledByExpiry(entry, returned)) return;
  if (isMasked(entry)) {
    applySuccess(entry, entry.expected);
    recordFailure(entry);
    addPlace(entry.draft, banned(entry), entry.node, MINUS_INFINITY);
    return;
  }
  switch (entry.execution) {
    case EXECUTION.pending:
      applyPending(entry);
      return;
    case EXECUTION.done:
      applySuccess(entry, entry.exit);
      return;
    case EXECUTION.notInstalled: {
      const { onFail, role } = failurePolicy(entry);
      if (onFail === 'ignore') course.onFail = 'ban';
      addPlace(entry.draft, banned(entry), entry.node, MINUS_INFINITY);
      applyFailure(entry, onFail, role);
      return;
    }
    case EXECUTION.notConnected:
      if (entry.node.kind !== 'cluster' && entry.node.connection?.flags.managed === true) {
        markFailed(entry.node.connection);
      }
      break;
    default:
      break;
  }
  handleFailure(entry);
}

/** An anonymous clone fails as a whole on a node. */
const banned = ({ resource }: Entry): ResourceDraft => (resource.flags.unique ? resource : topOf(resource));

function handleFailure(entry: Entry): void {
  const { draft, resource, node, course } = entry;
  const { onFail, role } = failurePolicy(entry);
  if (onFail === 'ignore' || (onFail === 'restart-container' && entry.task === 'stop')) {
    applySuccess(entry, entry.expected);
    resource.flags.failureIgnored = true;
    recordFailure(entry);
    if (onFail === 'restart-container' && !harsher(course.onFail, 'restart')) course.onFail = onFail;
    return;
  }
  applyFailure(entry, onFail, role);
  if (entry.execution === EXECUTION.errorHard) addPlace(draft, banned(entry), node, MINUS_INFINITY);
  else if (entry.execution === EXECUTION.errorFatal)
    addPlace(draft, banned(entry), undefined, MINUS_INFINITY);
}

function failurePolicy(entry: Entry): { readonly onFail: OnFail; readonly role: Role } {
  const { draft, resource, node, task, interval } = entry;
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  const parameters = () => parametersOn(draft, resource, node);
  const meta = operationMeta(draft, resource, { name: task, interval, config, parameters });
  const remote = draft.nodeByName.get(resource.id);
  const onFail = onFailOf(
    draft,
    resource,
    { name: task, interval },
    { text: meta.get('on-fail'), isRemoteNode: remote?.kind === 'remote' },
  );
  return { onFail, role: roleAfterFailure(resource, task, onFail) };
}

function applyFailure(entry: Entry, onFail: OnFail, role: Role): void {
  const { draft, resource, node, course, recorded, exit } = entry;
  course.lastFailure = recorded;
  if (draft.options.symmetric || exit !== OCF.notInstalled) recordFailure(entry);
  if (harsher(onFail, course.onFail)) course.onFail = onFail;
  switch (entry.task) {
    case 'stop':
      addPlace(draft, resource, node, MINUS_INFINITY);
      break;
    case 'migrate_to':
      failedToLeave(entry);
      break;
    case 'migrate_from':
      failedToArrive(entry);
      break;
    case 'promote':
      resource.role = 'Promoted';
      break;
    case 'demote':
      applyFailedDemotion(entry, onFail);
      break;
    default:
      break;
  }
  if (isProbe(recorded) && exit === OCF.notInstalled) resource.role = 'Stopped';
  else if (isBelow(resource.role, 'Started')) setActive(resource);
  if (role !== 'Started' && isBelow(resource.nextRole, role)) resource.nextRole = role;
  if (role === 'Stopped') {
    const top = topOf(resource);
    banEverywhere(draft, resource.parent !== undefined && isAnonymousClone(top) ? top : resource);
  }
}

function applyFailedDemotion({ resource, exit }: Entry, onFail: OnFail): void {
  if (onFail === 'block') {
    resource.role = 'Promoted';
    resource.nextRole = 'Stopped';
  } else {
    resource.role = exit === OCF.notRunning ? 'Stopped' : 'Unpromoted';
  }
}

/** The role after an operation that ended with the given status, as it should; it may make up for past failures. */
function applySuccess(entry: Entry, exit: number): void {
  const { resource, course, task } = entry;
  let redeems = false;
  if (exit === OCF.notInstalled || isMasked(entry)) {
    resource.role = 'Stopped';
  } else if (exit === OCF.notRunning) {
    redeems = true;
  } else if (task === 'monitor') {
    redeems = course.lastFailure?.key === entry.key;
    if (isBelow(resource.role, 'Started')) setActive(resource);
  } else if (task === 'migrate_to') {
    migratedAway(entry);
  } else if (task === 'demote') {
    redeems = course.onFail === 'demote';
    resource.role = 'Unpromoted';
  } else {
    const role = ROLE_AFTER[task];
    redeems = role !== undefined;
    if (role !== undefined) resource.role = role;
    else if (isBelow(resource.role, 'Started')) setActive(resource);
  }
  if (redeems) forgetFailures(entry);
}

const ROLE_AFTER: Readonly<Record<string, Role>> = {
  start: 'Started',
  stop: 'Stopped',
  promote: 'Promoted',
  migrate_from: 'Started',
};

const LASTING: ReadonlySet<OnFail> = new Set(['stop', 'ban', 'standby', 'fence']);

function forgetFailures({ resource, course }: Entry): void {
  if (LASTING.has(course.onFail)) return;
  if (course.onFail === 'reset-remote' && resource.reconnectInterval !== 0) return;
  course.onFail = 'ignore';
  resource.nextRole = 'Unknown';
}

function applyPending(entry: Entry): void {
  const { draft, resource, node, task, xml } = entry;
  if (isFailureNewer(entry)) return;
  if (task === 'start') {
    resource.flags.startPending = true;
    setActive(resource);
  } else if (task === 'promote') {
    resource.role = 'Promoted';
  } else if (task === 'migrate_from' && sourceMovedOn(entry)) {
    setActive(resource);
  } else if (task === 'migrate_to' && node.unclean) {
    const target = draft.nodeByName.get(attribute(xml, 'migrate_target') ?? '');
    if (target !== undefined) findStop(draft, resource, target);
  }
  if (resource.pendingAction !== undefined || isProbe(entry.recorded)) return;
  resource.pendingAction = task;
  resource.pendingNode = node;
}

function isFailureNewer({ course: { lastFailure }, changed, task, interval }: Entry): boolean {
  if (lastFailure === undefined || lastFailure.task !== task) return false;
  if (attribute(lastFailure.xml, 'interval') === undefined || lastFailure.interval !== interval) return false;
  return lastFailure.changed !== undefined && changed !== undefined && lastFailure.changed >= changed;
}

/** Whether the failure that the entry tells of is so old that it does not count any more. */
function hasExpired(entry: Entry): boolean {
  if (entry.execution === EXECUTION.notInstalled) return false;
  const { draft, resource, node } = entry;
  const isLastFailure = entry.id.endsWith('_last_failure_0');
  const judged = judgeAge(entry, isLastFailure);
  let { expired, reason } = judged;
  if (!expired && isLastFailure && definitionChanged(entry)) reason = 'resource parameters have changed';
  if (reason !== undefined) {
    draft.findings.push({ kind: 'clear-failures', resource, node, reason });
    if (draft.options.fencingEnabled && resource.reconnectInterval > 0) {
      draft.findings.push({ kind: 'clear-failures-after-fencing', resource, node });
    }
  }
  if (expired && entry.interval === 0 && entry.task === 'monitor' && FINDINGS.has(entry.exit))
    expired = false;
  return expired;
}

/** What a probe may find without having failed. */
const FINDINGS: ReadonlySet<number> = new Set([
  OCF.ok,
  OCF.notRunning,
  OCF.runningPromoted,
  OCF.degraded,
  OCF.degradedPromoted,
]);

interface Age {
  readonly expired: boolean;
  /** Why it is to be forgotten. */
  readonly reason: string | undefined;
}

const NOT_EXPIRED: Age = { expired: false, reason: undefined };

function judgeAge(entry: Entry, isLastFailure: boolean): Age {
  const { draft, resource, node, xml, changed } = entry;
  const patience = Math.round(resource.failureTimeout / 1000);
  if (patience === 0 || changed === undefined) return NOT_EXPIRED;
  const now = secondsNow(draft);
  const lasts = now < changed + patience || mustOutlast(entry);
  const all = failCount(resource, node, { now, effective: false });
  if (all.count > 0 && blocksOnFailure(resource, [xml]))
    resource.failureTimeout = 0 as typeof resource.failureTimeout;
  const unexpired = failCount(resource, node, { now, effective: true });
  const until = unexpired.lastFailure + patience + 1;
  if (unexpired.count > 0 && now < until) noteRecheck(draft, until);
  if (lasts) return NOT_EXPIRED;
  if (all.count > 0) {
    return unexpired.count === 0 ? { expired: true, reason: 'it expired' } : NOT_EXPIRED;
  }
  const reconnects = isLastFailure && resource.reconnectInterval > 0;
  return { expired: true, reason: reconnects ? 'reconnect interval is set' : undefined };
}

/** A connection that failed is not forgotten before its node was fenced. */
function mustOutlast({ draft, resource, task, interval }: Entry): boolean {
  if (resource.reconnectInterval === 0 || !draft.options.fencingEnabled) return false;
  if (interval === 0 || task !== 'monitor') return false;
  const remote = draft.nodeByName.get(resource.id);
  return remote !== undefined && !remote.remoteFenced;
}

function definitionChanged({ draft, resource, node, xml, task }: Entry): boolean {
  if (task !== 'start' && task !== 'monitor') return false;
  const parameters = () => parametersOn(draft, resource, node);
  if (resource.flags.remoteConnection && sameText(parameters().get('addr'), '#uname')) {
    draft.findings.push({ kind: 'check-failure-later', resource, node, entry: xml });
    return false;
  }
  const verdict = compareDigests(draft, resource, node, { entry: xml, parameters });
  return verdict === 'mismatch' || verdict === 'restart';
}

/** Whether nothing more is to be made of an entry whose failure has expired. */
function isSettledByExpiry(entry: Entry, returned: number): boolean {
  const { draft, resource, node } = entry;
  if (isMasked(entry) && returned !== entry.expected) {
    if (compareRoles(resource.role, 'Stopped') <= 0) resource.role = 'Unknown';
    return true;
  }
  if (entry.exit === entry.expected) return false;
  if (entry.interval === 0) return true;
  if (!node.online || node.unclean) return false;
  draft.expiredEntries.add(entry.xml);
  return true;
}
