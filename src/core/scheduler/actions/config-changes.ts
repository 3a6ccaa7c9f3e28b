import { compareDigests, differsInPrivateOnly } from '../../status/digests.ts';
import { failCount } from '../../status/fail-counts.ts';
import { findOperation } from '../../status/operations.ts';
import type { Recorded, RecordedHistory } from '../../status/recorded.ts';
import { parseInteger } from '../../status/words.ts';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { isAvailable } from '../assign/nodes.ts';
import { ORDER } from '../flags.ts';
import type { Cluster, Node, Resource } from '../model.ts';
import { addOrdering, orderTasks } from '../order/ordering.ts';
import type { DemandRule } from '../origins.ts';
import { isAnonymousClone, topOf } from '../tree.ts';
import { actionOf, resourceAction, setReason, stopAction } from './action.ts';
import { reschedule, scheduleCancel } from './cancel.ts';
import { finalParameters, needsHostName } from './connection-address.ts';
import { operationKey } from './lookup.ts';
import { triggerUnfencing } from './unfencing.ts';

/** What was run with other parameters than it would be now is run anew, reloaded or restarted. */
export function handleConfigurationChanges(cluster: Cluster): void {
  const primitives = primitivesByName(cluster);
  for (const node of cluster.nodes) {
    if (!node.maintenance && !isAvailable(node.base)) continue;
    for (const history of historiesToCheck(cluster, node, primitives.removed)) {
      if (history.xml.children.length === 0) continue;
      for (const resource of primitives.byName.get(history.id) ?? NONE) checkHistory(resource, node, history);
    }
  }
}

/** In the order of the document: of what is active there, of what has another agent now, of what is removed. */
function historiesToCheck(
  { picture }: Cluster,
  { name, facts }: Node,
  removed: readonly string[],
): readonly RecordedHistory[] {
  const history = picture.nodeHistories.get(name);
  if (history === undefined) return [];
  const { all, positions } = history;
  // What could not be understood does not tell what is active.
  if (!facts.unpacked) return Array.from(positions.values(), at => all[at] as RecordedHistory);
  const found: number[] = [];
  const note = (id: string): void => {
    const at = positions.get(id);
    if (at !== undefined) found.push(at);
  };
  for (const { id, historyId = id } of facts.running) {
    note(id);
    if (historyId !== id) note(historyId);
  }
  for (const id of facts.otherAgents) note(id);
  for (const id of removed) note(id);
  found.sort((left, right) => left - right);
  const histories: RecordedHistory[] = [];
  for (let at = 0; at < found.length; at += 1) {
    if (found[at] !== found[at - 1]) histories.push(all[found[at] as number] as RecordedHistory);
  }
  return histories;
}

const NONE: readonly Resource[] = [];

interface Primitives {
  /** By id and by their name in the history, last first. */
  readonly byName: Map<string, Resource[]>;
  /** Names under which there is one that is removed. */
  readonly removed: string[];
}

function primitivesByName(cluster: Cluster): Primitives {
  const found: Primitives = { byName: new Map(), removed: [] };
  for (const resource of cluster.resources) addPrimitives(found, resource);
  return found;
}

function addPrimitives(found: Primitives, resource: Resource): void {
  const { children } = resource;
  for (let at = 0; at < children.length; at += 1) addPrimitives(found, children[at] as Resource);
  if (resource.kind !== 'primitive') return;
  const { historyId } = resource.facts;
  addPrimitive(found, resource.id, resource);
  if (historyId !== undefined && historyId !== resource.id) addPrimitive(found, historyId, resource);
}

function addPrimitive({ byName, removed }: Primitives, name: string, resource: Resource): void {
  const same = byName.get(name);
  if (same === undefined) byName.set(name, [resource]);
  else same.unshift(resource);
  if (resource.flags.removed) removed.push(name);
}

function checkHistory(resource: Resource, node: Node, history: RecordedHistory): void {
  if (resource.flags.removed) {
    if (!isAnonymousClone(topOf(resource))) scheduleCleanup(resource, node, 'removed');
    return;
  }
  const isActive = resource.active.includes(node);
  if (agentChanged(resource, node, history, isActive)) scheduleCleanup(resource, node, 'agent-changed');
  if (!isActive) return;
  const { entries, active } = history;
  if (active.start < active.stop) return;
  for (const one of entries.slice(Math.max(active.start, 0))) checkEntry(resource, node, one);
}

const RUNS_WITH_PARAMETERS: ReadonlySet<string> = new Set(['monitor', 'start', 'promote', 'migrate_from']);

function checkEntry(resource: Resource, node: Node, { xml: entry, task = '', interval }: Recorded): void {
  if (interval > 0 && (resource.flags.maintenance || node.maintenance)) {
    scheduleCancel(resource, node, { task, interval, call: attribute(entry, 'call-id') });
    return;
  }
  if (interval === 0 && !RUNS_WITH_PARAMETERS.has(task)) return;
  if (needsHostName(resource)) resource.cluster.laterChecks.push({ resource, node, entry, of: 'definition' });
  else clearIfChanged(resource, node, entry);
}

