import type { XmlElement } from './element.ts';
import { evaluate } from './xpath/evaluate.ts';
import { documentOf, type Node, pathOf } from './xpath/node.ts';
import { parseXPath } from './xpath/parse.ts';
import type { Expression } from './xpath/syntax.ts';
import { XPathError } from './xpath/tokens.ts';
import { isNodes, type Value } from './xpath/value.ts';

/** Indexes of children from the root element down: `[]` is the root itself. */
export type TreePath = readonly number[];

export interface Match {
  /** The element that was found, or that owns the attribute that was. */
  readonly element: XmlElement;
  readonly path: TreePath;
  readonly attribute?: { readonly name: string; readonly value: string };
}

export type Selection =
  | { readonly ok: true; readonly matches: readonly Match[] }
  | { readonly ok: false; readonly message: string };

/**
 * What an XPath 1.0 expression finds in the document whose root is `root`, in document order. Not there:
 * variables, namespaces, the axes following and preceding, id() and lang(). An expression that gives no nodes
 * (a number, a string) is an error here.
 */
export function select(root: XmlElement, xpath: string): Selection {
  try {
    const value = evaluateIn(root, xpath);
    if (!isNodes(value)) return { ok: false, message: 'the expression gives no nodes' };
    return { ok: true, matches: value.flatMap(toMatch) };
  } catch (error) {
    if (error instanceof XPathError) return { ok: false, message: error.message };
    throw error;
  }
}

function evaluateIn(root: XmlElement, xpath: string): Value {
  return evaluate(expressionOf(xpath), { node: documentOf(root), position: 1, size: 1 });
}

/** The expressions that were asked last: the cluster asks the same few again and again. */
const parsed = new Map<string, Expression>();
const PARSED = 500;

function expressionOf(xpath: string): Expression {
  const known = parsed.get(xpath);
  if (known !== undefined) return known;
  const expression = parseXPath(xpath);
  if (parsed.size >= PARSED) parsed.clear();
  parsed.set(xpath, expression);
  return expression;
}

function toMatch(node: Node): readonly Match[] {
  switch (node.kind) {
    case 'document':
      return [{ element: node.root, path: [] }];
    case 'element':
      return [{ element: node.element, path: pathOf(node) }];
    case 'text':
      return [{ element: node.parent.element, path: pathOf(node.parent) }];
    default: {
      const { name, value, parent } = node;
      return [{ element: parent.element, path: pathOf(parent), attribute: { name, value } }];
    }
  }
}
