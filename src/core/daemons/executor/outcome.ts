/**
 * What the end of an agent's run means. OCF agents speak OCF's exit statuses; init scripts have a vocabulary of
 * their own for `status`, in which the world also answers for systemd; fence agents know only good and bad.
 */

import type { Duration } from '../../base/time.ts';
import type { ExecutorAction } from '../../messages/executor.ts';
import { EXECUTION, type ExecutionStatus, OCF } from '../../model/exit-status.ts';
import type { SpawnFailure } from '../contract.ts';

export interface Outcome {
  readonly status: ExecutionStatus;
  readonly exitStatus: number;
  readonly exitReason?: string;
  readonly output?: string;
}

export interface Ended {
  readonly status?: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Init scripts, and whatever the world presents as one. */
const isService = (standard: string): boolean =>
  standard === 'lsb' || standard === 'service' || standard === 'systemd';

/** The word that an agent of this standard knows the operation by. */
export function agentAction({ agent, operation }: ExecutorAction): string {
  if (isService(agent.standard) && operation === 'monitor') return 'status';
  if (agent.standard === 'stonith' && operation === 'start') return 'monitor';
  return operation;
}

export function outcomeOf(action: ExecutorAction, ended: Ended): Outcome {
  const output = ended.stdout === '' ? {} : { output: ended.stdout };
  if (ended.status === undefined) {
    return {
      status: EXECUTION.error,
      exitStatus: OCF.unknownError,
      exitReason: `Agent was ended by signal ${ended.signal ?? 'unknown'}`,
      ...output,
    };
  }
  const exitStatus = uniformStatus(action, ended.status);
  const reason = exitReason(action, ended, exitStatus);
  const exit = { exitStatus, ...(reason === undefined ? {} : { exitReason: reason }), ...output };
  return { status: EXECUTION.done, ...exit };
}

export const timedOut = (after: Duration): Outcome => ({
  status: EXECUTION.timeout,
  exitStatus: OCF.unknownError,
  exitReason: `Agent did not complete within ${spoken(after)}`,
});

export const cancelled: Outcome = { status: EXECUTION.cancelled, exitStatus: OCF.unknown };

export function notSpawned(why: SpawnFailure, error: string): Outcome {
  switch (why) {
    case 'not-installed':
      return { status: EXECUTION.notInstalled, exitStatus: OCF.notInstalled, exitReason: error };
    case 'denied':
      return { status: EXECUTION.error, exitStatus: OCF.insufficientPrivileges, exitReason: error };
    case 'failed':
      return { status: EXECUTION.error, exitStatus: OCF.unknownError, exitReason: error };
  }
}

function uniformStatus({ agent, operation, asker }: ExecutorAction, status: number): number {
  if (isService(agent.standard)) {
    return operation === 'monitor' ? serviceState(status) : serviceStatus(status);
  }
  // The fencer tells "off" from "failed" by the agent's own number.
  if (agent.standard === 'stonith' && asker !== 'fencer' && status !== OCF.ok) return OCF.unknownError;
  return status;
}

/** Exit status of an init script's `status`: 1 and 2 say dead with remains, 3 stopped, 150 and 151 are Pacemaker's. */
function serviceState(status: number): number {
  switch (status) {
    case 0:
      return OCF.ok;
    case 1:
    case 2:
    case 3:
      return OCF.notRunning;
    case 150:
      return OCF.notInstalled;
    case 151:
      return OCF.insufficientPrivileges;
    default:
      return OCF.unknownError;
  }
}

/** Other actions of init scripts share 0 to 7 with OCF. */
const serviceStatus = (status: number): number => (status <= OCF.notRunning ? status : OCF.unknownError);

const REASON = /^ocf-exit-reason:(.*)$/gm;

/** What the agent itself gave as the reason, in its last word; a fence agent's last complaint counts as one. */
function exitReason({ agent }: ExecutorAction, { stderr }: Ended, exitStatus: number): string | undefined {
  const given = [...stderr.matchAll(REASON)].at(-1)?.[1]?.trim();
  if (given !== undefined && given !== '') return given;
  if (agent.standard !== 'stonith' || exitStatus === OCF.ok) return undefined;
  const last = stderr.trim().split('\n').at(-1)?.trim();
  return last === undefined || last === '' ? undefined : last;
}

function spoken(length: Duration): string {
  if (length % 60_000 === 0) return `${length / 60_000}m`;
  return length % 1000 === 0 ? `${length / 1000}s` : `${length}ms`;
}
