/** Lengths of time as a configuration writes them: `10`, `10s`, `1 min`, `500ms`, `PT5M`. */
import { type Duration, milliseconds } from '../base/time.ts';
import { plainInteger } from './integer.ts';
import { lengthOf, parseCalendarDuration } from './iso8601.ts';

const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['msec', 1],
  ['ms', 1],
  ['usec', 0.001],
  ['us', 0.001],
  ['sec', 1000],
  ['s', 1000],
  ['min', 60_000],
  ['m', 60_000],
  ['hr', 3_600_000],
  ['h', 3_600_000],
];

/**
 * A number with an optional unit, of which only the beginning counts (`5 seconds`); seconds without one.
 * `undefined` for anything else. A negative length is read: whether it means something is the asker's business.
 */
export function parseMilliseconds(text: string): Duration | undefined {
  const seconds = plainInteger(text.endsWith('s') ? text.slice(0, -1) : text);
  if (seconds !== undefined) return milliseconds(seconds * 1000);
  const match = /^\s*([+-]?\d+)\s*([a-z]*)/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? '').toLowerCase();
  const scale = unit === '' ? 1000 : UNITS.find(([name]) => unit.startsWith(name))?.[1];
  return scale === undefined ? undefined : milliseconds(Math.trunc(Number(match[1]) * scale));
}

/** An interval or time-out: as above, or an ISO 8601 duration; never negative. */
export function parseInterval(text: string): Duration | undefined {
  const calendar = text.trimStart().startsWith('P') ? parseCalendarDuration(text) : undefined;
  const length = calendar === undefined ? parseMilliseconds(text) : lengthOf(calendar);
  return length === undefined || length < 0 ? undefined : length;
}

const LARGER: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
];

/** `1h30m`, `60s`, `20.003s`, `500ms`: a unit larger than seconds only for more than one of it. */
export function printInterval(of: Duration): string {
  let rest: number = of;
  let text = '';
  for (const [unit, size] of LARGER) {
    if (rest <= size) continue;
    text += `${Math.floor(rest / size)}${unit}`;
    rest %= size;
  }
  if (rest === 0) return text === '' ? '0s' : text;
  if (rest < 1000) return `${text}${rest}ms`;
  const fraction = rest % 1000;
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`;
  return `${text}${Math.floor(rest / 1000)}${digits}s`;
}
