import { COMMENT, type XmlElement } from '../element.ts';

/**
 * A node as XPath sees it: the tree itself knows no parents, so each evaluation makes nodes as it comes to them.
 * Within one evaluation a place in the document has one node, so that nodes are compared by identity.
 */
export type Node = DocumentNode | ElementNode | AttributeNode | TextNode;

export interface DocumentNode {
  readonly kind: 'document';
  readonly root: XmlElement;
  child?: ElementNode;
}

export interface ElementNode {
  readonly kind: 'element';
  readonly element: XmlElement;
  readonly parent: DocumentNode | ElementNode;
  readonly index: number;
  children?: (ElementNode | undefined)[];
  attributes?: (AttributeNode | undefined)[];
  text?: TextNode;
}

export interface AttributeNode {
  readonly kind: 'attribute';
  readonly parent: ElementNode;
  readonly name: string;
  readonly value: string;
  readonly index: number;
}

export interface TextNode {
  readonly kind: 'text';
  readonly parent: ElementNode;
  readonly value: string;
}

export const documentOf = (root: XmlElement): DocumentNode => ({ kind: 'document', root });

export function rootElement(document: DocumentNode): ElementNode {
  document.child ??= { kind: 'element', element: document.root, parent: document, index: 0 };
  return document.child;
}

export function childAt(of: ElementNode, index: number): ElementNode {
  of.children ??= new Array<ElementNode | undefined>(of.element.children.length).fill(undefined);
  const known = of.children[index];
  if (known !== undefined) return known;
  const made: ElementNode = {
    kind: 'element',
    element: of.element.children[index] as XmlElement,
    parent: of,
    index,
  };
  of.children[index] = made;
  return made;
}

/** `pair` counts the attributes from 0. */
export function attributeAt(of: ElementNode, pair: number): AttributeNode {
  of.attributes ??= [];
  const known = of.attributes[pair];
  if (known !== undefined) return known;
  const { attributes } = of.element;
  const made: AttributeNode = {
    kind: 'attribute',
    parent: of,
    name: attributes[2 * pair] as string,
    value: attributes[2 * pair + 1] as string,
    index: pair,
  };
  of.attributes[pair] = made;
  return made;
}

export function textOf(of: ElementNode): TextNode | undefined {
  const { text, name } = of.element;
  if (text === undefined || name === COMMENT) return undefined;
  of.text ??= { kind: 'text', parent: of, value: text };
  return of.text;
}

export function parentOf(node: Node): Node | undefined {
  return node.kind === 'document' ? undefined : node.parent;
}

/** The string value of XPath. */
export function stringOf(node: Node): string {
  switch (node.kind) {
    case 'attribute':
    case 'text':
      return node.value;
    case 'document':
      return textBelow(node.root);
    default:
      return node.element.name === COMMENT ? (node.element.text ?? '') : textBelow(node.element);
  }
}

function textBelow(of: XmlElement): string {
  const below = of.children.filter(({ name }) => name !== COMMENT).map(textBelow);
  return `${of.text ?? ''}${below.join('')}`;
}

/** Indexes of children from the root element down to the element. */
export function pathOf(node: ElementNode): readonly number[] {
  const path: number[] = [];
  for (let at = node; at.parent.kind === 'element'; at = at.parent) path.push(at.index);
  return path.reverse();
}

/** Document order. */
export function compareNodes(left: Node, right: Node): number {
  const [first, second] = [keyOf(left), keyOf(right)];
  for (let at = 0; at < first.length && at < second.length; at += 1) {
    const difference = (first[at] as number) - (second[at] as number);
    if (difference !== 0) return difference;
  }
  return first.length - second.length;
}

/** An element's attributes and text stand before its children. */
function keyOf(node: Node): readonly number[] {
  switch (node.kind) {
    case 'document':
      return [];
    case 'element':
      return [0, ...pathOf(node)];
    case 'text':
      return [0, ...pathOf(node.parent), -1];
    default:
      return [0, ...pathOf(node.parent), node.index - 1_000_000];
  }
}
