/**
 * This node as one that joins a DC, and as one that leaves. What holds:
 *
 * 1. It confirms only once the CIB is agreed on and tells the truth about what became of resources here.
 * 2. It leaves in good order only when the DC lets it; without anybody to ask and with nothing running, at once.
 */
import { type Instant, instant, later, milliseconds, seconds } from '../../base/time.ts';
import { versionOf } from '../../cib/document.ts';
import type { ControllerMessage } from '../../messages/controller.ts';
import type { NodeName } from '../../model/names.ts';
import { FEATURE_SET } from '../../model/version.ts';
import { mayBeActive } from './local/history.ts';
import type { ControllerState } from './state.ts';
import { log, send, type Turn, update, updateLocal } from './turn.ts';

/** How long a join waits for an executor: others must not wait longer for a node that has none. */
const EXECUTOR_PATIENCE = seconds(5);

export function evaluateMembership(turn: Turn): void {
  const { membership, dc, cib } = turn.state;
  if (membership === undefined || dc === undefined || cib === undefined) return;
  if (membership.phase === 'offered') {
    const { join } = membership;
    update(turn, { membership: { join, phase: 'requested' } });
    send(turn, dc, { kind: 'join_request', join, featureSet: FEATURE_SET, cib: versionOf(cib) });
  } else if (membership.phase === 'accepted' && isHistoryTrue(turn, membership.patienceUntil)) {
    update(turn, { membership: { join: membership.join, phase: 'joined' } });
    send(turn, dc, { kind: 'join_confirm', join: membership.join });
  }
}

type Answer = Extract<ControllerMessage, { readonly kind: 'join_ack_nack' }>;

export function noteAnswer(turn: Turn, from: NodeName, answer: Answer): void {
  const { membership, dc } = turn.state;
  if (dc !== from || membership?.join !== answer.join || membership.phase !== 'requested') return;
  if (!answer.accepted) {
    leave(turn, `the DC does not let this node join: ${answer.reason ?? 'no reason given'}`);
    return;
  }
  const patienceUntil = later(turn.env.now, EXECUTOR_PATIENCE);
  update(turn, { membership: { join: answer.join, phase: 'accepted', patienceUntil } });
  updateLocal(turn, { rewriteAt: turn.env.now });
  writeAttribute(turn, turn.env.node.name, '#feature-set', FEATURE_SET);
}

function isHistoryTrue(turn: Turn, patienceUntil: number): boolean {
  const { agreed, local, writes } = turn.state;
  if (!agreed) return false;
  if (local.history === undefined) {
    if (patienceUntil > turn.env.now) return false;
    // Nobody can say what runs here: it has to be probed, as soon as there is somebody to do it.
    log(turn, 'warning', 'joining without an executor');
    updateLocal(turn, { history: new Map(), rewriteAt: turn.env.now });
    return false;
  }
  if (local.executor !== 'ready' && patienceUntil > turn.env.now) return false;
  if (local.rewriteAt !== undefined) return false;
  return ![...writes.values()].some(({ kind }) => kind === 'history');
}

/** Somebody wants this node to leave in good order. */
export function beginLeaving(turn: Turn): void {
  if (turn.state.leaving !== undefined) return;
  log(turn, 'notice', 'leaving the cluster');
  update(turn, { leaving: { until: later(turn.env.now, turn.state.options.shutdownEscalation) } });
}

export function evaluateLeaving(turn: Turn): void {
  const { leaving, dc, membership, election } = turn.state;
  if (leaving === undefined || turn.state.stopped) return;
  if (leaving.until <= turn.env.now) {
    leave(turn, 'the time for leaving in good order is over');
  } else if (dc !== undefined && membership?.phase === 'joined') {
    if (leaving.asked === dc) return;
    update(turn, { leaving: { until: leaving.until, asked: dc } });
    send(turn, dc, { kind: 'req_shutdown' });
  } else if (dc === undefined && election.kind === 'none' && !isAnythingActive(turn)) {
    leave(turn, 'nothing runs here and there is no DC to ask');
  }
}

/** As far as is known: history whose last word on a resource is not that it is stopped. */
function isAnythingActive(turn: Turn): boolean {
  const { history, running, executor, listing, forgotten } = turn.state.local;
  if (running.size > 0 || listing !== undefined || forgotten.size > 0) return true;
  if (history === undefined) return executor === 'asked' || patienceAtStart(turn.state) > turn.env.now;
  return [...history].some(([id, one]) => mayBeActive(id, one));
}

/** An executor that goes on from before needs a moment to be found. */
export const patienceAtStart = ({ startedAt }: ControllerState): Instant =>
  later(startedAt ?? instant(0), EXECUTOR_PATIENCE);

export function leave(turn: Turn, reason: string): void {
  log(turn, 'notice', `leaving: ${reason}`);
  update(turn, { stopped: true });
  turn.effects.push({ kind: 'exit', outcome: 'stopped', reason });
}

/** To the DC: a node wants to leave. The attribute is what the scheduler goes by. */
export function noteShutdownRequest(turn: Turn, from: NodeName): void {
  if (turn.state.directing === undefined) return;
  log(turn, 'notice', `${from} wants to leave`);
  const value = String(Math.floor(milliseconds(turn.env.now) / 1000));
  writeAttribute(turn, from, 'shutdown', value);
}

function writeAttribute(turn: Turn, node: NodeName, name: string, value: string): void {
  turn.effects.push({
    kind: 'tell-attributes',
    body: {
      kind: 'attribute-write',
      body: { kind: 'attribute', operation: 'update', name, value, node },
    },
  });
}
