/** Keeps transient node attributes, the same on all nodes, and writes them to the CIB. */
import type { Instant } from '../../base/time.ts';
import type { AttributeRequest } from '../../messages/client.ts';
import type {
  Announcement,
  AttributeWrite,
  CibWritten,
  ClientEvent,
  CommonEffect,
  DaemonEnv,
  ForgetNode,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';

export type State = Readonly<Record<string, never>>;

export type Event =
  | Heard<'membership'>
  | PeerEvent<'attributes'>
  | ClientEvent<AttributeRequest>
  | AttributeWrite
  | ForgetNode
  | CibWritten
  | Announcement
  | Tick;

export type Effect = CommonEffect;
export type Env = DaemonEnv;

export const initial: State = {};

export const step = (state: State, _event: Event, _env: Env): readonly [State, readonly Effect[]] => [
  state,
  [],
];

export const deadline = (_state: State): Instant | undefined => undefined;
