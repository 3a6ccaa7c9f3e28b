import { changeAt, removeAt } from '../../xml/edit.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../../xml/element.ts';
import type { TreePath } from '../../xml/select.ts';
import { type CibFailure, refuse } from '../call.ts';
import { matchesDigestOnWire } from '../digest.ts';
import { compareVersions, versionOf } from '../document.ts';
import { childAtStep, isRootStep, parsePatchPath } from './path.ts';

/**
 * The document with a patchset applied. Refused: another format, a document newer than the patchset's source
 * (`old-data`) or older (`diff-resync`), a path that leads nowhere (but for a deletion: what is not there is
 * gone), a result without the digest that was promised. Deletions and modifications come first; then what is created or moved is put in its
 * place, by rising position.
 */
export function applyPatchset(cib: XmlElement, patchset: XmlElement): XmlElement | CibFailure {
  if (patchset.name !== 'diff' || attribute(patchset, 'format') !== '2') return refuse('diff-failed');
  const refusal = checkSource(cib, patchset);
  if (refusal !== undefined) return refusal;
  const changed = applyChanges(cib, childrenNamed(patchset, 'change'));
  if (changed === undefined) return refuse('diff-failed');
  const target = child(child(patchset, 'version') ?? patchset, 'target');
  const result = target === undefined ? changed : withTarget(changed, target);
  const digest = attribute(patchset, 'digest');
  if (digest !== undefined && !matchesDigestOnWire(result, digest)) {
    return refuse('diff-failed');
  }
  return result;
}

function checkSource(cib: XmlElement, patchset: XmlElement): CibFailure | undefined {
  const version = child(patchset, 'version');
  const source = version && child(version, 'source');
  if (source === undefined) return undefined;
  const order = compareVersions(versionOf(cib), versionOf(source));
  return order > 0 ? refuse('old-data') : order < 0 ? refuse('diff-resync') : undefined;
}

/** The root's own changes set the version too; this holds where a patchset names it in its header alone. */
function withTarget(cib: XmlElement, target: XmlElement): XmlElement {
  if (compareVersions(versionOf(cib), versionOf(target)) === 0) return cib;
  const attributes = [...cib.attributes];
  for (const name of ['admin_epoch', 'epoch', 'num_updates']) {
    const at = attributes.indexOf(name);
    const value = attribute(target, name) ?? '0';
    if (at >= 0) attributes[at + 1] = value;
    else attributes.push(name, value);
  }
  return { ...cib, attributes };
}

function applyChanges(cib: XmlElement, changes: readonly XmlElement[]): XmlElement | undefined {
  let result = cib;
  const placements = new Map<string, Placement[]>();
  for (const change of changes) {
    const placement = placementOf(change);
    if (placement !== undefined) {
      const others = placements.get(placement.parent);
      if (others === undefined) placements.set(placement.parent, [placement]);
      else others.push(placement);
      continue;
    }
    const next = applyNow(result, change);
    if (next === undefined) return undefined;
    result = next;
  }
  for (const [parent, group] of placements) {
    const next = place(result, parent, group);
    if (next === undefined) return undefined;
    result = next;
  }
  return result;
}

/** A deletion or a modification. */
function applyNow(cib: XmlElement, change: XmlElement): XmlElement | undefined {
  const path = resolve(cib, attribute(change, 'path') ?? '', positionOf(change));
  const isDeletion = attribute(change, 'operation') === 'delete';
  if (path === undefined) return isDeletion ? cib : undefined;
  if (isDeletion) return path.length === 0 ? undefined : removeAt(cib, path);
  const result = child(change, 'change-result')?.children[0];
  if (attribute(change, 'operation') !== 'modify' || result === undefined) return undefined;
  return changeAt(cib, path, one => ({ ...one, attributes: result.attributes }));
}

/** Something that is to stand at a position among the children of `parent`: new, or an old child by its path. */
interface Placement {
  readonly parent: string;
  readonly position: number;
  readonly what: { readonly created: XmlElement } | { readonly movedFrom: string };
}

function placementOf(change: XmlElement): Placement | undefined {
  const path = attribute(change, 'path') ?? '';
  const position = positionOf(change) ?? Number.POSITIVE_INFINITY;
  const [created] = change.children;
  switch (attribute(change, 'operation')) {
    case 'create':
      return created === undefined ? undefined : { parent: path, position, what: { created } };
    case 'move': {
      const cut = lastStepOf(path);
      return { parent: path.slice(0, cut), position, what: { movedFrom: path.slice(cut) } };
    }
    default:
      return undefined;
  }
}

/** Where the last step of a path begins; a `/` inside an id does not count. */
function lastStepOf(path: string): number {
  const bracket = path.endsWith(']') ? path.lastIndexOf('[') : path.length;
  return path.lastIndexOf('/', bracket - 1);
}

/** Takes out all that moves, then puts everything in, from the first position to the last. */
function place(cib: XmlElement, parent: string, group: readonly Placement[]): XmlElement | undefined {
  const path = resolve(cib, parent, undefined);
  if (path === undefined) return undefined;
  let isWhole = true;
  const changed = changeAt(cib, path, into => {
    const moved = new Map<Placement, XmlElement>();
    for (const placement of group) {
      if ('created' in placement.what) continue;
      const [step] = parsePatchPath(placement.what.movedFrom) ?? [];
      const one = step && into.children[childAtStep(into, step, undefined)];
      if (one === undefined) isWhole = false;
      else moved.set(placement, one);
    }
    const gone = new Set(moved.values());
    const children = gone.size === 0 ? [...into.children] : into.children.filter(one => !gone.has(one));
    for (const placement of group.toSorted((left, right) => left.position - right.position)) {
      const one = 'created' in placement.what ? placement.what.created : moved.get(placement);
      if (one !== undefined) children.splice(placement.position, 0, one);
    }
    return { ...into, children };
  });
  return isWhole ? changed : undefined;
}

function positionOf(change: XmlElement): number | undefined {
  const text = attribute(change, 'position');
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function resolve(cib: XmlElement, path: string, position: number | undefined): TreePath | undefined {
  const [root, ...steps] = parsePatchPath(path) ?? [];
  if (root === undefined || !isRootStep(cib, root)) return undefined;
  const found: number[] = [];
  let at = cib;
  for (const step of steps) {
    const index = childAtStep(at, step, position);
    const next = at.children[index];
    if (next === undefined) return undefined;
    found.push(index);
    at = next;
  }
  return found;
}
