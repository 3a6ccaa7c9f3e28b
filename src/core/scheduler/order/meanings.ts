import { compareRoles } from '../../model/role.ts';
import { clearFlag, demand, forbid, is, setReason } from '../actions/action.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Action, OrderedUpdate } from '../model.ts';
import type { ActionCause, OrderOrigin } from '../origins.ts';
import { roleOf } from '../tree.ts';

/**
 * Whether a meaning of an ordering changes nothing of two actions, as the flags of the first are. It may still tell
 * which instances of collectives go by pairs.
 */
export function isMoot(type: number, flags: number): boolean {
  switch (type) {
    case ORDER.ordered:
      return true;
    case ORDER.unrunnableFirstBlocks:
      return has(flags, ACTION.runnable);
    case ORDER.firstImpliesThen:
      return has(flags, ACTION.optional);
    default:
      return false;
  }
}

/** What a meaning of an ordering makes of the flags of two actions of resources. */
export function applyMeaning({ first, later: then, type, flags, origin }: OrderedUpdate): void {
  switch (type) {
    case ORDER.asymmetric:
      applyAsymmetric(first, then, origin);
      break;
    case ORDER.thenImpliesFirst:
      applyThenImpliesFirst(first, then, flags, origin);
      break;
    case ORDER.promotedThenImpliesFirst:
      applyPromotedImpliesFirst(first, then, origin);
      break;
    case ORDER.unmigratableThenBlocks:
      applyUnmigratable(first, then, origin);
      break;
    case ORDER.firstElseThen:
      applyElse(first, then, origin);
      break;
    case ORDER.unrunnableFirstBlocks:
      applyUnrunnable(first, then, origin);
      break;
    case ORDER.firstImpliesThen:
      applyFirstImpliesThen(first, then, origin);
      break;
    case ORDER.intermediateStop:
      applyRestart(first, then, origin);
      break;
  }
}

const VERB: Readonly<Record<number, string>> = {
  [ACTION.runnable]: 'unrunnable',
  [ACTION.migratable]: 'unmigrateable',
  [ACTION.optional]: 'required',
};

export function takeAway(action: Action, flag: number, because: ActionCause): void {
  if (flag === ACTION.optional) demand(action, because);
  else if (flag === ACTION.runnable) forbid(action, because);
  else clearFlag(action, flag);
}

/** Takes a flag from an action because of another; if that is of another resource, it is the reason. */
function clearBecause(action: Action, flag: number, reason: Action, origin: OrderOrigin): void {
  if (!is(action, flag)) return;
  takeAway(action, flag, { action: reason, origin });
  if (action.resource === reason.resource) return;
  const of = reason.resource === undefined ? '' : ` ${reason.resource.id}`;
  setReason(action, `${VERB[flag]}${of} ${reason.task}`);
}

function applyThenImpliesFirst(first: Action, then: Action, flags: number, origin: OrderOrigin): void {
  if (is(then, ACTION.optional)) return;
  if (!has(flags, ACTION.optional)) clearBecause(first, ACTION.optional, then, origin);
  if (has(flags, ACTION.migratable) && !is(then, ACTION.migratable)) {
    clearBecause(first, ACTION.migratable, then, origin);
  }
}

function applyPromotedImpliesFirst(first: Action, then: Action, origin: OrderOrigin): void {
  if (then.resource?.role !== 'Promoted' || is(then, ACTION.optional)) return;
  clearBecause(first, ACTION.optional, then, origin);
  if (!is(then, ACTION.migratable)) clearBecause(first, ACTION.migratable, then, origin);
}

function applyUnrunnable(first: Action, then: Action, origin: OrderOrigin): void {
  if (!is(then, ACTION.runnable)) return;
  clearBecause(then, ACTION.runnable, first, origin);
  clearBecause(then, ACTION.migratable, first, origin);
}

function applyFirstImpliesThen(first: Action, then: Action, origin: OrderOrigin): void {
  if (!is(then, ACTION.optional) || is(first, ACTION.migratable)) return;
  clearBecause(then, ACTION.optional, first, origin);
}

function applyUnmigratable(first: Action, then: Action, origin: OrderOrigin): void {
  if (!has(then.flags, ACTION.migratable | ACTION.runnable)) {
    clearBecause(first, ACTION.runnable, then, origin);
  }
  if (!is(then, ACTION.optional)) clearBecause(first, ACTION.optional, then, origin);
}

function applyElse(first: Action, then: Action, origin: OrderOrigin): void {
  if (is(first, ACTION.runnable)) return;
  clearBecause(then, ACTION.migratable, first, origin);
  clearFlag(then, ACTION.pseudo);
}

/** An ordering in one direction only: what comes after cannot be while what comes before cannot. */
function applyAsymmetric(first: Action, then: Action, origin: OrderOrigin): void {
  if (then.resource === undefined || is(first, ACTION.runnable)) return;
  if (is(then, ACTION.optional)) {
    const role = roleOf(then.resource, 'now');
    if (role === 'Stopped' && then.task === 'stop') return;
    const { active } = then.resource;
    const isThere = active.length === 1 && active[0] === then.node;
    if (compareRoles(role, 'Started') >= 0 && then.task === 'start' && isThere) return;
  }
  clearBecause(then, ACTION.optional, first, origin);
  clearBecause(then, ACTION.runnable, first, origin);
}

/** A stop that lies between two starts: needed if the second is. */
function applyRestart(first: Action, then: Action, origin: OrderOrigin): void {
  const restarts = !is(then, ACTION.optional);
  const stops =
    !is(then, ACTION.runnable) && then.resource?.flags.managed === true && first.resource === then.resource;
  if (!restarts && !stops) return;
  if (is(first, ACTION.runnable)) clearBecause(first, ACTION.optional, then, origin);
  if (!is(then, ACTION.optional)) clearBecause(first, ACTION.optional, then, origin);
  if (!is(then, ACTION.migratable)) clearBecause(first, ACTION.migratable, then, origin);
  if (!is(first, ACTION.optional) && !is(first, ACTION.runnable)) {
    clearBecause(then, ACTION.runnable, first, origin);
  }
}
