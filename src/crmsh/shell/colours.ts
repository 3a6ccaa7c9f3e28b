import { type Paint, PLAIN } from '../language/paint.ts';
import type { ShellOptions } from './session.ts';

const colour =
  (code: number) =>
  (word: string): string =>
    `\u001b[${code}m${word}\u001b[0m`;

const upper = (word: string): string => word.toUpperCase();
const asIs = (word: string): string => word;

const COLOURS: Paint = {
  keyword: colour(33),
  id: asIs,
  name: colour(36),
  value: colour(31),
  reference: colour(32),
  score: colour(35),
};

export function paintFor(display: ShellOptions['display'], isTerminal: boolean): Paint {
  if (display === 'uppercase') return { ...PLAIN, keyword: upper };
  return display === 'color-always' || (display === 'color' && isTerminal) ? COLOURS : PLAIN;
}
