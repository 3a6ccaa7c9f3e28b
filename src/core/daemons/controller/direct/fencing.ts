/**
 * Fencing on behalf of a transition, and what the DC makes of any fencing it hears of. What holds:
 *
 * 1. Only the fencer's word that it was done makes a node down: never a time-out, never its absence.
 * 2. That word is about the life that the target led when it was ordered. If it left and came back meanwhile, the
 *    word says nothing of its present life.
 * 3. After too many failures in a row, or without a device, the DC waits for something to happen.
 */
import { later, milliseconds } from '../../../base/time.ts';
import { sectionOf } from '../../../cib/document.ts';
import type { NodeName } from '../../../model/names.ts';
import { nodeName } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { abort, actionAttribute, INFINITE_PRIORITY } from '../../../transition/walk.ts';
import { attribute, child } from '../../../xml/element.ts';
import type { Announcement, FenceOutcome } from '../../inside.ts';
import { log, type Turn, update, updateDirecting } from '../turn.ts';
import { dropJoins } from './joins.ts';
import { settle } from './judge.ts';
import { wantDecision } from './want.ts';

const DEFAULT_TIMEOUT = 60_000;
/** The fencer answers in the end, after all levels and retries; this many time-outs are more than those take. */
const FENCER_PATIENCE = 20;

export function orderFencing(turn: Turn, action: GraphAction): void {
  const { directing, nextRequest } = turn.state;
  const walk = directing?.walk;
  if (directing === undefined || walk === undefined || action.node === undefined) return;
  const target = nodeName(action.node.name);
  const wanted =
    actionAttribute(action, 'CRM_meta_stonith_action') ?? actionAttribute(action, 'stonith_action');
  const what = wanted === 'on' || wanted === 'off' ? wanted : 'reboot';
  const { settings } = walk.graph;
  const timeout = lengthOf(settings['fencing-timeout'] ?? settings['stonith-timeout']) ?? DEFAULT_TIMEOUT;
  const delay = lengthOf(settings['priority-fencing-delay']);
  update(turn, { nextRequest: nextRequest + 1 });
  updateDirecting(turn, {
    fences: new Map(directing.fences).set(nextRequest, {
      target,
      action: what,
      graphAction: action.id,
      transition: walk.graph.id,
      left: !turn.state.view.members.has(target),
      until: later(turn.env.now, milliseconds(timeout * FENCER_PATIENCE)),
    }),
  });
  log(turn, 'notice', `fencing of ${target} (${what}) is asked for`);
  turn.effects.push({
    kind: 'tell-fencer',
    body: {
      kind: 'fence',
      request: nextRequest,
      target,
      action: what,
      timeout: milliseconds(timeout),
      ...(delay === undefined || actionAttribute(action, 'priority-fencing-delay') === undefined
        ? {}
        : { delay: milliseconds(delay) }),
    },
  });
}

/** `60s` or `60000ms`, as graphs have it; seconds without a unit. */
function lengthOf(text: string | undefined): number | undefined {
  const match = /^(\d+)(ms|s)?$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * (match[2] === 'ms' ? 1 : 1000);
}

export function noteFenceOutcome(turn: Turn, outcome: FenceOutcome): void {
  const { directing } = turn.state;
  const fence = directing?.fences.get(outcome.request);
  if (directing === undefined || fence === undefined) return;
  const fences = new Map(directing.fences);
  fences.delete(outcome.request);
  const failures = new Map(directing.fenceFailures);
  updateDirecting(turn, { fences });
  const current = directing.walk?.graph.id === fence.transition;
  if (outcome.ok) {
    failures.delete(fence.target);
    updateDirecting(turn, { fenceFailures: failures });
    if (fence.action !== 'on') noteDown(turn, fence.target, { left: fence.left });
    if (current) settle(turn, fence.graphAction, { failed: false });
    return;
  }
  const count = (failures.get(fence.target) ?? 0) + 1;
  updateDirecting(turn, { fenceFailures: failures.set(fence.target, count) });
  log(turn, 'warning', `fencing of ${fence.target} failed: ${outcome.message}`);
  if (current) settle(turn, fence.graphAction, { failed: true });
  const hopeless = outcome.refusal === 'no-device' || count >= turn.state.options.maxFencingAttempts;
  if (!hopeless) {
    wantDecision(turn, `fencing of ${fence.target} failed`);
    return;
  }
  log(turn, 'err', `${fence.target} cannot be fenced: waiting for something to change`);
  const walk = turn.state.directing?.walk;
  if (walk === undefined) return;
  updateDirecting(turn, {
    walk: abort(walk, { priority: INFINITE_PRIORITY, completion: 'wait', reason: 'fencing is impossible' }),
  });
}

