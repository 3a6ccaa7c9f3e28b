import { parametersOn } from '../../status/parameters.ts';
import type { Node, Resource } from '../model.ts';

/** Parameters of a resource as they hold on a node. */
export function parametersOf(resource: Resource, node: Node | undefined): ReadonlyMap<string, string> {
  const name = node?.name ?? '';
  resource.parameters ??= new Map();
  const known = resource.parameters.get(name);
  if (known !== undefined) return known;
  const made = parametersOn(resource.cluster, resource.facts, node);
  resource.parameters.set(name, made);
  return made;
}
