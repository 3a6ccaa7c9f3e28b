/**
 * What the DC makes of outcomes. What holds:
 *
 * 1. An outcome confirms an action only if it carries the key of this DC's term, of this transition, of that
 *    action. Any other is news, and the cluster's state is looked at anew.
 * 2. One outcome is judged once: it is news when it is recorded, not when it is recorded again.
 * 3. What fencing wipes is no news to the transition that ordered it: it was made for just that.
 */
import type { OrderOutcome } from '../../../messages/controller.ts';
import { EXECUTION } from '../../../model/exit-status.ts';
import { type NodeName, nodeName } from '../../../model/names.ts';
import {
  abort,
  actionAttribute,
  actionNumbered,
  confirm,
  phaseOf,
  synapseOf,
} from '../../../transition/walk.ts';
import { attribute, type XmlElement } from '../../../xml/element.ts';
import { isFailure } from '../local/entry.ts';
import {
  type Magic,
  NO_TRANSITION,
  parseMagic,
  parseTransitionKey,
  type TransitionKey,
} from '../transition-key.ts';
import { log, type Turn, updateDirecting } from '../turn.ts';
import type { Evidence } from './evidence.ts';
import { countFailure, isIgnored } from './failures.ts';
import { wantDecision } from './want.ts';

export function judge(turn: Turn, evidence: readonly Evidence[]): void {
  for (const one of evidence) {
    switch (one.kind) {
      case 'configuration':
        wantDecision(turn, 'the configuration changed');
        break;
      case 'attributes':
        if (!wasFencedForThis(turn, one.node)) wantDecision(turn, `attributes of ${one.node} changed`);
        break;
      case 'history-gone':
        noteHistoryGone(turn, one.node, one.resource);
        break;
      case 'result':
        judgeEntry(turn, nodeName(one.node), one.entry);
        break;
    }
  }
}

/** Deleting history is an action of the graph at times; else somebody wants the resource probed. */
function noteHistoryGone(turn: Turn, node: string, resource: string): void {
  if (wasFencedForThis(turn, node)) return;
  const walk = turn.state.directing?.walk;
  const ordered = walk?.plan.actions.some(
    ({ operation, resource: of, node: on, id }) =>
      (operation === 'delete' || operation === 'lrm_delete') &&
      of?.id === resource &&
      on?.name === node &&
      phaseOf(walk, id) !== 'waiting',
  );
  if (ordered !== true) wantDecision(turn, `history of ${resource} on ${node} was deleted`);
}

/** The present transition had this node fenced and reckons with all of it being gone, as long as it is away. */
function wasFencedForThis(turn: Turn, node: string): boolean {
  const { directing, view } = turn.state;
  const walk = directing?.walk;
  if (walk === undefined || view.peers.has(nodeName(node))) return false;
  return walk.plan.actions.some(
    ({ operation, node: on, id, attributes }) =>
      operation === 'stonith' &&
      on?.name === node &&
      !attributes.some(([name, value]) => name === 'CRM_meta_stonith_action' && value === 'on') &&
      phaseOf(walk, id) !== 'waiting',
  );
}

function judgeEntry(turn: Turn, node: NodeName, entry: XmlElement): void {
  const magic = parseMagic(attribute(entry, 'transition-magic') ?? '');
  if (magic === undefined || magic.status === EXECUTION.pending) return;
  const failed = isFailure(entry);
  const key = attribute(entry, 'operation_key') ?? '';
  const action = matchOutcome(turn, magic, { what: `${key} on ${node}`, failed, entry });
  if (failed) countFailure(turn, node, entry, { ignored: isIgnored(action) });
}

interface Outcome {
  readonly what: string;
  readonly failed: boolean;
  readonly entry?: XmlElement;
}

/** Confirms the action that the outcome belongs to, or takes it for news; the action, if it was one of ours. */
function matchOutcome(turn: Turn, { key }: Pick<Magic, 'key'>, { what, failed, entry }: Outcome) {
  const directing = turn.state.directing;
  const walk = directing?.walk;
  if (directing === undefined) return undefined;
  const strange = strangeness(turn, key, entry);
  if (strange !== undefined || walk === undefined) {
    if (strange !== undefined) wantDecision(turn, `${what} ${strange}`);
    return undefined;
  }
  const action = actionNumbered(walk, key.action);
  const counts = failed && !isIgnored(action);
  if (phaseOf(walk, key.action) === 'running') {
    settle(turn, key.action, { failed: counts });
    if (counts) {
      const priority = (synapseOf(walk, key.action)?.priority ?? 0) + 1;
      const reason = `${what} failed`;
      log(turn, 'notice', reason);
      abortWalk(turn, priority, reason);
    }
  }
  return action;
}