function clearIfChanged(resource: Resource, node: Node, entry: XmlElement): void {
  if (!definitionChanged(resource, node, entry)) return;
  const { now } = resource.cluster;
  const { count } = failCount(resource.facts, node, { now, effective: true });
  if (count > 0) clearFailures(resource, node);
}

/** Checks that had to wait until it was known where containers go: their connections' addresses follow. */
export function handleLaterChanges(cluster: Cluster): void {
  for (const { resource, node, entry, of } of [...cluster.laterChecks].reverse()) {
    if (of === 'definition') {
      clearIfChanged(resource, node, entry);
      continue;
    }
    const parameters = () => finalParameters(resource, node);
    const verdict = compareDigests(cluster.picture, resource.facts, node, { entry, parameters });
    if (verdict === 'mismatch' || verdict === 'restart') clearFailures(resource, node);
  }
}

export function clearFailures(resource: Resource, node: Node) {
  const action = actionOf(resource, 'clear_failcount', node, {
    optional: false,
    because: 'failures-forgotten',
  });
  action.meta.set('op_no_wait', 'true');
  return action;
}

/** Compares an entry with what would be run now, and schedules what follows; true where they differ. */
function definitionChanged(resource: Resource, node: Node, entry: XmlElement): boolean {
  const { cluster } = resource;
  const interval = parseInteger(attribute(entry, 'interval')) ?? 0;
  let task = attribute(entry, 'operation') ?? '';
  if (interval > 0 && findOperation(resource.facts, task, interval, { disabledToo: false }) === undefined) {
    if (cluster.picture.options.cancelRemovedActions) {
      scheduleCancel(resource, node, { task, interval, call: attribute(entry, 'call-id') });
    }
    return true;
  }
  if (interval === 0 && (task === 'monitor' || task === 'migrate_from' || task === 'promote')) task = 'start';
  const verdict = compareDigests(cluster.picture, resource.facts, node, {
    entry,
    parameters: () => finalParameters(resource, node),
  });
  if (verdict === 'match') return false;
  if (differsInPrivateOnly(cluster.picture, resource.facts, node, entry)) return false;
  if (verdict === 'restart') forceRestart(resource, node, { task, interval });
  else if (interval > 0) reschedule(resource, task, interval, node);
  else if (attribute(entry, 'op-restart-digest') !== undefined) {
    triggerUnfencing(resource, node, { reason: 'Device parameters changed (reload)' });
    scheduleReload(resource, node);
  } else {
    forceRestart(resource, node, { task, interval });
  }
  return true;
}

function forceRestart(
  resource: Resource,
  node: Node,
  { task, interval }: { readonly task: string; readonly interval: number },
): void {
  const key = operationKey(resource.id, task, interval);
  const action = resourceAction(resource, { task, key, optional: false, because: 'definition-changed' });
  setReason(action, 'resource definition change', true);
  triggerUnfencing(resource, node, { reason: 'Device parameters changed' });
}

/** The agent can take new parameters while it runs; a stop or demotion makes that unnecessary. */
function scheduleReload(resource: Resource, node: Node): void {
  if (!resource.flags.managed || resource.flags.failed) return;
  if (resource.flags.startPending) {
    stopAction(resource, node, 'definition-changed');
    return;
  }
  resource.reloads = true;
  const action = actionOf(resource, 'reload-agent', node, { optional: false, because: 'agent-reloads' });
  setReason(action, 'resource definition change');
  const flags = ORDER.ordered | ORDER.thenCancelsFirst;
  for (const task of ['stop', 'demote']) {
    const then = { resource, task };
    addOrdering(resource.cluster, action, then, flags, 'reload-instead');
  }
}

/** Another agent than the history's: what ran must be stopped by the old one. */
function agentChanged(
  resource: Resource,
  node: Node,
  { agent }: RecordedHistory,
  isActive: boolean,
): boolean {
  if (resource.facts.agentText === agent) return false;
  triggerUnfencing(resource, node, { reason: 'Device definition changed' });
  if (isActive) {
    stopAction(resource, node, 'agent-changed');
    resource.flags.startPending = true;
  }
  return true;
}

/** Forgets a resource on a node, between its stop and its next start. */
function scheduleCleanup(resource: Resource, node: Node, because: DemandRule): void {
  if (resource.flags.failed || node.unclean || !node.online) return;
  actionOf(resource, 'delete', node, { optional: false, because });
  orderTasks(resource, 'stop', resource, 'delete', ORDER.ordered, 'forget-between');
  orderTasks(resource, 'delete', resource, 'start', ORDER.ordered, 'forget-between');
}
