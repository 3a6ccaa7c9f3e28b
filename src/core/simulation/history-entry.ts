import type { Duration, Instant } from '../base/time.ts';
import { operationDigests } from '../cib/digest.ts';
import { EXECUTION, OCF } from '../model/exit-status.ts';
import { operationKey } from '../model/operation-key.ts';
import { FEATURE_SET } from '../model/version.ts';
import { type AttributeInit, attribute, element, withChildren, type XmlElement } from '../xml/element.ts';

/** What became of an operation, as a simulation makes it up. */
export interface Outcome {
  readonly node: string;
  readonly resource: string;
  readonly operation: string;
  readonly interval: Duration;
  readonly exitStatus: number;
  readonly expected: number;
  readonly at: Instant;
  readonly exitReason?: string;
  /** What the agent got; absent: nothing is known of it, and no digest is recorded. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly notification?: { readonly type: string; readonly operation: string };
}

const NOBODY = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';

/**
 * Adds the outcome to a resource's history (`lrm_resource`): a failure to the last failures, too; a reload as the
 * start that it stands for.
 */
export function recordOutcome(history: XmlElement, of: Outcome): XmlElement {
  const outcome = RELOADS.has(of.operation) ? { ...of, operation: 'start' } : of;
  const call = 1 + Math.max(0, ...history.children.map(one => Number(attribute(one, 'call-id') ?? 0) || 0));
  // Entries are put in order by their calls only where all of them say the same of their node.
  const saysNode = history.children.every(one => attribute(one, 'on_node') !== undefined);
  const entries = entryIds(outcome).map(id => entryElement(id, { call, saysNode }, outcome));
  let children = history.children;
  for (const entry of entries) {
    const id = attribute(entry, 'id');
    const at = children.findIndex(one => attribute(one, 'id') === id);
    children = at < 0 ? [...children, entry] : children.map((one, place) => (place === at ? entry : one));
  }
  return withChildren(history, children);
}

const RELOADS: ReadonlySet<string> = new Set(['reload', 'reload-agent']);

/** Of what does not recur only the last success and the last failure are kept, and what became of migrations. */
function entryIds({ resource, operation, interval, notification, ...outcome }: Outcome): readonly string[] {
  if (notification !== undefined) {
    return [`${resource}_${notification.type}_notify_${notification.operation}_0`];
  }
  if (isMigration(operation)) return [operationKey(resource, operation, interval)];
  const last = `${resource}_last_0`;
  if (outcome.exitStatus !== outcome.expected) {
    const failure = `${resource}_last_failure_0`;
    return interval === 0 ? [failure, last] : [failure];
  }
  return interval > 0 ? [operationKey(resource, operation, interval)] : [last];
}

function entryElement(
  id: string,
  { call, saysNode }: { readonly call: number; readonly saysNode: boolean },
  outcome: Outcome,
): XmlElement {
  const { resource, operation, interval, exitStatus, expected, notification } = outcome;
  const status = notification === undefined ? exitStatus : OCF.ok;
  const key = `${call}:-1:${expected}:${NOBODY}`;
  const seconds = Math.floor(outcome.at / 1000);
  return element('lrm_rsc_op', {
    id,
    operation_key: notification === undefined ? operationKey(resource, operation, interval) : id,
    operation,
    'crm-debug-origin': 'crm_simulate',
    crm_feature_set: FEATURE_SET,
    'transition-key': key,
    'transition-magic': `${EXECUTION.done}:${status};${key}`,
    'exit-reason': exitStatus === expected ? '' : (outcome.exitReason ?? ''),
    on_node: saysNode ? outcome.node : undefined,
    'call-id': call,
    'rc-code': status,
    'op-status': EXECUTION.done,
    interval,
    'last-rc-change': seconds,
    'exec-time': 0,
    'queue-time': 0,
    ...migrationAttributes(outcome),
    ...digestAttributes(outcome),
  });
}

const isMigration = (operation: string): boolean =>
  operation === 'migrate_to' || operation === 'migrate_from';

function migrationAttributes({ operation, parameters }: Outcome): AttributeInit {
  if (!isMigration(operation)) return {};
  return {
    migrate_source: parameters?.CRM_meta_migrate_source,
    migrate_target: parameters?.CRM_meta_migrate_target,
  };
}

const digestAttributes = ({ parameters, interval }: Outcome): AttributeInit =>
  parameters === undefined ? {} : { 'op-digest': operationDigests({ parameters, interval }).all };
