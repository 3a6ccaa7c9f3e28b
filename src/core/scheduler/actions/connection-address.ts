import type { Node, Resource } from '../model.ts';
import { currentNode, outermost } from '../tree.ts';
import { parametersOf } from './parameters.ts';

/** Whether the address of a connection is that of the host of its container, which is known only in the end. */
export const needsHostName = (resource: Resource): boolean =>
  resource.flags.remoteConnection &&
  parametersOf(resource, undefined).get('addr')?.toLowerCase() === '#uname';

/** The host of the container that a bundle's connection leads into. */
function hostName(connection: Resource): string | undefined {
  const bundle = outermost(connection);
  const container = bundle.bundle?.replicas.find(one => one.remote === connection)?.container;
  if (container === undefined) return undefined;
  return (container.assigned ?? currentNode(container))?.name;
}

/** Parameters of a resource as its agent gets them. */
export function finalParameters(resource: Resource, node: Node | undefined): ReadonlyMap<string, string> {
  const parameters = parametersOf(resource, node);
  if (!needsHostName(resource)) return parameters;
  const name = hostName(resource);
  return name === undefined ? parameters : new Map([...parameters, ['addr', name]]);
}
