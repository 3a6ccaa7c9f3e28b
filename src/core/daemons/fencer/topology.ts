/** Which devices are to be used for a node, in which order, where the configuration or a client says so. */
import { sectionOf } from '../../cib/document.ts';
import type { NodeName } from '../../model/names.ts';
import { attribute, childrenNamed, type XmlElement } from '../../xml/element.ts';

/** Devices of each level, which must all succeed; the levels in the order in which they are tried. */
export type Levels = readonly (readonly string[])[];

/** `undefined` where no level is for that node: then any device will do. */
export function levelsFor(
  target: NodeName,
  cib: XmlElement | undefined,
  added: readonly XmlElement[],
): Levels | undefined {
  const section = cib === undefined ? undefined : sectionOf(cib, 'fencing-topology');
  const all = [...added, ...childrenNamed(section ?? NOTHING, 'fencing-level')];
  const exact = all.filter(level => attribute(level, 'target') === target);
  const meant =
    exact.length > 0
      ? exact
      : sameAim(
          all,
          all.find(level => matches(level, target, cib)),
        );
  if (meant.length === 0) return undefined;
  const levels = new Map<number, string[]>();
  for (const level of meant) {
    const index = Number(attribute(level, 'index'));
    const devices = (attribute(level, 'devices') ?? '').split(',').map(one => one.trim());
    if (!Number.isInteger(index) || index < 1 || index > 9) continue;
    levels.set(index, [...(levels.get(index) ?? []), ...devices.filter(one => one !== '')]);
  }
  return [...levels].toSorted(([left], [right]) => left - right).map(([, devices]) => devices);
}

const NOTHING: XmlElement = { name: 'nothing', attributes: [], children: [] };

/** All levels that name their targets in the same words as one of them. */
function sameAim(all: readonly XmlElement[], one: XmlElement | undefined): readonly XmlElement[] {
  if (one === undefined) return [];
  const words = (level: XmlElement) =>
    ['target-pattern', 'target-attribute', 'target-value']
      .map(name => attribute(level, name) ?? '')
      .join('\n');
  return all.filter(level => words(level) === words(one));
}

function matches(level: XmlElement, target: NodeName, cib: XmlElement | undefined): boolean {
  const pattern = attribute(level, 'target-pattern');
  if (pattern !== undefined) return isMatch(pattern, target);
  const name = attribute(level, 'target-attribute');
  return name !== undefined && permanentAttribute(cib, target, name) === attribute(level, 'target-value');
}

function isMatch(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

function permanentAttribute(cib: XmlElement | undefined, node: NodeName, name: string): string | undefined {
  const nodes = cib === undefined ? undefined : sectionOf(cib, 'nodes');
  const entry = nodes?.children.find(one => attribute(one, 'uname') === node);
  for (const set of childrenNamed(entry ?? NOTHING, 'instance_attributes')) {
    const pair = childrenNamed(set, 'nvpair').find(one => attribute(one, 'name') === name);
    if (pair !== undefined) return attribute(pair, 'value');
  }
  return undefined;
}

/** Whether the cluster runs the device's monitor on the node and the last word on it was good. */
export function isVerified(device: string, node: NodeName, cib: XmlElement | undefined): boolean {
  const status = cib === undefined ? undefined : sectionOf(cib, 'status');
  const state = status?.children.find(one => attribute(one, 'uname') === node);
  const resource = state?.children
    .find(one => one.name === 'lrm')
    ?.children[0]?.children.find(one => attribute(one, 'id') === device);
  const history = childrenNamed(resource ?? NOTHING, 'lrm_rsc_op').filter(
    one => attribute(one, 'rc-code') !== '193',
  );
  const calls = history.map(one => ({ one, call: Number(attribute(one, 'call-id') ?? 0) }));
  const last = calls.toSorted((left, right) => right.call - left.call)[0]?.one;
  return last !== undefined && attribute(last, 'operation') !== 'stop' && attribute(last, 'rc-code') === '0';
}
