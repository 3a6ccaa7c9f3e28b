import { is } from '../actions/action.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Action, Resource } from '../model.ts';
import type { Relation } from '../order/relate.ts';
import type { ActionCause, DemandRule } from '../origins.ts';
import { currentNode, isCollective, topOf } from '../tree.ts';
import type { Edit } from './edit.ts';
import { whyElsewhere } from './elsewhere.ts';
import { whyFenced, whyUnfenced } from './fenced.ts';
import { distinct } from './obstacles.ts';
import { ofOrigin, orderUndo } from './orders.ts';
import { type Inquiry, type Reason, stepOnce } from './reason.ts';
import { forgetting, ofFailure, ofRecord, type Say } from './record-reasons.ts';
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
  const implied = (flags: number, flag: number, other: Action): boolean =>
    other !== named && has(flags, flag) && !is(other, ACTION.optional);
  const named = typeof action.demand === 'object' ? action.demand.action : undefined;
  const causes = [
    ...action.before
      .filter(({ flags, first }) => implied(flags, ORDER.firstImpliesThen, first))
      .map(causedByFirst),
    ...action.after
      .filter(({ meaning, later }) => implied(meaning, ORDER.thenImpliesFirst, later))
      .map(causedByLater),
  ];
  // What was told of already says something new only if it can be undone here.
  return causes
    .filter(one => !inquiry.told.has(one.action) || orderUndo(one.origin).length > 0)
    .flatMap(one => ofAction(inquiry, one));
}

const causedByFirst = ({ first, origin }: Relation): ActionCause => ({ action: first, origin });
const causedByLater = ({ later, origin }: Relation): ActionCause => ({ action: later, origin });

function ofAction(inquiry: Inquiry, { action, origin }: ActionCause): readonly Reason[] {
  const text = `${nameOfAction(action)} calls for it`;
  return ofOrigin(origin, { kind: 'ordering', text, because: whyNeeded(inquiry, action) });
}

/** An action that nothing made necessary is shown for what comes before or after it. */
function ofShown(inquiry: Inquiry, action: Action): readonly Reason[] {
  const before = action.before.find(({ first, graphed }) => graphed && !is(first, ACTION.optional));
  if (before !== undefined) return ofAction(inquiry, causedByFirst(before));
  const after = action.after.find(({ later }) => !is(later, ACTION.optional));
  return after === undefined ? [] : ofAction(inquiry, causedByLater(after));
}

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
