/**
 * Fences nodes with the devices that the CIB names, agreed among the fencers of all nodes. What holds:
 *
 * 1. A fencing has one conductor, at first the node that was asked. It asks all peers what they can do, tells one
 *    peer at a time to use one device, and says one result to all.
 * 2. Only an agent that ended well, or a person's word, makes a fencing succeed. What is not known did not succeed.
 * 3. Who asks for what is under way already shares its result, unless the target came to the cluster meanwhile:
 *    then another life of it is meant.
 * 4. The target does it itself only where nobody else can.
 * 5. A conductor that goes away ends its fencings, but for one whose last step a peer is at: that peer says the
 *    result.
 * 6. On every peer a result is announced once.
 */
import { unreachable } from '../../base/assert.ts';
import { earliest, type Instant } from '../../base/time.ts';
import type { FencerRequest } from '../../messages/client.ts';
import type { ExecutorReply, ExecutorResult } from '../../messages/executor.ts';
import type { FencerMessage } from '../../messages/fencer.ts';
import type { NodeName } from '../../model/names.ts';
import type {
  Announcement,
  CibWritten,
  ClientEvent,
  DaemonEnv,
  FenceOrder,
  ForgetNode,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';
import { advance, noteOffer, noteRun } from './conduct.ts';
import { readList, targetsOf } from './device.ts';
import { noteAnswer, settleInquiries } from './inquiry.ts';
import {
  noteHistory,
  noteJoin,
  noteLost,
  noteOrder,
  noteRanOf,
  noteRequest,
  noteResult,
  type Outcome,
  setOperation,
  tellWaiting,
} from './operation.ts';
import { askAgents, forgetQuestions, noteCib, noteMetadata, notePlacement } from './placement.ts';
import { multicast, obey, serve, targetsElement } from './requests.ts';
import { beginRuns, loseRuns, noteRan } from './run.ts';
import {
  devicesOf,
  type FencerEffect,
  type FencerState,
  NOTHING_KNOWN,
  type Turn,
  update,
  withOut,
} from './state.ts';

export type State = FencerState;

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

export type Effect = FencerEffect;
export type Env = DaemonEnv;

export const initial: State = NOTHING_KNOWN;

export function step(state: State, event: Event, env: Env): readonly [State, readonly Effect[]] {
  const turn: Turn = { state, effects: [], env };
  take(turn, event);
  settleInquiries(turn);
  advance(turn);
  beginRuns(turn);
  return [turn.state, turn.effects];
}

/** When the next `tick` is wanted. */
export function deadline({ inquiries, conducts, runs }: State): Instant | undefined {
  let first: Instant | undefined;
  for (const { until } of inquiries) first = earliest(first, until);
  for (const { plan, askUntil, runUntil } of conducts.values()) {
    first = earliest(first, plan === undefined ? askUntil : runUntil);
  }
  for (const { call, ready, notBefore, until } of runs) {
    // One whose delay is over waits for its device, which says when it is free; its patience ends all the same.
    if (call === undefined) first = earliest(first, ready ? until : notBefore);
  }
  return first;
}

function take(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'membership':
      noteMembership(turn, event);
      return;
    case 'message':
      hear(turn, event.from, event.body);
      return;
    case 'client-request':
      serve(turn, event);
      return;
    case 'fence':
      obey(turn, event);
      return;
    case 'executor-connected':
      update(turn, { executor: true });
      askAgents(turn);
      return;
    case 'executor-lost':
      update(turn, { executor: false });
      forgetQuestions(turn);
      loseRuns(turn);
      return;
    case 'executor-reply':
      noteReply(turn, event.reply);
      return;
    case 'device-placement-computed':
      notePlacement(turn, event.effect, event.placement);
      return;
    case 'cib-changed':
      noteCib(turn, event.after);
      return;
    case 'forget-node':
    case 'cib-agreed':
    case 'cib-written':
    case 'fencing-ended':
    case 'tick':
      return;
    default:
      unreachable(event);
  }
}

