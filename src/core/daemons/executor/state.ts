/** What the executor knows; see `executor.ts` for what holds of it. */
import type { Instant } from '../../base/time.ts';
import type { ExecutorAction, ExecutorAsker, ExecutorResult } from '../../messages/executor.ts';
import type { AgentReference, EffectId, ExecutorEffect } from '../contract.ts';
import type { Outcome } from './outcome.ts';

export interface ExecutorState {
  readonly connected: boolean;
  readonly nextEffect: EffectId;
  readonly nextResult: number;
  /** By queue, see `queueOf`. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly runs: ReadonlyMap<EffectId, Run>;
  readonly unacknowledged: readonly ExecutorResult[];
  /** What the controller had done with each resource; see `listed`. */
  readonly known: ReadonlyMap<string, ExecutorAction>;
  /** What may be active, and with what parameters; see `begun.ts`. */
  readonly begun: ReadonlyMap<string, ExecutorAction>;
  /** By agent, see `agentKey`. */
  readonly metadata: ReadonlyMap<string, Metadata>;
}

/** All that is to be done for one resource, one action at a time. */
export interface Queue {
  readonly running?: EffectId;
  readonly waiting: readonly Waiting[];
  /** One-off actions that may not begin yet. */
  readonly delayed: readonly { readonly waiting: Waiting; readonly at: Instant }[];
  /** By `recurringKey`. */
  readonly recurring: ReadonlyMap<string, Recurring>;
  /** Of a fence device: the cluster started it, so that a probe finds it. */
  readonly deviceStarted?: boolean;
}

export interface Waiting {
  readonly action: ExecutorAction;
  readonly queuedAt: Instant;
}

export interface Recurring {
  readonly action: ExecutorAction;
  /** When it is due; absent while it waits in the queue or runs. */
  readonly nextAt?: Instant;
  /** The outcome that the asker knows of. */
  readonly reported?: Outcome;
  readonly changedAt?: Instant;
}

/** A child of the world's: an action, or the fetching of an agent's metadata. */
export type Run = {
  readonly effect: EffectId;
  readonly startedAt: Instant;
  /** When patience ends: with the action, after `TERM`, or after `KILL`. */
  readonly deadline: Instant;
  readonly ending?: Ending;
} & (
  | {
      readonly kind: 'action';
      readonly queue: string;
      readonly action: ExecutorAction;
      readonly queuedAt: Instant;
    }
  | { readonly kind: 'metadata'; readonly agent: AgentReference }
);

export type ActionRun = Extract<Run, { readonly kind: 'action' }>;

export interface Ending {
  readonly why: 'timeout' | 'cancelled' | 'dropped';
  readonly signal: 'TERM' | 'KILL';
}

export interface Metadata {
  readonly xml?: string;
  readonly fetchedAt?: Instant;
  readonly askers: readonly { readonly asker: ExecutorAsker; readonly request: number }[];
}

export const NOTHING_KNOWN: ExecutorState = {
  connected: false,
  nextEffect: 1,
  nextResult: 1,
  queues: new Map(),
  runs: new Map(),
  unacknowledged: [],
  known: new Map(),
  begun: new Map(),
  metadata: new Map(),
};

/** One step under way: its state so far and what it has decided to do. It never outlives the step. */
export interface Turn {
  state: ExecutorState;
  readonly effects: ExecutorEffect[];
  readonly now: Instant;
}

const EMPTY: Queue = { waiting: [], delayed: [], recurring: new Map() };

/** Runs of the fencer never wait for each other here: it has limits of its own, for each device. */
export const queueOf = ({ asker, resource, call }: ExecutorAction): string =>
  asker === 'fencer' ? `fencer ${call}` : resource;

export const recurringKey = (action: Pick<ExecutorAction, 'operation' | 'interval'>): string =>
  `${action.operation}_${action.interval}`;

export const agentKey = ({ standard, provider = '', type }: AgentReference): string =>
  `${standard}:${provider}:${type}`;

export const queueNamed = (state: ExecutorState, name: string): Queue => state.queues.get(name) ?? EMPTY;

export function setQueue(turn: Turn, name: string, queue: Queue): void {
  const queues = new Map(turn.state.queues);
  if (isIdle(queue)) queues.delete(name);
  else queues.set(name, queue);
  turn.state = { ...turn.state, queues };
}

const isIdle = (queue: Queue): boolean =>
  queue.running === undefined &&
  queue.waiting.length === 0 &&
  queue.delayed.length === 0 &&
  queue.recurring.size === 0 &&
  queue.deviceStarted !== true;

export function setRecurring(turn: Turn, name: string, key: string, recurring: Recurring | undefined): void {
  const queue = queueNamed(turn.state, name);
  const all = new Map(queue.recurring);
  if (recurring === undefined) all.delete(key);
  else all.set(key, recurring);
  setQueue(turn, name, { ...queue, recurring: all });
}

/** Remembers the resource by its first action, or by one that went well and says what parameters hold. */
export function remember(turn: Turn, action: ExecutorAction, { succeeded }: { succeeded: boolean }): void {
  const { known } = turn.state;
  if (action.asker !== 'controller' || (known.has(action.resource) && !succeeded)) return;
  turn.state = { ...turn.state, known: new Map(known).set(action.resource, action) };
}

export function forgetKnown(turn: Turn, resource: string): void {
  const known = new Map(turn.state.known);
  known.delete(resource);
  turn.state = { ...turn.state, known };
}

export function setRun(turn: Turn, run: Run): void {
  turn.state = { ...turn.state, runs: new Map(turn.state.runs).set(run.effect, run) };
}

export function dropRun(turn: Turn, effect: EffectId): void {
  const runs = new Map(turn.state.runs);
  runs.delete(effect);
  turn.state = { ...turn.state, runs };
}
