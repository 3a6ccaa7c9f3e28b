import { compareRoles } from '../../model/role.ts';
import { is } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Action, Node, Resource } from '../model.ts';
import { currentNode, outermost, xmlId } from '../tree.ts';

/** Where a primitive will be once the plan is carried out; `undefined` where nowhere. */
export function plannedNode(resource: Resource): Node | undefined {
  const { assigned, flags } = resource;
  if (!flags.managed) return resource.active.length > 0 ? currentNode(resource) : undefined;
  if (assigned === undefined || compareRoles(resource.nextRole, 'Stopped') <= 0) return undefined;
  const start = startOn(resource, assigned);
  if (start === undefined) return resource.active.includes(assigned) ? assigned : undefined;
  if (is(start, ACTION.runnable)) return assigned;
  return is(start, ACTION.optional) && resource.active.includes(assigned) ? assigned : undefined;
}

export const startOn = (resource: Resource, node: Node): Action | undefined =>
  resource.actions.findLast(one => one.task === 'start' && (one.node === node || one.node === undefined));

/** Primitives in a resource, itself where it is one. */
export function primitivesIn(resource: Resource): readonly Resource[] {
  if (resource.kind === 'primitive') return [resource];
  if (resource.bundle === undefined) return resource.children.flatMap(primitivesIn);
  return resource.bundle.replicas.flatMap(replica =>
    [replica.ip, replica.container, replica.remote, replica.child].flatMap(one =>
      one === undefined ? [] : [one],
    ),
  );
}

export const isWithin = (resource: Resource, whole: Resource): boolean => {
  for (let at: Resource | undefined = resource; at !== undefined; at = at.parent)
    if (at === whole) return true;
  return false;
};

/** The id in the configuration that a change of the resource's meta-attributes goes to; a bundle's parts have none. */
export function configuredId(resource: Resource): string {
  const isImplicit = resource.parent?.kind === 'bundle' && resource.kind === 'primitive';
  const owner = isImplicit || resource.flags.replicaContainer ? outermost(resource) : resource;
  return xmlId(owner);
}

export const scoreText = (score: number): string =>
  score >= 1_000_000 ? 'INFINITY' : score <= -1_000_000 ? '-INFINITY' : String(score);

/** A resource on a node, and a part of its score there. */
export interface Where {
  readonly resource: Resource;
  readonly node: Node;
  readonly value: number;
}

export const about = ({ resource, node, value }: Where) =>
  ({ resource: resource.id, node: node.name, score: scoreText(value) }) as const;

/** Nodes that come into question: others' replicas do not. */
export const placesFor = (resource: Resource): readonly Node[] =>
  resource.cluster.nodes.filter(node => node.facts.base.discovery !== 'never' || resource.allowed.has(node));
