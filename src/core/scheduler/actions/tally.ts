import { ACTION, has } from '../flags.ts';
import type { Action, Resource } from '../model.ts';
import { newestAction } from './lookup.ts';

/**
 * What the newest actions of one task of the members of a group, or of a clone's primitives, are, counted. Either is
 * asked for its flags with each ordering that it stands in, and there are some for each member: counts are kept up,
 * so that nobody looks through all members each time.
 */
export interface Tally {
  required: number;
  unrunnable: number;
  /** Members without an action of that task. */
  absent: number;
}

export function tallyOf(collective: Resource, task: string): Tally {
  collective.tallies ??= new Map();
  const known = collective.tallies.get(task);
  if (known !== undefined) return known;
  const tally: Tally = { required: 0, unrunnable: 0, absent: 0 };
  for (const member of collective.children) {
    const its = newestAction(member, task);
    if (its === undefined) {
      tally.absent += 1;
      continue;
    }
    its.tally = tally;
    count(tally, its.flags, 1);
  }
  collective.tallies.set(task, tally);
  return tally;
}

function count(tally: Tally, flags: number, by: 1 | -1): void {
  if (!has(flags, ACTION.optional)) tally.required += by;
  if (!has(flags, ACTION.runnable)) tally.unrunnable += by;
}

/** Gives an action other flags, which the count must know. */
export function changeFlags(action: Action, flags: number): void {
  const { tally } = action;
  if (tally !== undefined) {
    count(tally, action.flags, -1);
    count(tally, flags, 1);
  }
  action.flags = flags;
}

/** A new action is its member's newest. */
export function forgetTally({ resource, task }: Action): void {
  resource?.parent?.tallies?.delete(task);
}
