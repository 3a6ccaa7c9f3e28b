import { milliseconds } from '../base/time.ts';
import { printInterval } from '../model/interval.ts';
import { printDate } from '../model/iso8601.ts';
import { parseOperationKey } from '../model/operation-key.ts';
import type { FailurePicture, Picture } from '../status/picture.ts';
import { attribute, element, type XmlElement } from '../xml/element.ts';
import { maskedReason } from './failed-probes.ts';
import { executionWords, exitWords, type HistoryEntry, readEntry, timestamp } from './history-words.ts';
import { type Outline, section } from './outline.ts';
import { isNamed, shownNodes, type View } from './view.ts';

function shownFailures(picture: Picture, view: View): readonly FailurePicture[] {
  const nodes = new Set(shownNodes(picture, view));
  return picture.failures.filter(
    ({ node, resource, entry }) =>
      maskedReason(entry) === undefined && nodes.has(node) && isNamed(picture, resource, view),
  );
}

export function failureOutline(picture: Picture, view: View): readonly Outline[] {
  const lines = shownFailures(picture, view).map(failure =>
    view.detail ? detailedLine(failure) : friendlyLine(failure),
  );
  return lines.length === 0 ? [] : [section('Failed Resource Actions', lines)];
}

/** `web 10s-interval monitor on n1 returned 'not running' at … after 20ms`. */
function friendlyLine({ node, resource, entry }: FailurePicture): string {
  const read = readEntry(entry);
  const { interval, task, changed, executionTime } = read;
  const every = interval > 0 ? `${printInterval(milliseconds(interval))}-interval ` : '';
  const what = task === 'monitor' && interval === 0 ? 'probe' : task;
  const when = changed === undefined ? '' : ` at ${timestamp(changed)}`;
  const after = executionTime ? ` after ${printInterval(milliseconds(executionTime))}` : '';
  const name = parseOperationKey(read.key)?.resource ?? resource;
  return `${name} ${every}${what} on ${node.name} ${outcomeWords(read)}${when}${after}`;
}

function outcomeWords({ execution, exitStatus, reason }: HistoryEntry): string {
  if (execution === 0) return `returned '${exitWords(exitStatus)}'${reason === '' ? '' : ` (${reason})`}`;
  const words = execution === -1 ? 'is pending' : `could not be executed (${executionWords(execution)}`;
  if (execution === -1) return words;
  return `${words}${reason === '' ? '' : `: ${reason}`})`;
}

/** All that is on record of the failure. */
function detailedLine({ node, entry }: FailurePicture): string {
  const read = readEntry(entry);
  const parts = [
    `call=${read.call}`,
    `status='${executionWords(read.execution)}'`,
    ...(read.reason === '' ? [] : [`exitreason='${read.reason}'`]),
    ...(read.changed === undefined ? [] : [`last-rc-change='${timestamp(read.changed)}'`]),
    ...(read.queueTime === undefined ? [] : [`queued=${read.queueTime}ms`]),
    ...(read.executionTime === undefined ? [] : [`exec=${read.executionTime}ms`]),
  ];
  return `${read.key} on ${node.name} '${exitWords(read.exitStatus)}' (${read.exitStatus}): ${parts.join(', ')}`;
}

export function failuresElement(picture: Picture, view: View): readonly XmlElement[] {
  const failures = shownFailures(picture, view).map(({ node, entry }) => {
    const read = readEntry(entry);
    return element('failure', {
      ...(attribute(entry, 'operation_key') === undefined ? { id: read.key } : { op_key: read.key }),
      node: node.name,
      exitstatus: exitWords(read.exitStatus),
      exitreason: attribute(entry, 'exit-reason') ?? 'none',
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
