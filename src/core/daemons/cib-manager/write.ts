/** Writes: sent to all in one order, applied by each in that order, answered when enough nodes have them. */

import { later, seconds } from '../../base/time.ts';
import type { CibOutcome } from '../../cib/call.ts';
import { operate } from '../../cib/operate.ts';
import type { CibWriteMessage } from '../../messages/cib.ts';
import type { NodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import { conclusionOf } from './conclusion.ts';
import { adopt, changesDisk, remember } from './document.ts';
import { type Agreed, hasMajority, type Pending, type Progress, type Request, type View } from './state.ts';
import { progressOf, storeIfNeeded } from './store.ts';
import type { Turn } from './turn.ts';

/** Requests that may wait for an agreement; a client beyond them is told to come again. */
const UNSENT = 10_000;

/** How long after a write its outcome is compared between nodes. */
const CHECK_AFTER = seconds(60);

export function request(turn: Turn, asked: Request): void {
  if (asked.body.operation === 'query') {
    answerQuery(turn, asked);
  } else if (turn.agreed === undefined) {
    if (turn.state.unsent.length < UNSENT) turn.set({ unsent: [...turn.state.unsent, asked] });
    else turn.answer(asked.asker, { ok: false, refusal: 'failed', message: 'Too many requests are waiting' });
  } else {
    transmit(turn, asked);
  }
}

function answerQuery(turn: Turn, { asker, body }: Request): void {
  if (turn.state.cib === undefined) {
    turn.answer(asker, { ok: false, refusal: 'not-connected', message: 'The CIB is not read yet' });
    return;
  }
  const outcome = operate(turn.state.cib, body, { validate: () => [] });
  turn.answer(asker, outcome.ok ? { ok: true, ...outputOf(outcome) } : refusal(outcome));
}

function transmit(turn: Turn, { asker, body, identity }: Request): void {
  const call = turn.state.nextCall;
  const pending = new Map(turn.state.pending).set(call, { asker });
  turn.set({ pending, nextCall: call + 1 });
  turn.multicast({ kind: 'write', call, request: body, identity, at: turn.env.now });
}

export function sendUnsent(turn: Turn): void {
  const { unsent } = turn.state;
  turn.set({ unsent: [] });
  for (const asked of unsent) transmit(turn, asked);
}

export function onWrite(turn: Turn, from: NodeName, write: CibWriteMessage): void {
  const { agreed } = turn;
  if (agreed === undefined) {
    turn.set({ held: [...turn.state.held, { from, write }] });
    return;
  }
  const before = turn.cib;
  const outcome = outcomeOf(before, write, from, turn.env.validate);
  const applied = agreed.applied + 1;
  const after = outcome.ok ? outcome.cib : before;
  const isKept = changesDisk(before, after);
  turn.setAgreed(agreed, {
    applied,
    lastKept: isKept ? applied : agreed.lastKept,
    owed: from === turn.self ? agreed.owed : new Set(agreed.owed).add(from),
  });
  if (after !== before) {
    const { term, writes } = turn.state.lineage;
    if (hasMajority(turn.state.view)) turn.set({ lineage: { term, writes: writes + 1 } });
    adopt(turn, after);
    remember(turn, agreed.round, applied);
    if (turn.state.checkAt === undefined) turn.set({ checkAt: later(turn.env.now, CHECK_AFTER) });
  }
  if (from === turn.self)
    noteOutcome(turn, write.call, outcome, isKept ? 'disk' : after === before ? 'nothing' : 'status');
  storeIfNeeded(turn);
}

interface Worked {
  readonly validate: Turn['env']['validate'];
  readonly outcome: CibOutcome;
}

/** What became of a write, for other nodes in this process that hold the same document: simulated ones. */
const worked = new WeakMap<CibWriteMessage, WeakMap<XmlElement, Worked>>();

function outcomeOf(
  before: XmlElement,
  write: CibWriteMessage,
  from: NodeName,
  validate: Turn['env']['validate'],
): CibOutcome {
  let of = worked.get(write);
  if (of === undefined) {
    of = new WeakMap();
    worked.set(write, of);
  }
  const known = of.get(before);
  if (known?.validate === validate) return known.outcome;
  const outcome = operate(before, write.request, conclusionOf(write, from, validate));
  of.set(before, { validate, outcome });
  return outcome;
}

function noteOutcome(
  turn: Turn,
  call: number,
  outcome: ReturnType<typeof operate>,
  changed: 'disk' | 'status' | 'nothing',
): void {
  const mine = turn.state.pending.get(call);
  const { agreed } = turn;
  if (mine === undefined || agreed === undefined) return;
  const pending = new Map(turn.state.pending);
  if (!outcome.ok) {
    pending.delete(call);
    turn.set({ pending });
    turn.answer(mine.asker, refusal(outcome));
    return;
  }
  const { applied, lastKept } = agreed;
  // Even what changed nothing promises that what stands there stays.
  const durable = changed === 'disk' ? applied : changed === 'nothing' ? lastKept : -1;
  const target: Progress = { applied, durable };
  pending.set(call, { ...mine, target, ...outputOf(outcome) });
  turn.set({ pending });
}

const outputOf = ({ output }: { readonly output?: XmlElement }): { readonly output?: XmlElement } =>
  output === undefined ? {} : { output };

type Failure = Extract<ReturnType<typeof operate>, { readonly ok: false }>;

const refusal = ({ refusal: reason, message, output, problems }: Failure) => ({
  ok: false as const,
  refusal: reason,
  message,
  ...(output === undefined ? {} : { output }),
  ...(problems === undefined ? {} : { problems }),
});

export function onProgress(turn: Turn, from: NodeName, round: string, progress: Progress): void {
  const { agreed } = turn;
  if (agreed === undefined || agreed.round !== round) return;
  turn.setAgreed(agreed, { progress: new Map(agreed.progress).set(from, progress) });
}

/** The end of every step: notes how far this node has got, tells those who wait for it, answers who can be. */
export function settle(turn: Turn): void {
  const { agreed } = turn;
  if (agreed === undefined) return;
  const mine = progressOf(agreed);
  const before = agreed.progress.get(turn.self);
  const hasMoved = before?.applied !== mine.applied || before.durable !== mine.durable;
  if (hasMoved) {
    turn.setAgreed(agreed, { progress: new Map(agreed.progress).set(turn.self, mine) });
    tell(turn, mine);
  }
  answerSafe(turn);
}

function tell(turn: Turn, { applied, durable }: Progress): void {
  const { agreed } = turn;
  if (agreed === undefined) return;
  const report = { kind: 'stored', round: agreed.round, applied, durable } as const;
  if (!agreed.hasReported && durable >= 0) {
    // Once a round to all: some may wait for writes of the round before.
    turn.multicast(report);
    turn.setAgreed(agreed, { hasReported: true, owed: durable === applied ? new Set() : agreed.owed });
    return;
  }
  for (const origin of agreed.owed) turn.send(origin, report);
  if (durable === applied) turn.setAgreed(agreed, { owed: new Set() });
}

/**
 * A write is safe with a majority of all votes; where there is no such majority, with every peer that is there.
 */
function answerSafe(turn: Turn): void {
  const { agreed } = turn;
  if (agreed === undefined || turn.state.pending.size === 0) return;
  const needed = neededPeers(turn.state.view);
  let pending: Map<number, Pending> | undefined;
  for (const [call, one] of turn.state.pending) {
    if (one.target === undefined || countSafe(agreed, turn.state.view, one.target) < needed) continue;
    pending ??= new Map(turn.state.pending);
    pending.delete(call);
    turn.answer(one.asker, { ok: true, ...outputOf(one) });
  }
  if (pending !== undefined) turn.set({ pending });
}

const neededPeers = (view: View): number =>
  hasMajority(view) ? Math.floor(view.expectedVotes / 2) + 1 : view.peers.length;

const countSafe = ({ progress }: Agreed, { peers }: View, target: Progress): number =>
  peers.filter(peer => {
    const there = progress.get(peer);
    return there !== undefined && there.applied >= target.applied && there.durable >= target.durable;
  }).length;
