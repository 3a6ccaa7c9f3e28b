import { append } from '../../xml/edit.ts';
import {
  attribute,
  childrenNamed,
  element,
  idOf,
  withAttribute,
  type XmlElement,
} from '../../xml/element.ts';
import { rewrite, rewriteChildren } from './rewrite.ts';

/**
 * A primitive or template in which what operations say stands where version 3 looks for it. Sets that others refer
 * to (`referenced`: their ids) stay as they are: they say something else there.
 */
export function withCurrentOperations(resource: XmlElement, referenced: ReadonlySet<string>): XmlElement {
  const operations = childrenNamed(resource, 'operations').flatMap(one => childrenNamed(one, 'op'));
  if (operations.length === 0) return resource;
  const required = requirementOf(resource, operations);
  const changed = rewrite(resource, one =>
    one.name === 'op' ? withOwnMeta(withoutRequires(one, referenced)) : one,
  );
  return required === undefined ? changed : append(changed, required);
}

const nameOf = (one: XmlElement): string => attribute(one, 'name') ?? '';

const isSet = ({ name }: XmlElement): boolean => name === 'meta_attributes' || name === 'instance_attributes';

/** Version 3 knows what a resource requires, and takes for that what its start did, or its promotion. */
function requirementOf(resource: XmlElement, operations: readonly XmlElement[]): XmlElement | undefined {
  for (const name of ['start', 'promote']) {
    for (const operation of operations) {
      const found = nameOf(operation) === name ? requirementIn(resource, operation) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function requirementIn(resource: XmlElement, operation: XmlElement): XmlElement | undefined {
  const value = attribute(operation, 'requires');
  if (value !== undefined) {
    const set = childrenNamed(resource, 'meta_attributes')[0];
    const id = `_2TO3_${(set && idOf(set)) ?? `${idOf(resource)}-meta`}`;
    const pair = { id: `_2TO3_${idOf(operation)}-meta-requires`, name: 'requires', value };
    return element('meta_attributes', { id }, [element('nvpair', pair)]);
  }
  // Meta-attributes went before attributes of the instance.
  const sets = [
    ...childrenNamed(operation, 'meta_attributes'),
    ...childrenNamed(operation, 'instance_attributes'),
  ];
  for (const set of sets) {
    const pair = set.children.find(one => nameOf(one) === 'requires');
    if (pair !== undefined) return element('meta_attributes', { id: `_2TO3_${idOf(set)}` }, [pair]);
  }
  return undefined;
}

const withoutRequires = (operation: XmlElement, referenced: ReadonlySet<string>): XmlElement =>
  rewriteChildren(withAttribute(operation, 'requires', undefined), set =>
    isSet(set) && !referenced.has(idOf(set) ?? '') ? without(set, pair => nameOf(pair) === 'requires') : set,
  );

/** Attributes of an operation's instance that the cluster took for its own. */
const OWN: ReadonlySet<string> = new Set([
  'interval-origin',
  'start-delay',
  'enabled',
  'on-fail',
  'record-pending',
  'role',
  'timeout',
]);

function withOwnMeta(operation: XmlElement): XmlElement {
  const isOwn = (pair: XmlElement): boolean => OWN.has(nameOf(pair));
  const sets = childrenNamed(operation, 'instance_attributes');
  // Of several of one name the last one held.
  const own = new Map(sets.flatMap(set => set.children.filter(isOwn)).map(pair => [nameOf(pair), pair]));
  if (own.size === 0) return operation;
  const kept = rewriteChildren(operation, set =>
    set.name === 'instance_attributes' ? without(set, isOwn) : set,
  );
  return append(kept, element('meta_attributes', { id: `_2TO3_${idOf(operation)}-meta` }, [...own.values()]));
}

/** The set without some of its pairs; none where nothing is left that was there. */
function without(set: XmlElement, drops: (pair: XmlElement) => boolean): XmlElement | readonly XmlElement[] {
  const kept = rewriteChildren(set, pair => (drops(pair) ? [] : pair));
  return kept !== set && kept.children.length === 0 ? [] : kept;
}
