import { EXECUTION, OCF } from '../model/exit-status.ts';
import { digitsIn } from '../model/integer.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type ActiveSpan, activeSpan, inCallOrder } from './call-order.ts';
import { parseInteger } from './words.ts';

/** An operation as the history has it: what its element says, read once. */
export class Recorded {
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

  /** One pass over the attributes: there are many entries, and each has many. */
  constructor(xml: XmlElement) {
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
    this.xml = xml;
    this.id = id;
    this.key = key ?? id ?? '';
    this.task = task;
    this.interval = interval;
    this.execution = execution;
    this.exit = exit;
    this.expected = expected;
    this.changed = changed;
  }
}

/** The history of a resource on a node, as its `lrm_resource` element has it. */
export interface RecordedHistory {
  readonly xml: XmlElement;
  readonly id: string;
  /** The agent that it was run by: class, provider and type in one text. */
  readonly agent: string;
  /** Oldest first. */
  readonly entries: readonly Recorded[];
  readonly active: ActiveSpan;
  /** All that it tells is that a probe found nothing where nothing was expected: by far the most do. */
  readonly foundNothing: boolean;
}

/** All histories of a node, in the order of the document. */
export interface NodeHistory {
  readonly all: readonly RecordedHistory[];
  /** Where the first of each id stands. */
  readonly positions: ReadonlyMap<string, number>;
}

const nodes = new WeakMap<XmlElement, NodeHistory>();

/** By node, those of the document that was read last: as long as nothing happens to a resource, the next has the same. */
let recent: ReadonlyMap<string, NodeHistory> = new Map();

export function rememberHistories(histories: ReadonlyMap<string, NodeHistory>): void {
  recent = histories;
}

const NO_HISTORIES: readonly RecordedHistory[] = [];

/** Reads the `lrm_resources` element of a node, once for an element. That of another node is as a rule much alike. */
export function nodeHistory(list: XmlElement, node: string, other?: NodeHistory): NodeHistory {
  const known = nodes.get(list);
  if (known !== undefined) return known;
  const before = recent.get(node)?.all ?? NO_HISTORIES;
  const made = indexed(readHistories(list, before, other?.all ?? NO_HISTORIES));
  nodes.set(list, made);
  return made;
}

/** What stands in `before` is not read again: each document has its histories in the order of the one before it. */
function readHistories(
  list: XmlElement,
  before: readonly RecordedHistory[],
  others: readonly RecordedHistory[],
): readonly RecordedHistory[] {
  const all: RecordedHistory[] = [];
  let at = 0;
  for (const xml of list.children) {
    if (before[at]?.xml !== xml && before[at + 1]?.xml === xml) at += 1;
    const known = before[at];
    if (known?.xml === xml) {
      all.push(known);
      at += 1;
      continue;
    }
    const id = xml.name === 'lrm_resource' ? attribute(xml, 'id') : undefined;
    if (id === undefined) continue;
    all.push(resourceHistory(xml, id, others[all.length]));
    if (known?.id === id) at += 1;
  }
  return all;
}

function indexed(all: readonly RecordedHistory[]): NodeHistory {
  const positions = new Map<string, number>();
  for (let at = 0; at < all.length; at += 1) {
    const { id } = all[at] as RecordedHistory;
    if (!positions.has(id)) positions.set(id, at);
  }
  return { all, positions };
}

/** Of a node whose history stands in two places. */
export const bothHistories = (first: NodeHistory, second: NodeHistory): NodeHistory =>
  indexed([...first.all, ...second.all]);

/** One string for each name: that of a resource stands in the history of every node. */
const names = new Map<string, string>();
const REMEMBERED = 100_000;

function shared(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= REMEMBERED) names.clear();
  // What is cut out of a document's text keeps all of it alive: a name that outlives the document is a text of its own.
  const own = ` ${name}`.slice(1);
  names.set(own, own);
  return own;
}

function resourceHistory(xml: XmlElement, id: string, other: RecordedHistory | undefined): RecordedHistory {
  const elements = inCallOrder(xml);
  const entries = elements.map(one => new Recorded(one));
  return {
    xml,
    id: other?.id === id ? other.id : shared(id),
    agent: other !== undefined && isSameAgent(other.xml, xml) ? other.agent : shared(agentText(xml)),
    entries,
    active: activeSpan(elements),
    foundNothing: entries.length === 1 && foundNothing(entries[0] as Recorded),
  };
}

/** Class, provider and type of an agent in one text, to be compared as a whole. */
export const agentText = (xml: XmlElement): string =>
  `${attribute(xml, 'class')}:${attribute(xml, 'provider')}:${attribute(xml, 'type')}`;

const isSameAgent = (left: XmlElement, right: XmlElement): boolean =>
  attribute(left, 'type') === attribute(right, 'type') &&
  attribute(left, 'class') === attribute(right, 'class') &&
  attribute(left, 'provider') === attribute(right, 'provider');

const foundNothing = ({ id, task, interval, execution, exit, expected }: Recorded): boolean =>
  id !== undefined &&
  !id.endsWith('_last_failure_0') &&
  task === 'monitor' &&
  interval === 0 &&
  execution === EXECUTION.done &&
  exit === OCF.notRunning &&
  expected === OCF.notRunning;

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

function wholeNumber(text: string, from: number, to: number): number | undefined {
  if (text.charCodeAt(from) !== MINUS) return digitsIn(text, from, to);
  const digits = digitsIn(text, from + 1, to);
  return digits === undefined ? undefined : -digits;
}
