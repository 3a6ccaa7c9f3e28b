/** Messages of controllers as XML in Pacemaker's vocabulary: `crm_task`, `join_id`, `election-owner` and so on. */
import { unreachable } from '../base/assert.ts';
import { milliseconds } from '../base/time.ts';
import type { ExecutionStatus } from '../model/exit-status.ts';
import { nodeId, nodeName, resourceId } from '../model/names.ts';
import { FEATURE_SET } from '../model/version.ts';
import {
  type AttributeInit,
  attribute,
  attributePairs,
  child,
  element,
  type XmlElement,
} from '../xml/element.ts';
import type { AskedBy, ControllerMessage, OrderOutcome, ResourceOrder } from './controller.ts';

export function encodeController(message: ControllerMessage): XmlElement {
  const { attributes, payload } = content(message);
  const children = payload === undefined ? [] : [element('crm_xml', {}, [payload])];
  const common = { t: 'crmd', version: FEATURE_SET, subt: 'request', crm_task: message.kind };
  return element('crm_message', { ...common, ...attributes }, children);
}

interface Content {
  readonly attributes: AttributeInit;
  readonly payload?: XmlElement;
}

function content(message: ControllerMessage): Content {
  switch (message.kind) {
    case 'vote':
      return {
        attributes: {
          'election-id': message.round,
          version: message.featureSet,
          'election-age-sec': Math.floor(message.uptime / 1000),
          'election-age-nano-sec': (message.uptime % 1000) * 1000,
        },
      };
    case 'no-vote':
      return { attributes: { 'election-id': message.round, 'election-owner': message.owner } };
    case 'join_offer':
      return { attributes: { join_id: message.join, crm_feature_set: message.featureSet } };
    case 'join_request': {
      const { adminEpoch, epoch, numUpdates } = message.cib;
      return {
        attributes: { join_id: message.join, crm_feature_set: message.featureSet },
        payload: element('generation_tuple', { admin_epoch: adminEpoch, epoch, num_updates: numUpdates }),
      };
    }
    case 'join_ack_nack':
      return {
        attributes: {
          join_id: message.join,
          join_ack_nack: message.accepted ? 'true' : 'false',
          reason: message.reason,
        },
      };
    case 'join_confirm':
      return { attributes: { join_id: message.join } };
    case 'join_announce':
    case 'req_shutdown':
    case 'do_shutdown':
    case 'start_shutdown':
      return { attributes: {} };
    case 'lrm_invoke':
      return { attributes: {}, payload: encodeOrder(message.order) };
    case 'lrm_ack':
      return {
        attributes: { 'transition-key': message.transitionKey, ...outcomeAttributes(message.outcome) },
      };
    case 'lrm_delete':
      return { attributes: { rsc: message.resource, 'transition-key': message.transitionKey } };
    case 'lrm_fail':
    case 'clear_failcount':
      return { attributes: { rsc: message.resource } };
    case 'rm_node_cache':
      return { attributes: { uname: message.node, id: message.id } };
    case 'ping':
      return { attributes: { reference: encodeAsked(message.asked) } };
    case 'pinged':
      return {
        attributes: { crm_task: 'ping', subt: 'response', reference: encodeAsked(message.asked) },
        payload: element('ping_response', { crm_subsystem: 'crmd', crmd_state: message.state, result: 'ok' }),
      };
    default:
      return unreachable(message);
  }
}

const encodeAsked = ({ run, client, request }: AskedBy): string => `ping-crmd-${run}-${client}-${request}`;

function decodeAsked(reference: string): AskedBy | undefined {
  const [, run, client, request] = /^ping-crmd-(\d+)-(\d+)-(\d+)$/.exec(reference) ?? [];
  return run === undefined
    ? undefined
    : { run: Number(run), client: Number(client), request: Number(request) };
}

const outcomeAttributes = (outcome: OrderOutcome): AttributeInit =>
  outcome.kind === 'lost'
    ? { lost: outcome.reason }
    : { 'op-status': outcome.status, 'rc-code': outcome.exitStatus };

function encodeOrder({ node, resource, ...order }: ResourceOrder): XmlElement {
  return element(
    'rsc_op',
    {
      operation: order.operation,
      operation_key: order.operationKey,
      on_node: node.name,
      on_node_uuid: node.id,
      'transition-key': order.transitionKey,
    },
    [
      element('primitive', {
        id: resource.id,
        'long-id': resource.longId,
        class: resource.class,
        provider: resource.provider,
        type: resource.type,
      }),
      element('attributes', order.attributes),
    ],
  );
}

