/**
 * What outlives the executor: of each resource that may be active by its doing, an action that says with what
 * parameters. When the executor and all who listened to it are gone at once, the next one still tells of a service
 * whose resource was deleted meanwhile. What holds: nothing that may make a resource active begins before it is kept.
 */
import type { ExecutorAction } from '../../messages/executor.ts';
import { EXECUTION, OCF } from '../../model/exit-status.ts';
import type { Outcome } from './outcome.ts';
import type { Turn } from './state.ts';

const MAY_ACTIVATE = new Set(['start', 'promote', 'migrate_from', 'reload', 'reload-agent']);

export function noteBegin(turn: Turn, action: ExecutorAction): void {
  if (isService(action) && MAY_ACTIVATE.has(action.operation)) keep(turn, action);
}

export function noteEnd(turn: Turn, action: ExecutorAction, { status, exitStatus }: Outcome): void {
  if (!isService(action) || status !== EXECUTION.done) return;
  const { operation, resource } = action;
  const isStopped = operation === 'stop' ? exitStatus === OCF.ok : exitStatus === OCF.notRunning;
  if ((operation === 'stop' || operation === 'monitor') && isStopped) letGo(turn, resource);
  else if (operation === 'monitor' && ACTIVE.has(exitStatus) && !turn.state.begun.has(resource)) {
    keep(turn, action);
  }
}
const ACTIVE: ReadonlySet<number> = new Set([OCF.ok, OCF.runningPromoted]);

function letGo(turn: Turn, resource: string): void {
  if (!turn.state.begun.has(resource)) return;
  const begun = new Map(turn.state.begun);
  begun.delete(resource);
  turn.state = { ...turn.state, begun };
  turn.effects.push({ kind: 'keep-begun', resource });
}

function keep(turn: Turn, action: ExecutorAction): void {
  const { resource } = action;
  turn.state = { ...turn.state, begun: new Map(turn.state.begun).set(resource, action) };
  turn.effects.push({ kind: 'keep-begun', resource, action });
}

/** A fence device is no process that could be left behind. */
const isService = ({ asker, agent }: ExecutorAction): boolean =>
  asker === 'controller' && agent.standard !== 'stonith';
