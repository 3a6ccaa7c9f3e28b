import type {
  ExecutorEffect,
  ExecutorEvent,
  SupervisorEffect,
  SupervisorEvent,
} from '../../core/daemons/contract.ts';
import type { Settings } from '../settings.ts';
import type { SimNode } from '../world/node.ts';

/**
 * A fault of the kind that a programmer makes, put in where a machine meets its world: what goes in or comes out
 * is exchanged for nothing, for something else or for more of it. A simulation that does not notice it is blind.
 */
export interface Bug {
  readonly name: string;
  /** What the daemons would be doing wrong. */
  readonly says: string;
  /** Faults that it takes to show; its seeds have them and no others. */
  readonly faults?: Settings['faults'];
  readonly supervisorEvent?: (event: SupervisorEvent, node: SimNode) => readonly SupervisorEvent[];
  readonly supervisorEffect?: (effect: SupervisorEffect, node: SimNode) => readonly SupervisorEffect[];
  readonly executorEvent?: (event: ExecutorEvent, node: SimNode) => readonly ExecutorEvent[];
  readonly executorEffect?: (effect: ExecutorEffect, node: SimNode) => readonly ExecutorEffect[];
}
