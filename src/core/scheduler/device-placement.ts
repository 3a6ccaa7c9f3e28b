import type { Instant } from '../base/time.ts';
import type { NodeName } from '../model/names.ts';
import { parametersOn } from '../status/resources.ts';
import { unpack } from '../status/unpack.ts';
import type { XmlElement } from '../xml/element.ts';
import { sum } from './assign/nodes.ts';
import { buildCluster } from './build.ts';
import { unpackConstraints } from './constraints/unpack.ts';
import type { Node, Resource } from './model.ts';
import { applyHealth } from './node-criteria.ts';
import { METHODS } from './schedule.ts';

/** A fence device that may be used from a node, with the parameters that hold there. */
export interface PlacedDevice {
  readonly id: string;
  readonly agent: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The fence devices that may be used from this node: those that are not disabled and that no location constraint
 * keeps off it. Where a device's monitor runs does not matter, nor whether the node is on standby.
 */
export function placeDevices(input: {
  readonly cib: XmlElement;
  readonly now: Instant;
  readonly node: NodeName;
}): readonly PlacedDevice[] {
  const { cib, now, node: name } = input;
  const picture = unpack({ cib, now });
  if (!picture.options.fencingEnabled) return [];
  const cluster = buildCluster(picture, METHODS);
  applyHealth(cluster);
  unpackConstraints(cluster);
  const node = cluster.nodeByName.get(name);
  if (node === undefined) return [];
  const devices = cluster.resources
    .flatMap(devicesIn)
    .filter(device => withHolders(device).every(one => isAllowedOn(one, node) && !isDisabled(one)));
  return devices.map(({ id, facts }) => ({
    id,
    agent: facts.agent?.type ?? '',
    parameters: Object.fromEntries(parametersOn(picture, facts, node.facts)),
  }));
}

/** Fence devices of the resource; of a clone's instances one stands for all. */
function devicesIn(resource: Resource): readonly Resource[] {
  if (resource.kind === 'primitive') return resource.facts.flags.fenceDevice ? [resource] : [];
  const children = resource.kind === 'clone' ? resource.children.slice(0, 1) : resource.children;
  return children.flatMap(devicesIn);
}

function withHolders(resource: Resource): readonly Resource[] {
  return resource.parent === undefined ? [resource] : [resource, ...withHolders(resource.parent)];
}

/** Whether the constraints of the resource, all together, do not keep it off the node. */
function isAllowedOn({ locations, cluster }: Resource, { id }: Node): boolean {
  const scores = locations.flatMap(({ nodes }) => nodes.filter(({ node }) => node.id === id));
  // In a cluster that is not symmetric, what nothing allows is forbidden.
  if (scores.length === 0) return cluster.picture.options.symmetric;
  return scores.reduce((total, { score }) => sum(total, score), 0) >= 0;
}

const isDisabled = (resource: Resource): boolean =>
  resource.meta.get('target-role')?.toLowerCase() === 'stopped';
