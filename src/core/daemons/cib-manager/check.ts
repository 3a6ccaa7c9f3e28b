/** Every so often the first peer lets the others compare their document with its own, after the same writes. */
import { fingerprintOf } from '../../cib/fingerprint.ts';
import type { NodeName } from '../../model/names.ts';
import { beginRound } from './agree.ts';
import type { Turn } from './turn.ts';

export function checkIfDue(turn: Turn): void {
  const { checkAt, view } = turn.state;
  if (checkAt === undefined || turn.env.now < checkAt) return;
  const { checkAt: _, ...rest } = turn.state;
  turn.state = rest;
  const { agreed } = turn;
  if (agreed === undefined || view.peers[0] !== turn.self) return;
  const { round, applied } = agreed;
  turn.multicast({ kind: 'check', round, applied, fingerprint: fingerprintOf(turn.cib) });
}

export function onCheck(
  turn: Turn,
  from: NodeName,
  {
    round,
    applied,
    fingerprint,
  }: { readonly round: string; readonly applied: number; readonly fingerprint: string },
): void {
  const { agreed } = turn;
  if (agreed?.round !== round) return;
  const snapshot = turn.state.history.findLast(one => one.round === round && one.applied <= applied);
  if (snapshot === undefined || fingerprintOf(snapshot.cib) === fingerprint) return;
  turn.log('err', `our CIB is not that of ${from} any more: agreeing anew`, { round, writes: applied });
  beginRound(turn);
}
