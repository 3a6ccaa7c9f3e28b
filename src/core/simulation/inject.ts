/** What a user supposes before the cluster decides: nodes lost, tickets granted, operations failed. */
import type { Duration, Instant } from '../base/time.ts';
import { OCF } from '../model/exit-status.ts';
import { parseOperationKey } from '../model/operation-key.ts';
import type { XmlElement } from '../xml/element.ts';
import { recordOutcome } from './history-entry.ts';
import { type HistoryAgent, StatusDraft } from './status-draft.ts';

/** `RESOURCE_OPERATION_INTERVAL@NODE=STATUS`. */
export interface SupposedResult {
  readonly specification: string;
  readonly resource: string;
  readonly operation: string;
  readonly interval: Duration;
  readonly node: string;
  readonly exitStatus: number;
}

export interface Suppositions {
  readonly quorum?: boolean;
  readonly watchdog?: boolean;
  readonly nodesUp: readonly string[];
  readonly nodesDown: readonly string[];
  readonly nodesFailed: readonly string[];
  readonly ticketsGranted: readonly string[];
  readonly ticketsRevoked: readonly string[];
  readonly ticketsStandby: readonly string[];
  readonly ticketsActivated: readonly string[];
  /** As the user wrote them. */
  readonly operations: readonly string[];
}

export const NOTHING_SUPPOSED: Suppositions = {
  nodesUp: [],
  nodesDown: [],
  nodesFailed: [],
  ticketsGranted: [],
  ticketsRevoked: [],
  ticketsStandby: [],
  ticketsActivated: [],
  operations: [],
};

/** A step in words of its own kind, for text and XML. */
export type Injection =
  | { readonly kind: 'quorum'; readonly quorate: boolean }
  | { readonly kind: 'watchdog'; readonly present: boolean }
  | { readonly kind: 'node-up' | 'node-down' | 'node-failed'; readonly node: string }
  | { readonly kind: 'grant' | 'revoke' | 'standby' | 'activate'; readonly ticket: string }
  | { readonly kind: 'operation'; readonly specification: string }
  | AttributeInjection
  | { readonly kind: 'refused'; readonly message: string };

export interface AttributeInjection {
  readonly kind: 'attribute';
  readonly name: string;
  readonly value: string;
  readonly nodeId: string;
}

export interface InjectInput {
  readonly cib: XmlElement;
  readonly suppositions: Suppositions;
  readonly now: Instant;
  /** The agent of a resource of the configuration, by the id of the resource or of an instance. */
  readonly agentOf: (resource: string) => HistoryAgent | undefined;
  readonly startFailureIsFatal: boolean;
}

export interface Injected {
  readonly cib: XmlElement;
  readonly steps: readonly Injection[];
}

/** Writes the suppositions into the CIB, in the order of `Suppositions`. */
export function inject(input: InjectInput): Injected {
  const { cib, suppositions } = input;
  const draft = new StatusDraft(cib);
  const steps: Injection[] = [];
  const { quorum, watchdog } = suppositions;
  if (quorum !== undefined) {
    steps.push({ kind: 'quorum', quorate: quorum });
    draft.setQuorum(quorum);
  }
  if (watchdog !== undefined) {
    steps.push({ kind: 'watchdog', present: watchdog });
    draft.setClusterOption('have-watchdog', String(watchdog));
  }
  injectNodes(draft, suppositions, steps);
  injectTickets(draft, suppositions, steps);
  for (const specification of suppositions.operations) {
    steps.push({ kind: 'operation', specification });
    steps.push(...injectOperation(draft, specification, input));
  }
  return { cib: draft.finish(), steps };
}

const UP = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' } as const;
const DOWN = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' } as const;
const ORIGIN = { 'crm-debug-origin': 'crm_simulate' } as const;

/** As after the node's fencing or its orderly leave. */
export function takeNodeDown(draft: StatusDraft, node: string): void {
  draft.setState(node, { ...DOWN, ...ORIGIN });
  draft.erase(node);
}