/** Why an outcome is none that the present transition waits for. */
function strangeness(turn: Turn, key: TransitionKey, entry: XmlElement | undefined): string | undefined {
  const { directing } = turn.state;
  if (key.transition === NO_TRANSITION) return 'was reported from outside';
  if (key.run !== directing?.run) return 'was ordered by another DC';
  const recurs = entry !== undefined && Number(attribute(entry, 'interval') ?? 0) > 0;
  if (directing.walk === undefined || directing.walk.graph.id !== key.transition) {
    return recurs ? 'changed' : 'came late';
  }
  const phase = phaseOf(directing.walk, key.action);
  if (phase === 'unknown' || phase === 'waiting') return 'is of no action that runs';
  // A recurring operation of this very transition that was confirmed and now says something else.
  if (phase !== 'running' && recurs && changesMind(entry, key)) return 'changed';
  return undefined;
}

const changesMind = (entry: XmlElement, key: TransitionKey): boolean =>
  attribute(entry, 'rc-code') !== String(key.expected) || attribute(entry, 'op-status') !== '0';

/** How an order ended that leaves no trace in the CIB. */
export function judgeAcknowledgement(
  turn: Turn,
  from: NodeName,
  transitionKey: string,
  outcome: OrderOutcome,
): void {
  const key = parseTransitionKey(transitionKey);
  const { directing } = turn.state;
  if (key === undefined || directing?.walk === undefined) return;
  if (key.run !== directing.run || key.transition !== directing.walk.graph.id) return;
  const action = actionNumbered(directing.walk, key.action);
  if (action === undefined || phaseOf(directing.walk, key.action) !== 'running') return;
  if (outcome.kind === 'ended') {
    settle(turn, key.action, { failed: false });
    return;
  }
  const reason = `${action.operationKey} on ${from} was lost: ${outcome.reason}`;
  log(turn, 'warning', reason);
  settle(turn, key.action, { failed: true });
  wantDecision(turn, reason);
}

/** The action has ended. */
export function settle(turn: Turn, id: number, outcome: { readonly failed: boolean }): void {
  const { directing } = turn.state;
  if (directing?.walk === undefined) return;
  const timers = new Map(directing.timers);
  timers.delete(id);
  updateDirecting(turn, { walk: confirm(directing.walk, id, outcome), timers });
}

function abortWalk(turn: Turn, priority: number, reason: string): void {
  const walk = turn.state.directing?.walk;
  if (walk === undefined) return;
  updateDirecting(turn, { walk: abort(walk, { priority, completion: 'restart', reason }) });
}

/** Actions under way on nodes that are gone will not be told of. */
export function loseActionsOn(turn: Turn, gone: readonly NodeName[]): void {
  const walk = turn.state.directing?.walk;
  if (walk === undefined) return;
  for (const action of walk.plan.actions) {
    const node = action.node === undefined ? undefined : nodeName(action.node.name);
    if (node === undefined || !gone.includes(node) || phaseOf(walk, action.id) !== 'running') continue;
    if (action.kind === 'rsc_op') settle(turn, action.id, { failed: true });
  }
}

/** Nodes that were let go and went have done what the graph asked of them. */
export function confirmDismissals(turn: Turn, gone: readonly NodeName[]): void {
  const walk = turn.state.directing?.walk;
  if (walk === undefined) return;
  for (const { id, operation, node } of walk.plan.actions) {
    if (operation !== 'do_shutdown' || phaseOf(walk, id) !== 'running' || node === undefined) continue;
    if (gone.includes(nodeName(node.name))) settle(turn, id, { failed: false });
  }
}

/** Actions whose time is over are taken for failed: their nodes say nothing of them. */
export function loseLateActions(turn: Turn): void {
  const { directing } = turn.state;
  for (const [id, until] of directing?.timers ?? []) {
    const walk = turn.state.directing?.walk;
    const action = walk === undefined ? undefined : actionNumbered(walk, id);
    if (until > turn.env.now || action === undefined) continue;
    const limit = actionAttribute(action, 'CRM_meta_timeout') ?? 'its time';
    const reason = `${action.operationKey} on ${action.node?.name ?? 'no node'} was not told of within ${limit}`;
    log(turn, 'err', reason);
    settle(turn, id, { failed: true });
    wantDecision(turn, reason);
  }
}