/** `undefined` where the element is no message of a controller that is known here. */
export function decodeController(xml: XmlElement): ControllerMessage | undefined {
  const text = (name: string) => attribute(xml, name) ?? '';
  const number = (name: string, of: XmlElement = xml) => Number(attribute(of, name) ?? 0);
  const kind = text('crm_task');
  const join = number('join_id');
  switch (kind) {
    case 'vote': {
      const uptime = milliseconds(number('election-age-sec') * 1000 + number('election-age-nano-sec') / 1000);
      return { kind, round: number('election-id'), featureSet: text('version'), uptime };
    }
    case 'no-vote':
      return { kind, round: number('election-id'), owner: nodeName(text('election-owner')) };
    case 'join_announce':
    case 'req_shutdown':
    case 'do_shutdown':
    case 'start_shutdown':
      return { kind };
    case 'join_offer':
      return { kind, join, featureSet: text('crm_feature_set') };
    case 'join_request': {
      const tuple = child(payloadOf(xml) ?? xml, 'generation_tuple') ?? xml;
      const cib = {
        adminEpoch: number('admin_epoch', tuple),
        epoch: number('epoch', tuple),
        numUpdates: number('num_updates', tuple),
      };
      return { kind, join, featureSet: text('crm_feature_set'), cib };
    }
    case 'join_ack_nack': {
      const reason = attribute(xml, 'reason');
      const accepted = text('join_ack_nack') === 'true';
      return { kind, join, accepted, ...(reason === undefined ? {} : { reason }) };
    }
    case 'join_confirm':
      return { kind, join };
    default:
      return decodeOrders(xml, kind);
  }
}

function decodeOrders(xml: XmlElement, kind: string): ControllerMessage | undefined {
  const text = (name: string) => attribute(xml, name) ?? '';
  switch (kind) {
    case 'lrm_invoke': {
      const order = decodeOrder(child(payloadOf(xml) ?? xml, 'rsc_op'));
      return order === undefined ? undefined : { kind, order };
    }
    case 'lrm_ack':
      return { kind, transitionKey: text('transition-key'), outcome: decodeOutcome(xml) };
    case 'lrm_delete': {
      const key = attribute(xml, 'transition-key');
      return {
        kind,
        resource: resourceId(text('rsc')),
        ...(key === undefined ? {} : { transitionKey: key }),
      };
    }
    case 'lrm_fail':
    case 'clear_failcount':
      return { kind, resource: resourceId(text('rsc')) };
    case 'rm_node_cache': {
      const id = attribute(xml, 'id');
      return { kind, node: nodeName(text('uname')), ...(id === undefined ? {} : { id: nodeId(id) }) };
    }
    case 'ping':
      return decodePing(xml);
    default:
      return undefined;
  }
}

function decodePing(xml: XmlElement): ControllerMessage | undefined {
  const asked = decodeAsked(attribute(xml, 'reference') ?? '');
  if (asked === undefined) return undefined;
  if (attribute(xml, 'subt') !== 'response') return { kind: 'ping', asked };
  const response = child(payloadOf(xml) ?? xml, 'ping_response') ?? payloadOf(xml) ?? xml;
  return { kind: 'pinged', asked, state: attribute(response, 'crmd_state') ?? '' };
}

const payloadOf = (xml: XmlElement): XmlElement | undefined => child(xml, 'crm_xml');

function decodeOutcome(xml: XmlElement): OrderOutcome {
  const reason = attribute(xml, 'lost');
  if (reason !== undefined) return { kind: 'lost', reason };
  const status = Number(attribute(xml, 'op-status') ?? 0) as ExecutionStatus;
  return { kind: 'ended', status, exitStatus: Number(attribute(xml, 'rc-code') ?? 0) };
}

function decodeOrder(xml: XmlElement | undefined): ResourceOrder | undefined {
  const primitive = xml === undefined ? undefined : child(xml, 'primitive');
  if (xml === undefined || primitive === undefined) return undefined;
  const text = (name: string, of: XmlElement = xml) => attribute(of, name) ?? '';
  const optional = (key: string, name: string) => {
    const value = attribute(primitive, name);
    return value === undefined ? {} : { [key]: value };
  };
  const attributes = child(xml, 'attributes');
  return {
    transitionKey: text('transition-key'),
    operation: text('operation'),
    operationKey: text('operation_key'),
    node: { name: nodeName(text('on_node')), id: nodeId(text('on_node_uuid')) },
    resource: {
      id: text('id', primitive),
      ...optional('longId', 'long-id'),
      class: text('class', primitive),
      ...optional('provider', 'provider'),
      type: text('type', primitive),
    },
    attributes: attributes === undefined ? {} : Object.fromEntries(attributePairs(attributes)),
  };
}
