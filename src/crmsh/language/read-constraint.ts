import { element, withAttribute, withAttributes, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { readRules } from './read-rule.ts';
import { qualifierOf, readSetParts, setElements, simplePair } from './read-sets.ts';
import { roleOf, scoreOf, takeColon, takeNamed, truthOf } from './terms.ts';

/** `location ID SUBJECT [role=…] [resource-discovery=…] SCORE: NODE | RULE …`. */
export function readLocation(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const subject = readSubject(cursor);
  let role: string | undefined;
  let discovery: string | undefined;
  for (;;) {
    const foundRole = takeNamed(cursor, 'role');
    const foundDiscovery = foundRole === undefined ? takeNamed(cursor, 'resource-discovery') : undefined;
    if (foundRole === undefined && foundDiscovery === undefined) break;
    role = foundRole === undefined ? role : roleOf(foundRole);
    discovery = foundDiscovery ?? discovery;
  }
  const start = element('rsc_location', { id, ...subject.attributes, role, 'resource-discovery': discovery });
  if (cursor.keyword() === 'rule') {
    const rules = readRules(cursor);
    cursor.finish();
    return { ...start, children: [...subject.sets, ...rules] };
  }
  const score = readScore(cursor);
  const node = cursor.next('the node');
  cursor.finish();
  return { ...withAttributes(start, { score, node }), children: subject.sets };
}

function readSubject(cursor: Cursor): {
  readonly attributes: Readonly<Record<string, string>>;
  readonly sets: readonly XmlElement[];
} {
  const word = cursor.next('the resource');
  if (word === '{') {
    const { parts } = readSetParts(cursor, [], '}');
    if (cursor.take(/^\}$/) === undefined) cursor.fail('the set is not closed: expected }');
    return { attributes: {}, sets: setElements(parts, 'role') };
  }
  const pattern = /^\/(.+)\/$/.exec(word)?.[1];
  return pattern === undefined
    ? { attributes: { rsc: word }, sets: [] }
    : { attributes: { 'rsc-pattern': pattern }, sets: [] };
}

function readScore(cursor: Cursor): string {
  const word = takeColon(cursor);
  if (word === undefined) return cursor.fail('expected a score and a colon, as in 100: or inf:');
  return scoreOf(word) ?? cursor.failBefore('this is not a score');
}

/** `colocation ID SCORE: RSC[:ROLE] WITH[:ROLE] [node-attribute=…]`, or sets instead of the pair. */
export function readColocation(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const score = readScore(cursor);
  const { parts, attributes } = readSetParts(cursor, ['node-attribute', 'influence']);
  const start = element('rsc_colocation', { id, score, ...attributes });
  const pair = simplePair(parts);
  if (pair === undefined) return { ...start, children: requireSets(cursor, setElements(parts, 'role')) };
  const [first, second] = pair;
  return withAttributes(start, {
    rsc: first.id,
    'rsc-role': first.qualifier === undefined ? undefined : roleOf(first.qualifier),
    'with-rsc': second.id,
    'with-rsc-role': second.qualifier === undefined ? undefined : roleOf(second.qualifier),
  });
}

const KINDS = ['Mandatory', 'Optional', 'Serialize'];

/** `order ID [KIND: | SCORE:] FIRST[:ACTION] THEN[:ACTION] [symmetrical=…]`, or sets instead of the pair. */
export function readOrder(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const word = takeColon(cursor);
  const kind =
    word === undefined ? undefined : (kindOf(word) ?? cursor.failBefore('expected a kind or a score'));
  const { parts, attributes } = readSetParts(cursor, ['symmetrical']);
  const symmetrical = attributes.symmetrical;
  if (symmetrical !== undefined && truthOf(symmetrical) === undefined)
    cursor.failBefore('expected true or false');
  const start = element('rsc_order', { id, kind, symmetrical });
  const pair = simplePair(parts);
  if (pair === undefined) return { ...start, children: requireSets(cursor, setElements(parts, 'action')) };
  const [first, then] = pair;
  const before = withAttributes(start, { first: first.id, 'first-action': first.qualifier });
  return withAttribute(withAttribute(before, 'then', then.id), 'then-action', then.qualifier);
}

/** A score in place of a kind: 0 only advises, any other compels. */
function kindOf(word: string): string | undefined {
  const kind = KINDS.find(one => one.toLowerCase() === word.toLowerCase());
  if (kind !== undefined) return kind;
  const score = scoreOf(word);
  if (score === undefined) return undefined;
  return /^[+-]?0+$/.test(score) ? 'Optional' : 'Mandatory';
}

/** `rsc_ticket ID TICKET: RSC[:ROLE] … [loss-policy=…]`. */
export function readTicket(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const ticket = takeColon(cursor);
  if (ticket === undefined) return cursor.fail('expected the ticket and a colon');
  const { parts, attributes } = readSetParts(cursor, ['loss-policy']);
  const start = element('rsc_ticket', { id, ticket, ...attributes });
  const only = parts.length === 1 && parts[0]?.members.length === 1 ? parts[0].members[0] : undefined;
  if (only === undefined) return { ...start, children: requireSets(cursor, setElements(parts, 'role')) };
  return withAttributes(start, {
    rsc: only.id,
    'rsc-role': only.qualifier === undefined ? undefined : qualifierOf(only.qualifier),
  });
}

function requireSets(cursor: Cursor, sets: readonly XmlElement[]): readonly XmlElement[] {
  const members = sets.reduce((sum, set) => sum + set.children.length, 0);
  if (
    members === 0 ||
    (members < 2 && sets.length < 2 && cursor.statement.words[0]?.text.toLowerCase() !== 'rsc_ticket')
  ) {
    cursor.fail('at least two resources are needed');
  }
  return sets;
}
