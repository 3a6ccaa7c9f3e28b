import { idIndex } from '../cib/id-index.ts';
import { unpackNvpairs } from '../cib/nvpairs.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { displayName } from './node-words.ts';
import { type Outline, section } from './outline.ts';
import { isActive, partsOf } from './resource-words.ts';
import { shownNodes, type View } from './view.ts';

interface ShownAttribute {
  readonly name: string;
  readonly value: string;
  /** What the attribute of a ping resource should be, where there is one. */
  readonly expected?: number;
}

/** The cluster's own bookkeeping among a node's attributes. */
const BOOKKEEPING = /^(?:#|fail-count|last-failure|shutdown$|terminate$|standby$)/;
const PING_TYPES: ReadonlySet<string> = new Set(['ping', 'pingd']);

/** Attributes of the nodes that are online, sorted by name. */
function attributesOf(picture: Picture, node: NodePicture): readonly ShownAttribute[] {
  const names = [...node.attributes.keys()].filter(name => !BOOKKEEPING.test(name)).sort();
  return names.map(name => {
    const expected = expectedOf(picture, picture.resources, name);
    const value = node.attributes.get(name) ?? '';
    return expected === undefined ? { name, value } : { name, value, expected };
  });
}

/** How high a ping resource's attribute is with every host in reach; undefined for other attributes. */
function expectedOf(
  picture: Picture,
  resources: readonly ResourcePicture[],
  name: string,
): number | undefined {
  for (const resource of resources) {
    const below = expectedOf(picture, partsOf(resource), name);
    if (below !== undefined) return below;
    const { agent } = resource;
    if (agent === undefined || !PING_TYPES.has(agent.type) || !isActive(resource, 'any')) continue;
    const parameters = parametersOf(picture, resource);
    if ((parameters.get('name') ?? 'pingd') !== name) continue;
    const hosts = (parameters.get('host_list') ?? '').split(/\s+/).filter(host => host !== '');
    return hosts.length * (Number(parameters.get('multiplier') ?? 1) || 0);
  }
  return undefined;
}

const parametersOf = ({ cib, now }: Picture, { xml }: ResourcePicture): ReadonlyMap<string, string> =>
  unpackNvpairs(xml, { block: 'instance_attributes', context: { now }, ids: idIndex(cib) }).values;

export function attributeOutline(picture: Picture, view: View): readonly Outline[] {
  const nodes = shownNodes(picture, view).filter(({ online }) => online);
  const items = nodes.flatMap(node => {
    const lines = attributesOf(picture, node).map(attributeLine);
    return lines.length === 0 ? [] : [section(`Node: ${displayName(node, view)}`, lines)];
  });
  return items.length === 0 ? [] : [section('Node Attributes', items)];
}

function attributeLine({ name, value, expected }: ShownAttribute): string {
  const line = `${name.padEnd(32)}\t: ${value.padEnd(10)}`;
  const number = Number.parseInt(value, 10) || 0;
  if (expected === undefined || number >= expected) return line;
  if (number <= 0) return `${line}\t: Connectivity is lost`;
  return `${line}\t: Connectivity is degraded (Expected=${expected})`;
}

export function attributesElement(picture: Picture, view: View): readonly XmlElement[] {
  const nodes = shownNodes(picture, view).filter(({ online }) => online);
  const items = nodes.flatMap(node => {
    const attributes = attributesOf(picture, node).map(one => element('attribute', { ...one }));
    return attributes.length === 0 ? [] : [element('node', { name: node.name }, attributes)];
  });
  return items.length === 0 ? [] : [element('node_attributes', {}, items)];
}
