/** The conversation between `pacemakerd` and `pacemaker-execd`. Results stay with the executor until they are acknowledged. */
import type { Duration, Instant } from '../base/time.ts';
import type { ExecutionStatus } from '../model/exit-status.ts';

/** Who in `pacemakerd` hears of the result. */
export type ExecutorAsker = 'controller' | 'fencer';

export interface ExecutorAction {
  readonly asker: ExecutorAsker;
  /** Chosen by the asker, unique for it while the executor lives. */
  readonly call: number;
  /** Resource instance id, or the id of a fence device. */
  readonly resource: string;
  readonly agent: { readonly standard: string; readonly provider?: string; readonly type: string };
  /** start, stop, monitor, promote, demote, notify, reload, migrate_to …; for stonith also on, off, reboot, list, status. */
  readonly operation: string;
  /** Over 0: repeated, first at once (or after `startDelay`), then this long after the end of each run. */
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly startDelay?: Duration;
  readonly parameters: Readonly<Record<string, string>>;
  /** Comes back with each result: the transition key. */
  readonly userData?: string;
}

export type ExecutorRequest =
  | { readonly kind: 'execute'; readonly action: ExecutorAction }
  /** End a recurring operation; one result `cancelled` follows, or `nothing-to-cancel`. */
  | {
      readonly kind: 'cancel';
      readonly resource: string;
      readonly operation: string;
      readonly interval: Duration;
    }
  | { readonly kind: 'acknowledge'; readonly result: number }
  /** What is running, recurring and not yet acknowledged: asked after a (re)connection. */
  | { readonly kind: 'list' }
  | {
      readonly kind: 'metadata';
      readonly asker: ExecutorAsker;
      readonly request: number;
      readonly agent: ExecutorAction['agent'];
    }
  /** What was done with the resource so far; `forgotten` follows if it may be active. */
  | { readonly kind: 'forget'; readonly resource: string };

export interface ExecutorResult {
  /** Number of this result, for `acknowledge`. */
  readonly result: number;
  readonly action: ExecutorAction;
  readonly status: ExecutionStatus;
  readonly exitStatus: number;
  readonly exitReason?: string;
  readonly output?: string;
  /** When it was queued, began and ended; of a recurring one also since when this outcome has held. */
  readonly queuedAt: Instant;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly changedAt?: Instant;
}

export type ExecutorReply =
  | { readonly kind: 'result'; readonly result: ExecutorResult }
  | {
      readonly kind: 'nothing-to-cancel';
      readonly resource: string;
      readonly operation: string;
      readonly interval: Duration;
    }
  /** The resource was forgotten and may be active: an action with the parameters that it has. */
  | { readonly kind: 'forgotten'; readonly action: ExecutorAction }
  | {
      readonly kind: 'listed';
      readonly running: readonly ExecutorAction[];
      readonly recurring: readonly ExecutorAction[];
      readonly unacknowledged: readonly ExecutorResult[];
      /**
       * For each resource that the controller had anything done with since the executor began, and that was not
       * forgotten: its newest successful start, monitor or reload (whose parameters hold), else its first action.
       * History of any other resource is from a former life of the node.
       */
      readonly known: readonly ExecutorAction[];
      /**
       * For each resource that may be active by the doing of this executor, or of one before it since the host was
       * started: an action with the parameters that it has.
       */
      readonly begun: readonly ExecutorAction[];
    }
  | {
      readonly kind: 'metadata';
      readonly asker: ExecutorAsker;
      readonly request: number;
      readonly xml?: string;
      readonly error?: string;
    };
