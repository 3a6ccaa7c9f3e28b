import { compareRoles, parseRole } from '../../model/role.ts';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { is } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Node, Resource } from '../model.ts';
import type { Edit } from './edit.ts';
import { failedOperations, removed } from './failure-reasons.ts';
import { whyImpossible, whyUnmanaged } from './impossible.ts';
import { distinct, obstaclesOn } from './obstacles.ts';
import { ofOrigin } from './orders.ts';
import { type Inquiry, type Reason, stepInto, stepOnce } from './reason.ts';
import { configuredId, placesFor, plannedNode, primitivesIn, startOn } from './subject.ts';

/** Why a resource (of a collective one, any part of it) is not going to run anywhere. */
export function whyNotRunning(inquiry: Inquiry, resource: Resource): readonly Reason[] {
  if (resource.kind === 'primitive') return distinct(whyPrimitiveStopped(inquiry, resource));
  const stopped = primitivesIn(resource).filter(one => plannedNode(one) === undefined);
  return distinct(stopped.flatMap(one => whyPrimitiveStopped(inquiry, one)));
}

function whyPrimitiveStopped(inquiry: Inquiry, resource: Resource): readonly Reason[] {
  if (resource.flags.removed && resource.flags.managed) return [removed(resource)];
  const general = whyNowhereAtAll(inquiry, resource);
  const { assigned } = resource;
  const start = assigned === undefined ? undefined : startOn(resource, assigned);
  if (start !== undefined && !is(start, ACTION.runnable))
    return [...general, ...whyImpossible(inquiry, start)];
  if (assigned !== undefined && compareRoles(resource.nextRole, 'Stopped') > 0) return general;
  const { displaced } = resource;
  if (displaced !== undefined) {
    const further = stepOnce(inquiry, displaced.partner);
    const because = further === undefined ? [] : whyNotRunning(further, displaced.partner);
    const text = `no instance of ${displaced.partner.id} is where ${resource.id} could use it`;
    return [
      ...general,
      ...ofOrigin(displaced.origin, { kind: 'no-partner', text, resource: resource.id, because }),
    ];
  }
  return [...general, ...placesFor(resource).flatMap(node => obstaclesBeside(inquiry, resource, node))];
}

/** Obstacles on a node that are not said already of all nodes. */
function obstaclesBeside(inquiry: Inquiry, resource: Resource, node: Node): readonly Reason[] {
  const further = stepInto(inquiry, node);
  return further === undefined ? [] : obstaclesOn(further, resource, node);
}

/** What keeps a resource from running wherever it might be. */
function whyNowhereAtAll(inquiry: Inquiry, resource: Resource): readonly Reason[] {
  const { options, quorate } = resource.cluster.picture;
  const reasons: Reason[] = [];
  if (options.fencingEnabled && !options.haveFencing) reasons.push(NO_FENCING);
  else if (!resource.flags.managed) reasons.push(...whyUnmanaged(inquiry, resource));
  if (options.stopAll) reasons.push(STOP_ALL);
  if (resource.flags.managed) reasons.push(...whyRoleStopped(inquiry, resource));
  if (!quorate && resource.active.length === 0) reasons.push(...withoutQuorum(resource));
  return reasons;
}

function withoutQuorum({ cluster, flags }: Resource): readonly Reason[] {
  const { noQuorumPolicy } = cluster.picture.options;
  if (noQuorumPolicy === 'freeze') return [FROZEN];
  const stops = noQuorumPolicy === 'stop' || noQuorumPolicy === 'demote';
  return stops && (flags.needsQuorum || flags.needsFencing) ? [NO_QUORUM] : [];
}

const NO_FENCING: Reason = {
  kind: 'no-fencing',
  text: 'fencing is enabled, but no fence device is configured (and there is no watchdog), so that nothing is started',
  undo: [{ kind: 'set-option', name: 'fencing-enabled', value: 'false' }],
};

const STOP_ALL: Reason = {
  kind: 'stop-all',
  text: 'stop-all-resources=true keeps everything stopped',
  undo: [{ kind: 'set-option', name: 'stop-all-resources', value: 'false' }],
};

export const NO_QUORUM: Reason = {
  kind: 'no-quorum',
  text: 'the partition has no quorum',
  undo: [{ kind: 'gain-quorum' }],
};

const FROZEN: Reason = {
  kind: 'no-quorum',
  text: 'the partition has no quorum, and no-quorum-policy=freeze lets nothing start',
  undo: [{ kind: 'gain-quorum' }],
};

/** Why the role that a resource is to have is Stopped: nothing where it is another. */
export function whyRoleStopped(_: Inquiry, resource: Resource): readonly Reason[] {
  const { facts } = resource;
  if (facts.nextRole !== 'Stopped') return [];
  const text = facts.meta.get('target-role');
  if (text !== undefined && parseRole(text) === 'Stopped') return [targetRoleOf(resource)];
  const failed = resource.cluster.nodes.flatMap(node => failedOperations(resource, node));
  return [
    {
      kind: 'failure-policy',
      text: `${resource.id} is to stay stopped after a failure (on-fail, or reconnect_interval of a connection)`,
      resource: resource.id,
      because: failed,
    },
  ];
}

/** The element that says it: the resource's own, or the nearest that it is in. */
function targetRoleOf(resource: Resource): Reason {
  let owner = resource;
  while (owner.parent !== undefined && !says(owner.facts.xml)) owner = owner.parent;
  const id = configuredId(says(owner.facts.xml) ? owner : resource);
  const undo: Edit[] = [{ kind: 'set-meta', resource: id, name: 'target-role', value: 'Started' }];
  return { kind: 'target-role', text: `target-role of ${id} is Stopped`, resource: resource.id, undo };
}

const says = (xml: XmlElement): boolean =>
  xml.children.some(
    set =>
      set.name === 'meta_attributes' &&
      (attribute(set, 'id-ref') !== undefined ||
        set.children.some(one => one.name === 'nvpair' && attribute(one, 'name') === 'target-role')),
  );
