import type { Node, Resource } from '../model.ts';
import { addNeeds, compareCapacities, hasRoom } from './capacity.ts';
import { addScore, isEligible, NEVER } from './nodes.ts';

/**
 * Bans a resource from nodes without room for it and for all that must be with it (for it alone, where no node has
 * room for all); the node with the most room, where none has enough.
 */
export function banWithoutRoom(resource: Resource): Node | undefined {
  if (resource.cluster.picture.options.placementStrategy === 'default') return undefined;
  const together = resource.methods.addColocated(resource, undefined, []);
  if (together.length === 0) return undefined;
  if (!together.includes(resource)) together.push(resource);
  const needs = new Map<string, number>();
  for (const one of together) one.methods.addUtilization(one, resource, together, needs);
  let anyHasRoom = false;
  let roomiest: Node | undefined;
  for (const candidate of resource.allowed.values()) {
    if (!isEligible(candidate)) continue;
    if (hasRoom(candidate.node, needs)) anyHasRoom = true;
    if (roomiest === undefined || compareCapacities(candidate.node, roomiest) < 0) roomiest = candidate.node;
  }
  if (anyHasRoom) {
    banUnless(resource, needs);
    return undefined;
  }
  const own = new Map<string, number>();
  addNeeds(own, resource, 1);
  banUnless(resource, own);
  return roomiest;
}

function banUnless(resource: Resource, needs: ReadonlyMap<string, number>): void {
  for (const candidate of [...resource.allowed.values()]) {
    if (isEligible(candidate) && !hasRoom(candidate.node, needs)) {
      addScore(resource, candidate.node, NEVER, 'no-room');
    }
  }
}
