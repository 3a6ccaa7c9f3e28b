/**
 * The DC takes nodes in: offer, request, acknowledgement, confirmation. What holds:
 *
 * 1. Nothing is decided while a peer is on its way in, unless it lets the time for that pass.
 * 2. Whoever is being fenced is not taken in until that has ended.
 * 3. A node of an incompatible feature set stays outside.
 */
import { later } from '../../../base/time.ts';
import { compareFeatureSets } from '../../../cluster/election.ts';
import type { ControllerMessage } from '../../../messages/controller.ts';
import type { NodeName } from '../../../model/names.ts';
import { FEATURE_SET } from '../../../model/version.ts';
import type { Directing, Join } from '../state.ts';
import { clearDirecting, log, send, type Turn, updateDirecting } from '../turn.ts';
import { countRecordedFailures } from './failures.ts';
import { loseActionsOn } from './judge.ts';

/** Offers a place to these peers, whatever they had before. */
export function offer(turn: Turn, to: readonly NodeName[]): void {
  const { directing } = turn.state;
  if (directing === undefined || to.length === 0) return;
  const join = directing.lastJoin + 1;
  const joins = new Map(directing.joins);
  for (const name of to) joins.set(name, { join, phase: 'offered' });
  const joinUntil = later(turn.env.now, turn.state.options.joinTimeout);
  updateDirecting(turn, { lastJoin: join, joins, joinUntil });
  for (const name of to) send(turn, name, { kind: 'join_offer', join, featureSet: FEATURE_SET });
}

export function noteAnnounce(turn: Turn, from: NodeName): void {
  const { directing, view } = turn.state;
  if (directing === undefined || !view.peers.has(from) || directing.down.has(from)) return;
  const phase = directing.joins.get(from)?.phase;
  // Whoever announces itself has not heard an offer, or lost what came of it.
  if (phase !== 'refused') offer(turn, [from]);
}

type Message<Kind extends ControllerMessage['kind']> = Extract<ControllerMessage, { readonly kind: Kind }>;

export function noteRequest(turn: Turn, from: NodeName, message: Message<'join_request'>): void {
  const known = turn.state.directing?.joins.get(from);
  if (known === undefined || known.join !== message.join || known.phase !== 'offered') return;
  const reason = objection(message.featureSet);
  if (reason === undefined) {
    setJoin(turn, from, { ...known, phase: 'integrated' });
    return;
  }
  log(turn, 'err', `node ${from} may not join: ${reason}`);
  setJoin(turn, from, { ...known, phase: 'refused' });
  send(turn, from, { kind: 'join_ack_nack', join: known.join, accepted: false, reason });
}

function objection(featureSet: string): string | undefined {
  const sameMajor = featureSet.split('.')[0] === FEATURE_SET.split('.')[0];
  if (sameMajor && compareFeatureSets(featureSet, FEATURE_SET) >= 0) return undefined;
  return `its feature set ${featureSet} is not compatible with ${FEATURE_SET}`;
}

export function noteConfirm(turn: Turn, from: NodeName, message: Message<'join_confirm'>): void {
  const known = turn.state.directing?.joins.get(from);
  if (known === undefined || known.join !== message.join || known.phase !== 'accepted') return;
  setJoin(turn, from, { ...known, phase: 'confirmed' });
  countRecordedFailures(turn, from);
  const failures = new Map(turn.state.directing?.fenceFailures);
  if (failures.delete(from)) updateDirecting(turn, { fenceFailures: failures });
  const returned = new Set(turn.state.directing?.returned);
  if (!returned.delete(from)) return;
  updateDirecting(turn, { returned });
  loseActionsOn(turn, [from]);
}

function setJoin(turn: Turn, name: NodeName, join: Join): void {
  updateDirecting(turn, { joins: new Map(turn.state.directing?.joins).set(name, join) });
}

/** Whoever left the peers has to join anew. */
export function dropJoins(turn: Turn, gone: readonly NodeName[]): void {
  const joins = new Map(turn.state.directing?.joins);
  for (const name of gone) joins.delete(name);
  updateDirecting(turn, { joins });
}

/** Moves the joining on; true while somebody is on its way in. */
export function evaluateJoins(turn: Turn): boolean {
  const { directing } = turn.state;
  if (directing === undefined) return false;
  leaveOutTheSilent(turn);
  const joins = [...(turn.state.directing?.joins ?? [])];
  if (!joins.some(([, { phase }]) => phase === 'offered')) {
    for (const [name, join] of joins) {
      if (join.phase !== 'integrated' || isBeingFenced(directing, name)) continue;
      setJoin(turn, name, { ...join, phase: 'accepted' });
      send(turn, name, { kind: 'join_ack_nack', join: join.join, accepted: true });
    }
  }
  const open = [...(turn.state.directing?.joins ?? [])].some(
    ([name, { phase }]) =>
      phase === 'offered' ||
      phase === 'accepted' ||
      (phase === 'integrated' && !isBeingFenced(directing, name)),
  );
  if (!open) clearDirecting(turn, 'joinUntil');
  return open;
}

const isBeingFenced = ({ fences }: Directing, name: NodeName): boolean =>
  [...fences.values()].some(({ target, action }) => target === name && action !== 'on');

function leaveOutTheSilent(turn: Turn): void {
  const { directing } = turn.state;
  if (directing?.joinUntil === undefined || directing.joinUntil > turn.env.now) return;
  clearDirecting(turn, 'joinUntil');
  for (const [name, join] of directing.joins) {
    if (join.phase !== 'offered' && join.phase !== 'accepted') continue;
    log(turn, 'err', `node ${name} did not join in time`);
    setJoin(turn, name, { ...join, phase: 'silent' });
  }
}
