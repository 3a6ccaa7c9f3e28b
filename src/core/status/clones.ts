import { attribute, withAttribute } from '../xml/element.ts';
import type { Draft, ResourceDraft } from './draft.ts';
import type { Meta } from './picture.ts';
import { unpackResource } from './resources.ts';
import { isTrue, parseInteger } from './words.ts';

const count = (meta: Meta, names: readonly string[], otherwise: number): number => {
  for (const name of names) {
    const value = meta.get(name);
    if (value !== undefined) return Math.max(parseInteger(value) ?? otherwise, 0);
  }
  return otherwise;
};

export function unpackClone(draft: Draft, clone: ResourceDraft): boolean {
  const { meta, flags } = clone;
  const child = clone.xml.children.find(one => one.name === 'primitive' || one.name === 'group');
  if (child === undefined) {
    draft.problems.push(`error: ${clone.id} has nothing to clone`);
    return false;
  }
  const nodeMax = count(meta, ['clone-node-max'], 1);
  clone.clone = {
    max: count(meta, ['clone-max'], Math.max(1, draft.nodes.length)),
    nodeMax: flags.unique ? nodeMax : Math.min(nodeMax, 1),
    promotedMax: flags.promotable ? count(meta, ['promoted-max', 'master-max'], 1) : 0,
    promotedNodeMax: flags.promotable ? count(meta, ['promoted-node-max', 'master-node-max'], 1) : 0,
    minimum: count(meta, ['clone-min'], 0),
    interleave: isTrue(meta.get('interleave')),
    ordered: isTrue(meta.get('ordered')),
    instances: 0,
    child,
  };
  if (!meta.has('resource-stickiness')) meta.set('resource-stickiness', '1');
  meta.set('globally-unique', String(flags.unique));
  const wanted = Math.max(clone.clone.max, 1);
  for (let made = 0; made < wanted; made += 1) {
    if (addInstance(draft, clone) === undefined) return false;
  }
  return true;
}

/** One more instance; beyond `clone-max` it is there only because the history shows it. */
export function addInstance(draft: Draft, clone: ResourceDraft): ResourceDraft | undefined {
  const facts = clone.clone;
  if (facts === undefined) return undefined;
  const isExtra = facts.instances >= facts.max;
  const xml = withAttribute(facts.child, 'clone', String(facts.instances));
  const instance = unpackResource(draft, xml, clone, clone.children[0]);
  if (instance === undefined) return undefined;
  facts.instances += 1;
  clone.children.push(instance);
  if (isExtra) markRemoved(instance);
  instance.meta.set('clone-max', String(facts.max));
  return instance;
}

function markRemoved(resource: ResourceDraft): void {
  resource.flags.removed = true;
  for (const one of resource.children) markRemoved(one);
}

/** Whether the element is named so, or an instance of what is named so. */
const isNamed = (resource: ResourceDraft, name: string): boolean =>
  resource.id === name || attribute(resource.xml, 'id') === name;

/** The member of an instance that the history knows by that name. */
export function memberNamed(instance: ResourceDraft, name: string): ResourceDraft | undefined {
  if (isNamed(instance, name)) return instance;
  for (const one of instance.children) {
    const found = memberNamed(one, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
