import { compareRoles } from '../../model/role.ts';
import { is } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Action, Cluster, Resource } from '../model.ts';
import { topOf, xmlId } from '../tree.ts';
import { isWithin, plannedNode, primitivesIn } from './subject.ts';

/** An action by what identifies it from plan to plan. */
export interface ActionName {
  readonly key: string;
  readonly task?: string;
  readonly node: string | undefined;
}

export const graphedActions = (cluster: Cluster): readonly Action[] =>
  cluster.actions.filter(one => is(one, ACTION.graphed));

/** Actions of the plan that go by that name; by key alone where no node is given. */
export const findAction = (cluster: Cluster, { key, task, node }: ActionName): Action | undefined =>
  cluster.actions.find(
    one =>
      is(one, ACTION.graphed) &&
      one.key === key &&
      (task === undefined || one.task === task) &&
      (node === undefined || one.node?.name === node),
  );

/**
 * Where a resource will be, and in which role, in one line, to be compared from plan to plan. Instances of an
 * anonymous clone are as good as one another, so that they are taken together.
 */
export function placesOf(cluster: Cluster, id: string): string {
  return partsOf(cluster, id)
    .flatMap(one => {
      const node = plannedNode(one);
      const promoted = compareRoles(one.nextRole, 'Promoted') === 0 ? ' promoted' : '';
      return node === undefined ? [] : `${xmlId(one)} on ${node.name}${promoted}`;
    })
    .sort()
    .join(', ');
}

function partsOf(cluster: Cluster, id: string): readonly Resource[] {
  const resource = findResource(cluster, id);
  if (resource === undefined) return [];
  const parts = primitivesIn(resource);
  if (resource.kind !== 'primitive' || resource.flags.unique || resource.parent === undefined) return parts;
  const all = primitivesIn(topOf(resource));
  return all.filter(one => xmlId(one) === xmlId(resource) || isWithin(one, resource));
}

/** A resource by any name that it goes by. */
export function findResource(cluster: Cluster, id: string): Resource | undefined {
  const { picture, resourceOf } = cluster;
  const facts =
    picture.resourceById.get(id) ??
    picture.resourceById.get(`${id}:0`) ??
    picture.resourceByHistoryId.get(id);
  return facts === undefined ? undefined : resourceOf.get(facts);
}
