/**
 * What others ask of this node's history. It waits until history is known: what was read after that would bring back
 * what was to be forgotten.
 */
import { unreachable } from '../../../base/assert.ts';
import type { ControllerMessage } from '../../../messages/controller.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { clearFailure, recordFailure } from './failure.ts';
import { acknowledge, DONE, forgetResource } from './orders.ts';

export type Amendment = Extract<
  ControllerMessage,
  { readonly kind: 'lrm_delete' | 'lrm_fail' | 'clear_failcount' }
>;

export function amend(turn: Turn, amendment: Amendment): void {
  updateLocal(turn, { amendments: [...turn.state.local.amendments, amendment] });
  takeAmendments(turn);
}

/** What has waited for history to be known. */
export function takeAmendments(turn: Turn): void {
  const { history, amendments } = turn.state.local;
  if (history === undefined || amendments.length === 0) return;
  updateLocal(turn, { amendments: [] });
  for (const one of amendments) carryOut(turn, one);
}

function carryOut(turn: Turn, amendment: Amendment): void {
  switch (amendment.kind) {
    case 'lrm_delete':
      forgetResource(turn, amendment.resource);
      if (amendment.transitionKey !== undefined) acknowledge(turn, amendment.transitionKey, DONE);
      return;
    case 'lrm_fail':
      recordFailure(turn, amendment.resource);
      return;
    case 'clear_failcount':
      clearFailure(turn, amendment.resource);
      return;
    default:
      unreachable(amendment);
  }
}
