import { type AttributeInit, element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { NAME_VALUE, scoreOf, takeColon } from './terms.ts';

const UNARY = ['defined', 'not_defined'];
const COMPARISON = /^(?:(string|version|number|integer):)?(lt|gt|lte|gte|eq|ne)$/i;
const VALUE_SOURCE = /^(param|meta)\{(.*)\}$/;
/** What a `date spec` and a duration may name; `yearsdays` is what crm syntax has always called `yeardays`. */
const DATE_FIELDS = [
  'seconds',
  'minutes',
  'hours',
  'days',
  'monthdays',
  'weekdays',
  'yeardays',
  'yearsdays',
  'months',
  'weeks',
  'years',
  'weekyears',
  'moon',
];

/** `rule [$id=… | $id-ref=…] [$role=…] [score:] expression …`, any number of them. */
export function readRules(cursor: Cursor): readonly XmlElement[] {
  const rules: XmlElement[] = [];
  while (cursor.takeKeyword('rule') !== undefined) rules.push(readRule(cursor));
  return rules;
}

function readRule(cursor: Cursor): XmlElement {
  const reference = cursor.take(/^\$?id-ref=(.+)$/)?.[1];
  if (reference !== undefined) return element('rule', { 'id-ref': reference });
  const id = cursor.take(/^\$id=(.+)$/)?.[1];
  const role = cursor.take(/^\$?role=(.+)$/i)?.[1];
  const score = takeColon(cursor);
  const known = score === undefined ? 'INFINITY' : scoreOf(score);
  const start: AttributeInit = {
    id,
    role,
    score: known,
    'score-attribute': known === undefined ? score : undefined,
  };
  const expressions = [readExpression(cursor)];
  let connective: string | undefined;
  for (let word = takeConnective(cursor); word !== undefined; word = takeConnective(cursor)) {
    if (connective !== undefined && word !== connective) {
      cursor.failBefore('one rule joins its expressions by "and" or by "or", not by both');
    }
    connective = word;
    expressions.push(readExpression(cursor));
  }
  return element('rule', { ...start, 'boolean-op': connective === 'or' ? 'or' : undefined }, expressions);
}

const takeConnective = (cursor: Cursor): string | undefined => cursor.takeKeyword('and', 'or');

function readExpression(cursor: Cursor): XmlElement {
  if (cursor.keyword() === 'date') return readDate(cursor);
  const unary = cursor.takeKeyword(...UNARY);
  if (unary !== undefined) {
    return element('expression', { operation: unary, attribute: cursor.next('the attribute') });
  }
  const attribute = cursor.next('an expression');
  const comparison = cursor.take(COMPARISON);
  if (comparison === undefined) return cursor.fail('expected lt, gt, lte, gte, eq or ne');
  const value = cursor.next('the value to compare with');
  const source = VALUE_SOURCE.exec(value);
  return element('expression', {
    operation: comparison[2]?.toLowerCase(),
    attribute,
    type: comparison[1]?.toLowerCase(),
    value: source === null ? value : source[2],
    'value-source': source?.[1],
  });
}

function readDate(cursor: Cursor): XmlElement {
  cursor.skip();
  const operation = cursor.next('lt, gt, in or spec').toLowerCase();
  switch (operation) {
    case 'lt':
      return element('date_expression', { operation, end: cursor.next('the end date') });
    case 'gt':
      return element('date_expression', { operation, start: cursor.next('the start date') });
    case 'in':
    case 'in_range':
      return readRange(cursor);
    case 'spec':
    case 'date_spec':
      return element('date_expression', { operation: 'date_spec' }, [
        element('date_spec', readFields(cursor)),
      ]);
    default:
      return cursor.failBefore('expected lt, gt, in or spec');
  }
}

function readRange(cursor: Cursor): XmlElement {
  const limits: Record<string, string> = {};
  for (let found = cursor.take(/^(start|end)=(.+)$/i); found; found = cursor.take(/^(start|end)=(.+)$/i)) {
    limits[(found[1] as string).toLowerCase()] = found[2] as string;
  }
  const fields = readFields(cursor, true);
  const hasDuration = Object.keys(fields).length > 0;
  if (Object.keys(limits).length === 0) cursor.fail('expected start=… or end=…');
  return element(
    'date_expression',
    { operation: 'in_range', start: limits.start, end: limits.end },
    hasDuration ? [element('duration', fields)] : [],
  );
}

function readFields(cursor: Cursor, mayBeEmpty = false): Record<string, string> {
  const fields: Record<string, string> = {};
  for (;;) {
    const found = NAME_VALUE.exec(cursor.peek() ?? '');
    if (found === null || !DATE_FIELDS.includes(found[1] as string)) break;
    fields[found[1] as string] = found[2] as string;
    cursor.skip();
  }
  if (!mayBeEmpty && Object.keys(fields).length === 0) cursor.fail('expected a field such as hours=9-17');
  return fields;
}
