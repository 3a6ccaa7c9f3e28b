import { EXECUTION, OCF } from '../model/exit-status.ts';
import type { XmlElement } from '../xml/element.ts';
import { block } from './active.ts';
import { type Draft, type NodeDraft, type ResourceDraft, topOf } from './draft.ts';
import { canFence } from './fence.ts';
import type { OnFail } from './operations.ts';
import type { Recorded } from './recorded.ts';

/** An operation that tells a state, and how it ended. */
type Telling = Recorded & {
  readonly id: string;
  readonly task: string;
  readonly execution: number;
  readonly exit: number;
};

/** One entry of the history while it is being understood. */
export class Entry {
  readonly draft: Draft;
  readonly resource: ResourceDraft;
  readonly node: NodeDraft;
  readonly recorded: Recorded;
  readonly xml: XmlElement;
  readonly id: string;
  readonly key: string;
  readonly task: string;
  readonly interval: number;
  readonly expected: number;
  readonly changed: number | undefined;
  exit: number;
  execution: number;
  /** What goes on from entry to entry of one resource on one node. */
  readonly course: Course;

  constructor(draft: Draft, { resource, node }: Where, recorded: Telling, course: Course) {
    this.draft = draft;
    this.resource = resource;
    this.node = node;
    this.recorded = recorded;
    this.xml = recorded.xml;
    this.id = recorded.id;
    this.key = recorded.key;
    this.task = recorded.task;
    this.interval = recorded.interval;
    this.expected = recorded.expected;
    this.changed = recorded.changed;
    this.exit = recorded.exit;
    this.execution = recorded.execution;
    this.course = course;
  }
}

interface Where {
  readonly resource: ResourceDraft;
  readonly node: NodeDraft;
}

export interface Course {
  lastFailure: Recorded | undefined;
  onFail: OnFail;
}

const AFFECTS_STATE: ReadonlySet<string> = new Set([
  'monitor',
  'start',
  'stop',
  'promote',
  'demote',
  'migrate_to',
  'migrate_from',
  'asyncmon',
]);

/** `undefined` of an operation that tells nothing of a resource's state, or cannot be understood. */
export const readEntry = (
  draft: Draft,
  where: Where,
  recorded: Recorded,
  course: Course,
): Entry | undefined => (isTelling(recorded) ? new Entry(draft, where, recorded, course) : undefined);

function isTelling(recorded: Recorded): recorded is Telling {
  const { id, task, execution, exit } = recorded;
  if (id === undefined || task === undefined || !AFFECTS_STATE.has(task)) return false;
  if (execution === undefined || execution < EXECUTION.pending || execution > EXECUTION.noSecrets)
    return false;
  return execution !== EXECUTION.cancelled && exit !== undefined && exit >= 0 && exit <= 255;
}

export const isProbe = ({ task, interval }: Pick<Recorded, 'task' | 'interval'>): boolean =>
  task === 'monitor' && interval === 0;

/** A probe that could not run because the software is not there counts as a probe that found nothing. */
export function isMasked({ recorded, resource }: Entry): boolean {
  if (resource.flags.bundled || !isProbe(recorded)) return false;
  const { exit, execution } = recorded;
  return exit === OCF.notInstalled || exit === OCF.invalidParameter || execution === EXECUTION.notInstalled;
}

/** Active, in the weakest role in which a resource of its kind can be active. */
export function setActive(resource: ResourceDraft): void {
  resource.role = topOf(resource).flags.promotable ? 'Unpromoted' : 'Started';
}

export function recordFailure({ draft, resource, node, xml, key }: Entry): void {
  if (!node.online) return;
  const name = `${key} ${node.name.toLowerCase()}`;
  if (draft.failureKeys.has(name)) return;
  draft.failureKeys.add(name);
  draft.failures.push({ node, resource: resource.id, entry: xml });
}

const DEGRADED: Readonly<Record<number, number>> = {
  [OCF.degraded]: OCF.ok,
  [OCF.degradedPromoted]: OCF.runningPromoted,
};

/** Makes of what an agent returned what it means here: the same status is success for one question, failure for another. */
export function interpret(entry: Entry, { expired }: { readonly expired: boolean }): void {
  const meant = DEGRADED[entry.exit];
  if (meant !== undefined) {
    entry.exit = meant;
    if (!expired && (!entry.node.shutdown || entry.node.online)) recordFailure(entry);
  }
  if (isMasked(entry) && (entry.execution !== EXECUTION.done || entry.exit !== OCF.notRunning)) {
    entry.execution = EXECUTION.done;
    entry.exit = OCF.notRunning;
  }
  if (entry.execution === EXECUTION.noFenceDevice || entry.execution === EXECUTION.noSecrets) {
    entry.execution = EXECUTION.errorHard;
    return;
  }
  if (entry.execution !== EXECUTION.done && entry.execution !== EXECUTION.error) return;
  const isExpected = entry.exit === entry.expected;
  entry.execution = entry.expected >= 0 && isExpected ? EXECUTION.done : EXECUTION.error;
  interpretStatus(entry, { expired });
}

function interpretStatus(entry: Entry, { expired }: { readonly expired: boolean }): void {
  const { resource, course } = entry;
  const probe = isProbe(entry.recorded);
  switch (entry.exit) {
    case OCF.ok:
      if (probe && entry.expected === OCF.notRunning) entry.execution = EXECUTION.done;
      return;
    case OCF.notRunning:
      if (!probe && entry.expected !== entry.exit && resource.flags.managed) return;
      entry.execution = EXECUTION.done;
      resource.role = 'Stopped';
      course.onFail = 'ignore';
      resource.nextRole = 'Unknown';
      return;
    case OCF.runningPromoted:
      if (probe && entry.exit !== entry.expected) entry.execution = EXECUTION.done;
      if (!expired || entry.exit === entry.expected) resource.role = 'Promoted';
      return;
    case OCF.failedPromoted:
      if (!expired) resource.role = 'Promoted';
      entry.execution = EXECUTION.error;
      return;
    case OCF.notConfigured:
      entry.execution = EXECUTION.errorFatal;
      return;
    case OCF.unimplemented:
      if (entry.interval > 0) {
        entry.execution = EXECUTION.notSupported;
        return;
      }
      break;
    case OCF.notInstalled:
    case OCF.invalidParameter:
    case OCF.insufficientPrivileges:
      break;
    default:
      if (entry.execution === EXECUTION.done) entry.execution = EXECUTION.error;
      return;
  }
  if (!expired) blockIfUnrecoverable(entry);
  entry.execution = EXECUTION.errorHard;
}

/** A stop that failed on a node that nobody can fence leaves nothing to be done. */
function blockIfUnrecoverable({ draft, resource, node, task }: Entry): void {
  if (task === 'stop' && !canFence(draft, node)) block(resource);
}
