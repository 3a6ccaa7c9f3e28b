import { demand, forbid } from '../actions/action.ts';
import type { Candidate, Node, Resource } from '../model.ts';
import type { Displacement } from '../origins.ts';
import { noteUtilization } from '../scores.ts';
import { isGuestNode } from '../tree.ts';
import { addNeeds } from './capacity.ts';
import { isAvailable } from './nodes.ts';

export interface Assignment {
  /** Even where it may not run. */
  readonly force: boolean;
  readonly stopIfFail: boolean;
  /** Where it is to have none: why. */
  readonly because?: Displacement | undefined;
}

/**
 * Assigns a resource, with all in it, to a node, or to none; true where that changes something. Nothing is
 * decided by it about where an instance may go: that was before.
 */
export function assignTo(
  resource: Resource,
  candidate: Candidate | undefined,
  { force, stopIfFail, because }: Assignment,
): boolean {
  if (resource.children.length > 0) {
    let changed = false;
    for (const one of resource.children) {
      changed = assignTo(one, candidate, { force, stopIfFail, because }) || changed;
    }
    return changed;
  }
  let chosen: Node | undefined = candidate?.node;
  if (!force && candidate !== undefined && !mayTake(resource, candidate)) {
    if (stopIfFail) resource.nextRole = 'Stopped';
    chosen = undefined;
  }
  const changed = resource.assigned !== chosen;
  unassign(resource);
  resource.isAssigned = true;
  resource.displaced = because;
  if (chosen === undefined) {
    if (stopIfFail) stopWhatIsPlanned(resource);
    return changed;
  }
  resource.assigned = chosen;
  resource.assignedScore = candidate?.score ?? 0;
  chosen.load += 1;
  if (candidate !== undefined) candidate.count += 1;
  addNeeds(chosen.capacity, resource, -1);
  noteUtilization(resource, chosen);
  return changed;
}

/** What carries a node is never on that node, whatever a constraint says. */
const mayTake = (resource: Resource, candidate: Candidate): boolean =>
  candidate.node.connection?.launcher !== resource &&
  candidate.score >= 0 &&
  (isAvailable(candidate) || isGuestNode(candidate.node));

const NOT_RUNNING = '7';

/** Actions made earlier must fit a resource that runs nowhere. */
function stopWhatIsPlanned(resource: Resource): void {
  resource.nextRole = 'Stopped';
  for (const action of resource.actions) {
    if (action.task === 'stop') demand(action, 'nowhere-to-run');
    else if (action.task === 'start') forbid(action, 'nowhere-to-run');
    else if (action.interval !== 0 && action.meta.get('op_target_rc') !== NOT_RUNNING) {
      forbid(action, 'nowhere-to-run');
    }
  }
}

export function unassign(resource: Resource): void {
  resource.isAssigned = false;
  if (resource.children.length > 0) {
    for (const one of resource.children) unassign(one);
    return;
  }
  const old = resource.assigned;
  if (old === undefined) return;
  resource.assigned = undefined;
  old.load -= 1;
  addNeeds(old.capacity, resource, 1);
}
