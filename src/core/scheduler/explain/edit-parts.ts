import { attribute, child, element, withChildren, type XmlElement } from '../../xml/element.ts';

/**
 * The tree with what `visit` makes of each element below the root, from the top down: another element, none, or
 * `skip` to leave it and all in it alone. What does not change is shared.
 */
export function rewrite(
  root: XmlElement,
  visit: (one: XmlElement) => XmlElement | 'skip' | undefined,
): XmlElement {
  let changed = false;
  const children: XmlElement[] = [];
  for (const one of root.children) {
    const seen = visit(one);
    const made = seen === 'skip' ? one : seen === one ? rewrite(one, visit) : seen;
    if (made !== one) changed = true;
    if (made !== undefined) children.push(made);
  }
  return changed ? withChildren(root, children) : root;
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The element with a pair in its first set that no rule limits, whatever its other sets say of it. */
export function withPair(of: XmlElement, block: string, { name, value }: Pair): XmlElement {
  const stripped = of.children.map(one => (one.name === block ? withoutPair(one, name) : one));
  const plain = stripped.find(
    one => one.name === block && child(one, 'rule') === undefined && !isReference(one),
  );
  const id = `${attribute(of, 'id') ?? of.name}-${block}`;
  const set = plain ?? element(block, { id });
  const pair = element('nvpair', { id: `${attribute(set, 'id') ?? id}-${name}`, name, value });
  const filled = withChildren(set, [...set.children, pair]);
  if (plain === undefined) return withChildren(of, [filled, ...stripped]);
  return withChildren(
    of,
    stripped.map(one => (one === plain ? filled : one)),
  );
}

const isReference = (one: XmlElement): boolean => attribute(one, 'id-ref') !== undefined;

const withoutPair = (set: XmlElement, name: string): XmlElement =>
  rewrite(set, one => (one.name === 'nvpair' && attribute(one, 'name') === name ? undefined : one));

/** The document with a cluster option set, under whatever of its names it stands there now. */
export function withOption(cib: XmlElement, name: string, value: string): XmlElement {
  return rewrite(cib, one => {
    if (one.name === 'configuration') return one;
    if (one.name !== 'crm_config') return 'skip';
    return withPair(one, 'cluster_property_set', { name, value });
  });
}

/** What changes of a node, in its configuration and in its state. */
export interface NodeChange {
  readonly state?: (state: XmlElement) => XmlElement;
  readonly keepsAttribute?: (name: string) => boolean;
  readonly history?: (entry: XmlElement) => XmlElement | undefined;
}

/** The document with a node changed; where the cluster has no state of it, one is made. */
export function withNode(cib: XmlElement, name: string, change: NodeChange): XmlElement {
  const node = nodeElement(cib, name);
  const id = node === undefined ? undefined : attribute(node, 'id');
  const isItsState = (one: XmlElement): boolean =>
    one.name === 'node_state' &&
    (attribute(one, 'uname') === name || (id !== undefined && attribute(one, 'id') === id));
  return rewrite(cib, section => {
    if (section.name === 'configuration') {
      return node === undefined ? 'skip' : replaced(section, node, withoutAttributes(node, change));
    }
    if (section.name !== 'status') return 'skip';
    if (change.state !== undefined && !section.children.some(isItsState)) {
      const made = element('node_state', { id: id ?? name, uname: name });
      return withChildren(section, [...section.children, change.state(made)]);
    }
    return rewrite(section, one => (isItsState(one) ? changedState(one, change) : 'skip'));
  });
}

function nodeElement(cib: XmlElement, name: string): XmlElement | undefined {
  const configuration = child(cib, 'configuration');
  const nodes = configuration === undefined ? undefined : child(configuration, 'nodes');
  return nodes?.children.find(one => one.name === 'node' && attribute(one, 'uname') === name);
}

const replaced = (root: XmlElement, old: XmlElement, by: XmlElement): XmlElement =>
  rewrite(root, one => (one === old ? by : one.name === 'nodes' ? one : 'skip'));

function changedState(state: XmlElement, change: NodeChange): XmlElement {
  const { history } = change;
  const kept = withoutAttributes(change.state?.(state) ?? state, change);
  if (history === undefined) return kept;
  return rewrite(kept, one =>
    one.name === 'lrm_resource' ? history(one) : one.name.startsWith('lrm') ? one : 'skip',
  );
}

function withoutAttributes(of: XmlElement, { keepsAttribute }: NodeChange): XmlElement {
  if (keepsAttribute === undefined) return of;
  return rewrite(of, one => {
    if (one.name === 'lrm') return 'skip';
    if (one.name !== 'nvpair') return one;
    const name = attribute(one, 'name');
    return name === undefined || keepsAttribute(name) ? one : undefined;
  });
}
