import type { Node, Resource } from '../model.ts';
import { addNeeds, compareCapacities, hasRoom } from './capacity.ts';
import { addScore, anyAvailable, isEligible, NEVER } from './nodes.ts';

/**
 * Bans a resource from nodes without room for it and for all that must be with it (for it alone, where no node has
 * room for all); the node with the most room, where none has enough.
 */
export function banWithoutRoom(resource: Resource): Node | undefined {
  if (resource.cluster.picture.options.placementStrategy === 'default') return undefined;
  if (!anyAvailable(resource.allowed)) return undefined;
  const needs = needsTogether(resource);
  if (resource.allowed.some(one => isEligible(one) && hasRoom(one.node, needs))) {
    banUnless(resource, needs);
    return undefined;
  }
  const roomiest = roomiestNode(resource);
  const own = new Map<string, number>();
  addNeeds(own, resource, 1);
  banUnless(resource, own);
  return roomiest;
}

function roomiestNode(resource: Resource): Node | undefined {
  let roomiest: Node | undefined;
  resource.allowed.each(candidate => {
    if (!isEligible(candidate)) return;
    if (roomiest === undefined || compareCapacities(candidate.node, roomiest) < 0) roomiest = candidate.node;
  });
  return roomiest;
}

/** What a resource and all that must be where it is need, as far as they have no place yet. */
function needsTogether(resource: Resource): ReadonlyMap<string, number> {
  const together = new Set([resource]);
  // What is added meanwhile is come to in its turn.
  for (const one of together) one.methods.addColocated(one, together);
  const needs = new Map<string, number>();
  for (const one of together) one.methods.addUtilization(one, together, needs);
  return needs;
}

function banUnless(resource: Resource, needs: ReadonlyMap<string, number>): void {
  resource.allowed.each(candidate => {
    if (isEligible(candidate) && !hasRoom(candidate.node, needs)) {
      addScore(resource, candidate.node, NEVER, 'no-room');
    }
  });
}
