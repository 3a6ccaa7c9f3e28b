import { attribute, attributePairs, COMMENT, idOf, type XmlElement } from '../../core/xml/element.ts';
import type { Paint } from './paint.ts';
import { scoreWord } from './terms.ts';

export interface WriteContext {
  /** Ids that an `id-ref` names: these must show. */
  readonly referenced: ReadonlySet<string>;
  readonly nodes: readonly string[];
  readonly paint: Paint;
}

/** Written as it is, or between quotes where the shell or the eye would stumble. */
export function quoted(value: string): string {
  if (/^[\w.-]+$/.test(value)) return value;
  return alwaysQuoted(value);
}

export const alwaysQuoted = (value: string): string =>
  `"${value.replace(/\\(?=["\\]|$)/g, '\\\\').replace(/"/g, '\\"')}"`;

export const named = (name: string, value: string, { paint }: WriteContext): string =>
  `${paint.name(name)}=${paint.value(quoted(value))}`;

/** Like `quoted`, but letters that stand in scores, dates and times of rules need no quotes. */
const ruleWord = (value: string): string => quoted(value);

/** `keyword [$id=…] [score:] [rule …] name=value …`, as one section. */
export function writeSet(keyword: string, set: XmlElement, context: WriteContext): string {
  const reference = attribute(set, 'id-ref');
  const head = context.paint.keyword(keyword);
  if (reference !== undefined) return `${head} $id-ref=${context.paint.reference(reference)}`;
  return [head, ...setWords(set, context)].join(' ');
}

function setWords(set: XmlElement, context: WriteContext): readonly string[] {
  const words: string[] = [];
  const id = idOf(set);
  if (id !== undefined && context.referenced.has(id)) words.push(`$id=${context.paint.reference(id)}`);
  const score = attribute(set, 'score');
  if (score !== undefined) words.push(`${context.paint.score(scoreWord(score))}:`);
  return [...words, ...ruleSections(set, context), ...pairWords(set, context)];
}

export const ruleSections = (owner: XmlElement, context: WriteContext): readonly string[] =>
  owner.children.filter(one => one.name === 'rule').map(rule => writeRule(rule, context));

export const pairWords = (set: XmlElement, context: WriteContext): readonly string[] =>
  set.children.filter(one => one.name === 'nvpair').map(pair => writePair(pair, set, context));

function writePair(pair: XmlElement, set: XmlElement, context: WriteContext): string {
  const name = attribute(pair, 'name');
  const reference = attribute(pair, 'id-ref');
  if (reference !== undefined) {
    return `@${context.paint.reference(reference)}${name === undefined ? '' : `:${name}`}`;
  }
  const value = attribute(pair, 'value');
  const written = value === undefined ? context.paint.name(name ?? '') : named(name ?? '', value, context);
  const id = idOf(pair);
  const mustShow =
    id !== undefined && value !== undefined && context.referenced.has(id) && id !== `${idOf(set)}-${name}`;
  return mustShow ? `$${id}:${written}` : written;
}

function writeRule(rule: XmlElement, context: WriteContext): string {
  const { paint, referenced } = context;
  const reference = attribute(rule, 'id-ref');
  if (reference !== undefined) return `${paint.keyword('rule')} $id-ref=${paint.reference(reference)}`;
  const words = [paint.keyword('rule')];
  const id = idOf(rule);
  if (id !== undefined && referenced.has(id)) words.push(`$id=${paint.reference(id)}`);
  const role = attribute(rule, 'role');
  if (role !== undefined) words.push(`$role=${role}`);
  const score = attribute(rule, 'score');
  const scoreAttribute = attribute(rule, 'score-attribute');
  if (scoreAttribute !== undefined) words.push(`${paint.score(scoreAttribute)}:`);
  else if (score !== undefined && score !== 'INFINITY') words.push(`${paint.score(scoreWord(score))}:`);
  const connective = ` ${attribute(rule, 'boolean-op') ?? 'and'} `;
  const expressions = rule.children.filter(one => one.name !== COMMENT).map(writeExpression);
  return [...words, expressions.join(connective)].join(' ');
}

function writeExpression(expression: XmlElement): string {
  const operation = attribute(expression, 'operation') ?? '';
  if (expression.name === 'date_expression') return writeDate(expression, operation);
  const name = ruleWord(attribute(expression, 'attribute') ?? '');
  const value = attribute(expression, 'value');
  // The names of node attributes may begin with #, which needs no quotes inside a line.
  const bare = name.replace(/^"(#[\w.-]+)"$/, '$1');
  if (value === undefined) return `${operation} ${bare}`;
  const type = attribute(expression, 'type');
  const source = attribute(expression, 'value-source');
  const written = source === undefined || source === 'literal' ? ruleWord(value) : `${source}{${value}}`;
  return `${bare} ${type === undefined ? '' : `${type}:`}${operation} ${written}`;
}

function writeDate(expression: XmlElement, operation: string): string {
  const start = attribute(expression, 'start') ?? '';
  const end = attribute(expression, 'end') ?? '';
  if (operation === 'lt') return `date lt ${ruleWord(end)}`;
  if (operation === 'gt') return `date gt ${ruleWord(start)}`;
  const fields = expression.children
    .filter(one => one.name === 'duration' || one.name === 'date_spec')
    .flatMap(one => [...attributePairs(one)])
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => `${name}=${ruleWord(value)}`);
  if (operation === 'date_spec') return ['date spec', ...fields].join(' ');
  const limits = [
    start === '' ? '' : `start=${ruleWord(start)}`,
    end === '' ? '' : `end=${ruleWord(end)}`,
  ].filter(limit => limit !== '');
  return ['date in', ...limits, ...fields].join(' ');
}
