import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { readRules } from './read-rule.ts';
import { NAME_VALUE, scoreOf, takeColon } from './terms.ts';

/** How each kind of attribute list is called in crm syntax, and its element. */
export const SET_KEYWORDS: Readonly<Record<string, string>> = {
  params: 'instance_attributes',
  meta: 'meta_attributes',
  utilization: 'utilization',
  attributes: 'instance_attributes',
  op_params: 'instance_attributes',
  op_meta: 'meta_attributes',
};

/**
 * `[$id=… | $id-ref=…] [score:] [rule …] name=value …` after its keyword. `ends` are the keywords that end the
 * list; every other bare word is a name without a value.
 */
export function readAttributeSet(cursor: Cursor, name: string, ends: readonly string[]): XmlElement {
  const reference = cursor.take(/^\$id-ref=(.+)$/)?.[1];
  if (reference !== undefined) return element(name, { 'id-ref': reference });
  const id = cursor.take(/^\$id=(.+)$/)?.[1];
  const score = takeScore(cursor);
  const rules = readRules(cursor);
  return element(name, { id, score }, [...rules, ...readPairs(cursor, ends)]);
}

function takeScore(cursor: Cursor): string | undefined {
  const word = /^(.+):$/.exec(cursor.peek() ?? '')?.[1];
  const score = word === undefined ? undefined : scoreOf(word);
  if (score !== undefined) takeColon(cursor);
  return score;
}

export function readPairs(cursor: Cursor, ends: readonly string[]): readonly XmlElement[] {
  const pairs: XmlElement[] = [];
  while (!cursor.done && !ends.includes(cursor.keyword() ?? '')) pairs.push(readPair(cursor));
  return pairs;
}

/** `name=value`, `name`, `$id:name=value`, `@id-ref` or `@id-ref:name`. */
function readPair(cursor: Cursor): XmlElement {
  const word = cursor.next('an attribute');
  const reference = /^@([^:=\s]+)(?::([^=\s]+))?$/.exec(word);
  if (reference !== null) return element('nvpair', { 'id-ref': reference[1], name: reference[2] });
  const named = /^\$([^:=\s]+):([^=\s]+)=(.*)$/s.exec(word);
  if (named !== null) return element('nvpair', { id: named[1], name: named[2], value: named[3] });
  const pair = NAME_VALUE.exec(word);
  if (pair !== null) return element('nvpair', { name: pair[1], value: pair[2] });
  if (!/^[\w#][^\s:{}()[\]$"']*$/.test(word)) return cursor.failBefore('expected name=value');
  return element('nvpair', { name: word });
}
