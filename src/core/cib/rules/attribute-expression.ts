import { attribute, type XmlElement } from '../../xml/element.ts';
import { type Judgement, judgement, type RuleContext, satisfiedIf } from './context.ts';

type Comparison = 'string' | 'integer' | 'number' | 'version';

/** Judges an `expression` about an attribute of the node. */
export function evaluateAttributeExpression(expression: XmlElement, context: RuleContext): Judgement {
  const name = attribute(expression, 'attribute');
  const operation = attribute(expression, 'operation')?.toLowerCase();
  if (name === undefined || operation === undefined) return judgement('invalid');
  const actual = context.node?.get(expandSubmatches(name, context.submatches));
  if (operation === 'defined') return satisfiedIf(actual !== undefined);
  if (operation === 'not_defined') return satisfiedIf(actual === undefined);
  const reference = referenceOf(expression, context);
  if (reference === 'invalid') return judgement('invalid');
  const kind = comparisonOf(attribute(expression, 'type'), operation, actual, reference.value);
  if (kind === undefined) return judgement('invalid');
  const order = compare(actual, reference.value, kind);
  const bothKnown = actual !== undefined && reference.value !== undefined;
  switch (operation) {
    case 'eq':
      return satisfiedIf(order === 0);
    case 'ne':
      return satisfiedIf(order !== 0);
    case 'lt':
      return satisfiedIf(bothKnown && order < 0);
    case 'lte':
      return satisfiedIf(bothKnown && order <= 0);
    case 'gt':
      return satisfiedIf(bothKnown && order > 0);
    case 'gte':
      return satisfiedIf(bothKnown && order >= 0);
    default:
      return judgement('invalid');
  }
}

/** Puts what the groups of the resource pattern matched in the place of `%1` to `%9`; nothing for other digits. */
function expandSubmatches(text: string, submatches: readonly string[] | undefined): string {
  if (submatches === undefined || !text.includes('%')) return text;
  return text.replace(/%(\d)/g, (_, digit: string) =>
    digit === '0' ? '' : (submatches[Number(digit)] ?? ''),
  );
}

function referenceOf(
  expression: XmlElement,
  context: RuleContext,
): { readonly value: string | undefined } | 'invalid' {
  const value = attribute(expression, 'value');
  switch (attribute(expression, 'value-source')?.toLowerCase() ?? 'literal') {
    case 'literal':
      return { value };
    case 'param':
      return { value: value === undefined ? undefined : context.parameters?.get(value) };
    case 'meta':
      return { value: value === undefined ? undefined : context.meta?.get(value) };
    default:
      return 'invalid';
  }
}

function comparisonOf(
  type: string | undefined,
  operation: string,
  actual: string | undefined,
  reference: string | undefined,
): Comparison | undefined {
  switch (type?.toLowerCase()) {
    case 'string':
      return 'string';
    case 'integer':
      return 'integer';
    case 'number':
      return 'number';
    case 'version':
      return 'version';
    case undefined:
    case 'auto':
      if (operation === 'eq' || operation === 'ne') return 'string';
      return actual?.includes('.') || reference?.includes('.') ? 'number' : 'integer';
    default:
      return undefined;
  }
}

/** Negative, zero or positive; what is unknown comes before everything. Numbers that are none compare as text. */
function compare(left: string | undefined, right: string | undefined, kind: Comparison): number {
  if (left === undefined || right === undefined) {
    return left === right ? 0 : left === undefined ? -1 : 1;
  }
  switch (kind) {
    case 'string':
      return compareText(left, right);
    case 'integer':
      return compareNumbers(left, right, /^\s*([+-]?\d+)/);
    case 'number':
      return compareNumbers(left, right, /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i);
    case 'version':
      return compareVersions(left, right);
  }
}

function compareText(left: string, right: string): number {
  const [one, other] = [left.toLowerCase(), right.toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
}

function compareNumbers(left: string, right: string, pattern: RegExp): number {
  const one = pattern.exec(left)?.[1];
  const other = pattern.exec(right)?.[1];
  if (one === undefined || other === undefined) return compareText(left, right);
  return Math.sign(Number(one) - Number(other));
}

function compareVersions(left: string, right: string): number {
  const one = left.split('.');
  const other = right.split('.');
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = segment(one[at]) - segment(other[at]);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** A segment that is not there is below 0. */
const segment = (text: string | undefined): number =>
  text === undefined ? -1 : Number(/^\d+/.exec(text)?.[0] ?? 0);
