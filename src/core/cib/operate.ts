import { assert, unreachable } from '../base/assert.ts';
import { append, changeAt, elementAt, findPath, removeAt, sameTree, shareBranches } from '../xml/edit.ts';
import {
  attribute,
  attributePairs,
  COMMENT,
  child,
  element,
  idOf,
  withAttribute,
  withChildren,
  type XmlElement,
} from '../xml/element.ts';
import { type Match, select, type TreePath } from '../xml/select.ts';
import { type CibCall, type CibFailure, type CibOutcome, refuse } from './call.ts';
import { type Conclusion, conclude } from './conclude.ts';
import { versionOf } from './document.ts';
import { emptyConfiguration } from './empty.ts';
import { merge } from './merge.ts';
import { applyPatchset } from './patchset/apply.ts';
import { isSection, pathOfSection, sectionOfInput, withSection } from './sections.ts';
import { upgrade } from './upgrade/upgrade.ts';

/**
 * Carries out one operation on the CIB, as Pacemaker's CIB manager and, under CIB_file, its tools do. The
 * document that comes back shares all that did not change with the one that was given, so that a refused or
 * idle operation gives back the same reference.
 */
export function operate(cib: XmlElement, call: CibCall, conclusion: Conclusion): CibOutcome {
  if (call.operation === 'query') return query(cib, call);
  const changed = change(cib, call);
  if ('refusal' in changed) return changed;
  const after = shareBranches(cib, changed);
  return conclude(cib, after, conclusion);
}

type Changed = XmlElement | CibFailure;

function change(cib: XmlElement, call: CibCall): Changed {
  switch (call.operation) {
    case 'create':
      return create(cib, call);
    case 'modify':
      return modify(cib, call);
    case 'replace':
      return replace(cib, call);
    case 'delete':
    case 'delete-all':
      return remove(cib, call);
    case 'erase':
      return erase(cib);
    case 'bump':
      return withAttribute(cib, 'epoch', String(versionOf(cib).epoch + 1));
    case 'patch':
      return call.input === undefined ? refuse('invalid') : applyPatchset(cib, call.input);
    case 'upgrade':
      return upgrade(cib);
    case 'query':
      return cib;
    default:
      return unreachable(call.operation);
  }
}

// Query

function query(cib: XmlElement, { section, xpath, noChildren = false }: CibCall): CibOutcome {
  const shown = (one: XmlElement): XmlElement => (noChildren ? withChildren(one, []) : one);
  if (xpath !== undefined) {
    const matches = matchesOf(cib, xpath);
    const [first, ...others] = matches;
    if (first === undefined) return refuse('no-such-object');
    const found = matches.map(({ element: one }) => shown(one));
    return {
      ok: true,
      cib,
      output: others.length === 0 ? shown(first.element) : element('xpath-query', {}, found),
    };
  }
  const path = pathOfSection(cib, section);
  if (path === undefined) return refuse('no-such-object');
  return { ok: true, cib, output: shown(elementAt(cib, path)) };
}

/** An expression that is not understood finds nothing, as with Pacemaker. Elements are listed once each. */
function matchesOf(cib: XmlElement, xpath: string): readonly Match[] {
  const selection = select(cib, xpath);
  if (!selection.ok) return [];
  const seen = new Set<XmlElement>();
  return selection.matches.filter(({ element: one }) => !seen.has(one) && seen.add(one));
}

// Create

function create(cib: XmlElement, { section, xpath, input }: CibCall): Changed {
  if (input === undefined) return refuse('invalid');
  if (xpath !== undefined) {
    const [match] = matchesOf(cib, xpath);
    return match === undefined ? refuse('no-such-object') : addTo(cib, match.path, [input]);
  }
  const name = section ?? input.name;
  const part = sectionOfInput(input, name);
  if (!isSection(name) || part === undefined) return refuse('no-such-object');
  const whole = withSection(cib, name);
  const path = pathOfSection(whole, name);
  assert(path !== undefined, `section ${name} was made`);
  return addTo(whole, path, part.name === name ? part.children : [part]);
}

function addTo(cib: XmlElement, path: TreePath, objects: readonly XmlElement[]): Changed {
  const parent = elementAt(cib, path);
  const existing = objects.find(
    one => one.name !== COMMENT && child(parent, one.name, idOf(one)) !== undefined,
  );
  if (existing !== undefined) return refuse('exists', { output: failedUpdate(existing) });
  return changeAt(cib, path, into => append(into, ...objects));
}

