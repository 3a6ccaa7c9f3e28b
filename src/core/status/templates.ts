import { attribute, attributePairs, child, type XmlElement } from '../xml/element.ts';

/** Name and role of an operation, where `Started` and `Unpromoted` count as no role. */
function operationName(one: XmlElement): string {
  const role = attribute(one, 'role')?.toLowerCase();
  const plain = role === undefined || ['started', 'unpromoted', 'slave'].includes(role);
  return `${attribute(one, 'name')}-${plain ? '' : attribute(one, 'role')}`;
}

/**
 * A primitive with its template merged in: the agent is the template's, children of both follow each other, and of
 * the template's operations those that the primitive does not have itself. `undefined` where there is no such template.
 */
export function expandTemplate(
  primitive: XmlElement,
  resources: XmlElement | undefined,
): XmlElement | undefined {
  const reference = attribute(primitive, 'template');
  if (reference === undefined) return primitive;
  const template = resources === undefined ? undefined : child(resources, 'template', reference);
  if (template === undefined || reference === attribute(primitive, 'id')) return undefined;
  const attributes: string[] = [];
  for (const [name, value] of attributePairs(template)) {
    attributes.push(name, name === 'id' ? (attribute(primitive, 'id') ?? value) : value);
  }
  const instance = attribute(primitive, 'clone');
  if (instance !== undefined) attributes.push('clone', instance);
  const own = child(primitive, 'operations');
  const inherited = child(template, 'operations');
  const children =
    own === undefined || inherited === undefined
      ? [...template.children, ...primitive.children]
      : [
          ...template.children.filter(one => one !== inherited),
          ...primitive.children.map(one => (one === own ? mergeOperations(own, inherited) : one)),
        ];
  return { name: primitive.name, attributes, children };
}

function mergeOperations(own: XmlElement, inherited: XmlElement): XmlElement {
  const names = new Set(own.children.map(operationName));
  return {
    ...own,
    children: [...own.children, ...inherited.children.filter(one => !names.has(operationName(one)))],
  };
}
