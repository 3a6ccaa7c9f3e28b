import { parseScore } from '../model/score.ts';
import { failCount, hasFailures } from '../status/fail-counts.ts';
import { isTrue } from '../status/words.ts';
import { taskActionsOn } from './actions/lookup.ts';
import { addScore, exclude, NEVER, sum } from './assign/nodes.ts';
import { addLocation } from './constraints/location.ts';
import type { Cluster, Node, Resource } from './model.ts';
import { topOf } from './tree.ts';

/** Health attributes of a node count, together, as a location constraint for everything. */
export function applyHealth(cluster: Cluster): void {
  const { health } = cluster.picture.options;
  if (health.strategy === 'none') return;
  const words = { red: health.red, yellow: health.yellow, green: health.green };
  for (const node of cluster.nodes) {
    let total: number = health.strategy === 'progressive' ? health.base : 0;
    for (const [name, value] of node.attributes) {
      if (!name.startsWith('#health')) continue;
      const lower = value.toLowerCase();
      const known =
        lower === 'red' || lower === 'yellow' || lower === 'green' ? words[lower] : parseScore(value);
      if (known !== undefined) total = sum(known, total);
    }
    if (total === 0) continue;
    for (const resource of cluster.resources) {
      if (total < 0 && isTrue(resource.meta.get('allow-unhealthy-nodes'))) continue;
      addLocation({
        kind: 'health',
        id: health.strategy,
        constraint: health.strategy,
        resource,
        role: 'Unknown',
        discovery: 'always',
        nodes: [{ node, score: total }],
      });
    }
  }
}

/** Shutdown locks, location constraints, stickiness, failures and exclusive discovery. */
export function applyNodeCriteria(cluster: Cluster): void {
  if (cluster.picture.options.shutdownLock) {
    for (const resource of cluster.resources) resource.methods.lockShutdown(resource);
  }
  for (let at = cluster.locations.length - 1; at >= 0; at -= 1) {
    const location = cluster.locations[at];
    location?.resource.methods.applyLocation(location.resource, location);
  }
  for (const resource of cluster.resources) applyStickiness(resource);
  const exclusive = cluster.resources.filter(({ flags }) => flags.exclusiveDiscovery);
  for (const node of cluster.nodes) {
    if (hasFailures(node)) for (const resource of cluster.resources) banWhereItFails(resource, node);
    for (const resource of exclusive) applyExclusiveDiscovery(resource, node);
  }
}

/** A resource would rather stay where it is, if it is in one place. */
function applyStickiness(resource: Resource): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) applyStickiness(one);
    return;
  }
  if (!resource.flags.managed || resource.stickiness < 1 || resource.active.length !== 1) return;
  const node = resource.active[0] as Node;
  const { symmetric } = resource.cluster.picture.options;
  if (!symmetric && !resource.allowed.has(node)) return;
  addScore(resource, node, resource.stickiness, 'stickiness');
}

function banWhereItFails(resource: Resource, node: Node): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) banWhereItFails(one, node);
    return;
  }
  if (!thresholdReached(resource, node)) return;
  if (taskActionsOn(resource, 'clear_failcount', node).length > 0) return;
  addScore(resource.flags.unique ? resource : topOf(resource), node, NEVER, 'failures');
}

/** Whether a resource has failed on a node as often as it may. */
export function thresholdReached(resource: Resource, node: Node): boolean {
  const threshold = resource.facts.migrationThreshold;
  if (threshold === 0 || resource.flags.failureIgnored) return false;
  const { now } = resource.cluster;
  const { count } = failCount(resource.facts, node, { now, effective: true, withLaunched: true });
  return count > 0 && threshold <= count;
}

function applyExclusiveDiscovery(resource: Resource, node: Node): void {
  if (!resource.flags.exclusiveDiscovery && !topOf(resource).flags.exclusiveDiscovery) return;
  for (const one of resource.children) applyExclusiveDiscovery(one, node);
  const candidate = resource.allowed.get(node);
  if (candidate !== undefined && candidate.discovery !== 'exclusive') {
    exclude(candidate, 'exclusive-discovery');
  }
}
