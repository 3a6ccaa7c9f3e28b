import type { Resource } from '../model.ts';

const COMPLETED: Readonly<Record<string, string>> = {
  stopped: 'stop',
  running: 'start',
  demoted: 'demote',
  promoted: 'promote',
};

const COMPLETION: Readonly<Record<string, string>> = {
  stop: 'stopped',
  start: 'running',
  notify: 'notified',
  demote: 'demoted',
  promote: 'promoted',
};

/** What a primitive does when the collective it is in has completed a task: the task itself. */
export const memberTask = (member: Resource, task: string): string =>
  member.kind === 'primitive' ? (COMPLETED[task] ?? task) : task;

/** The pseudo-action that tells that a collective task is complete. */
export const completionOf = (task: string): string | undefined =>
  COMPLETION[task] ?? (Object.values(COMPLETION).includes(task) ? task : undefined);