/** The fencer itself must be in trouble: what it has not said in all this time, it will not say. */
export function loseLateFences(turn: Turn): void {
  for (const [request, { target, until }] of turn.state.directing?.fences ?? []) {
    if (until > turn.env.now) continue;
    const message = 'the fencer did not answer';
    noteFenceOutcome(turn, {
      kind: 'fence-outcome',
      request,
      target,
      ok: false,
      refusal: 'timeout',
      message,
    });
  }
}

/** The life that the target led is over. */
function noteDown(turn: Turn, target: NodeName, { left }: { readonly left: boolean }): void {
  const { directing, view } = turn.state;
  if (directing === undefined) return;
  const here = view.members.has(target);
  if (here && left && directing.joins.get(target)?.phase === 'confirmed') return;
  const wipe = new Set(directing.wipe).add(target);
  const down = here && !left ? new Set(directing.down).add(target) : directing.down;
  updateDirecting(turn, { wipe, down });
  if (here && !left) dropJoins(turn, [target]);
}

type FencingEnded = Extract<Announcement, { readonly kind: 'fencing-ended' }>;

/** Any fencing in the cluster, whoever asked for it. Those that we asked for are told to us as outcomes, too. */
export function noteFencing(turn: Turn, { target, action, ok, origin }: FencingEnded): void {
  if (!ok || action === 'on') return;
  const { directing, view } = turn.state;
  if (target === turn.env.node.name) {
    log(turn, 'crit', `this node was fenced by ${origin} and lives: ending it`);
    turn.effects.push({ kind: 'panic', reason: 'we were fenced' });
    return;
  }
  if (view.members.has(target)) return;
  if (directing === undefined) {
    update(turn, { fenced: new Set(turn.state.fenced).add(target) });
    return;
  }
  if (isOurs(turn, target) || isDownAlready(turn, target)) return;
  noteDown(turn, target, { left: true });
  wantDecision(turn, `${target} was fenced`);
}

/** Whether an order of our own covers it: then its outcome says the rest. */
function isOurs(turn: Turn, target: NodeName): boolean {
  const fences = [...(turn.state.directing?.fences.values() ?? [])];
  return fences.some(fence => fence.target === target);
}

/** Whether the CIB says so already. */
function isDownAlready({ state: { cib } }: Turn, target: NodeName): boolean {
  const status = cib === undefined ? undefined : sectionOf(cib, 'status');
  const state = status?.children.find(one => attribute(one, 'uname') === target);
  return (
    state !== undefined &&
    attribute(state, 'in_ccm') === 'false' &&
    attribute(state, 'expected') === 'down' &&
    child(state, 'lrm') === undefined
  );
}

/** A target that leaves the cluster while its fencing is under way has ended the life that was meant. */
export function noteTargetsLeft(turn: Turn, gone: readonly NodeName[]): void {
  const { directing } = turn.state;
  if (directing === undefined) return;
  const fences = new Map(directing.fences);
  for (const [request, fence] of fences) {
    if (gone.includes(fence.target)) fences.set(request, { ...fence, left: true });
  }
  updateDirecting(turn, { fences, down: new Set([...directing.down].filter(name => !gone.includes(name))) });
}
