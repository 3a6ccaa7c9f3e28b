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
  member.kind === 'primitive' ? completedTask(task) : task;

/** The task that a completion ends; any other is its own. */
export const completedTask = (task: string): string => COMPLETED[task] ?? task;

/** Whether a task only tells that all of another is done, which no primitive has. */
export const isCompletion = (task: string): boolean => COMPLETED[task] !== undefined;

/** The pseudo-action that tells that a collective task is complete. */
export const completionOf = (task: string): string | undefined =>
  COMPLETION[task] ?? (isCompletion(task) || task === 'notified' ? task : undefined);
