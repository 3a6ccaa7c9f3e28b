/**
 * Agreement on one document among the peers of a view. Each change of the view begins a round: the first peer by
 * name gives it an id, all answer with their position, and from the same positions all see the same winner.
 * Whoever has its document goes on with it, at that place in the order; the others get it from the first who has.
 */
import { defined } from '../../base/assert.ts';
import { versionOf } from '../../cib/document.ts';
import { fingerprintOf } from '../../cib/fingerprint.ts';
import type { Lineage } from '../../cib/lineage.ts';
import { applyPatchset } from '../../cib/patchset/apply.ts';
import { createPatchset } from '../../cib/patchset/create.ts';
import type { Position } from '../../messages/cib.ts';
import type { NodeName } from '../../model/names.ts';
import { shareBranches } from '../../xml/edit.ts';
import type { XmlElement } from '../../xml/element.ts';
import { adopt, changesDisk, forDisk, remember } from './document.ts';
import { winnerOf } from './rank.ts';
import { type Agreed, hasMajority, type Pending, type View } from './state.ts';
import { storeIfNeeded } from './store.ts';
import type { Turn } from './turn.ts';
import { onWrite, sendUnsent } from './write.ts';

export function onView(turn: Turn, view: View): void {
  const { view: before, agreement } = turn.state;
  turn.set({ view });
  const isSame = view.quorate === before.quorate && view.peers.join(' ') === before.peers.join(' ');
  if (isSame && agreement.kind !== 'none') return;
  // Peers that come from elsewhere may have applied what is held here, or never have heard of it.
  if (agreement.kind !== 'asking' || view.peers.some(peer => !before.peers.includes(peer))) dropHeld(turn);
  disagree(turn);
  if (!view.peers.includes(turn.self)) turn.set({ agreement: { kind: 'none' } });
  else if (view.peers[0] === turn.self) beginRound(turn);
}

function disagree(turn: Turn): void {
  if (turn.agreed !== undefined) {
    turn.effects.push({ kind: 'announce', body: { kind: 'cib-agreed', agreed: false } });
  }
  turn.set({ agreement: { kind: 'asking', positions: new Map(), callsBefore: 0 } });
}

export function beginRound(turn: Turn): void {
  const { now, random } = turn.env;
  turn.multicast({ kind: 'round', round: `${turn.self}.${now}.${random.next()}` });
}

export function onRound(turn: Turn, from: NodeName, round: string): void {
  if (turn.state.agreement.kind === 'none' || !turn.state.view.peers.includes(from)) return;
  // While we waited for their document the others went on and applied what is held here.
  if (turn.state.agreement.kind === 'waiting') dropHeld(turn);
  disagree(turn);
  turn.set({
    agreement: { kind: 'asking', round, positions: new Map(), callsBefore: turn.state.nextCall },
  });
  sendPosition(turn);
}

/** Once the disk is read; a round that began before waits for us. */
export function sendPosition(turn: Turn): void {
  const { cib, agreement, lineage, wasQuorate, distrusted } = turn.state;
  if (cib === undefined || agreement.kind !== 'asking' || agreement.round === undefined) return;
  turn.multicast({
    kind: 'position',
    round: agreement.round,
    version: versionOf(cib),
    lineage,
    fingerprint: distrusted ? '' : fingerprintOf(cib),
    wasQuorate,
    at: turn.env.now,
  });
}

export function onPosition(turn: Turn, from: NodeName, round: string, position: Position): void {
  const { agreement, view } = turn.state;
  if (agreement.kind !== 'asking' || agreement.round !== round) return;
  const positions = new Map(agreement.positions).set(from, position);
  turn.set({ agreement: { ...agreement, positions } });
  if (from === turn.self) refuseLost(turn, agreement.callsBefore);
  if (view.peers.every(peer => positions.has(peer))) conclude(turn, round, positions);
}

function dropHeld(turn: Turn): void {
  const { held } = turn.state;
  if (held.length === 0) return;
  turn.set({ held: [] });
  const calls = new Set(held.filter(({ from }) => from === turn.self).map(({ write }) => write.call));
  answerAll(turn, call => calls.has(call), 'The cluster changed: whether the change was made is not known');
}

/** What we sent before our position comes to us before it, in the same order, or never. */
function refuseLost(turn: Turn, callsBefore: number): void {
  const arrived = new Set(
    turn.state.held.filter(({ from }) => from === turn.self).map(({ write }) => write.call),
  );
  answerAll(
    turn,
    (call, { target }) => target === undefined && call < callsBefore && !arrived.has(call),
    'The request was lost when the cluster changed',
  );
}

function answerAll(turn: Turn, which: (call: number, one: Pending) => boolean, message: string): void {
  const pending = new Map(turn.state.pending);
  for (const [call, one] of turn.state.pending) {
    if (!which(call, one)) continue;
    pending.delete(call);
    turn.answer(one.asker, { ok: false, refusal: 'timeout', message });
  }
  turn.set({ pending });
}

