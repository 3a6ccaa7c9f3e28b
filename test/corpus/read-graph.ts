import type { ActionKind, GraphAction, TransitionGraph } from '../../src/core/transition/graph.ts';
import { attribute, attributePairs, child, type XmlElement } from '../../src/core/xml/element.ts';

/** The graph of a case's `exp` file, so that what carries a graph out is tested without what makes one. */
export function readGraph(root: XmlElement): TransitionGraph {
  return {
    id: Number(attribute(root, 'transition_id') ?? 0),
    settings: Object.fromEntries(attributePairs(root)),
    synapses: root.children.map(synapse => ({
      id: Number(attribute(synapse, 'id')),
      priority: Number(attribute(synapse, 'priority') ?? 0),
      actions: (child(synapse, 'action_set')?.children ?? []).map(readAction),
      inputs: (child(synapse, 'inputs')?.children ?? []).flatMap(trigger =>
        trigger.children.map(input => ({
          kind: input.name as ActionKind,
          id: Number(attribute(input, 'id')),
          attributes: {},
        })),
      ),
    })),
  };
}

function readAction(action: XmlElement): GraphAction {
  const primitive = child(action, 'primitive');
  const attributes = child(action, 'attributes');
  const text = (name: string) => attribute(action, name) ?? '';
  const optional = (name: string, key: string) => {
    const value = attribute(action, name);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    kind: action.name as ActionKind,
    id: Number(text('id')),
    operation: text('operation'),
    operationKey: text('operation_key'),
    ...optional('router_node', 'routerNode'),
    ...(attribute(action, 'on_node') === undefined
      ? {}
      : { node: { name: text('on_node'), uuid: text('on_node_uuid') } }),
    ...(primitive === undefined ? {} : { resource: readResource(primitive) }),
    attributes: attributes === undefined ? [] : [...attributePairs(attributes)],
  };
}

function readResource(primitive: XmlElement): NonNullable<GraphAction['resource']> {
  const text = (name: string) => attribute(primitive, name) ?? '';
  const longId = attribute(primitive, 'long-id');
  const provider = attribute(primitive, 'provider');
  return {
    id: text('id'),
    class: text('class'),
    type: text('type'),
    ...(longId === undefined ? {} : { longId }),
    ...(provider === undefined ? {} : { provider }),
  };
}
