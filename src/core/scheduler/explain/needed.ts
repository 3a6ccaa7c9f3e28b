import { findOperation } from '../../status/operations.ts';
import { attribute } from '../../xml/element.ts';
import { is } from '../actions/action.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Action, Node, Relation, Resource } from '../model.ts';
import type { ActionCause, DemandRule } from '../origins.ts';
import { currentNode, isCollective, topOf } from '../tree.ts';
import type { Edit } from './edit.ts';
import { whyElsewhere } from './elsewhere.ts';
import { whyFenced, whyUnfenced } from './fenced.ts';
import { distinct } from './obstacles.ts';
import { ofOrigin } from './orders.ts';
import { type Inquiry, type Reason, stepOnce } from './reason.ts';
import { failedOperations } from './score-reasons.ts';
import { whyNotRunning } from './stopped.ts';
import { configuredId } from './subject.ts';
import { nameOfAction } from './words.ts';

/** Why an action is part of the plan. */
export function whyNeeded(inquiry: Inquiry, action: Action): readonly Reason[] {
  const further = stepOnce(inquiry, action);
  if (further === undefined) return [];
  const { demand } = action;
  const found =
    demand === undefined
      ? ofShown(further, action)
      : typeof demand === 'string'
        ? ofRule(further, action, demand)
        : isForParts(action, demand)
          ? ofInstances(further, action, action.resource as Resource)
          : ofAction(further, demand);
  return distinct([...found, ...othersNeeding(further, action)]);
}

/** What would call for an action were it not for what did so first; asked only of the action in question. */
function othersNeeding(inquiry: Inquiry, action: Action): readonly Reason[] {
  if (inquiry.path.length > 1) return [];
  const implied = ({ flags, action: other }: Relation, flag: number): boolean =>
    has(flags, flag) && !is(other, ACTION.optional);
  const named = typeof action.demand === 'object' ? action.demand.action : undefined;
  const causes = [
    ...action.before.filter(one => one.action !== named && implied(one, ORDER.firstImpliesThen)),
    ...action.after.filter(one => one.action !== named && implied(one, ORDER.thenImpliesFirst)),
  ];
  return causes.flatMap(one => ofAction(inquiry, one));
}

function ofAction(inquiry: Inquiry, { action, origin }: ActionCause): readonly Reason[] {
  const text = `${nameOfAction(action)} calls for it`;
  return ofOrigin(origin, { kind: 'ordering', text, because: whyNeeded(inquiry, action) });
}

/** An action that nothing made necessary is shown for what comes before or after it. */
function ofShown(inquiry: Inquiry, action: Action): readonly Reason[] {
  const required = ({ action: other, graphed }: Relation): boolean => graphed && !is(other, ACTION.optional);
  const neighbour =
    action.before.find(required) ?? action.after.find(one => !is(one.action, ACTION.optional));
  return neighbour === undefined ? [] : ofAction(inquiry, neighbour);
}

type Say = (kind: Reason['kind'], text: string, more?: Pick<Reason, 'undo' | 'because'>) => readonly Reason[];

function ofRule(inquiry: Inquiry, action: Action, rule: DemandRule): readonly Reason[] {
  const { resource, node } = action;
  if (resource === undefined) return ofNode(inquiry, action, rule);
  const say: Say = (kind, text, more = {}) => [
    { kind, text, resource: resource.id, ...(node === undefined ? {} : { node: node.name }), ...more },
  ];
  switch (rule) {
    case 'role':
      return ofRole(inquiry, action, resource);
    case 'move':
      return ofMove(inquiry, resource, say);
    case 'nowhere-to-run':
      return whyNotRunning(inquiry, resource);
    case 'history':
    case 'recovery':
      return ofFailure(resource, node, say);
    case 'blocked':
      return say('blocked', `${resource.id} is blocked`);
    case 'multiply-active':
      return say('multiply-active', `${resource.id} is active on ${nodesOf(resource)} at once`, {
        undo: forgetting(resource, resource.active),
      });
    case 'migration-failed':
    case 'migration-left-over':
      return say('migration', `a live migration of ${resource.id} did not end as it should`, {
        undo: forgetting(resource, [...resource.danglingMigrations, ...resource.active]),
      });
    case 'notification':
      return say('notification', `instances of ${topOf(resource).id} asked to be told (notify=true)`, {
        undo: [{ kind: 'set-meta', resource: configuredId(topOf(resource)), name: 'notify', value: 'false' }],
      });
    case 'instances':
      return ofInstances(inquiry, action, resource);
    default:
      return ofRecord(action, resource, rule, say);
  }
}

const nodesOf = (resource: Resource): string => resource.active.map(one => one.name).join(', ');

const forgetting = (resource: Resource, nodes: readonly Node[]): readonly Edit[] =>
  [...new Set(nodes)]
    .sort((left, right) => Number(left === resource.assigned) - Number(right === resource.assigned))
    .map(node => ({ kind: 'forget', resource: resource.id, node: node.name }));

