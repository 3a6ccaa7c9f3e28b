import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { Edit } from './edit.ts';

/** What a reason is about: a closed list, so that programs can tell them apart without reading sentences. */
export type ReasonKind =
  // The node
  | 'node-offline'
  | 'node-unclean'
  | 'node-pending'
  | 'node-standby'
  | 'node-maintenance'
  | 'node-shutdown'
  | 'remote-connection'
  // The score there
  | 'location'
  | 'health'
  | 'colocation'
  | 'ticket'
  | 'stickiness'
  | 'failures'
  | 'failed-operation'
  | 'not-opted-in'
  | 'exclusive-discovery'
  | 'shutdown-lock'
  | 'no-room'
  | 'promotion-score'
  | 'node-full'
  | 'all-instances-placed'
  | 'by-nature'
  | 'node-score'
  | 'lower-score'
  | 'tie'
  | 'only-node'
  // The resource
  | 'target-role'
  | 'failure-policy'
  | 'unmanaged'
  | 'maintenance'
  | 'blocked'
  | 'removed'
  | 'no-fencing'
  | 'stop-all'
  | 'no-quorum'
  | 'no-partner'
  | 'multiply-active'
  | 'starts'
  | 'runs'
  // The action
  | 'wanted'
  | 'move'
  | 'recovery'
  | 'definition-changed'
  | 'migration'
  | 'state-unknown'
  | 'operation'
  | 'ordering'
  | 'part'
  | 'notification'
  | 'fencing'
  | 'unfencing'
  | 'shutdown'
  | 'forget'
  | 'room';

export interface Reason {
  readonly kind: ReasonKind;
  /** A sentence without its full stop. */
  readonly text: string;
  readonly resource?: string;
  readonly node?: string;
  /** Id of the constraint, and of the rule in it, that it names. */
  readonly constraint?: string;
  readonly rule?: string;
  readonly score?: string;
  /** Changes of the CIB of which each takes it away, the likeliest first. */
  readonly undo?: readonly Edit[];
  readonly because?: readonly Reason[];
}

/**
 * One question being followed: explanations lead from one resource to the next, and must not go in circles, nor
 * deeper than anybody reads.
 */
export interface Inquiry {
  readonly cluster: Cluster;
  readonly path: readonly (Resource | Action | Node)[];
  /** What was explained already: once is enough. */
  readonly told: Set<Resource | Action | string>;
}

export const inquire = (cluster: Cluster): Inquiry => ({ cluster, path: [], told: new Set() });

const DEPTH = 8;

/** The question one step on; `undefined` where it would lead back, or too deep. */
export const stepInto = (inquiry: Inquiry, on: Resource | Action | Node): Inquiry | undefined =>
  inquiry.path.includes(on) || inquiry.path.length >= DEPTH
    ? undefined
    : { ...inquiry, path: [...inquiry.path, on] };

/** As `stepInto`, for what needs explaining only once in an answer. */
export function stepOnce(inquiry: Inquiry, on: Resource | Action, at?: Node): Inquiry | undefined {
  const subject = at === undefined ? on : `${on.id} ${at.id}`;
  if (inquiry.told.has(subject)) return undefined;
  inquiry.told.add(subject);
  return stepInto(inquiry, on);
}

/** All reasons in a list of them and below, the nearest first. */
export function allReasons(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.flatMap(one => [one, ...allReasons(one.because ?? [])]);
}
