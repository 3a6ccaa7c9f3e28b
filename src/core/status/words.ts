import { parseBoolean } from '../model/boolean.ts';
import { isDigit, plainInteger } from '../model/integer.ts';
import { parseInterval as readInterval, parseMilliseconds as readMilliseconds } from '../model/interval.ts';

/** Readers of the small words in CIB attributes. They never throw. */

export const isTrue = (text: string | undefined): boolean => parseBoolean(text) === true;

export function parseInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const plain = plainInteger(text);
  if (plain !== undefined) return plain;
  const digits = /^\s*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const LONGEST = 0xffff_ffff;

/** An interval in milliseconds; 0 where it cannot be read. */
export const parseInterval = (text: string | undefined): number =>
  text === undefined ? 0 : Math.min(readInterval(text) ?? 0, LONGEST);

/** Milliseconds of `10`, `10s`, `5min`; `undefined` where it is no number with a known unit. */
export const parseMilliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : readMilliseconds(text);

/** Compares names without regard to case, and the numbers within them by value. */
export function compareNames(left: string, right: string): number {
  const same = commonBeginning(left, right);
  const leftEnd = left.slice(same);
  const rightEnd = right.slice(same);
  const one = plainInteger(leftEnd);
  const other = plainInteger(rightEnd);
  // Most names of nodes are alike up to their numbers.
  if (one !== undefined && other !== undefined) return one - other || leftEnd.length - rightEnd.length;
  const parts = /\d+|\D/g;
  const lefts = leftEnd.toLowerCase().match(parts) ?? [];
  const rights = rightEnd.toLowerCase().match(parts) ?? [];
  for (let at = 0; at < lefts.length && at < rights.length; at += 1) {
    const order = comparePart(lefts[at] as string, rights[at] as string);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

/** How many characters are the same, without the digits at the end of these. */
function commonBeginning(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  while (at > 0 && isDigit(left.charCodeAt(at - 1))) at -= 1;
  return at;
}

function comparePart(left: string, right: string): number {
  const bothNumbers = /^\d/.test(left) && /^\d/.test(right);
  if (bothNumbers) return Number(left) - Number(right) || left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The resource part of an operation key, or of a notification's. */
export const sameText = (left: string | undefined, right: string): boolean =>
  left === right ||
  (left !== undefined && left.length === right.length && left.toLowerCase() === right.toLowerCase());