function noteMembership(turn: Turn, { members, peers: unsorted }: Heard<'membership'>): void {
  const { peers: before, members: were } = turn.state;
  const peers = unsorted.toSorted();
  const names = members.map(({ name }) => name);
  update(turn, { peers, members: names });
  noteLost(
    turn,
    before.filter(peer => !peers.includes(peer)),
  );
  for (const operation of turn.state.operations.values()) {
    const { target } = operation;
    if (names.includes(target) && !were.includes(target))
      setOperation(turn, { ...operation, targetCame: true });
  }
  const came = peers.some(peer => !before.includes(peer));
  const speaker = before.find(peer => peers.includes(peer));
  if (came && speaker === turn.env.node.name && turn.state.history.length > 0) {
    multicast(turn, { kind: 'history', entries: turn.state.history });
  }
}

function hear(turn: Turn, from: NodeName, message: FencerMessage): void {
  switch (message.kind) {
    case 'request':
      noteRequest(turn, from, message);
      return;
    case 'join':
      noteJoin(turn, message.id, message.other);
      return;
    case 'offer':
      noteOffer(turn, message.id, from, message.devices);
      return;
    case 'run':
      noteOrder(turn, message);
      return;
    case 'ran':
      noteRun(turn, message);
      noteRanOf(turn, message);
      return;
    case 'result':
      noteResult(turn, message.entry);
      return;
    case 'history':
      noteHistory(turn, message.entries);
      return;
    case 'clear-history': {
      const { target } = message;
      const isKept = (one: { readonly target: NodeName }) => target !== undefined && one.target !== target;
      update(turn, { history: turn.state.history.filter(isKept) });
      return;
    }
    default:
      unreachable(message);
  }
}

function noteReply(turn: Turn, reply: ExecutorReply): void {
  switch (reply.kind) {
    case 'metadata':
      noteMetadata(turn, reply.request, reply.xml);
      return;
    case 'listed':
      // Results of an earlier life of ours: nobody waits for them any more.
      for (const { result, action } of reply.unacknowledged) {
        if (action.asker === 'fencer' && !isOurs(turn, action.call)) acknowledge(turn, result);
      }
      return;
    case 'result': {
      const { result } = reply;
      acknowledge(turn, result.result);
      if (noteRan(turn, result) || noteAnswer(turn, result)) return;
      const ok = result.status === 0 && result.exitStatus === 0;
      const message = result.exitReason ?? 'the device did not answer well';
      const outcome = ok ? ({ ok } as const) : ({ ok, refusal: 'failed', message } as const);
      answerQuery(turn, result, outcome);
      return;
    }
    case 'nothing-to-cancel':
    case 'forgotten':
      return;
    default:
      unreachable(reply);
  }
}

/** A client asked a device itself; a list that it gave is told in the cluster's names. */
function answerQuery(turn: Turn, { action, output }: ExecutorResult, outcome: Outcome): void {
  const key = `query ${action.call}`;
  const waiting = turn.state.waiting.get(key)?.by;
  const device = devicesOf(turn.state).find(({ id }) => id === action.resource);
  const isList = device !== undefined && action.operation === (device.parameters.pcmk_list_action ?? 'list');
  if (!outcome.ok || !isList || waiting?.kind !== 'client') {
    tellWaiting(turn, key, turn.env.node.name, outcome);
    return;
  }
  update(turn, { waiting: withOut(turn.state.waiting, key) });
  const names = targetsOf({ ...device, listed: readList(output ?? '', turn.env.now) });
  const reply = { ok: true, output: targetsElement(names) } as const;
  turn.effects.push({ kind: 'reply', client: waiting.client, request: waiting.request, reply });
}

const isOurs = ({ state }: Turn, call: number): boolean =>
  state.runs.some(run => run.call === call) ||
  state.inquiries.some(({ asked }) => [...asked.values()].includes(call));

function acknowledge({ effects }: Turn, result: number): void {
  effects.push({ kind: 'ask-executor', request: { kind: 'acknowledge', result } });
}
