import type { Brand } from '../base/brand.ts';
import { plainInteger } from './integer.ts';

/** A preference between -1000000 (`-INFINITY`, never) and 1000000 (`INFINITY`, must). */
export type Score = Brand<number, 'Score'>;

const LIMIT = 1_000_000;
export const INFINITY = LIMIT as Score;
export const MINUS_INFINITY = -LIMIT as Score;
export const ZERO = 0 as Score;

export const score = (value: number): Score =>
  (value >= LIMIT ? LIMIT : value <= -LIMIT ? -LIMIT : Math.trunc(value)) as Score;

/** `-INFINITY` wins over everything, then `INFINITY`; else the sum, held within the limits. */
export function addScores(left: Score, right: Score): Score {
  if (left === MINUS_INFINITY || right === MINUS_INFINITY) return MINUS_INFINITY;
  if (left === INFINITY || right === INFINITY) return INFINITY;
  return score(left + right);
}

/** `undefined` where the text is neither an integer nor one of `INFINITY`, `+INFINITY`, `-INFINITY`. */
export function parseScore(text: string): Score | undefined {
  const plain = plainInteger(text);
  if (plain !== undefined) return score(plain);
  switch (text.toLowerCase()) {
    case 'infinity':
    case '+infinity':
      return INFINITY;
    case '-infinity':
      return MINUS_INFINITY;
    default: {
      const number = /^\s*([+-]?\d+)/.exec(text)?.[1];
      return number === undefined ? undefined : score(Number(number));
    }
  }
}

export function printScore(of: Score): string {
  if (of === INFINITY) return 'INFINITY';
  if (of === MINUS_INFINITY) return '-INFINITY';
  return String(of);
}
