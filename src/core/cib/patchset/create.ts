import { sameOwn } from '../../xml/edit.ts';
import {
  attribute,
  attributePairs,
  COMMENT,
  element,
  withAttribute,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import { digestOnWire } from '../digest.ts';
import { pairChildren } from './pairing.ts';
import { stepOf } from './path.ts';

export interface PatchsetOptions {
  /** Leave out which version it leads from and to: it applies to any. */
  readonly withoutVersions?: boolean;
  /** Add the digest of the result, which costs a look at the whole document. */
  readonly withDigest?: boolean;
}

/**
 * What leads from one document to another, in Pacemaker's format 2; `undefined` where nothing differs. Branches
 * that are the same by reference are passed over unseen: the cost follows the change.
 */
export function createPatchset(
  before: XmlElement,
  after: XmlElement,
  { withoutVersions = false, withDigest = false }: PatchsetOptions = {},
): XmlElement | undefined {
  const target = withoutVersions ? withVersionOf(before, after) : after;
  const changes: Changes = { deletions: [], others: [] };
  compare(before, target, stepOf(before), changes);
  const all = [...changes.deletions, ...changes.others];
  if (all.length === 0) return undefined;
  return element(
    'diff',
    { format: 2, digest: withDigest ? digestOnWire(target) : undefined },
    withoutVersions ? all : [versions(before, target), ...all],
  );
}

const VERSION_NAMES = ['admin_epoch', 'epoch', 'num_updates'] as const;

const withVersionOf = (source: XmlElement, target: XmlElement): XmlElement =>
  VERSION_NAMES.reduce((to, name) => withAttribute(to, name, attribute(source, name)), target);

function versions(before: XmlElement, after: XmlElement): XmlElement {
  const triple = (name: string, of: XmlElement) =>
    element(name, Object.fromEntries(VERSION_NAMES.map(one => [one, attribute(of, one) ?? '0'])));
  return element('version', {}, [triple('source', before), triple('target', after)]);
}

/** Deletions are listed before all else, as Pacemaker lists them: what is created may need the place or the id. */
interface Changes {
  readonly deletions: XmlElement[];
  readonly others: XmlElement[];
}

function compare(before: XmlElement, after: XmlElement, path: string, changes: Changes): void {
  if (before === after) return;
  if (!sameOwn(before, after)) changes.others.push(modification(before, after, path));
  if (before.children !== after.children) compareChildren(before, after, path, changes);
}

function modification(before: XmlElement, after: XmlElement, path: string): XmlElement {
  const list: XmlElement[] = [];
  for (const [name, value] of attributePairs(after)) {
    if (attribute(before, name) !== value) {
      list.push(element('change-attr', { name, operation: 'set', value }));
    }
  }
  for (const [name] of attributePairs(before)) {
    if (attribute(after, name) === undefined) {
      list.push(element('change-attr', { name, operation: 'unset' }));
    }
  }
  return element('change', { operation: 'modify', path }, [
    element('change-list', {}, list),
    element('change-result', {}, [withChildren(after, [])]),
  ]);
}

function compareChildren(before: XmlElement, after: XmlElement, path: string, changes: Changes): void {
  const { gone, fresh } = pairChildren(before.children, after.children);
  for (const position of gone) {
    const one = before.children[position] as XmlElement;
    const place = one.name === COMMENT ? position : undefined;
    const step = `${path}${stepOf(one)}`;
    changes.deletions.push(element('change', { operation: 'delete', path: step, position: place }));
  }
  for (const { position, element: one, from, isMoved } of fresh) {
    if (from === undefined) {
      changes.others.push(element('change', { operation: 'create', path, position }, [one]));
      continue;
    }
    const step = `${path}${stepOf(one)}`;
    compare(from, one, step, changes);
    if (isMoved) changes.others.push(element('change', { operation: 'move', path: step, position }));
  }
}
