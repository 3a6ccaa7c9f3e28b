/** Probes that a node asks of itself, where no DC would: of what the configuration has lost. */
import { type Duration, milliseconds } from '../../../base/time.ts';
import type { ResourceOrder } from '../../../messages/controller.ts';
import { OCF } from '../../../model/exit-status.ts';
import { resourceId } from '../../../model/names.ts';
import { operationKey } from '../../../model/operation-key.ts';
import type { ResourceHistory } from '../state.ts';
import { NO_RUN, OWN_TRANSITION, printTransitionKey } from '../transition-key.ts';
import type { Turn } from '../turn.ts';

/** What a resource was begun with, as far as this node remembers. */
export interface Remembered {
  readonly agent: ResourceHistory['agent'];
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeout?: Duration;
}

export const ownProbe = (
  turn: Turn,
  resource: string,
  { agent, parameters, timeout }: Remembered,
): ResourceOrder => ({
  node: turn.env.node,
  resource: { id: resourceId(resource), ...agent },
  operation: 'monitor',
  operationKey: operationKey(resource, 'monitor', milliseconds(0)),
  attributes: {
    ...parameters,
    CRM_meta_interval: '0',
    ...(timeout === undefined ? {} : { CRM_meta_timeout: String(timeout) }),
  },
  transitionKey: printTransitionKey({
    // Nothing else tells one such probe from another.
    action: turn.state.local.nextCall,
    transition: OWN_TRANSITION,
    expected: OCF.notRunning,
    run: NO_RUN,
  }),
});
