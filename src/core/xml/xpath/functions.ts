import { COMMENT } from '../element.ts';
import type { Node } from './node.ts';
import { XPathError } from './tokens.ts';
import { isNodes, toNumber, toText, toTruth, type Value } from './value.ts';

/** The node that an expression looks at, and its place among those that it is one of. */
export interface Context {
  readonly node: Node;
  readonly position: number;
  readonly size: number;
}

type Implementation = (parameters: readonly Value[], context: Context) => Value;

export function callFunction(name: string, parameters: readonly Value[], context: Context): Value {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw new XPathError(`function ${name}() is not known`);
  const [least, most, implementation] = known;
  if (parameters.length < least || parameters.length > most) {
    throw new XPathError(`function ${name}() does not take ${parameters.length} parameters`);
  }
  return implementation(parameters, context);
}

const text = (values: readonly Value[], at: number): string => toText(values[at] ?? '');
const textOrSelf = (values: readonly Value[], { node }: Context): string => toText(values[0] ?? [node]);

/** Name, least and most parameters, what it does. */
const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number, Implementation]>> = {
  position: [0, 0, (_, { position }) => position],
  last: [0, 0, (_, { size }) => size],
  count: [1, 1, ([nodes]) => nodesOf(nodes, 'count').length],
  sum: [1, 1, ([nodes]) => nodesOf(nodes, 'sum').reduce((total, one) => total + toNumber([one]), 0)],
  not: [1, 1, ([value]) => !toTruth(value as Value)],
  boolean: [1, 1, ([value]) => toTruth(value as Value)],
  true: [0, 0, () => true],
  false: [0, 0, () => false],
  number: [0, 1, (values, { node }) => toNumber(values[0] ?? [node])],
  string: [0, 1, textOrSelf],
  name: [0, 1, nameOf],
  'local-name': [0, 1, (values, context) => nameOf(values, context).replace(/^.*:/, '')],
  concat: [2, 100, values => values.map(toText).join('')],
  contains: [2, 2, values => text(values, 0).includes(text(values, 1))],
  'starts-with': [2, 2, values => text(values, 0).startsWith(text(values, 1))],
  'substring-before': [2, 2, values => cut(values).before],
  'substring-after': [2, 2, values => cut(values).after],
  substring: [2, 3, substring],
  'string-length': [0, 1, (values, context) => [...textOrSelf(values, context)].length],
  'normalize-space': [0, 1, (values, context) => textOrSelf(values, context).trim().replace(/\s+/g, ' ')],
  translate: [3, 3, translate],
  floor: [1, 1, ([value]) => Math.floor(toNumber(value as Value))],
  ceiling: [1, 1, ([value]) => Math.ceil(toNumber(value as Value))],
  round: [1, 1, ([value]) => Math.round(toNumber(value as Value))],
};

function nodesOf(value: Value | undefined, name: string): readonly Node[] {
  if (value === undefined || !isNodes(value)) throw new XPathError(`function ${name}() takes nodes`);
  return value;
}

function nameOf(values: readonly Value[], context: Context): string {
  const [node] = values.length === 0 ? [context.node] : nodesOf(values[0], 'name');
  if (node?.kind === 'attribute') return node.name;
  return node?.kind === 'element' && node.element.name !== COMMENT ? node.element.name : '';
}

function cut(values: readonly Value[]): { readonly before: string; readonly after: string } {
  const whole = text(values, 0);
  const at = whole.indexOf(text(values, 1));
  if (at < 0) return { before: '', after: '' };
  return { before: whole.slice(0, at), after: whole.slice(at + text(values, 1).length) };
}

/** Characters count from 1; both limits are rounded, as XPath has it. */
function substring(values: readonly Value[]): string {
  const from = Math.round(toNumber(values[1] as Value));
  const length = values[2] === undefined ? Number.POSITIVE_INFINITY : Math.round(toNumber(values[2]));
  return [...text(values, 0)].filter((_, at) => at + 1 >= from && at + 1 < from + length).join('');
}

function translate(values: readonly Value[]): string {
  const [from, to] = [[...text(values, 1)], [...text(values, 2)]];
  return [...text(values, 0)]
    .map(character => {
      const at = from.indexOf(character);
      return at < 0 ? character : (to[at] ?? '');
    })
    .join('');
}
