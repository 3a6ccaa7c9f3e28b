/**
 * Elects the DC, joins nodes to it, walks transitions, and carries out what the DC asks of this node. What holds:
 *
 * 1. Nothing is started anywhere on account of a node's death before the fencer says that it was fenced: only
 *    that makes a lost node clean (`direct/fencing.ts`), and only then does the scheduler let go of it.
 * 2. Two DCs never both act. A DC's term ends where a vote, another's offer, or its own absence from the view
 *    stands in the total order; a node carries out only what the DC that it knows at that place asks.
 * 3. A partition without quorum is decided for like any other; the scheduler sees `have-quorum` and goes by the
 *    policy for it. Nothing is decided before the CIB says how that stands.
 * 4. What became of a resource is recorded before it counts, and acknowledged to the executor once it is safe.
 */
import { unreachable } from '../../base/assert.ts';
import { earliest, type Instant, later, seconds } from '../../base/time.ts';
import { sectionOf } from '../../cib/document.ts';
import * as election from '../../cluster/election.ts';
import type { ControllerRequest } from '../../messages/client.ts';
import type { ControllerMessage } from '../../messages/controller.ts';
import type { ExecutorReply, ExecutorResult } from '../../messages/executor.ts';
import type { NodeName } from '../../model/names.ts';
import type {
  Announcement,
  CibWritten,
  ClientEvent,
  DaemonEnv,
  FenceOutcome,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';
import { direct, directDeadlines, noteComputed } from './direct/engine.ts';
import { evidenceOf } from './direct/evidence.ts';
import { noteFenceOutcome, noteFencing } from './direct/fencing.ts';
import { noteAnnounce, noteConfirm, noteRequest } from './direct/joins.ts';
import { judge, judgeAcknowledgement, loseActionsOn } from './direct/judge.ts';
import { wantDecision } from './direct/want.ts';
import { type Amendment, amend, takeAmendments } from './local/amend.ts';
import { expectArrivals } from './local/arrivals.ts';
import { noteUnexpectedOrder } from './local/orders.ts';
import { noteForgotten, probeForgotten } from './local/own-probe.ts';
import { noteExecutor, reconcile } from './local/reconcile.ts';
import { noteCancelled, takeMetadata, takeResult } from './local/results.ts';
import { giveUpWaitingOrders, takeOrder, takeWaitingOrders } from './local/waiting.ts';
import { noteHistoryWritten, rewriteHistory } from './local/write.ts';
import {
  beginLeaving,
  evaluateLeaving,
  evaluateMembership,
  leave,
  noteAnswer,
  noteShutdownRequest,
  patienceAtStart,
} from './member.ts';
import { readOptions } from './options.ts';
import {
  announce,
  elect,
  evaluatePlace,
  noteAnnounced,
  noteMembership,
  noteOffer,
  noteVote,
} from './place.ts';
import { notePinged, serve, stateName } from './requests.ts';
import { type ControllerState, NOTHING_KNOWN } from './state.ts';
import {
  type Effect as ControllerEffect,
  log,
  send,
  type Turn,
  update,
  updateDirecting,
  updateLocal,
} from './turn.ts';

export type State = ControllerState;

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

export type Effect = ControllerEffect;
export type Env = DaemonEnv;

export const initial: State = NOTHING_KNOWN;

/** What we say to ourselves is heard in the same step; more than this is a conversation without end. */
const MESSAGES_TO_SELF = 100_000;

/** Between a write of the DC that was refused and the next try. */
const WRITE_AGAIN_AFTER = seconds(1);

export function step(state: State, event: Event, env: Env): readonly [State, readonly Effect[]] {
  if (state.stopped) return [state, []];
  const turn: Turn = { state, effects: [], env, inbox: [] };
  update(turn, { seenAt: env.now, startedAt: state.startedAt ?? env.now });
  take(turn, event);
  evaluate(turn);
  for (let heard = 0; turn.inbox.length > 0 && heard < MESSAGES_TO_SELF; heard += 1) {
    const message = turn.inbox.shift();
    if (message !== undefined) hear(turn, env.node.name, message);
    evaluate(turn);
  }
  return [turn.state, turn.effects];
}

/**
 * When the next `tick` is wanted. What was due at the last step and is still there waits for something other than
 * time.
 */
export function deadline(state: State): Instant | undefined {
  if (state.stopped) return undefined;
  const { local, membership, leaving, waitForDc, seenAt } = state;
  const deadlines = [
    election.deadline(state.election),
    waitForDc,
    leaving?.until,
    leaving === undefined ? undefined : patienceAtStart(state),
    membership?.phase === 'accepted' ? membership.patienceUntil : undefined,
    local.rewriteAt,
    ...local.waiting.map(({ until }) => until),
    ...directDeadlines(state),
  ];
  return earliest(...deadlines.filter(one => one !== undefined && (seenAt === undefined || one > seenAt)));
}

function take(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'membership':
      noteMembership(turn, event);
      return;
    case 'message':
      hear(turn, event.from, event.body);
      return;
    case 'executor-connected':
    case 'executor-lost':
      noteExecutor(turn, event.kind);
      return;
    case 'executor-reply':
      hearExecutor(turn, event.reply);
      return;
    case 'client-request':
      serve(turn, event);
      return;
    case 'cib-written':
      noteWritten(turn, event);
      return;
    case 'cib-changed':
      noteCib(turn, event);
      return;
    case 'cib-agreed':
      update(turn, { agreed: event.agreed });
      if (event.agreed) updateLocal(turn, { rewriteAt: turn.env.now });
      return;
    case 'fencing-ended':
      noteFencing(turn, event);
      return;
    case 'fence-outcome':
      noteFenceOutcome(turn, event);
      return;
    case 'transition-computed':
      noteComputed(turn, event.effect, event.result);
      return;
    case 'shut-down':
      beginLeaving(turn);
      return;
    case 'tick':
      noteTime(turn);
      return;
    default:
      unreachable(event);
  }
}

