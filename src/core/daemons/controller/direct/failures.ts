/**
 * Counts failures, as attributes of the node: `fail-count-RESOURCE#OPERATION_INTERVAL` and `last-failure-…`. What holds:
 *
 * 1. Whatever failure the DC learns of it tells the attribute managers, who count each once. So none is lost that was
 *    recorded while there was no DC, or whose DC died before it counted it, and none counts twice when the CIB is
 *    replaced or a node tells its history anew.
 */
import type { NodeName } from '../../../model/names.ts';
import { parseOperationKey } from '../../../model/operation-key.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute } from '../../../transition/walk.ts';
import { attribute, walk, type XmlElement } from '../../../xml/element.ts';
import { isFailure } from '../local/entry.ts';
import { lrmOf } from '../local/history.ts';
import type { Options } from '../options.ts';
import { NO_TRANSITION, parseTransitionKey } from '../transition-key.ts';
import { log, type Turn } from '../turn.ts';
import { identity } from './evidence.ts';

/** Of a node that has joined: its history is true now. */
export function countRecordedFailures(turn: Turn, node: NodeName): void {
  const { cib, view } = turn.state;
  const id = view.members.get(node);
  const lrm = cib === undefined || id === undefined ? undefined : lrmOf(cib, id);
  for (const entry of lrm === undefined ? [] : walk(lrm)) {
    const isLast = attribute(entry, 'id')?.endsWith('_last_failure_0') === true;
    if (isLast && isFailure(entry)) countFailure(turn, node, entry, { ignored: false });
  }
}

/** `ignored`: it is recorded and not counted (`on-fail=ignore`). */
export function countFailure(
  turn: Turn,
  node: NodeName,
  entry: XmlElement,
  { ignored }: { readonly ignored: boolean },
): void {
  const operationKey = attribute(entry, 'operation_key') ?? '';
  const parsed = parseOperationKey(operationKey);
  if (parsed === undefined) return;
  const { resource, operation, interval } = parsed;
  // It was reported from outside the cluster: whatever the operation, it counts.
  const reported = parseTransitionKey(attribute(entry, 'transition-key') ?? '')?.transition === NO_TRANSITION;
  const count = countedValue(turn.state.options, operation, interval, reported);
  if (count === undefined) return;
  log(turn, 'info', `${operationKey} failed on ${node}`);
  const what = `${resource}#${operation}_${interval}`;
  // Not before the failure, by whichever clock is ahead.
  const at = Math.max(Math.floor(turn.env.now / 1000), Number(attribute(entry, 'last-rc-change') ?? 0));
  const failure = { kind: 'failure', node, what, identity: identity(entry), at } as const;
  turn.effects.push({ kind: 'tell-attributes', body: ignored ? failure : { ...failure, count } });
}

/** A failed stop is final, a failed start is if the configuration says so; probes and notifications do not count. */
function countedValue(
  { startFailureIsFatal }: Options,
  operation: string,
  interval: number,
  reported: boolean,
): string | undefined {
  if (operation === 'stop' || (operation === 'start' && startFailureIsFatal)) return 'INFINITY';
  const counts = interval > 0 || ['start', 'promote', 'demote'].includes(operation) || reported;
  return counts ? 'value++' : undefined;
}

export const isIgnored = (action: GraphAction | undefined): boolean =>
  action !== undefined && actionAttribute(action, 'CRM_meta_on_fail') === 'ignore';

/** Forgets the counts of a resource on a node, be it of one operation or of all. */
export function clearFailures(
  turn: Turn,
  {
    resource,
    node,
    operation,
  }: { readonly resource: string; readonly node: NodeName; readonly operation?: string },
): void {
  const escaped = resource.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const end = operation === undefined ? '(#.*)?' : `#${operation}`;
  turn.effects.push({
    kind: 'tell-attributes',
    body: {
      kind: 'attribute-write',
      body: {
        kind: 'attribute',
        operation: 'delete',
        pattern: `^(fail-count|last-failure)-${escaped}${end}$`,
        node,
      },
    },
  });
}
