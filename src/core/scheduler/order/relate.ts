import type { Action, Relation } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';

/** Puts one action before another; false where they stand so already, with some of these flags. */
export function relate(
  first: Action | undefined,
  then: Action | undefined,
  flags: number,
  origin: OrderOrigin,
): boolean {
  if (flags === 0 || first === undefined || then === undefined) return false;
  const known = knownFlags(first, then);
  if ((known & flags) !== 0) return false;
  first.afterFlags?.set(then, known | flags);
  first.after.push({ action: then, flags, graphed: false, origin });
  then.before.push({ action: first, flags, graphed: false, origin });
  return true;
}

/** So many relations are looked through faster than looked up. */
const FEW = 8;

/** Union of the flags with which one action stands before the other already. */
function knownFlags(first: Action, then: Action): number {
  const { after } = first;
  if (after.length <= FEW) {
    let flags = 0;
    for (const later of after) if (later.action === then) flags |= later.flags;
    return flags;
  }
  first.afterFlags ??= unionOf(after);
  return first.afterFlags.get(then) ?? 0;
}

function unionOf(relations: readonly Relation[]): Map<Action, number> {
  const flags = new Map<Action, number>();
  for (const one of relations) flags.set(one.action, (flags.get(one.action) ?? 0) | one.flags);
  return flags;
}