const failedUpdate = (object: XmlElement): XmlElement =>
  element('failed', {}, [
    element(
      'failed_update',
      { id: idOf(object), object_type: object.name, operation: 'cib_create', reason: 'File exists' },
      [object],
    ),
  ]);

// Modify

function modify(cib: XmlElement, call: CibCall): Changed {
  const { section, xpath, allowCreate = false } = call;
  if (call.input === undefined) return refuse('invalid');
  if (xpath !== undefined) {
    const [match] = matchesOf(cib, xpath);
    return match === undefined ? refuse('no-such-object') : mergeWithin(cib, match.path, call.input, false);
  }
  const input = sectionOfInput(call.input, section);
  if (input === undefined) return refuse('invalid');
  const whole = section === undefined ? cib : withSection(cib, section);
  const path = pathOfSection(whole, section);
  return path === undefined ? refuse('no-such-object') : mergeWithin(whole, path, input, allowCreate);
}

/** Merges the update into the first element of its name and id at or below the place. */
function mergeWithin(cib: XmlElement, place: TreePath, update: XmlElement, allowCreate: boolean): Changed {
  const id = idOf(update);
  const below = findPath(elementAt(cib, place), one => one.name === update.name && idOf(one) === id);
  if (below !== undefined) return changeAt(cib, [...place, ...below], target => merge(target, update));
  if (!allowCreate) return refuse('no-such-object');
  return changeAt(cib, place, parent => append(parent, merge(element(update.name), update)));
}

// Replace

function replace(cib: XmlElement, { section, xpath, input }: CibCall): Changed {
  if (input === undefined) return refuse('invalid');
  if (xpath !== undefined) {
    const [match] = matchesOf(cib, xpath);
    return match === undefined ? refuse('no-such-object') : changeAt(cib, match.path, () => input);
  }
  if (input.name === 'cib' && (section === undefined || section === 'cib')) return input;
  const part = sectionOfInput(input, section);
  const path = pathOfSection(cib, section);
  if (part === undefined || path === undefined) return refuse('no-such-object');
  const below = findPath(elementAt(cib, path), one => isReplacedBy(one, part));
  return below === undefined ? refuse('no-such-object') : changeAt(cib, [...path, ...below], () => part);
}

function isReplacedBy(one: XmlElement, replacement: XmlElement): boolean {
  const id = idOf(replacement);
  return one.name === replacement.name && (id === undefined || idOf(one) === id);
}

// Delete

function remove(cib: XmlElement, { operation, section, xpath, input }: CibCall): Changed {
  if (xpath !== undefined) {
    const matches = matchesOf(cib, xpath).filter(({ path }) => path.length > 0);
    // From the last to the first: what is still to be removed keeps its place.
    const doomed = operation === 'delete-all' ? matches.toReversed() : matches.slice(0, 1);
    return doomed.reduce((whole, { path }) => removeAt(whole, path), cib);
  }
  if (input === undefined) return refuse('invalid');
  const part = sectionOfInput(input, section);
  const path = pathOfSection(cib, section);
  if (part === undefined || path === undefined) return cib;
  const objects = part.name === section ? part.children : [part];
  return objects.reduce((whole, object) => removeFirst(whole, path, object), cib);
}

/** The first element below the place that has the object's name and all of its attributes; none is no error. */
function removeFirst(cib: XmlElement, place: TreePath, object: XmlElement): XmlElement {
  const scope = elementAt(cib, place);
  const below = findPath(scope, one => one !== scope && isMeantBy(one, object));
  return below === undefined ? cib : removeAt(cib, [...place, ...below]);
}

function isMeantBy(one: XmlElement, object: XmlElement): boolean {
  if (one.name !== object.name) return false;
  if (one.name === COMMENT) return sameTree(one, object);
  return [...attributePairs(object)].every(([name, value]) => attribute(one, name) === value);
}

// Erase

/** An empty configuration under the same root, which `admin_epoch` makes stronger than any copy elsewhere. */
function erase(cib: XmlElement): XmlElement {
  const emptied = withChildren(cib, [emptyConfiguration(), element('status')]);
  return withAttribute(emptied, 'admin_epoch', String(versionOf(cib).adminEpoch + 1));
}
