import { unreachable } from '../../base/assert.ts';
import { along, documentAbove } from './axes.ts';
import { type Context, callFunction } from './functions.ts';
import { compareNodes, type Node } from './node.ts';
import type { BinaryOperator, Expression, PathStart, Step } from './syntax.ts';
import { XPathError } from './tokens.ts';
import { compare, isNodes, toNumber, toTruth, type Value } from './value.ts';

/** @throws XPathError where an expression makes no sense, such as a step from a number. */
export function evaluate(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'negate':
      return -toNumber(evaluate(expression.of, context));
    case 'call':
      return callFunction(
        expression.name,
        expression.parameters.map(one => evaluate(one, context)),
        context,
      );
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, context);
    case 'path':
      return follow(expression.steps, start(expression.from, context));
    default:
      return unreachable(expression);
  }
}

function binary(operator: BinaryOperator, left: Expression, right: Expression, context: Context): Value {
  switch (operator) {
    case 'or':
      return toTruth(evaluate(left, context)) || toTruth(evaluate(right, context));
    case 'and':
      return toTruth(evaluate(left, context)) && toTruth(evaluate(right, context));
    case '|':
      return inOrder([...nodesOf(evaluate(left, context)), ...nodesOf(evaluate(right, context))]);
    case '+':
    case '-':
    case '*':
    case 'div':
    case 'mod':
      return calculate(operator, toNumber(evaluate(left, context)), toNumber(evaluate(right, context)));
    default:
      return compare(operator, evaluate(left, context), evaluate(right, context));
  }
}

function calculate(operator: '+' | '-' | '*' | 'div' | 'mod', left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case 'div':
      return left / right;
    default:
      return left % right;
  }
}

function nodesOf(value: Value): readonly Node[] {
  if (!isNodes(value)) throw new XPathError('a path goes on from something that is no node');
  return value;
}

function start(from: PathStart, context: Context): readonly Node[] {
  switch (from.kind) {
    case 'root':
      return [documentAbove(context.node)];
    case 'context':
      return [context.node];
    default:
      return from.predicates.reduce(
        (nodes, predicate) => filter(nodes, predicate),
        nodesOf(evaluate(from.expression, context)),
      );
  }
}

function follow(steps: readonly Step[], from: readonly Node[]): readonly Node[] {
  let nodes = from;
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at] as Step;
    const next = steps[at + 1];
    if (next !== undefined && isShortcut(step, next)) {
      nodes = take({ ...next, axis: 'descendant' }, nodes);
      at += 1;
    } else {
      nodes = take(step, nodes);
    }
  }
  return nodes;
}

/**
 * `//name[…]` asks every element for its children of that name: the same as asking for descendants, unless a
 * predicate counts positions among siblings.
 */
const isShortcut = (step: Step, next: Step): boolean =>
  step.axis === 'descendant-or-self' &&
  step.test.kind === 'node' &&
  step.predicates.length === 0 &&
  next.axis === 'child' &&
  !next.predicates.some(mayCount);

function mayCount(predicate: Expression): boolean {
  switch (predicate.kind) {
    case 'literal':
      return typeof predicate.value === 'number';
    case 'negate':
      return true;
    case 'call':
      return !TRUTHS.has(predicate.name) || predicate.parameters.some(usesPosition);
    case 'binary':
      return ARITHMETIC.has(predicate.operator) || usesPosition(predicate);
    default:
      return false;
  }
}

const TRUTHS: ReadonlySet<string> = new Set(['not', 'boolean', 'contains', 'starts-with', 'true', 'false']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', 'div', 'mod']);

/** Whether position() or last() of this very context occurs; those inside a step's predicates are the step's. */
function usesPosition(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return false;
    case 'negate':
      return usesPosition(expression.of);
    case 'call':
      return (
        expression.name === 'position' ||
        expression.name === 'last' ||
        expression.parameters.some(usesPosition)
      );
    case 'binary':
      return usesPosition(expression.left) || usesPosition(expression.right);
    case 'path':
      return expression.from.kind === 'filter' && usesPosition(expression.from.expression);
    default:
      return unreachable(expression);
  }
}

function take(step: Step, from: readonly Node[]): readonly Node[] {
  const found: Node[] = [];
  for (const node of from) {
    let nodes = along(step.axis, node, step.test);
    for (const predicate of step.predicates) nodes = filter(nodes, predicate);
    for (const one of nodes) found.push(one);
  }
  return from.length === 1 && FORWARD.has(step.axis) ? found : inOrder(found);
}

/** From one node these give nodes in document order and none twice. */
const FORWARD: ReadonlySet<string> = new Set([
  'child',
  'descendant',
  'descendant-or-self',
  'self',
  'parent',
  'attribute',
  'following-sibling',
]);

function filter(nodes: readonly Node[], predicate: Expression): readonly Node[] {
  const size = nodes.length;
  return nodes.filter((node, at) => {
    const value = evaluate(predicate, { node, position: at + 1, size });
    return typeof value === 'number' ? value === at + 1 : toTruth(value);
  });
}

function inOrder(nodes: readonly Node[]): readonly Node[] {
  const distinct = [...new Set(nodes)];
  return distinct.length < 2 ? distinct : distinct.sort(compareNodes);
}
