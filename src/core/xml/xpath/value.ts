import { compareNodes, type Node, stringOf } from './node.ts';
import type { BinaryOperator } from './syntax.ts';

export type Value = string | number | boolean | readonly Node[];

export const isNodes = (value: Value): value is readonly Node[] => typeof value === 'object';

export function toText(value: Value): string {
  if (isNodes(value)) return value.length === 0 ? '' : stringOf(firstOf(value));
  return String(value);
}

const firstOf = (nodes: readonly Node[]): Node =>
  nodes.reduce((first, one) => (compareNodes(one, first) < 0 ? one : first));

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = toText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

export function toTruth(value: Value): boolean {
  if (isNodes(value)) return value.length > 0;
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : Boolean(value);
}

/** A comparison with nodes holds if it holds for any one of them. */
export function compare(operator: BinaryOperator, left: Value, right: Value): boolean {
  if (isNodes(left) && typeof right !== 'boolean') {
    return left.some(node => compare(operator, stringOf(node), right));
  }
  if (isNodes(right) && typeof left !== 'boolean') {
    return right.some(node => compare(operator, left, stringOf(node)));
  }
  if (operator === '=') return equal(left, right);
  if (operator === '!=') return !equal(left, right);
  return ordered(operator, toNumber(left), toNumber(right));
}

function equal(left: Value, right: Value): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') return toTruth(left) === toTruth(right);
  if (typeof left === 'number' || typeof right === 'number') return toNumber(left) === toNumber(right);
  return toText(left) === toText(right);
}

function ordered(operator: BinaryOperator, left: number, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
