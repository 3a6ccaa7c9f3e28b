/**
 * Keeps this node's copy of the CIB, the same as on all other nodes. What holds:
 *
 * 1. The document changes only where a write comes in the cluster's order, or where an agreement on the document
 *    of another peer ends; all peers that agreed have the same document after the same writes.
 * 2. Nothing is applied while there is no agreement: writes that come then wait, in their order.
 * 3. A write is answered once a majority of all votes has it, on disk if the disk keeps it; where there is no
 *    such majority, once every peer has it.
 * 4. At a merge no document of few nodes wins over what a majority has (see `rank.ts`).
 * 5. One document is on its way to the disk at a time; the newest goes next.
 */
import { unreachable } from '../../base/assert.ts';
import type { Instant } from '../../base/time.ts';
import { emptyCib } from '../../cib/empty.ts';
import { UNKNOWN_LINEAGE } from '../../cib/lineage.ts';
import type { CibMessage } from '../../messages/cib.ts';
import type { CibRequest, ClientIdentity } from '../../messages/client.ts';
import type { NodeName } from '../../model/names.ts';
import type { SupervisorEnv } from '../contract.ts';
import type { Announcement, CibWrite, ClientEvent, DaemonName, Heard, PeerEvent, Tick } from '../inside.ts';
import * as agreement from './agree.ts';
import { checkIfDue, onCheck } from './check.ts';
import { fromDisk } from './document.ts';
import { initial as beginning, type State as ManagerState, type View } from './state.ts';
import { onStored } from './store.ts';
import { type Effect as ManagerEffect, Turn } from './turn.ts';
import { onProgress, onWrite, request, settle } from './write.ts';

export type State = ManagerState;
export type Effect = ManagerEffect;

export type Event =
  | Heard<'started' | 'membership' | 'cib-stored'>
  | PeerEvent<'cib'>
  | ClientEvent<CibRequest>
  | CibWrite
  | Announcement
  | Tick;

export type Env = SupervisorEnv;

export const initial: State = beginning;

export function step(state: State, event: Event, env: Env): readonly [State, readonly Effect[]] {
  const turn = new Turn(state, env);
  take(turn, event);
  settle(turn);
  return [turn.state, turn.effects];
}

export const deadline = ({ checkAt }: State): Instant | undefined => checkAt;

function take(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'started':
      start(turn, event);
      break;
    case 'membership': {
      agreement.onView(turn, viewOf(event));
      break;
    }
    case 'message':
      hear(turn, event.from, event.body);
      break;
    case 'client-request': {
      const { client, request: number, body, identity } = event;
      request(turn, { asker: { kind: 'client', client, request: number }, body, identity });
      break;
    }
    case 'cib-write': {
      const { from, request: number, body } = event;
      const asker = { kind: 'daemon', name: from, request: number } as const;
      request(turn, { asker, body, identity: DAEMONS[from] });
      break;
    }
    case 'cib-stored':
      onStored(turn, event.effect);
      break;
    case 'tick':
      checkIfDue(turn);
      break;
    case 'cib-changed':
    case 'cib-agreed':
    case 'fencing-ended':
      break;
    default:
      unreachable(event);
  }
}

/** The cluster writes as its own user does, under the names that histories of clusters have always shown. */
const DAEMONS: Readonly<Record<Exclude<DaemonName, 'cib'>, ClientIdentity>> = {
  controller: { user: 'hacluster', groups: ['haclient'], name: 'crmd' },
  attributes: { user: 'hacluster', groups: ['haclient'], name: 'attrd' },
  fencer: { user: 'hacluster', groups: ['haclient'], name: 'stonith-ng' },
};

function start(turn: Turn, { cib, lineage, problems }: Heard<'started'>): void {
  for (const problem of problems) turn.log('err', problem);
  const after = fromDisk(cib ?? emptyCib());
  const known = (cib && lineage) ?? UNKNOWN_LINEAGE;
  turn.set({ cib: after, lineage: known, ...(cib && { stored: { cib: after, lineage: known } }) });
  turn.effects.push({ kind: 'announce', body: { kind: 'cib-changed', after } });
  agreement.sendPosition(turn);
}

/**
 * Nodes have a vote, but only their daemons hold the CIB: where most nodes are up and most daemons are not, another
 * few may hold what these do not know. Two nodes of which one has quorum are an exception that cannot be kept.
 */
function viewOf({ members, peers, quorate, expectedVotes }: Heard<'membership'>): View {
  const byVotes = members.length * 2 > expectedVotes;
  const byPeers = peers.length * 2 > expectedVotes;
  return { peers: [...peers].sort(), quorate: quorate && (byPeers || !byVotes), expectedVotes };
}

function hear(turn: Turn, from: NodeName, message: CibMessage): void {
  switch (message.kind) {
    case 'write':
      onWrite(turn, from, message);
      break;
    case 'stored':
      onProgress(turn, from, message.round, message);
      break;
    case 'round':
      agreement.onRound(turn, from, message.round);
      break;
    case 'position':
      agreement.onPosition(turn, from, message.round, message);
      break;
    case 'document':
      agreement.onDocument(turn, message.round, message.cib);
      break;
    case 'patchset':
      agreement.onPatchset(turn, message.round, message.patchset);
      break;
    case 'check':
      onCheck(turn, from, message);
      break;
    default:
      unreachable(message);
  }
}
