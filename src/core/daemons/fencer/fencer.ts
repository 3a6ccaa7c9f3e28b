/** Fences nodes with the devices that the CIB names, agreed among the fencers of all nodes. */
import type { Instant } from '../../base/time.ts';
import type { FencerRequest } from '../../messages/client.ts';
import type {
  Announcement,
  CibWritten,
  ClientEvent,
  CommonEffect,
  DaemonEnv,
  Done,
  FenceOrder,
  ForgetNode,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';

export type State = Readonly<Record<string, never>>;

/** Of `executor-reply` it hears `listed` and what names the fencer as asker. */
export type Event =
  | Heard<
      'membership' | 'executor-connected' | 'executor-lost' | 'executor-reply' | 'device-placement-computed'
    >
  | PeerEvent<'fencer'>
  | ClientEvent<FencerRequest>
  | FenceOrder
  | ForgetNode
  | CibWritten
  | Announcement
  | Tick;

export type Effect = CommonEffect | Done<'ask-executor' | 'compute-device-placement' | 'panic'>;
export type Env = DaemonEnv;

export const initial: State = {};

export const step = (state: State, _event: Event, _env: Env): readonly [State, readonly Effect[]] => [
  state,
  [],
];

export const deadline = (_state: State): Instant | undefined => undefined;
