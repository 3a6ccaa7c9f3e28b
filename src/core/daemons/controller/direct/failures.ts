/** Counts failures, as attributes of the node: `fail-count-RESOURCE#OPERATION_INTERVAL` and `last-failure-…`. */
import type { NodeName } from '../../../model/names.ts';
import { parseOperationKey } from '../../../model/operation-key.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute, type Walk } from '../../../transition/walk.ts';
import { log, type Turn } from '../turn.ts';

export interface Failure {
  readonly node: NodeName;
  readonly operationKey: string;
  /** It is recorded and not counted (`on-fail=ignore`). */
  readonly ignored: boolean;
  /** It was reported from outside the cluster: whatever the operation, it counts. */
  readonly reported: boolean;
  /** When it happened, by the clock of its node, in seconds. */
  readonly at?: number;
  /** It may have been counted, and only what the attribute managers know tells whether it was. */
  readonly unlessCounted?: boolean;
}

export function countFailure(turn: Turn, failure: Failure): void {
  const parsed = parseOperationKey(failure.operationKey);
  if (parsed === undefined) return;
  const { resource, operation, interval } = parsed;
  const value = countedValue(turn.state.directing?.walk, operation, interval, failure.reported);
  if (value === undefined) return;
  const name = `${resource}#${operation}_${interval}`;
  const { node } = failure;
  const counted = `last-failure-${name}`;
  const unless =
    failure.unlessCounted === true ? { unless: { name: counted, atLeast: failure.at ?? 0 } } : {};
  const set = (attribute: string, to: string) =>
    turn.effects.push({
      kind: 'tell-attributes',
      body: {
        kind: 'attribute-write',
        body: { kind: 'attribute', operation: 'update', name: attribute, value: to, node, ...unless },
      },
    });
  log(turn, 'info', `${failure.operationKey} failed on ${node}`);
  if (!failure.ignored) set(`fail-count-${name}`, value);
  // Not before the failure, by whichever clock is ahead: a DC to come tells by it that this one was counted.
  const at = Math.max(Math.floor(turn.env.now / 1000), failure.at ?? 0);
  set(counted, String(at));
}

/** A failed stop is final, a failed start is if the configuration says so; probes and notifications do not count. */
function countedValue(
  walk: Walk | undefined,
  operation: string,
  interval: number,
  reported: boolean,
): string | undefined {
  const once = 'value++';
  const settings = walk?.graph.settings ?? {};
  if (operation === 'start') return finality(settings['failed-start-offset']);
  if (operation === 'stop') return finality(settings['failed-stop-offset']);
  return interval > 0 || operation === 'promote' || operation === 'demote' || reported ? once : undefined;
}

const finality = (offset = 'INFINITY'): string => (offset === '1' ? 'value++' : offset);

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
