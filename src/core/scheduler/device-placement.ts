import type { Instant } from '../base/time.ts';
import { parseRole } from '../model/role.ts';
import { unpack } from '../status/unpack.ts';
import type { XmlElement } from '../xml/element.ts';
import { parametersOf } from './actions/parameters.ts';
import { buildCluster } from './build.ts';
import { unpackConstraints } from './constraints/unpack.ts';
import { METHODS } from './methods.ts';
import type { Node, Resource } from './model.ts';
import { applyHealth, applyNodeCriteria } from './node-criteria.ts';
import { xmlId } from './tree.ts';

export interface PlaceDevicesInput {
  readonly cib: XmlElement;
  readonly now: Instant;
  /** Name of the node whose fencer asks. */
  readonly node: string;
}

export interface PlacedDevice {
  readonly id: string;
  readonly agent: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Fence devices that the configuration allows on a node, with the parameters that hold there. The state of the
 * cluster does not count: a device may be used from wherever it is not forbidden, running there or not.
 */
export const placeDevices = ({ node, ...input }: PlaceDevicesInput): readonly PlacedDevice[] =>
  placeDevicesByNode(input)(node);

/** The same for whichever nodes are asked for, by name. */
export function placeDevicesByNode({
  cib,
  now,
}: Pick<PlaceDevicesInput, 'cib' | 'now'>): (node: string) => readonly PlacedDevice[] {
  const configuration = { ...cib, children: cib.children.filter(one => one.name !== 'status') };
  const cluster = buildCluster(unpack({ cib: configuration, now }), METHODS);
  applyHealth(cluster);
  unpackConstraints(cluster);
  applyNodeCriteria(cluster);
  return name => {
    const devices = new Map<string, PlacedDevice>();
    const node = cluster.nodeByName.get(name);
    if (node === undefined) return [];
    for (const resource of cluster.resources) addDevices(resource, node, devices);
    return [...devices.values()];
  };
}

function addDevices(resource: Resource, node: Node, into: Map<string, PlacedDevice>): void {
  for (const one of resource.children) addDevices(one, node, into);
  const id = xmlId(resource);
  if (!resource.flags.fenceDevice || isDisabled(resource) || into.has(id)) return;
  if ((resource.allowed.peek(node)?.score ?? -1) < 0) return;
  const { parent } = resource;
  if (parent?.kind === 'group' && (parent.allowed.peek(node)?.score ?? 0) < 0) return;
  into.set(id, {
    id,
    agent: resource.facts.agent?.type ?? '',
    parameters: Object.fromEntries(parametersOf(resource, node)),
  });
}

const isDisabled = ({ meta }: Resource): boolean => {
  const target = meta.get('target-role');
  return target !== undefined && parseRole(target) === 'Stopped';
};
