import { type AttributeInit, element, withAttributes, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { readAttributeSet, SET_KEYWORDS } from './read-attributes.ts';
import { NAME_VALUE, roleOf, takeNamed } from './terms.ts';

/** Stands for a member that is defined elsewhere, until the whole configuration is put together. */
export const MEMBER = 'crmsh-ref';

const RESOURCE_ENDS = ['params', 'meta', 'utilization', 'op', 'operations'];
const OPERATION_ENDS = [...RESOURCE_ENDS, 'op_params', 'op_meta'];
/** What stands in `op` itself; all else in its line are parameters of the operation. */
const OPERATION_ATTRIBUTES = [
  'id',
  'name',
  'interval',
  'timeout',
  'role',
  'on-fail',
  'start-delay',
  'interval-origin',
  'enabled',
  'record-pending',
  'requires',
  'description',
];

/** Finds the provider of an OCF agent that is named by its type alone. */
export type ProviderOf = (type: string) => string | undefined;

/** `primitive` and `rsc_template`. */
export function readPrimitive(cursor: Cursor, name: string, providerOf: ProviderOf): XmlElement {
  const id = cursor.id();
  const agent = readAgent(cursor, providerOf);
  const description = takeNamed(cursor, 'description');
  const children: XmlElement[] = [];
  let operations: { at: number; attributes: AttributeInit; list: XmlElement[] } | undefined;
  const operationsHere = () => {
    operations ??= { at: children.push(element('operations')) - 1, attributes: {}, list: [] };
    return operations;
  };
  let first = true;
  while (!cursor.done) {
    const keyword = cursor.takeKeyword(...RESOURCE_ENDS) ?? (first ? 'params' : undefined);
    first = false;
    if (keyword === undefined) cursor.fail('expected params, meta, utilization, operations or op');
    else if (keyword === 'op') operationsHere().list.push(readOperation(cursor));
    else if (keyword === 'operations') operationsHere().attributes = readOperationsId(cursor);
    else children.push(readAttributeSet(cursor, SET_KEYWORDS[keyword] as string, RESOURCE_ENDS));
  }
  if (operations !== undefined) {
    children[operations.at] = element('operations', operations.attributes, operations.list);
  }
  return element(name, { id, ...agent, description }, children);
}

function readAgent(cursor: Cursor, providerOf: ProviderOf): AttributeInit {
  const word = cursor.next('the agent, as in ocf:heartbeat:IPaddr2');
  if (word.startsWith('@') && word.length > 1) return { template: word.slice(1) };
  const parts = word.split(':');
  if (parts.some(part => part === '') || parts.length > 3) {
    return cursor.failBefore('expected [class:[provider:]]type or @template');
  }
  if (parts.length === 3) return { class: parts[0], provider: parts[1], type: parts[2] };
  if (parts.length === 2 && parts[0] !== 'ocf') return { class: parts[0], type: parts[1] };
  const type = parts.at(-1) as string;
  return { class: 'ocf', provider: providerOf(type) ?? 'heartbeat', type };
}

function readOperationsId(cursor: Cursor): AttributeInit {
  const found = cursor.take(/^\$?(id|id-ref)=(.+)$/);
  if (found === undefined) return cursor.fail('expected $id=… or $id-ref=…');
  return { [found[1] as string]: found[2] };
}

function readOperation(cursor: Cursor): XmlElement {
  const name = cursor.next('the name of the operation');
  const attributes: Record<string, string> = { name };
  const loose: XmlElement[] = [];
  const id = cursor.take(/^\$id=(.+)$/)?.[1];
  while (!cursor.done && !OPERATION_ENDS.includes(cursor.keyword() ?? '')) {
    const found = cursor.take(NAME_VALUE);
    if (found === undefined) return cursor.fail('expected name=value');
    const [, key = '', value = ''] = found;
    if (OPERATION_ATTRIBUTES.includes(key)) attributes[key] = value;
    else loose.push(element('nvpair', { name: key, value }));
  }
  const children = loose.length > 0 ? [element('instance_attributes', {}, loose)] : [];
  for (;;) {
    const keyword = cursor.takeKeyword('op_params', 'op_meta');
    if (keyword === undefined) break;
    children.push(readAttributeSet(cursor, SET_KEYWORDS[keyword] as string, OPERATION_ENDS));
  }
  return element('op', { ...attributes, interval: attributes.interval ?? '0', id }, children);
}

/** `monitor RESOURCE[:ROLE] INTERVAL[:TIMEOUT]`: an operation that names its resource in `rsc`. */
export function readMonitor(cursor: Cursor): XmlElement {
  const [rsc, role] = cursor.next('the resource').split(':');
  const [interval, timeout] = cursor.next('the interval').split(':');
  cursor.finish();
  const start = element('op', {
    name: 'monitor',
    role: role === undefined ? undefined : roleOf(role),
    rsc,
  });
  return withAttributes(start, { interval, timeout });
}

/** `group` (many members) and `clone` or `ms` (one). */
export function readContainer(cursor: Cursor, name: string): XmlElement {
  const id = cursor.id();
  const ends = ['params', 'meta'];
  const members: XmlElement[] = [];
  const isWord = () =>
    !cursor.done && !ends.includes(cursor.keyword() ?? '') && !cursor.peek()?.includes('=');
  while (isWord() && (name === 'group' || members.length === 0)) {
    members.push(element(MEMBER, { id: cursor.next('a member') }));
  }
  if (name !== 'group' && members.length === 0) cursor.fail('the resource to clone is missing');
  const sets: XmlElement[] = [];
  let description: string | undefined;
  while (!cursor.done) {
    const found = takeNamed(cursor, 'description');
    if (found !== undefined) {
      description = found;
      continue;
    }
    const keyword = cursor.takeKeyword(...ends) ?? (sets.length === 0 ? 'params' : undefined);
    if (keyword === undefined) cursor.fail('expected params or meta');
    else sets.push(readAttributeSet(cursor, SET_KEYWORDS[keyword] as string, ends));
  }
  return element(name, { id, description }, [...sets, ...members]);
}
