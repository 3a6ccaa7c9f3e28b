import { is } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Action, Resource } from '../model.ts';
import type { ActionCause, ObstacleRule } from '../origins.ts';
import { topOf } from '../tree.ts';
import type { Edit } from './edit.ts';
import { failedOperations } from './failure-reasons.ts';
import { whyNodeUnavailable } from './node-reasons.ts';
import { distinct } from './obstacles.ts';
import { ofOrigin } from './orders.ts';
import { type Inquiry, type Reason, stepOnce } from './reason.ts';
import { NO_QUORUM, whyNotRunning } from './stopped.ts';
import { configuredId, plannedNode, primitivesIn } from './subject.ts';
import { nameOfAction } from './words.ts';

/** Why an action cannot be done. */
export function whyImpossible(inquiry: Inquiry, action: Action): readonly Reason[] {
  const further = stepOnce(inquiry, action);
  const { obstacle } = action;
  if (further === undefined || obstacle === undefined) return [];
  return distinct(
    typeof obstacle === 'string' ? ofRule(further, action, obstacle) : ofAction(further, obstacle),
  );
}

/** It waits for another action that cannot be done, or is colocated with what cannot. */
function ofAction(inquiry: Inquiry, { action, origin }: ActionCause): readonly Reason[] {
  const text = `${nameOfAction(action)} is not possible`;
  return ofOrigin(origin, { kind: 'ordering', text, because: whyNotDone(inquiry, action) });
}

function whyNotDone(inquiry: Inquiry, action: Action): readonly Reason[] {
  const direct = is(action, ACTION.runnable) ? [] : whyImpossible(inquiry, action);
  const { resource } = action;
  const brings = action.task === 'start' || action.task === 'running' || action.task === 'promote';
  if (direct.length > 0 || resource === undefined || !brings) return direct;
  const further = stepOnce(inquiry, resource);
  return further === undefined ? [] : whyNotRunning(further, resource);
}

function ofRule(inquiry: Inquiry, action: Action, rule: ObstacleRule): readonly Reason[] {
  const { resource, node } = action;
  switch (rule) {
    case 'node-offline':
    case 'node-pending':
    case 'guest-not-fenceable':
      return node === undefined ? [] : whyNodeUnavailable(inquiry, node);
    case 'no-quorum':
    case 'quorum-freeze':
      return [NO_QUORUM];
    case 'unmanaged':
      return resource === undefined ? [] : whyUnmanaged(inquiry, resource);
    case 'nowhere-to-run':
    case 'no-node':
    case 'instances':
      return resource === undefined ? [] : ofParts(inquiry, resource);
    case 'start-impossible': {
      const start = resource?.actions.find(one => one.task === 'start' && one.node === node);
      return start === undefined ? [] : whyImpossible(inquiry, start);
    }
    case 'needed-action-absent':
      return [];
    case 'not-enough-instances':
      return action.before
        .filter(({ first }) => !is(first, ACTION.runnable))
        .flatMap(({ first, origin }) => ofAction(inquiry, { action: first, origin }));
  }
}

/** Of a collective resource, what keeps its parts from running. */
function ofParts(inquiry: Inquiry, resource: Resource): readonly Reason[] {
  return primitivesIn(resource)
    .filter(one => plannedNode(one) === undefined)
    .flatMap(one => {
      const further = stepOnce(inquiry, one);
      return further === undefined ? [] : whyNotRunning(further, one);
    });
}

/** Why the cluster leaves a resource alone. */
export function whyUnmanaged(_: Inquiry, resource: Resource): readonly Reason[] {
  const { flags, facts, cluster, id } = resource;
  const about = { resource: id } as const;
  const freezing = resource.tickets.find(one => !one.granted && one.lossPolicy === 'freeze');
  if (freezing !== undefined) return [frozenBy(resource, freezing.ticket)];
  if (flags.blocked) return ofBlocked(resource);
  if (cluster.picture.options.maintenanceMode) {
    const undo: Edit[] = [{ kind: 'set-option', name: 'maintenance-mode', value: 'false' }];
    return [{ kind: 'maintenance', text: 'the cluster is in maintenance (maintenance-mode=true)', undo }];
  }
  const node = resource.active.find(one => one.maintenance);
  if (node !== undefined) {
    const undo: Edit[] = [{ kind: 'end-maintenance', node: node.name }];
    return [{ kind: 'node-maintenance', text: `${node.name} is in maintenance`, node: node.name, undo }];
  }
  const owner = configuredId(resource);
  const name = facts.flags.maintenance ? 'maintenance' : 'is-managed';
  const undo: Edit[] = [{ kind: 'set-meta', resource: owner, name, value: String(name !== 'maintenance') }];
  if (name === 'maintenance')
    return [{ kind: 'maintenance', text: `${id} is in maintenance`, ...about, undo }];
  if (flags.removed) {
    const text = `${id} is not configured any more, and stop-removed-resources=false leaves it alone`;
    return [
      {
        kind: 'removed',
        text,
        ...about,
        undo: [{ kind: 'set-option', name: 'stop-removed-resources', value: 'true' }],
      },
    ];
  }
  return [{ kind: 'unmanaged', text: `${id} is not managed (is-managed=false)`, ...about, undo }];
}

const frozenBy = (resource: Resource, ticket: string): Reason => ({
  kind: 'ticket',
  text: `ticket ${ticket} is not granted, and ${resource.id} is frozen until it is`,
  resource: resource.id,
  undo: [{ kind: 'grant-ticket', ticket }],
});

function ofBlocked(resource: Resource): readonly Reason[] {
  const failed = resource.cluster.nodes.flatMap(node => failedOperations(topOf(resource), node));
  const several =
    resource.active.length > 1 ? `it is active on ${resource.active.map(one => one.name).join(', ')}` : '';
  const forget: Edit[] = resource.active.map(one => ({
    kind: 'forget',
    resource: resource.id,
    node: one.name,
  }));
  const text = `${resource.id} is blocked: ${several || 'one of its operations failed (on-fail=block)'}`;
  const undo = failed.length > 0 ? [] : forget;
  return [{ kind: 'blocked', text, resource: resource.id, undo, because: failed }];
}