/** What follows from what is known now, whatever has just happened. */
function evaluate(turn: Turn): void {
  if (turn.state.stopped) return;
  evaluatePlace(turn);
  reconcile(turn);
  takeAmendments(turn);
  expectArrivals(turn);
  takeWaitingOrders(turn);
  probeForgotten(turn);
  rewriteHistory(turn);
  evaluateMembership(turn);
  evaluateLeaving(turn);
  direct(turn);
}

function noteTime(turn: Turn): void {
  elect(turn, { kind: 'tick' });
  giveUpWaitingOrders(turn);
  const { view } = turn.state;
  const late = [...view.away].filter(([, until]) => until <= turn.env.now).map(([name]) => name);
  if (late.length === 0) return;
  const away = new Map([...view.away].filter(([name]) => !late.includes(name)));
  update(turn, { view: { ...view, away } });
  loseActionsOn(turn, late);
  wantDecision(turn, `${late.join(', ')} did not come back`);
}

function noteCib(turn: Turn, { before, after }: Extract<Event, { readonly kind: 'cib-changed' }>): void {
  const isFirst = turn.state.cib === undefined;
  const config = sectionOf(after, 'crm_config');
  const same = before !== undefined && sectionOf(before, 'crm_config') === config;
  const options = same ? turn.state.options : readOptions(after, turn.env.now);
  update(turn, { cib: after, options });
  if (isFirst) announce(turn);
  if (turn.state.directing !== undefined) judge(turn, evidenceOf(before, after));
}

function noteWritten(turn: Turn, { request, outcome }: CibWritten): void {
  const purpose = turn.state.writes.get(request);
  if (purpose === undefined) return;
  const writes = new Map(turn.state.writes);
  writes.delete(request);
  update(turn, { writes });
  if (purpose.kind === 'history') noteHistoryWritten(turn, purpose, outcome);
  else if (!outcome.ok) {
    log(turn, 'warning', `a write was refused: ${outcome.message}`);
    if (purpose.kind === 'nodes') updateDirecting(turn, { writeAt: later(turn.env.now, WRITE_AGAIN_AFTER) });
  }
}

function hearExecutor(turn: Turn, reply: ExecutorReply): void {
  switch (reply.kind) {
    case 'listed':
      updateLocal(turn, { listing: reply });
      return;
    case 'result':
      if (turn.state.local.executor === 'ready') takeResult(turn, reply.result);
      else waitInListing(turn, reply.result);
      return;
    case 'nothing-to-cancel':
      noteCancelled(turn, reply);
      return;
    case 'forgotten':
      noteForgotten(turn, reply.action);
      return;
    case 'metadata':
      takeMetadata(turn, reply);
      return;
    default:
      unreachable(reply);
  }
}

/** Until history is reconciled a result waits in the executor's listing; what came before that is in it. */
function waitInListing(turn: Turn, result: ExecutorResult): void {
  const { listing } = turn.state.local;
  if (listing === undefined) return;
  const running = listing.running.filter(({ call }) => call !== result.action.call);
  updateLocal(turn, {
    listing: { ...listing, running, unacknowledged: [...listing.unacknowledged, result] },
  });
}

function hear(turn: Turn, from: NodeName, message: ControllerMessage): void {
  switch (message.kind) {
    case 'vote':
      noteVote(turn, from, message);
      return;
    case 'no-vote':
      elect(turn, { kind: 'no-vote', from, owner: message.owner, round: message.round });
      return;
    case 'join_announce':
      noteAnnounced(turn, from);
      noteAnnounce(turn, from);
      return;
    case 'join_offer':
      noteOffer(turn, from, message.join);
      return;
    case 'join_request':
      noteRequest(turn, from, message);
      return;
    case 'join_ack_nack':
      noteAnswer(turn, from, message);
      return;
    case 'join_confirm':
      noteConfirm(turn, from, message);
      return;
    case 'req_shutdown':
      noteShutdownRequest(turn, from);
      return;
    case 'start_shutdown':
      beginLeaving(turn);
      return;
    case 'rm_node_cache':
      forgetNode(turn, message.node);
      return;
    case 'ping':
      send(turn, from, { kind: 'pinged', asked: message.asked, state: stateName(turn.state) });
      return;
    case 'pinged':
      notePinged(turn, from, message.asked, message.state);
      return;
    case 'lrm_ack':
      judgeAcknowledgement(turn, from, message.transitionKey, message.outcome);
      return;
    default:
      hearOrder(turn, from, message);
  }
}

type Order = Amendment | Extract<ControllerMessage, { readonly kind: 'lrm_invoke' | 'do_shutdown' }>;

function hearOrder(turn: Turn, from: NodeName, message: Order): void {
  switch (message.kind) {
    case 'lrm_invoke':
      if (from === turn.state.dc) takeOrder(turn, message.order);
      else noteUnexpectedOrder(turn, message.order, from);
      return;
    case 'do_shutdown':
      if (from === turn.state.dc) leave(turn, 'the DC lets this node go');
      return;
    default:
      amend(turn, message);
  }
}

function forgetNode(turn: Turn, node: NodeName): void {
  const body = { kind: 'forget-node', node, why: 'removed' } as const;
  turn.effects.push({ kind: 'tell-attributes', body }, { kind: 'tell-fencer', body });
}