function conclude(turn: Turn, round: string, positions: ReadonlyMap<NodeName, Position>): void {
  const winner = defined(winnerOf(positions), 'a winner among the peers');
  const { fingerprint, lineage: won } = defined(positions.get(winner), 'its position');
  const lineage = hasMajority(turn.state.view) ? nextTerm(positions) : won;
  const holders = turn.state.view.peers.filter(peer => positions.get(peer)?.fingerprint === fingerprint);
  if (positions.get(turn.self)?.fingerprint === fingerprint) {
    if (holders[0] === turn.self) catchUpOthers(turn, round, positions, fingerprint);
    agree(turn, round, lineage);
    return;
  }
  turn.log('notice', `the CIB of ${winner} replaces ours`, { round });
  answerAll(
    turn,
    (_, { target }) => target !== undefined,
    'The change was lost when the cluster met another',
  );
  turn.set({ agreement: { kind: 'waiting', round, lineage, fingerprint } });
}

/** Above all terms that anybody knows; by the clock too, so that two partitions hardly take the same one. */
const nextTerm = (positions: ReadonlyMap<NodeName, Position>): Lineage => ({
  term: Math.max(...[...positions.values()].map(({ lineage, at }) => Math.max(lineage.term + 1, at))),
  writes: 0,
});

function catchUpOthers(
  turn: Turn,
  round: string,
  positions: ReadonlyMap<NodeName, Position>,
  fingerprint: string,
): void {
  for (const [name, position] of positions) {
    if (position.fingerprint === fingerprint) continue;
    const base = knownBase(turn, position);
    const patchset = base && createPatchset(base, turn.cib);
    if (patchset === undefined) turn.send(name, { kind: 'document', round, cib: turn.cib });
    else {
      ledTo.set(patchset, turn.cib);
      turn.send(name, { kind: 'patchset', round, patchset });
    }
  }
}

/**
 * Where a patchset led its sender. Another node of this process (a simulated one) goes on with that very document
 * as far as it can, so that what either works out of it from then on is known to both.
 */
const ledTo = new WeakMap<XmlElement, XmlElement>();

/** The document that a peer has, if it is one that we had: as it was, or as the disk kept it. */
function knownBase(turn: Turn, { version, fingerprint }: Position): XmlElement | undefined {
  for (const { cib } of turn.state.history.toReversed()) {
    const { adminEpoch, epoch } = versionOf(cib);
    if (adminEpoch !== version.adminEpoch || epoch !== version.epoch) continue;
    const base = [cib, forDisk(cib)].find(one => fingerprintOf(one) === fingerprint);
    if (base !== undefined) return base;
  }
  return undefined;
}

export function onDocument(turn: Turn, round: string, cib: XmlElement): void {
  const { agreement } = turn.state;
  if (agreement.kind !== 'waiting' || agreement.round !== round) return;
  turn.set({ distrusted: false });
  takeOver(turn, cib, agreement.fingerprint);
  agree(turn, round, agreement.lineage);
}

export function onPatchset(turn: Turn, round: string, patchset: XmlElement): void {
  const { agreement } = turn.state;
  if (agreement.kind !== 'waiting' || agreement.round !== round) return;
  const result = applyPatchset(turn.cib, patchset);
  if ('refusal' in result || fingerprintOf(result) !== agreement.fingerprint) {
    turn.log('err', 'a patchset did not lead to the CIB of our peers, asking for the whole of it');
    turn.set({ distrusted: true });
    beginRound(turn);
    return;
  }
  takeOver(turn, ledTo.get(patchset) ?? result, agreement.fingerprint);
  agree(turn, round, agreement.lineage);
}

/**
 * What equals ours stays the very same, so that nobody takes it for changed; unless the attributes stand in another
 * order there, for then the fingerprints would not be equal.
 */
function takeOver(turn: Turn, theirs: XmlElement, fingerprint: string): void {
  const shared = shareBranches(turn.cib, theirs);
  adopt(turn, fingerprintOf(shared) === fingerprint ? shared : theirs);
}

function agree(turn: Turn, round: string, lineage: Lineage): void {
  const { view, stored, held } = turn.state;
  const isStored =
    stored !== undefined && stored.lineage.term === lineage.term && !changesDisk(stored.cib, turn.cib);
  const agreement: Agreed = {
    kind: 'agreed',
    round,
    applied: 0,
    lastKept: 0,
    storedAt: isStored ? 0 : -1,
    progress: new Map(),
    owed: new Set(),
    hasReported: false,
  };
  turn.set({ agreement, lineage, wasQuorate: view.quorate, held: [] });
  remember(turn, round, 0);
  retarget(turn);
  turn.effects.push({ kind: 'announce', body: { kind: 'cib-agreed', agreed: true } });
  for (const { from, write } of held) onWrite(turn, from, write);
  storeIfNeeded(turn);
  sendUnsent(turn);
}

/** What was applied in an earlier round is part of what was agreed on now. */
function retarget(turn: Turn): void {
  const pending = new Map(turn.state.pending);
  for (const [call, one] of pending) {
    if (one.target === undefined) continue;
    const durable = Math.min(one.target.durable, 0);
    pending.set(call, { ...one, target: { applied: 0, durable } });
  }
  turn.set({ pending });
}
