/** States of an action. Sets of them travel together through the orderings, hence bits. */
export const ACTION = {
  optional: 1 << 0,
  runnable: 1 << 1,
  pseudo: 1 << 2,
  /** In the graph even if optional. */
  always: 1 << 3,
  migratable: 1 << 4,
  /** A stop that ends what an unfinished migration left behind. */
  migrationAbort: 1 << 5,
  /** A recurring operation that must be started anew. */
  reschedule: 1 << 6,
  onDc: 1 << 7,
  /** It was asked for on a node. */
  placed: 1 << 8,
  graphed: 1 << 9,
  deduplicated: 1 << 11,
} as const;

/** What an ordering between two actions means, beyond the order. */
export const ORDER = {
  none: 0,
  ordered: 1 << 0,
  ifFirstUnmigratable: 1 << 1,
  thenImpliesFirst: 1 << 4,
  firstImpliesThen: 1 << 5,
  promotedThenImpliesFirst: 1 << 6,
  unmigratableThenBlocks: 1 << 7,
  unrunnableFirstBlocks: 1 << 8,
  firstElseThen: 1 << 9,
  firstImpliesSameNodeThen: 1 << 10,
  nestedRemoteProbe: 1 << 11,
  intermediateStop: 1 << 12,
  serialize: 1 << 14,
  ifOnSameNode: 1 << 15,
  thenImpliesFirstGraphed: 1 << 16,
  firstImpliesThenGraphed: 1 << 17,
  asymmetric: 1 << 20,
  ifOnSameNodeOrTarget: 1 << 21,
  minRunnable: 1 << 22,
  ifRequiredOnSameNode: 1 << 23,
  guestAllowed: 1 << 24,
  thenCancelsFirst: 1 << 25,
} as const;

/** Which end of an ordering was changed by it. */
export const CHANGED = { none: 0, first: 1, later: 2 } as const;

export const has = (flags: number, flag: number): boolean => (flags & flag) === flag;
