import type { Action } from '../model.ts';
import type { OrderOrigin } from '../origins.ts';

/** Puts one action before another; false where they stand so already, with some of these flags. */
export function relate(
  first: Action | undefined,
  then: Action | undefined,
  flags: number,
  origin: OrderOrigin,
): boolean {
  if (flags === 0 || first === undefined || then === undefined) return false;
  const known = first.afterFlags.get(then) ?? 0;
  if ((known & flags) !== 0) return false;
  first.afterFlags.set(then, known | flags);
  first.after.push({ action: then, flags, graphed: false, origin });
  then.before.push({ action: first, flags, graphed: false, origin });
  return true;
}
