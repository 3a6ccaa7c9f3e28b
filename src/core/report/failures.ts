import { milliseconds } from '../base/time.ts';
import { printInterval } from '../model/interval.ts';
import { printDate } from '../model/iso8601.ts';
import type { FailurePicture, Picture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { executionWords, exitWords, type HistoryEntry, readEntry, timestamp } from './history-words.ts';
import { displayName } from './node-words.ts';
import { type Outline, section } from './outline.ts';
import { isShown, shownNodes, type View } from './view.ts';

function shownFailures(picture: Picture, view: View): readonly FailurePicture[] {
  const nodes = new Set(shownNodes(picture, view));
  return picture.failures.filter(({ node, resource }) => {
    const of = picture.resourceById.get(resource);
    return nodes.has(node) && (of === undefined || isShown(picture, of, view));
  });
}

export function failureOutline(picture: Picture, view: View): readonly Outline[] {
  const lines = shownFailures(picture, view).map(failure =>
    view.detail ? detailedLine(failure, view) : friendlyLine(failure, view),
  );
  return lines.length === 0 ? [] : [section('Failed Resource Actions', lines)];
}

/** `web 10s-interval monitor on n1 returned 'not running' at … after 20ms`. */
function friendlyLine({ node, resource, entry }: FailurePicture, { detail }: View): string {
  const read = readEntry(entry);
  const { interval, task, changed, executionTime } = read;
  const every = interval > 0 ? `${printInterval(milliseconds(interval))}-interval ` : '';
  const what = task === 'monitor' && interval === 0 ? 'probe' : task;
  const when = changed === undefined ? '' : ` at ${timestamp(changed)}`;
  const after = executionTime === undefined ? '' : ` after ${printSpan(executionTime)}`;
  return `${resource} ${every}${what} on ${displayName(node, { withId: detail })} ${outcomeWords(read)}${when}${after}`;
}

function outcomeWords({ execution, exitStatus, reason }: HistoryEntry): string {
  if (execution === 0) return `returned '${exitWords(exitStatus)}'${reason === '' ? '' : ` (${reason})`}`;
  const words = execution === -1 ? 'is pending' : `could not be executed (${executionWords(execution)}`;
  if (execution === -1) return words;
  return `${words}${reason === '' ? '' : `: ${reason}`})`;
}

/** `140ms`, `20.003s`, `1m20s`. */
function printSpan(span: number): string {
  if (span < 1000) return `${span}ms`;
  const whole = printInterval(milliseconds(Math.floor(span / 1000) * 1000));
  const rest = span % 1000;
  return rest === 0 ? whole : whole.replace(/s$/, `.${String(rest).padStart(3, '0')}s`);
}

/** All that is on record of the failure. */
function detailedLine({ node, entry }: FailurePicture, { detail }: View): string {
  const read = readEntry(entry);
  const parts = [
    `call=${read.call}`,
    `status='${executionWords(read.execution)}'`,
    ...(read.reason === '' ? [] : [`exitreason='${read.reason}'`]),
    ...(read.changed === undefined ? [] : [`last-rc-change='${timestamp(read.changed)}'`]),
    ...(read.queueTime === undefined ? [] : [`queued=${read.queueTime}ms`]),
    ...(read.executionTime === undefined ? [] : [`exec=${read.executionTime}ms`]),
  ];
  const where = displayName(node, { withId: detail && node.kind !== 'cluster' });
  return `${read.key} on ${where} '${exitWords(read.exitStatus)}' (${read.exitStatus}): ${parts.join(', ')}`;
}

export function failuresElement(picture: Picture, view: View): readonly XmlElement[] {
  const failures = shownFailures(picture, view).map(({ node, entry }) => {
    const read = readEntry(entry);
    return element('failure', {
      op_key: read.key,
      node: node.name,
      exitstatus: exitWords(read.exitStatus),
      exitreason: read.reason === '' ? 'none' : read.reason,
      exitcode: read.exitStatus,
      call: read.call,
      status: executionWords(read.execution),
      ...(read.changed === undefined
        ? {}
        : {
            'last-rc-change': printDate(read.changed),
            queued: read.queueTime ?? 0,
            exec: read.executionTime ?? 0,
            interval: read.interval,
            task: read.task,
          }),
    });
  });
  return failures.length === 0 ? [] : [element('failures', {}, failures)];
}
