import type { Instant } from '../base/time.ts';
import { instant } from '../base/time.ts';
import { printTimestamp } from '../model/iso8601.ts';
import { attribute, type XmlElement } from '../xml/element.ts';

const OCF_WORDS: Readonly<Record<number, string>> = {
  0: 'ok',
  1: 'error',
  2: 'invalid parameter',
  3: 'unimplemented feature',
  4: 'insufficient privileges',
  5: 'not installed',
  6: 'not configured',
  7: 'not running',
  8: 'promoted',
  9: 'promoted (failed)',
  190: 'OCF_DEGRADED',
  191: 'promoted (degraded)',
  193: 'not supported',
};

/** An agent's exit status in words. */
export const exitWords = (status: number): string => OCF_WORDS[status] ?? 'unknown';

const EXECUTION_WORDS: Readonly<Record<number, string>> = {
  [-2]: 'unknown',
  [-1]: 'pending',
  0: 'complete',
  1: 'Cancelled',
  2: 'Timed Out',
  3: 'NOT SUPPORTED',
  4: 'Error',
  5: 'Hard error',
  6: 'Fatal error',
  7: 'Not installed',
  8: 'Internal communication failure',
  9: 'Cannot execute now',
  10: 'No fence device',
  11: 'CIB secrets unavailable',
};

/** How an execution ended, in words. */
export const executionWords = (status: number): string => EXECUTION_WORDS[status] ?? 'UNKNOWN!';

const numberOf = (entry: XmlElement, name: string): number | undefined => {
  const text = attribute(entry, name);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** An entry of the history (`lrm_rsc_op`) with its numbers read. */
export interface HistoryEntry {
  readonly call: number;
  readonly task: string;
  readonly interval: number;
  readonly exitStatus: number;
  readonly execution: number;
  readonly changed?: Instant;
  readonly executionTime?: number;
  readonly queueTime?: number;
  readonly reason: string;
  readonly key: string;
}

export function readEntry(entry: XmlElement): HistoryEntry {
  const changed = numberOf(entry, 'last-rc-change');
  const executionTime = numberOf(entry, 'exec-time');
  const queueTime = numberOf(entry, 'queue-time');
  return {
    call: numberOf(entry, 'call-id') ?? 0,
    task: attribute(entry, 'operation') ?? '',
    interval: numberOf(entry, 'interval') ?? 0,
    exitStatus: numberOf(entry, 'rc-code') ?? 0,
    execution: numberOf(entry, 'op-status') ?? -2,
    ...(changed === undefined ? {} : { changed: instant(changed * 1000) }),
    ...(executionTime === undefined ? {} : { executionTime }),
    ...(queueTime === undefined ? {} : { queueTime }),
    reason: attribute(entry, 'exit-reason') ?? '',
    key: attribute(entry, 'operation_key') ?? attribute(entry, 'id') ?? '',
  };
}

/** A moment as status shows it, or nothing where it is not known. */
export const timestamp = (at: Instant | undefined): string => (at === undefined ? '' : printTimestamp(at));
