/** Probes that a node asks of itself, where no DC would: of what the configuration has lost. */
import { milliseconds } from '../../../base/time.ts';
import { sectionOf } from '../../../cib/document.ts';
import type { ResourceOrder } from '../../../messages/controller.ts';
import type { ExecutorAction } from '../../../messages/executor.ts';
import { OCF } from '../../../model/exit-status.ts';
import { resourceId, withoutInstance } from '../../../model/names.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { attribute, walk, type XmlElement } from '../../../xml/element.ts';
import { NO_RUN, OWN_TRANSITION, printTransitionKey } from '../transition-key.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { takeOrder } from './waiting.ts';

/** The executor was asked to forget what may be active. */
export function noteForgotten(turn: Turn, action: ExecutorAction): void {
  updateLocal(turn, { forgotten: new Map(turn.state.local.forgotten).set(action.resource, { action }) });
}

/**
 * What was forgotten here though it may be active. The DC has it probed, unless the configuration loses it before: then
 * its node does, or it would run on and nobody would know of it.
 */
export function probeForgotten(turn: Turn): void {
  const { cib, local } = turn.state;
  const { executor, history, forgotten } = local;
  if (forgotten.size === 0 || executor !== 'ready' || history === undefined || cib === undefined) return;
  const resources = sectionOf(cib, 'resources');
  for (const [resource, { action, configuredIn }] of forgotten) {
    if (!history.has(resource) && configuredIn !== undefined && configuredIn === resources) continue;
    const left = new Map(turn.state.local.forgotten);
    left.delete(resource);
    const isWaiting = !history.has(resource) && resources !== undefined && isIn(resources, resource);
    if (isWaiting) left.set(resource, { action, configuredIn: resources });
    updateLocal(turn, { forgotten: left });
    if (!isWaiting && !history.has(resource)) takeOrder(turn, ownProbe(turn, action));
  }
}

/** Whether there is such a resource in the `resources` of the configuration. */
export function isIn(resources: XmlElement, resource: string): boolean {
  const id = withoutInstance(resource);
  return [...walk(resources)].some(one => attribute(one, 'id') === id);
}

/** Whether it is active, with the parameters that it was begun with. */
export const ownProbe = (
  turn: Turn,
  { resource, agent, parameters, timeout }: ExecutorAction,
): ResourceOrder => ({
  node: turn.env.node,
  resource: {
    id: resourceId(resource),
    class: agent.standard,
    ...(agent.provider === undefined ? {} : { provider: agent.provider }),
    type: agent.type,
  },
  operation: 'monitor',
  operationKey: operationKey(resource, 'monitor', milliseconds(0)),
  attributes: {
    ...parameters,
    CRM_meta_interval: '0',
    CRM_meta_timeout: String(timeout),
  },
  transitionKey: printTransitionKey({
    // Nothing else tells one such probe from another.
    action: turn.state.local.nextCall,
    transition: OWN_TRANSITION,
    expected: OCF.notRunning,
    run: NO_RUN,
  }),
});
