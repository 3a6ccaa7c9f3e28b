/** One operation in the history of a resource: Pacemaker's `lrm_rsc_op`, attribute for attribute. */

import type { Duration, Instant } from '../../../base/time.ts';
import { digestOfParameters, operationDigests } from '../../../cib/digest.ts';
import { parametersForDigest } from '../../../cib/operation-parameters.ts';
import { EXECUTION, type ExecutionStatus, OCF } from '../../../model/exit-status.ts';
import { operationKey } from '../../../model/operation-key.ts';
import { FEATURE_SET } from '../../../model/version.ts';
import { type AttributeInit, attribute, element, type XmlElement } from '../../../xml/element.ts';
import type { ReloadRules } from '../state.ts';
import { parseTransitionKey } from '../transition-key.ts';

export interface Happening {
  readonly resource: string;
  readonly operation: string;
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly transitionKey: string;
  readonly node: string;
  readonly call: number;
  readonly status: ExecutionStatus;
  readonly exitStatus: number;
  readonly exitReason?: string;
  /** When it began; of a recurring one, since when the outcome has held. */
  readonly changedAt?: Instant;
  readonly execution?: Duration;
  readonly queued?: Duration;
  readonly parameters: Readonly<Record<string, string>>;
  readonly reload?: ReloadRules;
  readonly origin: string;
}

/**
 * The entries that tell it: a failed one-off operation also stands as the last one. One that was overtaken stands
 * under its own key, for the last one is what was ordered after it.
 */
export function entriesOf(happening: Happening, { overtaken = false } = {}): readonly XmlElement[] {
  const { resource, operation, interval } = happening;
  const key = operationKey(resource, operation, interval);
  if (isMigration(operation)) return [entry(key, happening)];
  const id = interval > 0 || overtaken ? key : `${resource}_last_0`;
  if (!hasFailed(happening)) return [entry(id, happening)];
  const failure = entry(`${resource}_last_failure_0`, happening);
  return interval > 0 ? [failure] : [entry(id, happening), failure];
}

const isMigration = (operation: string): boolean =>
  operation === 'migrate_to' || operation === 'migrate_from';

/** Whether what is ordered so stands in history as the last that was done with its resource. */
export const standsLast = ({ operation, interval }: Pick<Happening, 'operation' | 'interval'>): boolean =>
  interval === 0 && operation !== 'notify' && !isMigration(operation);

export function isOvertaken(entry: XmlElement): boolean {
  const [id, key] = [attribute(entry, 'id'), attribute(entry, 'operation_key')];
  const isOnce = Number(attribute(entry, 'interval') ?? 0) === 0;
  return id === key && isOnce && !isMigration(attribute(entry, 'operation') ?? '');
}

/** Whether an entry of history tells of a failure. */
export const isFailure = (entry: XmlElement): boolean =>
  hasFailed({
    status: Number(attribute(entry, 'op-status')) as Happening['status'],
    exitStatus: Number(attribute(entry, 'rc-code')),
    transitionKey: attribute(entry, 'transition-key') ?? '',
  });

/** Whether the outcome is other than the transition expected, or there is none. */
function hasFailed({
  status,
  exitStatus,
  transitionKey,
}: Pick<Happening, 'status' | 'exitStatus' | 'transitionKey'>): boolean {
  switch (status) {
    case EXECUTION.done:
      return exitStatus !== (parseTransitionKey(transitionKey)?.expected ?? OCF.ok);
    case EXECUTION.pending:
    case EXECUTION.cancelled:
    case EXECUTION.unknown:
      return false;
    default:
      return true;
  }
}

function entry(id: string, happening: Happening): XmlElement {
  const { resource, operation, interval, transitionKey, status, exitStatus, changedAt } = happening;
  const timed = changedAt !== undefined;
  return element('lrm_rsc_op', {
    id,
    operation_key: operationKey(resource, operation, interval),
    operation,
    'crm-debug-origin': happening.origin,
    crm_feature_set: FEATURE_SET,
    'transition-key': transitionKey,
    'transition-magic': `${status}:${exitStatus};${transitionKey}`,
    'exit-reason': happening.exitReason ?? '',
    on_node: happening.node,
    'call-id': happening.call,
    'rc-code': exitStatus,
    'op-status': status,
    interval,
    'last-rc-change': timed ? Math.floor(changedAt / 1000) : undefined,
    'exec-time': timed ? (happening.execution ?? 0) : undefined,
    'queue-time': timed ? (happening.queued ?? 0) : undefined,
    ...migration(happening),
    ...digests(happening),
  });
}

function migration({ operation, parameters }: Happening): AttributeInit {
  if (operation !== 'migrate_to' && operation !== 'migrate_from') return {};
  return {
    migrate_source: parameters.CRM_meta_migrate_source,
    migrate_target: parameters.CRM_meta_migrate_target,
  };
}

function digests({ operation, parameters, interval, timeout, reload }: Happening): AttributeInit {
  const recorded = {
    parameters,
    interval,
    timeout: String(timeout),
    ...(reload === undefined ? {} : { privateNames: reload.private }),
    ...(reload?.restart === undefined ? {} : { restartNames: reload.restart }),
  };
  const all = { 'op-digest': operationDigests(recorded).all };
  if (reload === undefined || interval > 0 || operation === 'stop') return all;
  const { nonprivate, nonreloadable } = parametersForDigest(recorded);
  const restart =
    reload.restart === undefined
      ? {}
      : {
          'op-force-restart': listed(reload.restart),
          'op-restart-digest': digestOfParameters(nonreloadable),
        };
  const secret =
    reload.private.length === 0
      ? {}
      : { 'op-secure-params': listed(reload.private), 'op-secure-digest': digestOfParameters(nonprivate) };
  return { ...all, ...restart, ...secret };
}

/** Names between blanks, so that each can be looked for with its blanks. */
const listed = (names: readonly string[]): string => ` ${names.join(' ')} `;
