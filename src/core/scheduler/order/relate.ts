import type { Action } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';

/** One action before another; both know it, among what is `after` the one and `before` the other. */
export class Relation {
  readonly first: Action;
  readonly later: Action;
  /** What it meant when it was made. */
  readonly meaning: number;
  /** What it still means for the later action. */
  flags: number;
  graphed = false;
  origin: OrderOrigin;

  constructor(first: Action, later: Action, flags: number, origin: OrderOrigin) {
    this.first = first;
    this.later = later;
    this.meaning = flags;
    this.flags = flags;
    this.origin = origin;
  }
}

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
  const relation = new Relation(first, then, flags, origin);
  first.after.push(relation);
  then.before.push(relation);
  return true;
}

/** So many relations are looked through faster than looked up. */
const FEW = 8;

/** Union of the flags with which one action stands before the other already. */
function knownFlags(first: Action, then: Action): number {
  const { after } = first;
  if (after.length <= FEW) {
    let flags = 0;
    for (const one of after) if (one.later === then) flags |= one.meaning;
    return flags;
  }
  first.afterFlags ??= unionOf(after);
  return first.afterFlags.get(then) ?? 0;
}

function unionOf(relations: readonly Relation[]): Map<Action, number> {
  const flags = new Map<Action, number>();
  for (const { later, meaning } of relations) flags.set(later, (flags.get(later) ?? 0) | meaning);
  return flags;
}
