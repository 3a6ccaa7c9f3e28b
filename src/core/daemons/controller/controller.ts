/** Elects the DC, joins nodes to it, walks transitions, and carries out what the DC asks of this node. */
import type { Instant } from '../../base/time.ts';
import type { ControllerRequest } from '../../messages/client.ts';
import type {
  Announcement,
  CibWritten,
  ClientEvent,
  CommonEffect,
  DaemonEnv,
  Done,
  FenceOutcome,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';

export type State = Readonly<Record<string, never>>;

/** Of `executor-reply` it hears `listed` and what names the controller as asker. */
export type Event =
  | Heard<
      | 'membership'
      | 'executor-connected'
      | 'executor-lost'
      | 'executor-reply'
      | 'transition-computed'
      | 'shut-down'
    >
  | PeerEvent<'controller'>
  | ClientEvent<ControllerRequest>
  | FenceOutcome
  | CibWritten
  | Announcement
  | Tick;

export type Effect = CommonEffect | Done<'ask-executor' | 'compute-transition' | 'exit' | 'panic'>;
export type Env = DaemonEnv;

export const initial: State = {};

export const step = (state: State, _event: Event, _env: Env): readonly [State, readonly Effect[]] => [
  state,
  [],
];

export const deadline = (_state: State): Instant | undefined => undefined;
