/** Failures that no agent told of: recorded because somebody says so, and forgotten because the cluster does. */
import { milliseconds } from '../../../base/time.ts';
import { EXECUTION, OCF } from '../../../model/exit-status.ts';
import { attribute } from '../../../xml/element.ts';
import { NO_RUN, NO_TRANSITION, printTransitionKey } from '../transition-key.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { entriesOf } from './entry.ts';
import { withEntries, withoutEntries } from './history.ts';
import { writeResource } from './write.ts';

/** As if a monitor had found the resource failed just now; it is left as it is. */
export function recordFailure(turn: Turn, resource: string): void {
  const { history, nextCall, parameters } = turn.state.local;
  const known = history?.get(resource);
  if (history === undefined || known === undefined) return;
  const transitionKey = printTransitionKey({
    action: 0,
    transition: NO_TRANSITION,
    expected: 0,
    run: NO_RUN,
  });
  const [failure] = entriesOf({
    resource,
    operation: 'asyncmon',
    interval: milliseconds(0),
    timeout: milliseconds(0),
    transitionKey,
    node: turn.env.node.name,
    call: nextCall,
    status: EXECUTION.error,
    exitStatus: OCF.unknownError,
    exitReason: 'Simulated failure',
    changedAt: turn.env.now,
    parameters: parameters.get(resource) ?? {},
    origin: 'do_update_resource',
  }).slice(-1);
  if (failure === undefined) return;
  updateLocal(turn, {
    nextCall: nextCall + 1,
    history: withEntries(history, resource, known.agent, [failure]),
  });
  writeResource(turn, resource, []);
}

/** How the resource last failed is not to count any more. */
export function clearFailure(turn: Turn, resource: string): void {
  const { history } = turn.state.local;
  if (history === undefined) return;
  const id = `${resource}_last_failure_0`;
  const without = withoutEntries(history, resource, entry => attribute(entry, 'id') === id);
  if (without === history) return;
  updateLocal(turn, { history: without });
  writeResource(turn, resource, []);
}