function injectNodes(draft: StatusDraft, suppositions: Suppositions, steps: Injection[]): void {
  for (const node of suppositions.nodesUp) {
    steps.push({ kind: 'node-up', node });
    draft.configureNode(node);
    draft.setState(node, { ...UP, ...ORIGIN });
  }
  for (const node of suppositions.nodesDown) {
    steps.push({ kind: 'node-down', node });
    draft.configureNode(node);
    takeNodeDown(draft, node);
  }
  for (const node of suppositions.nodesFailed) {
    steps.push({ kind: 'node-failed', node });
    draft.configureNode(node);
    draft.setState(node, { ...UP, in_ccm: 'false', ...ORIGIN });
  }
}

function injectTickets(draft: StatusDraft, suppositions: Suppositions, steps: Injection[]): void {
  const apply = (
    kind: 'grant' | 'revoke' | 'standby' | 'activate',
    tickets: readonly string[],
    changes: { readonly granted: boolean } | { readonly standby: boolean },
  ): void => {
    for (const ticket of tickets) {
      steps.push({ kind, ticket });
      draft.setTicket(ticket, changes);
    }
  };
  apply('grant', suppositions.ticketsGranted, { granted: true });
  apply('revoke', suppositions.ticketsRevoked, { granted: false });
  apply('standby', suppositions.ticketsStandby, { standby: true });
  apply('activate', suppositions.ticketsActivated, { standby: false });
}

/** The result that a specification names, or what is wrong with it. */
export function parseSupposedResult(specification: string): SupposedResult | { readonly problem: string } {
  const match = /^([^@]+)@([^=]+)=(\d+)$/.exec(specification);
  if (match === null) {
    const fields = /^([^@]*)(@([^=]*)(=.*)?)?$/.exec(specification)?.slice(1, 5) ?? [];
    const found = [fields[0], fields[2], fields[3]].filter(Boolean).length;
    return { problem: `Invalid operation spec: ${specification}.  Only found ${found} fields` };
  }
  const [, key = '', node = '', status = ''] = match;
  const parsed = parseOperationKey(key);
  if (parsed === undefined) return { problem: `Invalid operation key: ${key}` };
  const { resource, operation, interval } = parsed;
  return { specification, resource, operation, interval, node, exitStatus: Number(status) };
}

function injectOperation(
  draft: StatusDraft,
  specification: string,
  { now, agentOf, startFailureIsFatal }: InjectInput,
): readonly Injection[] {
  const result = parseSupposedResult(specification);
  if ('problem' in result) return [{ kind: 'refused', message: result.problem }];
  const { resource, operation, interval, node, exitStatus } = result;
  const agent = agentOf(resource);
  if (agent === undefined) return [{ kind: 'refused', message: `Invalid resource name: ${resource}` }];
  draft.addNode(node);
  const isFatal = operation === 'stop' || (operation === 'start' && startFailureIsFatal);
  const steps = countFailure(draft, { ...result, now, isFatal });
  const name = draft.historyName(node, [resource], agent);
  const history = name === undefined ? undefined : draft.history(node, name);
  if (name === undefined || history === undefined) return steps;
  const expected = OCF.ok;
  const exitReason = 'Simulated action result';
  const outcome = { node, resource, operation, interval, exitStatus, expected, at: now, exitReason };
  draft.setHistory(node, name, recordOutcome(history, outcome));
  return steps;
}

interface CountedFailure extends Omit<SupposedResult, 'specification'> {
  readonly now: Instant;
  /** The resource may not run there again. */
  readonly isFatal: boolean;
}

/** Raises the fail count as the cluster would; a probe that finds nothing running is no failure. */
export function countFailure(draft: StatusDraft, failure: CountedFailure): readonly AttributeInjection[] {
  const { resource, operation, interval, node, exitStatus, now, isFatal } = failure;
  if (exitStatus === OCF.ok || (exitStatus === OCF.notRunning && interval === 0)) return [];
  const operationName = `${resource}#${operation}_${interval}`;
  const count = `fail-count-${operationName}`;
  const last = `last-failure-${operationName}`;
  const nodeId = draft.idOf(node);
  const before = Number(draft.transientAttribute(node, count) ?? 0) || 0;
  const seconds = String(Math.floor(now / 1000));
  const value = isFatal ? 'INFINITY' : String(before + 1);
  draft.setTransientAttribute(node, count, value);
  draft.setTransientAttribute(node, last, seconds);
  return [
    { kind: 'attribute', name: count, value, nodeId },
    { kind: 'attribute', name: last, value: seconds, nodeId },
  ];
}
