/** Keeps this node's copy of the CIB. */
import type { Instant } from '../../base/time.ts';
import type { CibRequest } from '../../messages/client.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { SupervisorEnv } from '../contract.ts';
import type {
  Announcement,
  CibWrite,
  ClientEvent,
  CommonEffect,
  Done,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';

export interface State {
  readonly cib?: XmlElement;
}

export type Event =
  | Heard<'started' | 'membership' | 'cib-stored'>
  | PeerEvent<'cib'>
  | ClientEvent<CibRequest>
  | CibWrite
  | Announcement
  | Tick;

export type Effect = CommonEffect | Done<'store-cib' | 'panic'>;
export type Env = SupervisorEnv;

export const initial: State = {};

export function step(state: State, event: Event, _env: Env): readonly [State, readonly Effect[]] {
  if (event.kind !== 'started') return [state, []];
  const cib = event.cib ?? element('cib');
  return [{ cib }, [{ kind: 'announce', body: { kind: 'cib-changed', after: cib } }]];
}

export const deadline = (_state: State): Instant | undefined => undefined;
