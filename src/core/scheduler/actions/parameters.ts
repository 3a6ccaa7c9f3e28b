import { hasPlainParameters, parametersOn } from '../../status/parameters.ts';
import type { Node, Resource } from '../model.ts';

/** Parameters of a resource as they hold on a node. */
export function parametersOf(resource: Resource, node: Node | undefined): ReadonlyMap<string, string> {
  if (resource.parameters === undefined && hasPlainParameters(resource.facts)) {
    resource.parameters = parametersOn(resource.cluster, resource.facts, undefined);
  }
  return resource.parameters ?? parametersThere(resource, node);
}

function parametersThere(resource: Resource, node: Node | undefined): ReadonlyMap<string, string> {
  const name = node?.name ?? '';
  resource.parametersByNode ??= new Map();
  const known = resource.parametersByNode.get(name);
  if (known !== undefined) return known;
  const made = parametersOn(resource.cluster, resource.facts, node);
  resource.parametersByNode.set(name, made);
  return made;
}
