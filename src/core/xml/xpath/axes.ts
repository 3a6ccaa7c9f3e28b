import { unreachable } from '../../base/assert.ts';
import { COMMENT } from '../element.ts';
import {
  type AttributeNode,
  attributeAt,
  childAt,
  type DocumentNode,
  type ElementNode,
  type Node,
  parentOf,
  rootElement,
  textOf,
} from './node.ts';
import type { Axis, NodeTest } from './syntax.ts';

/** Nodes on the axis that pass the test, nearest first (as positions count on it). */
export function along(axis: Axis, from: Node, test: NodeTest): readonly Node[] {
  switch (axis) {
    case 'child':
      return childrenThat(from, test);
    case 'descendant':
      return descendants(from, test, []);
    case 'descendant-or-self':
      return descendants(from, test, passes(from, test) ? [from] : []);
    case 'self':
      return passes(from, test) ? [from] : [];
    case 'parent':
      return thatPass([parentOf(from)], test);
    case 'ancestor':
      return thatPass(ancestors(parentOf(from)), test);
    case 'ancestor-or-self':
      return thatPass(ancestors(from), test);
    case 'following-sibling':
      return siblings(from, test, 1);
    case 'preceding-sibling':
      return siblings(from, test, -1);
    case 'attribute':
      return attributesThat(from, test);
    default:
      return unreachable(axis);
  }
}

/** Whether a child of this name could pass: asked before a node is made for it. */
const couldPass = (name: string, test: NodeTest): boolean =>
  test.kind === 'name'
    ? name === test.name
    : test.kind === 'any-name'
      ? name !== COMMENT
      : test.kind === 'comment'
        ? name === COMMENT
        : test.kind === 'node';

function passes(node: Node, test: NodeTest): boolean {
  if (test.kind === 'node') return true;
  if (node.kind === 'text') return test.kind === 'text';
  return node.kind === 'element' && couldPass(node.element.name, test);
}

const thatPass = (nodes: readonly (Node | undefined)[], test: NodeTest): readonly Node[] =>
  nodes.filter((one): one is Node => one !== undefined && passes(one, test));

function ancestors(from: Node | undefined): readonly Node[] {
  const found: Node[] = [];
  for (let at = from; at !== undefined; at = parentOf(at)) found.push(at);
  return found;
}

function childrenThat(from: Node, test: NodeTest): readonly Node[] {
  if (from.kind === 'document') return thatPass([rootElement(from)], test);
  if (from.kind !== 'element') return [];
  const found: Node[] = [];
  const text = test.kind === 'text' || test.kind === 'node' ? textOf(from) : undefined;
  if (text !== undefined) found.push(text);
  const { children } = from.element;
  for (let at = 0; at < children.length; at += 1) {
    if (couldPass((children[at] as { name: string }).name, test)) found.push(childAt(from, at));
  }
  return found;
}

function descendants(from: Node, test: NodeTest, found: Node[]): Node[] {
  if (from.kind === 'document') {
    const root = rootElement(from);
    if (passes(root, test)) found.push(root);
    return descendants(root, test, found);
  }
  if (from.kind === 'element') collectBelow(from, test, found);
  return found;
}

function collectBelow(from: ElementNode, test: NodeTest, found: Node[]): void {
  const text = test.kind === 'text' || test.kind === 'node' ? textOf(from) : undefined;
  if (text !== undefined) found.push(text);
  const { children } = from.element;
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at] as { name: string; children: readonly unknown[] };
    const isWanted = couldPass(one.name, test);
    if (!isWanted && one.children.length === 0 && test.kind !== 'text') continue;
    const node = childAt(from, at);
    if (isWanted) found.push(node);
    collectBelow(node, test, found);
  }
}

function siblings(from: Node, test: NodeTest, direction: 1 | -1): readonly Node[] {
  if (from.kind !== 'element' || from.parent.kind !== 'element') return [];
  const { parent } = from;
  const found: Node[] = [];
  const { children } = parent.element;
  for (let at = from.index + direction; at >= 0 && at < children.length; at += direction) {
    if (couldPass((children[at] as { name: string }).name, test)) found.push(childAt(parent, at));
  }
  return found;
}

function attributesThat(from: Node, test: NodeTest): readonly AttributeNode[] {
  if (from.kind !== 'element') return [];
  const { attributes } = from.element;
  const found: AttributeNode[] = [];
  for (let pair = 0; pair * 2 < attributes.length; pair += 1) {
    if (test.kind === 'name' && attributes[pair * 2] !== test.name) continue;
    if (test.kind === 'comment' || test.kind === 'text') continue;
    found.push(attributeAt(from, pair));
  }
  return found;
}

/** The document that a node belongs to. */
export function documentAbove(from: Node): DocumentNode {
  let at = from;
  while (at.kind !== 'document') at = at.parent;
  return at;
}
