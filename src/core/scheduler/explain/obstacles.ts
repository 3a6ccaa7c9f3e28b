import { isAvailable, NEVER } from '../assign/nodes.ts';
import type { Node, Resource } from '../model.ts';
import { topOf } from '../tree.ts';
import { whyNodeUnavailable } from './node-reasons.ts';
import type { Inquiry, Reason } from './reason.ts';
import { addendsOf, reasonOfAddend } from './score-reasons.ts';
import { configuredId } from './subject.ts';

/** Why a resource may not run on a node: nothing, where it might but another is better. */
export function obstaclesOn(inquiry: Inquiry, resource: Resource, node: Node): readonly Reason[] {
  const unavailable = isAvailable(node.base) ? [] : whyNodeUnavailable(inquiry, node);
  const scored = scoredOut(inquiry, spareInstance(resource), node);
  // Where nothing can run, what would be with it cannot, either: that says nothing more.
  const more = unavailable.length === 0 ? scored : scored.filter(({ kind }) => kind !== 'colocation');
  return distinct([...unavailable, ...more]);
}

/** Of a clone an instance that has no node yet: what is said of the whole, and of its partners, holds for it. */
function spareInstance(resource: Resource): Resource {
  if (resource.kind !== 'clone') return resource;
  const spare = resource.children.find(one => one.assigned === undefined) ?? resource.children[0];
  return spare?.children[0] ?? spare ?? resource;
}

function scoredOut(inquiry: Inquiry, resource: Resource, node: Node): readonly Reason[] {
  const candidate = resource.allowed.peek(node);
  if (candidate === undefined) return [notAllowed(resource, node)];
  const own = candidate.score < 0 ? against(inquiry, resource, node) : [];
  const { parent } = resource;
  if (parent === undefined || parent.kind === 'bundle') return own;
  const blames = addendsOf(resource, node).some(({ origin }) => origin === 'collective');
  return blames ? [...own, ...scoredOut(inquiry, parent, node)] : own;
}

/** The parts that rule a node out; where none does so alone, all that take from its score. */
function against(inquiry: Inquiry, resource: Resource, node: Node): readonly Reason[] {
  const negative = addendsOf(resource, node).filter(({ value }) => value < 0);
  const full = negative.filter(({ origin }) => origin === 'node-full');
  const absolute = full.length > 0 ? full : negative.filter(({ value }) => value <= NEVER);
  return (absolute.length > 0 ? absolute : negative).flatMap(part =>
    reasonOfAddend(inquiry, { resource, node }, part),
  );
}

function notAllowed(resource: Resource, node: Node): Reason {
  const about = { resource: resource.id, node: node.name } as const;
  const undo = [{ kind: 'prefer-node', resource: configuredId(topOf(resource)), node: node.name }] as const;
  const symmetric = resource.cluster.picture.options.symmetric;
  if (symmetric) {
    return { kind: 'by-nature', text: `${node.name} is no place for ${resource.id}`, ...about };
  }
  const text = `no location constraint allows ${resource.id} on ${node.name} (symmetric-cluster=false)`;
  return { kind: 'not-opted-in', text, ...about, undo };
}

/** Reasons that say the same, once. */
export function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Set<string>();
  return reasons.filter(({ text }) => {
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
