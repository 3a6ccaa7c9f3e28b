/** How the executor's machine has agents run; the standards (ocf, systemd, lsb, service, stonith) stand behind it. */
import type { EffectId, ExecutorEffect, ExecutorEvent } from '../../core/daemons/contract.ts';

export type SpawnEffect = Extract<ExecutorEffect, { readonly kind: 'spawn' }>;
export type RunEnded = Extract<ExecutorEvent, { readonly kind: 'exited' | 'could-not-spawn' }>;

export interface AgentRunner {
  /** Starts it. One event `exited` or `could-not-spawn` follows, never before this has returned. */
  readonly spawn: (effect: SpawnEffect) => void;
  /** Signals the whole process group of a run; nothing happens when it has ended. */
  readonly signal: (effect: EffectId, signal: 'TERM' | 'KILL') => void;
}
