/**
 * The DC's circle: look at the cluster, decide, carry out, look again. What holds:
 *
 * 1. Nothing is decided before the CIB is agreed on, says who is there and whether there is a quorum, and all
 *    who are there have joined.
 * 2. A decision that the cluster has meanwhile outrun is thrown away.
 * 3. A transition is carried out to its end, or to the end of what runs of it, before the next begins.
 * 4. After one that did something it is looked again, until there is nothing to do.
 */
import { earliest, type Instant, later, milliseconds, seconds } from '../../../base/time.ts';
import { advance, beginWalk, runningActions, type Walk } from '../../../transition/walk.ts';
import { element } from '../../../xml/element.ts';
import type { ComputedTransition } from '../../contract.ts';
import type { Directing } from '../state.ts';
import { clearDirecting, log, send, type Turn, update, updateDirecting } from '../turn.ts';
import { dispatch } from './dispatch.ts';
import { loseLateFences } from './fencing.ts';
import { evaluateJoins } from './joins.ts';
import { loseLateActions } from './judge.ts';
import { limitsFor } from './limits.ts';
import { writeNodeStates } from './node-states.ts';
import { writeOffice } from './office.ts';
import { wantDecision, wantFollowUp } from './want.ts';

/** Changes come in swarms: at most one decision is begun in this time. */
const BETWEEN_DECISIONS = milliseconds(100);

/** What is dispatched may end at once and let more begin; a graph has no more rounds than actions. */
const ROUNDS = 100_000;

export function direct(turn: Turn): void {
  if (turn.state.directing === undefined) return;
  loseLateActions(turn);
  loseLateFences(turn);
  for (let round = 0; round < ROUNDS; round += 1) {
    const ready = isReady(turn);
    if (ready) tellDismissed(turn);
    if (carryOut(turn, ready)) continue;
    if (ready) decide(turn);
    return;
  }
}

/** Whether the CIB is fit to decide on. What is missing in it is written on the way. */
function isReady(turn: Turn): boolean {
  const joining = evaluateJoins(turn);
  const { agreed, writes, cib } = turn.state;
  const { writeAt } = turn.state.directing ?? {};
  if (!agreed || cib === undefined || isWriting(writes)) return false;
  if (writeAt !== undefined && writeAt > turn.env.now) return false;
  clearDirecting(turn, 'writeAt');
  const wrote = [writeOffice(turn), writeNodeStates(turn)].includes(true);
  return !wrote && !joining;
}

const isWriting = (writes: Turn['state']['writes']): boolean =>
  [...writes.values()].some(({ kind }) => kind === 'nodes');

/** Nodes that may leave are told once the CIB says that they are expected to. */
function tellDismissed(turn: Turn): void {
  for (const [name, told] of turn.state.directing?.dismissed ?? []) {
    if (told === 'told') continue;
    updateDirecting(turn, {
      dismissed: new Map(turn.state.directing?.dismissed).set(name, 'told'),
    });
    send(turn, name, { kind: 'do_shutdown' });
  }
}

/** Lets the transition go on; true if something began that may have ended, or changed what there is to write. */
function carryOut(turn: Turn, ready: boolean): boolean {
  const { directing, view, options } = turn.state;
  const walk = directing?.walk;
  if (directing === undefined || walk === undefined) return false;
  const looked = { walk, ready, view, options, joins: directing.joins };
  if (isSame(looked, directing.looked)) {
    watchStall(turn, walk, ready);
    return false;
  }
  const progress = advance(walk, limitsFor(turn, walk, ready));
  updateDirecting(turn, { walk: progress.walk, looked: { ...looked, walk: progress.walk } });
  for (const action of progress.fire) dispatch(turn, action);
  if (progress.fire.length > 0) return true;
  if (progress.verdict !== 'active') conclude(turn, progress.walk, progress.verdict);
  else watchStall(turn, progress.walk, ready);
  return false;
}

type Looked = NonNullable<Directing['looked']>;

const isSame = (one: Looked, other: Looked | undefined): boolean =>
  other !== undefined &&
  one.walk === other.walk &&
  one.ready === other.ready &&
  one.view === other.view &&
  one.options === other.options &&
  one.joins === other.joins;

