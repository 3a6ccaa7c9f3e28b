import type { Assigning, Node, Resource } from '../model.ts';

/**
 * Assigns a resource. One that must be with another yields that to be assigned first: what has begun waits on a
 * stack of its own, because a chain of colocations may be longer than calls can be deep.
 */
export function assignInTurn(
  resource: Resource,
  prefer: Node | undefined,
  stopIfFail: boolean,
): Node | undefined {
  const way: Assigning[] = [resource.methods.assign(resource, prefer, stopIfFail)];
  let chosen: Node | undefined;
  for (let at = way[0]; at !== undefined; at = way[way.length - 1]) {
    const { done, value } = at.next(chosen);
    if (done === true) {
      chosen = value;
      way.pop();
    } else {
      way.push(value);
    }
  }
  return chosen;
}
