import { forbid, is, notifyKey, setFlag } from '../actions/action.ts';
import { newestAction, newestNotice } from '../actions/lookup.ts';
import { ACTION, CHANGED, has, ORDER } from '../flags.ts';
import type { Action, Node, OrderedUpdate } from '../model.ts';
import type { ActionCause } from '../origins.ts';
import { isAncestor, isCollective, locationOf } from '../tree.ts';
import { completionOf } from '../variants/tasks.ts';
import { blockDependents, mayBlock } from './block.ts';
import { applyMeaning, isMoot, takeAway } from './meanings.ts';
import { type Relation, relate } from './relate.ts';

/** What an action is as far as orderings are concerned; a clone's as its instances have it where the other one is. */
function flagsFor(action: Action, other: Action): number {
  const { resource } = action;
  if (resource === undefined) return action.flags;
  let flags = resource.methods.actionFlags(action, undefined);
  const node = resource.kind === 'clone' ? placeOf(other) : undefined;
  if (node === undefined) return flags;
  const runnable = has(flags, ACTION.runnable);
  flags = resource.methods.actionFlags(action, node);
  return runnable ? flags | ACTION.runnable : flags;
}

/** An ordering after a collective action is one after its completion, after the confirmation that all were told. */
function effectiveFirst(action: Action): Action {
  const { resource, key } = action;
  if (resource === undefined || !isCollective(resource) || key.includes('notify')) return action;
  const completion = completionOf(action.task);
  if (completion === undefined) return action;
  const tells = resource.flags.notify && (resource.kind === 'clone' || resource.flags.bundled);
  const told = tells
    ? newestNotice(resource, notifyKey(resource.id, 'confirmed-post', completion))
    : newestAction(resource, completion);
  return told ?? action;
}

/** An action whose inputs are being considered, from the last on; `at` is absent until that begins. */
interface Visit {
  readonly kind: 'visit';
  readonly then: Action;
  before: readonly Relation[];
  lastFlags: number;
  at: number | undefined;
  changed: number;
}

/** An action of which all that comes later is to be visited, from the last on; `at` is absent until that begins. */
interface Onward {
  readonly kind: 'onward';
  readonly action: Action;
  at: number | undefined;
}

/** Actions that become impossible with another, one after the other. */
interface Blocking {
  readonly kind: 'blocking';
  readonly blocked: Iterator<Action>;
}

type Step = Visit | Onward | Blocking;

const visit = (then: Action): Visit => ({
  kind: 'visit',
  then,
  before: then.before,
  lastFlags: then.flags,
  at: undefined,
  changed: CHANGED.none,
});
const onward = (action: Action): Onward => ({ kind: 'onward', action, at: undefined });
const blocking = (action: Action): Blocking => ({ kind: 'blocking', blocked: blockDependents(action) });

/**
 * Takes what comes before an action into account, and on to what comes after it, until nothing changes: depth
 * first, on a stack of its own, because a chain of orderings may be longer than calls can be deep.
 */
export function updateActionForOrderings(then: Action): void {
  if (then.before.length > 0 || then.required > 0) update([visit(then)]);
}

/** Blocks what must be with what cannot be, and lets that take effect. */
export function updateBlocked(action: Action): void {
  if (mayBlock(action)) update([blocking(action)]);
}

/** So many updates within one another are no danger to the stack of calls. */
const DEEP = 100;

/**
 * Updates an action within the update of another, whose consequences are to be drawn before that goes on; in a
 * group or clone that is longer than calls can be deep, as soon as the ordering at hand has been considered.
 */
export function updateWithin(action: Action): void {
  const { updates } = action.cluster;
  if (updates.depth >= DEEP) {
    updates.waiting.push(action);
    return;
  }
  updates.depth += 1;
  updateActionForOrderings(action);
  updates.depth -= 1;
}

function update(work: Step[]): void {
  while (work.length > 0) {
    const step = work[work.length - 1] as Step;
    if (step.kind === 'visit') continueVisit(step, work);
    else if (step.kind === 'onward') continueOnward(step, work);
    else continueBlocking(step, work);
  }
}

function continueBlocking({ blocked }: Blocking, work: Step[]): void {
  const { done, value } = blocked.next();
  if (done === true) work.pop();
  else work.push(visit(value), blocking(value));
}

function beginVisit(step: Visit): number {
  const { then } = step;
  step.before = then.before;
  step.lastFlags = then.flags;
  if (then.required > 0) {
    then.runnableBefore = 0;
    forbid(then, 'not-enough-instances');
  }
  return then.before.length - 1;
}

