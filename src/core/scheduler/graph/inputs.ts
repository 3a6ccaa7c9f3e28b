import { is } from '../actions/action.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Action } from '../model.ts';
import type { Relation } from '../order/relate.ts';
import { isGuestNode } from '../tree.ts';

/** Whether an action is carried out, or at least shown, in the transition. */
export function isGraphed(action: Action): boolean {
  if (!is(action, ACTION.runnable)) return false;
  if (is(action, ACTION.optional) && !is(action, ACTION.always)) return false;
  const { resource, node } = action;
  if (resource !== undefined && !resource.flags.managed && action.task !== 'monitor') {
    if (action.interval === 0) return false;
  }
  if (is(action, ACTION.pseudo) || action.task === 'stonith' || action.task === 'do_shutdown') return true;
  if (node === undefined) return false;
  if (is(action, ACTION.onDc) || (isGuestNode(node) && !node.remoteReset)) return true;
  return node.online && !node.unclean;
}

const ONLY_GRAPHED = ORDER.thenImpliesFirstGraphed | ORDER.firstImpliesThenGraphed | ORDER.ordered;
const changesActions = ({ flags }: Relation): boolean => (flags & ~ONLY_GRAPHED) !== 0;

/** Whether the action waits, in the graph, for what stands before it. May switch an ordering off for good. */
export function isInputGraphed(action: Action, input: Relation): boolean {
  if (input.graphed) return true;
  const { first, flags } = input;
  if (flags === ORDER.none) return false;
  const runnable = is(first, ACTION.runnable);
  if (!runnable && (!changesActions(input) || has(flags, ORDER.minRunnable))) return false;
  if (!runnable && has(flags, ORDER.unmigratableThenBlocks)) return false;
  const moves = is(first, ACTION.migratable);
  if (moves && has(flags, ORDER.ifFirstUnmigratable)) return false;
  if (moves && flags === ORDER.ordered && first.key.endsWith('_stop_0')) return false;
  if (flags === ORDER.ifOnSameNodeOrTarget) return keep(input, staysForRoom(action, first));
  if (flags === ORDER.ifRequiredOnSameNode) {
    const apart = first.node !== undefined && action.node !== undefined && first.node !== action.node;
    return keep(input, !apart && !is(first, ACTION.optional));
  }
  if (isUnmanagedStop(action, first)) return false;
  const shown = (first.flags & (ACTION.always | ACTION.graphed)) !== 0;
  return !is(first, ACTION.optional) || shown || isGraphed(first);
}

function keep(input: Relation, stays: boolean): boolean {
  if (!stays) input.flags = ORDER.none;
  return stays;
}

/** What makes room on the node where the action is, or (of a migration) on the one that it leads to. */
function staysForRoom(action: Action, first: Action): boolean {
  if (action.resource !== undefined && action.task === 'migrate_to') {
    return first.node !== undefined && first.node === action.resource.assigned;
  }
  return first.node !== undefined && first.node === action.node && !is(first, ACTION.optional);
}

/** A clone does not wait for a failed resource's stop that nobody will carry out. */
function isUnmanagedStop(action: Action, first: Action): boolean {
  const { resource } = first;
  return (
    resource !== undefined &&
    resource !== action.resource &&
    resource.flags.failed &&
    !resource.flags.managed &&
    first.key.endsWith('_stop_0') &&
    action.resource?.kind === 'clone'
  );
}

/** Whether following what an action waits for, from that input on, leads back to it. */
export function hasLoop(start: Action, input: Relation): boolean {
  const seen = new Set<Action>();
  const ahead: [Action, Relation][] = [[start, input]];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const [action, through] = next;
    const { first } = through;
    if (seen.has(first) || !isInputGraphed(action, through)) continue;
    if (first === start) return true;
    seen.add(first);
    for (const before of first.before) ahead.push([first, before]);
  }
  return false;
}
