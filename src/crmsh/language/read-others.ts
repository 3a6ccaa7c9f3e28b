/** Statements that are no resource and no constraint: nodes, defaults, properties, tags, fencing levels. */
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { readAttributeSet, readPairs, SET_KEYWORDS } from './read-attributes.ts';
import { readRules } from './read-rule.ts';
import { takeColon, takeNamed } from './terms.ts';

/** `node [$id=ID | ID:] NAME[:TYPE] [description=…] [attributes …] [utilization …]`. */
export function readNode(cursor: Cursor): XmlElement {
  const id = cursor.take(/^\$id=(.+)$/)?.[1] ?? takeColon(cursor);
  const word = cursor.next('the name of the node');
  const typed = /^(.+):(member|ping|remote|normal)$/.exec(word);
  const description = takeNamed(cursor, 'description');
  const ends = ['attributes', 'utilization'];
  const sets: XmlElement[] = [];
  while (!cursor.done) {
    const keyword = cursor.takeKeyword(...ends);
    if (keyword === undefined) cursor.fail('expected attributes or utilization');
    else sets.push(readAttributeSet(cursor, SET_KEYWORDS[keyword] as string, ends));
  }
  return element('node', { id, uname: typed?.[1] ?? word, type: typed?.[2], description }, sets);
}

/** `property`, `rsc_defaults` and `op_defaults`: `[$id=ID | ID:] [rule …] name=value …`. */
export function readDefaults(cursor: Cursor, wrapper: string | undefined): XmlElement {
  const id = cursor.take(/^\$id=(.+)$/)?.[1] ?? takeColon(cursor);
  const children = [...readRules(cursor), ...readPairs(cursor, [])];
  const set = element(wrapper === undefined ? 'cluster_property_set' : 'meta_attributes', { id }, children);
  return wrapper === undefined ? set : element(wrapper, {}, [set]);
}

/** `tag NAME[:] ID …`. */
export function readTag(cursor: Cursor): XmlElement {
  const id = cursor.next('the tag').replace(/:$/, '');
  const references: XmlElement[] = [];
  while (!cursor.done) references.push(element('obj_ref', { id: cursor.next('an id').replace(/,$/, '') }));
  if (references.length === 0) cursor.fail('at least one id is needed');
  return element('tag', { id }, references);
}

interface Target {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/**
 * `fencing_topology LEVEL …` for every node, or `TARGET LEVEL …` any number of times; a target is `NODE:`,
 * `pattern:REGEX` or `attr:NAME=VALUE`, a level `DEVICE[,DEVICE…]`.
 */
export function readTopology(cursor: Cursor, nodes: readonly string[]): XmlElement {
  const levels: XmlElement[] = [];
  const everyNode = [...nodes].sort();
  let target: Target | undefined;
  let index = 1;
  const bare: string[] = [];
  while (!cursor.done) {
    const found = takeTarget(cursor);
    if (found !== undefined) {
      if (bare.length > 0) cursor.failBefore('levels without a target come alone');
      target = found;
      index = 1;
      continue;
    }
    const devices = cursor.next('a device');
    if (target === undefined) bare.push(devices);
    else levels.push(levelOf(target, index++, devices));
  }
  for (const node of bare.length > 0 ? everyNode : []) {
    bare.forEach((devices, at) => {
      levels.push(levelOf({ before: { target: node }, after: {} }, at + 1, devices));
    });
  }
  return element('fencing-topology', {}, levels);
}

function takeTarget(cursor: Cursor): Target | undefined {
  const attribute = cursor.take(/^attr:([^=]+)=(.+)$/);
  if (attribute !== undefined) {
    const [, name = '', value = ''] = attribute;
    return { before: {}, after: { 'target-attribute': name, 'target-value': value } };
  }
  const pattern = cursor.take(/^pattern:(.+)$/)?.[1];
  if (pattern !== undefined) return { before: {}, after: { 'target-pattern': pattern } };
  const node = takeColon(cursor);
  return node === undefined ? undefined : { before: { target: node }, after: {} };
}

const levelOf = ({ before, after }: Target, index: number, devices: string): XmlElement =>
  element('fencing-level', { ...before, index, devices, ...after });
