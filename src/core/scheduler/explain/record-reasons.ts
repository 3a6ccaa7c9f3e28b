import { findOperation } from '../../status/operations.ts';
import { attribute } from '../../xml/element.ts';
import type { Action, Node, Resource } from '../model.ts';
import type { DemandRule } from '../origins.ts';
import type { Edit } from './edit.ts';
import { failedOperations } from './failure-reasons.ts';
import { distinct } from './obstacles.ts';
import type { Reason } from './reason.ts';

/** A reason about one action of a resource, made from what it says. */
export type Say = (
  kind: Reason['kind'],
  text: string,
  more?: Pick<Reason, 'undo' | 'because'>,
) => readonly Reason[];

export const forgetting = (resource: Resource, nodes: readonly Node[]): readonly Edit[] =>
  [...new Set(nodes)]
    .sort((left, right) => Number(left === resource.assigned) - Number(right === resource.assigned))
    .map(node => ({ kind: 'forget', resource: resource.id, node: node.name }));

/** What the record of earlier operations, or its absence, calls for. */
export function ofRecord(action: Action, resource: Resource, rule: DemandRule, say: Say): readonly Reason[] {
  const { node } = action;
  const { id } = resource;
  const on = node === undefined ? '' : ` on ${node.name}`;
  switch (rule) {
    case 'definition-changed':
      return say('definition-changed', `the definition of ${id} is not the one that it was started with`);
    case 'agent-reloads':
      return say(
        'definition-changed',
        `parameters of ${id} changed that its agent can take up while it runs`,
      );
    case 'agent-changed':
      return say('definition-changed', `${id} was started${on} by another agent than is configured now`, {
        undo: node === undefined ? [] : forgetting(resource, [node]),
      });
    case 'removed':
      return say('removed', `${id} is not in the configuration any more, or not as this instance`, {
        undo: node === undefined ? [] : forgetting(resource, [node]),
      });
    case 'failures-forgotten':
      return say('forget', `failures of ${id}${on} expired, or its definition changed since`, {
        undo: node === undefined ? [] : [{ kind: 'clear-failures', resource: id, node: node.name }],
      });
    case 'lock-ended':
      return say('forget', `${id} is not locked to ${node?.name ?? 'its node'} any more`, {
        undo: node === undefined ? [] : forgetting(resource, [node]),
      });
    case 'state-unknown':
      return say('state-unknown', `nobody knows whether ${id} is active${on}`, {
        undo: [{ kind: 'set-option', name: 'enable-startup-probes', value: 'false' }],
      });
    case 'operation-configured':
      return ofOperation(action, resource, say);
    case 'operation-ends':
      return ofCancel(action, resource, say);
    default:
      return [];
  }
}

function ofOperation(action: Action, resource: Resource, say: Say): readonly Reason[] {
  const { task, interval } = action;
  const operation = findOperation(resource.facts, task, interval, { disabledToo: false });
  const id = operation === undefined ? undefined : attribute(operation.xml, 'id');
  const every = `${interval / 1000}s`;
  const isWritten = id !== undefined && resource.cluster.picture.rules.ids?.get(id) !== undefined;
  const undo: Edit[] = isWritten ? [{ kind: 'disable-operation', operation: id }] : [];
  return say(
    'operation',
    `${id ?? 'an operation'} asks for a ${action.task} of ${resource.id} every ${every}`,
    { undo },
  );
}

function ofCancel({ cancelled, interval, node }: Action, resource: Resource, say: Say): readonly Reason[] {
  const every = `${interval / 1000}s`;
  const text = `the ${cancelled ?? 'operation'} of ${resource.id} every ${every} is not configured for its role, or not any more`;
  return say('operation', text, { undo: node === undefined ? [] : forgetting(resource, [node]) });
}

export function ofFailure(resource: Resource, node: Node | undefined, say: Say): readonly Reason[] {
  const nodes = node === undefined ? resource.active : [node, ...resource.active];
  const failed = [...new Set(nodes)].flatMap(one => failedOperations(resource, one));
  const launched = resource.launched.flatMap(one => nodes.flatMap(where => failedOperations(one, where)));
  const because = distinct([...failed, ...launched]);
  const undo = because.length > 0 ? [] : forgetting(resource, [...new Set(nodes)]);
  return say('recovery', `${resource.id} failed and is recovered`, { undo, because });
}
