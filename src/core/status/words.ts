/** Readers of the small words in CIB attributes. They never throw. */

const TRUE = /^(?:true|on|yes|y|1)$/i;
const FALSE = /^(?:false|off|no|n|0)$/i;

export const parseBoolean = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : TRUE.test(text) ? true : FALSE.test(text) ? false : undefined;

export const isTrue = (text: string | undefined): boolean => parseBoolean(text) === true;

export function parseInteger(text: string | undefined): number | undefined {
  const digits = text === undefined ? undefined : /^\s*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  sec: 1000,
  ms: 1,
  msec: 1,
  us: 0.001,
  usec: 0.001,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};

/** Milliseconds of `10`, `10s`, `5min`; `undefined` where it is no number with a known unit. */
export function parseMilliseconds(text: string | undefined): number | undefined {
  const match = text === undefined ? null : /^\s*(-?\d+)\s*([a-z]*)\s*/i.exec(text);
  if (match === null) return undefined;
  const unit = UNITS[(match[2] ?? '').toLowerCase()];
  return unit === undefined ? undefined : Math.trunc(Number(match[1]) * unit);
}

const DESIGNATORS: readonly (readonly [RegExp, number])[] = [
  [/(\d+)Y/, 365 * 86_400],
  [/(\d+)W/, 7 * 86_400],
  [/(\d+)D/, 86_400],
];

function isoMilliseconds(text: string): number {
  const [date = '', time = ''] = text.slice(1).split('T');
  let seconds = 0;
  for (const [pattern, unit] of DESIGNATORS) seconds += Number(pattern.exec(date)?.[1] ?? 0) * unit;
  seconds += Number(/(\d+)M/.exec(date)?.[1] ?? 0) * 30 * 86_400;
  seconds += Number(/(\d+)H/.exec(time)?.[1] ?? 0) * 3600;
  seconds += Number(/(\d+)M/.exec(time)?.[1] ?? 0) * 60;
  seconds += Number(/(\d+)S/.exec(time)?.[1] ?? 0);
  return seconds * 1000;
}

const LONGEST = 0xffff_ffff;

/** An interval in milliseconds; ISO 8601 durations count months as 30 days; 0 where it cannot be read. */
export function parseInterval(text: string | undefined): number {
  if (text === undefined) return 0;
  const value = text.startsWith('P') ? isoMilliseconds(text) : (parseMilliseconds(text) ?? 0);
  return Math.min(Math.max(value, 0), LONGEST);
}

/** Compares names without regard to case, and the numbers within them by value. */
export function compareNames(left: string, right: string): number {
  const parts = /\d+|\D/g;
  const lefts = left.toLowerCase().match(parts) ?? [];
  const rights = right.toLowerCase().match(parts) ?? [];
  for (let at = 0; at < lefts.length && at < rights.length; at += 1) {
    const order = comparePart(lefts[at] as string, rights[at] as string);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function comparePart(left: string, right: string): number {
  const bothNumbers = /^\d/.test(left) && /^\d/.test(right);
  if (bothNumbers) return Number(left) - Number(right) || left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The name of an instance without its number: `web:1` → `web`. */
export const withoutInstance = (id: string): string => id.replace(/:\d+$/, '');

/** The resource part of an operation key, or of a notification's. */
export const sameText = (left: string | undefined, right: string): boolean =>
  left !== undefined && left.toLowerCase() === right.toLowerCase();