/** Considers inputs up to one that changes itself: that one, and what comes after it, goes before the others. */
function continueVisit(step: Visit, work: Step[]): void {
  step.at ??= beginVisit(step);
  while (step.at >= 0) {
    const input = step.before[step.at] as Relation;
    step.at -= 1;
    const first = considerInput(step, input);
    if (first !== undefined) work.push(visit(first), onward(first));
    const { waiting } = step.then.cluster.updates;
    while (waiting.length > 0) work.push(visit(waiting.pop() as Action));
    if (work[work.length - 1] !== step) return;
  }
  work.pop();
  endVisit(step, work);
}

function endVisit({ then, lastFlags, changed }: Visit, work: Step[]): void {
  const isChanged = then.required > 0 ? lastFlags !== then.flags : has(changed, CHANGED.later);
  if (!isChanged) return;
  work.push(onward(then), visit(then));
  if (has(lastFlags, ACTION.runnable) && !is(then, ACTION.runnable)) work.push(blocking(then));
}

function continueOnward(step: Onward, work: Step[]): void {
  const { after } = step.action;
  const at: number = step.at ?? after.length - 1;
  step.at = at - 1;
  if (at < 0) work.pop();
  else work.push(visit((after[at] as Relation).later));
}

/** Lets one input take effect. Returns the earlier action if that was changed. */
function considerInput(step: Visit, input: Relation): Action | undefined {
  const { then } = step;
  let first = input.first;
  if (has(input.flags, ORDER.ifOnSameNode) && areApart(first, then)) {
    input.flags = ORDER.none;
    return undefined;
  }
  let changed: number = CHANGED.none;
  if (
    first.resource !== undefined &&
    has(input.flags, ORDER.thenCancelsFirst) &&
    !is(then, ACTION.optional)
  ) {
    setFlag(first, ACTION.optional);
    if (first.task === 'reload-agent') first.resource.reloads = false;
  }
  const { resource } = then;
  if (first.resource !== undefined && resource !== undefined && first.resource !== resource) {
    if (!isAncestor(resource, first.resource)) first = effectiveFirst(first);
  }
  if (first === input.first) {
    changed |= applyRelation(first, then, input);
  } else if (relate(first, then, input.flags, input.origin)) {
    changed |= CHANGED.later;
    input.flags = ORDER.none;
  }
  step.changed |= changed;
  return has(changed, CHANGED.first) ? first : undefined;
}

/** A group's start is where the group is assigned. */
function placeOf({ resource, task, node }: Action): Node | undefined {
  if (resource?.kind !== 'group' || task !== 'start') return node;
  return locationOf(resource, 'assigned');
}

function areApart(first: Action, then: Action): boolean {
  const here = placeOf(first);
  const there = placeOf(then);
  return here !== undefined && there !== undefined && here !== there;
}

function applyRelation(first: Action, then: Action, input: Relation): number {
  const firstFlags = flagsFor(first, then);
  const thenFlags = flagsFor(then, first);
  let { node } = then;
  if (has(input.flags, ORDER.firstImpliesSameNodeThen)) {
    input.flags = (input.flags & ~ORDER.firstImpliesSameNodeThen) | ORDER.firstImpliesThen;
    node = first.node;
  }
  const { origin } = input;
  const changed = applyMeanings({ first, later: then, node, flags: firstFlags, origin }, input);
  if (is(first, ACTION.runnable) && has(input.flags, ORDER.firstImpliesThenGraphed)) {
    if (!has(firstFlags, ACTION.optional)) show(then, { action: first, origin });
  }
  if (has(input.flags, ORDER.thenImpliesFirstGraphed) && !has(thenFlags, ACTION.optional)) {
    show(first, { action: then, origin });
  }
  return blockAfterBlockedStop(first, then, input) ? changed | CHANGED.later : changed;
}

const IMPLYING = ORDER.firstImpliesThen | ORDER.thenImpliesFirst | ORDER.intermediateStop;

/** What must follow a stop that cannot be must not be. */
function blockAfterBlockedStop(first: Action, then: Action, input: Relation): boolean {
  if ((input.flags & IMPLYING) === 0 || first.resource === undefined) return false;
  const { managed, blocked } = first.resource.flags;
  if (managed || !blocked || is(first, ACTION.runnable) || first.task !== 'stop') return false;
  if (!is(then, ACTION.runnable)) return false;
  forbid(then, { action: first, origin: input.origin });
  return true;
}

type Subject = Pick<OrderedUpdate, 'first' | 'later' | 'node' | 'flags' | 'origin'>;

/** Each meaning of an ordering in turn: what it changes, on which of the flags it looks. */
function applyMeanings(subject: Subject, input: Relation): number {
  return (
    applyImplications(subject, input) |
    applyMinimum(subject, input) |
    applyNestedProbe(subject, input) |
    applyBlocking(subject, input)
  );
}