/** What the record of earlier operations, or its absence, calls for. */
function ofRecord(action: Action, resource: Resource, rule: DemandRule, say: Say): readonly Reason[] {
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

function ofFailure(resource: Resource, node: Node | undefined, say: Say): readonly Reason[] {
  const nodes = node === undefined ? resource.active : [node, ...resource.active];
  const failed = [...new Set(nodes)].flatMap(one => failedOperations(resource, one));
  const launched = resource.launched.flatMap(one => nodes.flatMap(where => failedOperations(one, where)));
  const because = distinct([...failed, ...launched]);
  const undo = because.length > 0 ? [] : forgetting(resource, [...new Set(nodes)]);
  return say('recovery', `${resource.id} failed and is recovered`, { undo, because });
}

/** From the role that it has to the one that it is to have. */
function ofRole(inquiry: Inquiry, action: Action, resource: Resource): readonly Reason[] {
  const { task } = action;
  const node = action.node ?? resource.assigned;
  if (task === 'stop' && resource.nextRole === 'Stopped') return whyNotRunning(inquiry, resource);
  const configured = configuredId(resource);
  const undo: Edit[] =
    task === 'start' || task === 'promote'
      ? [
          {
            kind: 'set-meta',
            resource: configured,
            name: 'target-role',
            value: task === 'start' ? 'Stopped' : 'Unpromoted',
          },
        ]
      : [];
  const about = { resource: resource.id, ...(node === undefined ? {} : { node: node.name }) };
  const change = `${resource.id} is ${resource.role} and is to be ${resource.nextRole}`;
  const demoted = task === 'demote' || task === 'stop' ? whyNotPromoted(inquiry, resource) : [];
  return [{ kind: 'wanted', text: change, ...about, undo, because: demoted }];
}

/** What is demoted: another instance is worth more, or this one may not be. */
function whyNotPromoted(inquiry: Inquiry, resource: Resource): readonly Reason[] {
  if (resource.nextRole === 'Stopped') return whyNotRunning(inquiry, resource);
  const node = currentNode(resource);
  return node === undefined ? [] : whyElsewhere(inquiry, topOf(resource), node);
}

function ofMove(inquiry: Inquiry, resource: Resource, say: Say): readonly Reason[] {
  const from = currentNode(resource);
  const to = resource.assigned;
  const text = `${resource.id} moves from ${from?.name ?? 'its node'} to ${to?.name ?? 'nowhere'}`;
  const because = from === undefined ? [] : whyElsewhere(inquiry, resource, from);
  return say('move', text, { because });
}

/** Whether a collective action is needed for what is in the whole. */
const isForParts = ({ resource, task }: Action, { origin }: ActionCause): boolean =>
  resource !== undefined &&
  (origin === 'group-bounds' || origin === 'clone-bounds') &&
  isCollective(resource) &&
  task !== 'notified' &&
  task !== 'notify';

/** A collective action is needed for all of the parts that need theirs. */
function ofInstances(inquiry: Inquiry, action: Action, resource: Resource): readonly Reason[] {
  const task = TASK_OF[action.task] ?? action.task;
  const theirs = partsOf(resource)
    .flatMap(one => one.actions)
    .filter(one => one.task === task && !is(one, ACTION.optional) && one.resource?.kind === 'primitive');
  return theirs.map(its => ({
    kind: 'part',
    text: `${nameOfAction(its)} is part of it`,
    resource: resource.id,
    because: whyNeeded(inquiry, its),
  }));
}

const TASK_OF: Readonly<Record<string, string>> = {
  running: 'start',
  stopped: 'stop',
  promoted: 'promote',
  demoted: 'demote',
};

const partsOf = (resource: Resource): readonly Resource[] =>
  [
    ...resource.children,
    ...(resource.bundle?.replicas.flatMap(one => [one.container, one.ip, one.remote]) ?? []),
  ].flatMap(one => (one === undefined ? [] : [one, ...partsOf(one)]));

/** Actions of no resource: fencing, shutdowns, room. */
function ofNode(inquiry: Inquiry, action: Action, rule: DemandRule): readonly Reason[] {
  const { node, reason } = action;
  const name = node?.name ?? '';
  switch (rule) {
    case 'fencing':
      return node === undefined ? [] : whyFenced(inquiry, node, reason);
    case 'unfencing':
      return node === undefined ? [] : whyUnfenced(node, reason);
    case 'shutdown':
      return [
        {
          kind: 'shutdown',
          text: `${name} asked to be shut down`,
          node: name,
          undo: [{ kind: 'end-shutdown', node: name }],
        },
      ];
    case 'room': {
      const undo: Edit[] = [{ kind: 'set-option', name: 'placement-strategy', value: 'default' }];
      return [
        {
          kind: 'room',
          text: `resources that leave ${name} make room for others (placement-strategy)`,
          node: name,
          undo,
        },
      ];
    }
    default:
      return ofShown(inquiry, action);
  }
}