/** How long a transition may wait for nodes that do not take part before the cluster is looked at anew. */
const STALL = seconds(60);

function watchStall(turn: Turn, walk: Walk, ready: boolean): void {
  const { directing } = turn.state;
  if (!ready || runningActions(walk).length > 0) {
    clearDirecting(turn, 'stalledUntil');
  } else if (directing?.stalledUntil === undefined) {
    updateDirecting(turn, { stalledUntil: later(turn.env.now, STALL) });
  } else if (directing.stalledUntil <= turn.env.now) {
    clearDirecting(turn, 'stalledUntil');
    wantDecision(turn, 'the transition came to a stand');
  }
}

function conclude(turn: Turn, walk: Walk, verdict: 'complete' | 'incomplete' | 'terminated'): void {
  clearDirecting(turn, 'walk', 'stalledUntil');
  updateDirecting(turn, { timers: new Map() });
  const { id } = walk.graph;
  const reason = walk.reason === undefined ? '' : `: ${walk.reason}`;
  const level = verdict === 'complete' ? 'info' : verdict === 'incomplete' ? 'notice' : 'err';
  log(turn, level, `transition ${id} is ${verdict}${reason}`);
  publish(turn, id, verdict);
  if (walk.completion === 'restart') wantDecision(turn, walk.reason ?? 'the transition was cut short');
  else if (verdict !== 'terminated' && walk.graph.synapses.length > 0) wantFollowUp(turn);
  setRecheck(turn, walk);
}

function setRecheck(turn: Turn, { graph }: Walk): void {
  const { recheckInterval } = turn.state.options;
  const regular = recheckInterval > 0 ? later(turn.env.now, recheckInterval) : undefined;
  const next = earliest(regular, graph.recheckAt);
  if (next === undefined) clearDirecting(turn, 'recheckAt');
  else updateDirecting(turn, { recheckAt: next });
}

function decide(turn: Turn): void {
  const { directing, cib, nextEffect } = turn.state;
  if (directing === undefined || cib === undefined) return;
  const { wanted, walk, computing, notBefore, recheckAt } = directing;
  if (walk !== undefined || computing !== undefined) return;
  const due = recheckAt !== undefined && recheckAt <= turn.env.now;
  if ((wanted === undefined && !due) || notBefore > turn.env.now) return;
  const transition = directing.transitions + 1;
  clearDirecting(turn, 'wanted', 'recheckAt');
  updateDirecting(turn, {
    transitions: transition,
    computing: { effect: nextEffect, transition },
    notBefore: later(turn.env.now, BETWEEN_DECISIONS),
  });
  update(turn, { nextEffect: nextEffect + 1 });
  turn.effects.push({
    kind: 'compute-transition',
    effect: nextEffect,
    cib,
    now: turn.env.now,
    transition,
  });
}

export function noteComputed(turn: Turn, effect: number, { graph, problems }: ComputedTransition): void {
  const { directing } = turn.state;
  if (directing?.computing === undefined || directing.computing.effect !== effect) return;
  const { transition } = directing.computing;
  clearDirecting(turn, 'computing');
  if (directing.wanted !== undefined) return;
  for (const problem of problems) log(turn, 'warning', problem);
  const count = graph.synapses.length;
  log(turn, count > 0 ? 'notice' : 'info', `transition ${transition} begins: ${count} actions`);
  updateDirecting(turn, { walk: beginWalk({ ...graph, id: transition }), timers: new Map() });
  publish(turn, transition, 'active');
}

function publish(turn: Turn, transition: number, state: string): void {
  const body = element('transition', { id: transition, state });
  turn.effects.push({ kind: 'publish', topic: 'transition', body });
}

/** When the DC may have something to do by itself. */
export function directDeadlines({ directing, view }: Turn['state']): readonly (Instant | undefined)[] {
  if (directing === undefined) return [];
  const deciding = directing.walk === undefined && directing.computing === undefined;
  return [
    ...directing.timers.values(),
    ...[...directing.fences.values()].map(({ until }) => until),
    directing.stalledUntil,
    directing.joinUntil,
    directing.writeAt,
    deciding && directing.wanted !== undefined ? directing.notBefore : undefined,
    deciding ? directing.recheckAt : undefined,
    ...view.away.values(),
  ];
}
