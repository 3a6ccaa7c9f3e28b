import { assert, defined } from '../base/assert.ts';
import { COMMENT, type XmlElement } from './element.ts';
import type { TreePath } from './select.ts';

export function elementAt(root: XmlElement, path: TreePath): XmlElement {
  let at = root;
  for (const index of path) at = defined(at.children[index], `child ${index} of ${at.name}`);
  return at;
}

/** The document with the element at the path replaced; `change` may return what it got, then nothing changes. */
export function changeAt(
  root: XmlElement,
  path: TreePath,
  change: (of: XmlElement) => XmlElement,
  depth = 0,
): XmlElement {
  const index = path[depth];
  if (index === undefined) return change(root);
  const before = defined(root.children[index], `child ${index} of ${root.name}`);
  const after = changeAt(before, path, change, depth + 1);
  return after === before ? root : { ...root, children: root.children.with(index, after) };
}

export function removeAt(root: XmlElement, path: TreePath): XmlElement {
  const index = path.at(-1);
  assert(index !== undefined, 'the root cannot be removed');
  return changeAt(root, path.slice(0, -1), parent => ({
    ...parent,
    children: parent.children.toSpliced(index, 1),
  }));
}

export const append = (to: XmlElement, ...more: readonly XmlElement[]): XmlElement =>
  more.length === 0 ? to : { ...to, children: [...to.children, ...more] };

/** Path of the first element, in document order and the root included, that passes. */
export function findPath(root: XmlElement, passes: (one: XmlElement) => boolean): TreePath | undefined {
  return passes(root) ? [] : descend(root, passes)?.reverse();
}

/** The path from its end to its beginning. */
function descend(from: XmlElement, passes: (one: XmlElement) => boolean): number[] | undefined {
  const { children } = from;
  for (let at = 0; at < children.length; at += 1) {
    const one = children[at] as XmlElement;
    if (passes(one)) return [at];
    if (one.children.length === 0) continue;
    const path = descend(one, passes);
    if (path !== undefined) {
      path.push(at);
      return path;
    }
  }
  return undefined;
}

/** Equal in all but the lines they were read from; the order of attributes does not matter. */
export function sameTree(left: XmlElement, right: XmlElement): boolean {
  if (left === right) return true;
  return (
    sameOwn(left, right) &&
    left.children.length === right.children.length &&
    left.children.every((one, at) => sameTree(one, right.children[at] as XmlElement))
  );
}

/** Equal in name, text and attributes, children aside. */
export function sameOwn(left: XmlElement, right: XmlElement): boolean {
  return (
    left.name === right.name &&
    left.text === right.text &&
    (left.attributes === right.attributes || sameAttributes(left.attributes, right.attributes))
  );
}

function sameAttributes(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  if (left.every((one, at) => one === right[at])) return true;
  const values = new Map<string, string>();
  for (let at = 0; at < left.length; at += 2) values.set(left[at] as string, left[at + 1] as string);
  for (let at = 0; at < right.length; at += 2) {
    if (values.get(right[at] as string) !== right[at + 1]) return false;
  }
  return true;
}

/**
 * The new tree, made of the branches of the old one wherever they are equal, so that what did not change is the
 * same by reference. Children are paired by name and id.
 */
export function shareBranches(old: XmlElement, fresh: XmlElement): XmlElement {
  if (old === fresh) return old;
  const children = shareChildren(old.children, fresh.children);
  if (children !== old.children) return children === fresh.children ? fresh : { ...fresh, children };
  return sameOwn(old, fresh) ? old : { ...fresh, children };
}

/** What stands the same at both ends is passed over: after a small change that is nearly all. */
function shareChildren(old: readonly XmlElement[], fresh: readonly XmlElement[]): readonly XmlElement[] {
  const [start, end] = commonEnds(old, fresh);
  if (start === old.length && start === fresh.length) return old;
  const partners = new Map<string, XmlElement>();
  for (const one of old.slice(start, old.length - end)) {
    const key = pairingKey(one);
    if (!partners.has(key)) partners.set(key, one);
  }
  const middle = fresh.slice(start, fresh.length - end).map(one => {
    const partner = partners.get(pairingKey(one));
    return partner === undefined ? one : shareBranches(partner, one);
  });
  const children = [...fresh.slice(0, start), ...middle, ...fresh.slice(fresh.length - end)];
  if (isSameList(children, old)) return old;
  return isSameList(children, fresh) ? fresh : children;
}

const isSameList = (left: readonly XmlElement[], right: readonly XmlElement[]): boolean =>
  left.length === right.length && left.every((one, at) => one === right[at]);

/** How many children are the same by reference at the beginning and, apart from those, at the end. */
export function commonEnds(
  before: readonly XmlElement[],
  after: readonly XmlElement[],
): readonly [start: number, end: number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [start, end];
}

function pairingKey({ name, attributes, text }: XmlElement): string {
  if (name === COMMENT) return `!${text}`;
  const at = attributes.indexOf('id');
  return at >= 0 && at % 2 === 0 ? `${name} ${attributes[at + 1]}` : name;
}
