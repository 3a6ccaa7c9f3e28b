/** Writing to disk: one store at a time, and after it the newest document if that changed meanwhile. */
import type { EffectId } from '../contract.ts';
import { forDisk } from './document.ts';
import type { Agreed, Progress } from './state.ts';
import type { Turn } from './turn.ts';

export function storeIfNeeded(turn: Turn): void {
  const { agreed } = turn;
  if (agreed === undefined || turn.state.storing !== undefined || agreed.lastKept <= agreed.storedAt) return;
  const { nextEffect: effect, lineage } = turn.state;
  const { round, applied: count } = agreed;
  turn.set({ storing: { effect, round, count, cib: turn.cib, lineage }, nextEffect: effect + 1 });
  turn.effects.push({ kind: 'store-cib', effect, cib: forDisk(turn.cib), lineage });
}

export function onStored(turn: Turn, effect: EffectId): void {
  const { storing } = turn.state;
  if (storing?.effect !== effect) return;
  const { storing: _, ...rest } = turn.state;
  const { cib, lineage, round, count } = storing;
  turn.state = { ...rest, stored: { cib, lineage } };
  const { agreed } = turn;
  if (agreed?.round === round) turn.setAgreed(agreed, { storedAt: count });
  storeIfNeeded(turn);
}

/** How far this node has got: with nothing left to store, what is applied is as safe as it can be. */
export const progressOf = ({ applied, lastKept, storedAt }: Agreed): Progress => ({
  applied,
  durable: lastKept <= storedAt ? applied : storedAt,
});
