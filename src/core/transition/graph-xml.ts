/** A transition graph as XML (`transition_graph`), both ways. */
import { attribute, attributePairs, child, element, type XmlElement } from '../xml/element.ts';
import type { ActionKind, GraphAction, GraphInput, GraphResource, TransitionGraph } from './graph.ts';

/** The element of a graph, its settings in their order and the number last but for when to look again. */
export function graphElement({ id, settings, synapses }: TransitionGraph): XmlElement {
  const { 'recheck-by': recheck, 'migration-limit': limit, transition_id: _, ...others } = settings;
  const attributes = { ...others, transition_id: id, 'migration-limit': limit, 'recheck-by': recheck };
  return element(
    'transition_graph',
    attributes,
    synapses.map(synapse =>
      element('synapse', { id: synapse.id, priority: synapse.priority > 0 ? synapse.priority : undefined }, [
        element('action_set', {}, synapse.actions.map(actionElement)),
        element('inputs', {}, synapse.inputs.map(inputElement)),
      ]),
    ),
  );
}

function actionElement(action: GraphAction): XmlElement {
  const { resource, downed, maintenance } = action;
  return element(
    action.kind,
    { mode: action.mode, ...identityOf(action), 'shutdown-lock': action.shutdownLock },
    [
      ...(resource === undefined ? [] : [resourceElement(resource)]),
      attributesElement(action.attributes),
      ...(downed === undefined
        ? []
        : [
            element(
              'downed',
              {},
              downed.map(id => element('node', { id })),
            ),
          ]),
      ...(maintenance === undefined
        ? []
        : [
            element(
              'maintenance',
              {},
              maintenance.map(one => element('node', { id: one.id, node_in_maintenance: one.maintenance })),
            ),
          ]),
    ],
  );
}

/** A name that cannot be an attribute's stands in a `param` of its own. */
function attributesElement(attributes: GraphAction['attributes']): XmlElement {
  const plain = attributes.filter(([name]) => !/^\d/.test(name));
  const odd = attributes.filter(([name]) => /^\d/.test(name));
  return {
    name: 'attributes',
    attributes: plain.flat(),
    children: odd.map(([name, value]) => element('param', { name, value })),
  };
}

function readAttributes(of: XmlElement | undefined): GraphAction['attributes'] {
  if (of === undefined) return [];
  const odd = of.children.map(one => [attribute(one, 'name') ?? '', attribute(one, 'value') ?? ''] as const);
  return [...attributePairs(of), ...odd];
}

/** The attributes by which an action is known, in itself and where others wait for it. */
function identityOf({ node, ...action }: GraphAction): Readonly<Record<string, string | number | undefined>> {
  return {
    id: action.id,
    operation: action.operation,
    operation_key: action.operationKey,
    internal_operation_key: action.internalOperationKey,
    on_node: node?.name,
    on_node_uuid: node?.uuid,
    router_node: action.routerNode,
  };
}

const resourceElement = ({ id, longId, class: standard, provider, type }: GraphResource): XmlElement =>
  element('primitive', { id, 'long-id': longId, class: standard, provider, type });

const inputElement = ({ kind, id, attributes }: GraphInput): XmlElement =>
  element('trigger', {}, [element(kind, { id, ...attributes })]);

/** Reads what `graphElement` writes. Numbers that are none are 0; other elements are passed over. */
export function readGraph(root: XmlElement): TransitionGraph {
  const { transition_id: id = '0', ...settings } = Object.fromEntries(attributePairs(root));
  return {
    id: Number(id),
    settings,
    synapses: root.children
      .filter(({ name }) => name === 'synapse')
      .map(synapse => ({
        id: numberOf(synapse, 'id'),
        priority: numberOf(synapse, 'priority'),
        actions: (child(synapse, 'action_set')?.children ?? []).map(readAction),
        inputs: (child(synapse, 'inputs')?.children ?? []).flatMap(({ children }) => children.map(readInput)),
      })),
  };
}

const numberOf = (of: XmlElement, name: string): number => Number(attribute(of, name) ?? 0) || 0;

function readInput(input: XmlElement): GraphInput {
  const { id: _, ...attributes } = Object.fromEntries(attributePairs(input));
  return { kind: input.name as ActionKind, id: numberOf(input, 'id'), attributes };
}

function readAction(action: XmlElement): GraphAction {
  const primitive = child(action, 'primitive');
  const downed = child(action, 'downed');
  const maintenance = child(action, 'maintenance');
  const node = attribute(action, 'on_node');
  return {
    kind: action.name as ActionKind,
    id: numberOf(action, 'id'),
    operation: attribute(action, 'operation') ?? '',
    operationKey: attribute(action, 'operation_key') ?? '',
    ...present('mode', attribute(action, 'mode')),
    ...present('shutdownLock', attribute(action, 'shutdown-lock')),
    ...present('internalOperationKey', attribute(action, 'internal_operation_key')),
    ...present('routerNode', attribute(action, 'router_node')),
    ...present(
      'node',
      node === undefined ? undefined : { name: node, uuid: attribute(action, 'on_node_uuid') ?? '' },
    ),
    ...present('resource', primitive === undefined ? undefined : readResource(primitive)),
    attributes: readAttributes(child(action, 'attributes')),
    ...present(
      'downed',
      downed?.children.map(one => attribute(one, 'id') ?? ''),
    ),
    ...present(
      'maintenance',
      maintenance?.children.map(one => ({
        id: attribute(one, 'id') ?? '',
        maintenance: attribute(one, 'node_in_maintenance') ?? '',
      })),
    ),
  };
}

function readResource(primitive: XmlElement): GraphResource {
  return {
    id: attribute(primitive, 'id') ?? '',
    class: attribute(primitive, 'class') ?? '',
    type: attribute(primitive, 'type') ?? '',
    ...present('longId', attribute(primitive, 'long-id')),
    ...present('provider', attribute(primitive, 'provider')),
  };
}

const present = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: Value });
