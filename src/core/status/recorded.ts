import type { XmlElement } from '../xml/element.ts';
import { type ActiveSpan, activeSpan, inCallOrder } from './call-order.ts';
import { parseInteger } from './words.ts';

/** An operation as the history has it: what its element says, read once. */
export interface Recorded {
  readonly xml: XmlElement;
  readonly id: string | undefined;
  /** Key of the operation, or id of the entry where it has none. */
  readonly key: string;
  readonly task: string | undefined;
  readonly interval: number;
  readonly execution: number | undefined;
  readonly exit: number | undefined;
  /** The exit status that the cluster expected, from the transition key; -1 where there is none. */
  readonly expected: number;
  /** When the result came or changed, in seconds since 1970. */
  readonly changed: number | undefined;
}

/** The history of a resource on a node, oldest entry first. */
export interface RecordedHistory {
  readonly entries: readonly Recorded[];
  readonly active: ActiveSpan;
}

const histories = new WeakMap<XmlElement, RecordedHistory>();

/** Read once for an `lrm_resource` element: as long as nothing happens there, it is the same in each document. */
export function historyOf(resourceEntry: XmlElement): RecordedHistory {
  const known = histories.get(resourceEntry);
  if (known !== undefined) return known;
  const elements = inCallOrder(resourceEntry);
  const made = { entries: elements.map(readRecorded), active: activeSpan(elements) };
  histories.set(resourceEntry, made);
  return made;
}

/** One pass over the attributes: there are many entries, and each has many. */
export function readRecorded(xml: XmlElement): Recorded {
  let id: string | undefined;
  let key: string | undefined;
  let task: string | undefined;
  let interval = 0;
  let execution: number | undefined;
  let exit: number | undefined;
  let expected = -1;
  let changed: number | undefined;
  const { attributes } = xml;
  for (let at = 0; at < attributes.length; at += 2) {
    const value = attributes[at + 1] as string;
    switch (attributes[at]) {
      case 'id':
        id = value;
        break;
      case 'operation_key':
        key = value;
        break;
      case 'operation':
        task = value;
        break;
      case 'interval':
        interval = parseInteger(value) ?? 0;
        break;
      case 'op-status':
        execution = parseInteger(value);
        break;
      case 'rc-code':
        exit = parseInteger(value);
        break;
      case 'transition-key':
        expected = statusInKey(value);
        break;
      case 'last-rc-change':
        changed = parseInteger(value);
        break;
    }
  }
  return { xml, id, key: key ?? id ?? '', task, interval, execution, exit, expected, changed };
}

/** The third of the numbers that a transition key begins with: `ACTION:TRANSITION:STATUS:ENGINE`. */
function statusInKey(key: string): number {
  const first = key.indexOf(':');
  const second = key.indexOf(':', first + 1);
  const third = key.indexOf(':', second + 1);
  if (first < 1 || second === -1 || third === -1) return 0;
  const status = wholeNumber(key, second + 1, third);
  const isKey = wholeNumber(key, 0, first) !== undefined && wholeNumber(key, first + 1, second) !== undefined;
  return isKey ? (status ?? 0) : 0;
}

const MINUS = 45;
const ZERO = 48;

function wholeNumber(text: string, from: number, to: number): number | undefined {
  const isNegative = text.charCodeAt(from) === MINUS;
  const start = isNegative ? from + 1 : from;
  if (start >= to) return undefined;
  let value = 0;
  for (let at = start; at < to; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}