/** Lets the later action's resource draw the consequences. */
function tellLater(subject: Subject, type: number, flags = subject.flags): number {
  const { resource } = subject.later;
  if (resource === undefined) return CHANGED.none;
  if ((resource.kind === 'primitive' || resource.kind === 'group') && isMoot(type, flags))
    return CHANGED.none;
  const { first, later, node, origin } = subject;
  return resource.methods.updateOrdered({ first, later, node, flags, type, origin });
}

function applyImplications(subject: Subject, input: Relation): number {
  const { first, later: then, flags } = subject;
  const required = !has(flags, ACTION.optional);
  const optionalOnly = flags & ACTION.optional;
  let changed: number = CHANGED.none;
  if (has(input.flags, ORDER.firstImpliesThen)) {
    if (then.resource !== undefined) {
      changed |= tellLater(subject, ORDER.firstImpliesThen, optionalOnly);
    } else if (required)
      changed |= withdraw(then, ACTION.optional, { action: first, origin: input.origin }, CHANGED.later);
  }
  if (has(input.flags, ORDER.intermediateStop)) {
    changed |= tellLater(subject, ORDER.intermediateStop);
  }
  if (has(input.flags, ORDER.thenImpliesFirst)) {
    if (first.resource !== undefined) {
      const type = ORDER.thenImpliesFirst;
      const { later, node, origin } = subject;
      changed |= first.resource.methods.updateOrdered({ first, later, node, flags, type, origin });
    } else if (required)
      changed |= withdraw(first, ACTION.runnable, { action: then, origin: input.origin }, CHANGED.first);
  }
  if (has(input.flags, ORDER.promotedThenImpliesFirst)) {
    changed |= tellLater(subject, ORDER.promotedThenImpliesFirst, optionalOnly);
  }
  return changed;
}

/** Takes a flag from an action of no resource. */
function withdraw(action: Action, flag: number, because: ActionCause, end: number): number {
  if (!is(action, flag)) return CHANGED.none;
  takeAway(action, flag, because);
  return end;
}

/** One more of those of which only so many are needed. */
function applyMinimum(subject: Subject, input: Relation): number {
  if (!has(input.flags, ORDER.minRunnable)) return CHANGED.none;
  const { later: then, flags } = subject;
  if (then.resource !== undefined) return tellLater(subject, ORDER.minRunnable);
  if (!has(flags, ACTION.runnable)) return CHANGED.none;
  then.runnableBefore += 1;
  if (then.runnableBefore < then.required || is(then, ACTION.runnable)) return CHANGED.none;
  setFlag(then, ACTION.runnable);
  return CHANGED.later;
}

/** A probe through a connection waits for the container's start, unless the container is active elsewhere. */
function applyNestedProbe(subject: Subject, input: Relation): number {
  if (!has(input.flags, ORDER.nestedRemoteProbe) || subject.later.resource === undefined) return CHANGED.none;
  const isElsewhere =
    !has(subject.flags, ACTION.runnable) && (subject.first.resource?.active.length ?? 0) > 0;
  if (!isElsewhere) return tellLater(subject, ORDER.unrunnableFirstBlocks);
  input.flags = ORDER.none;
  return CHANGED.none;
}

function applyBlocking(subject: Subject, input: Relation): number {
  const { later: then, flags } = subject;
  let changed: number = CHANGED.none;
  if (has(input.flags, ORDER.unrunnableFirstBlocks)) {
    if (then.resource !== undefined) {
      changed |= tellLater(subject, ORDER.unrunnableFirstBlocks);
    } else if (!has(flags, ACTION.runnable)) {
      const cause = { action: subject.first, origin: input.origin };
      changed |= withdraw(then, ACTION.runnable, cause, CHANGED.later);
    }
  }
  changed |= tellIf(ORDER.unmigratableThenBlocks, subject, input);
  changed |= tellIf(ORDER.firstElseThen, subject, input);
  changed |= tellIf(ORDER.ordered, subject, input);
  return changed | tellIf(ORDER.asymmetric, subject, input);
}

const tellIf = (meaning: number, subject: Subject, input: Relation): number =>
  has(input.flags, meaning) ? tellLater(subject, meaning) : CHANGED.none;

/** Has an action shown in the graph though it may be optional. */
function show(action: Action, because: ActionCause): void {
  setFlag(action, ACTION.always);
  action.demand ??= because;
}

/** What one meaning of an ordering does to two actions of resources. Returns which of them it changed. */
export function updateOrdered(update: OrderedUpdate): number {
  const { first, later: then, type, flags } = update;
  if (isMoot(type, flags)) return CHANGED.none;
  const firstBefore = first.flags;
  const thenBefore = then.flags;
  applyMeaning(update);
  let changed: number = CHANGED.none;
  if (thenBefore !== then.flags) {
    changed |= CHANGED.later;
    if (then.resource?.parent !== undefined) updateWithin(then);
  }
  return firstBefore === first.flags ? changed : changed | CHANGED.first;
}
