import type { Node, Resource } from '../model.ts';

const LIMIT = 0x7fff_ffff;

/** Negative where the first node has more room left, by the number of attributes in which it has. */
export function compareCapacities(left: Node, right: Node): number {
  let result = 0;
  for (const [name, has] of left.capacity) result += Math.sign((right.capacity.get(name) ?? 0) - has);
  for (const [name, has] of right.capacity) {
    if (!left.capacity.has(name)) result += Math.sign(has);
  }
  return result;
}

/** Adds what a resource needs to a sum, or takes it away. */
export function addNeeds(sum: Map<string, number>, resource: Resource, sign: 1 | -1): void {
  for (const { name, amount } of resource.needs) {
    const value = (sum.get(name) ?? 0) + sign * amount;
    sum.set(name, Math.max(Math.min(value, LIMIT), -LIMIT - 1));
  }
}

export const hasRoom = (node: Node, needs: ReadonlyMap<string, number>): boolean => {
  for (const [name, wanted] of needs) if (wanted > (node.capacity.get(name) ?? 0)) return false;
  return true;
};
