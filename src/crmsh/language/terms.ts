/** Small words that several statements share: scores, roles, yes and no, `name=value`. */
import type { Cursor } from './cursor.ts';

export const NAME_VALUE = /^([^=\s"']+)=(.*)$/s;

const SCORE_WORD = /^([+-]?)(?:(\d+)|inf(?:inity)?)$/i;

/** A score as the CIB writes it, or nothing where the word is none. */
export function scoreOf(word: string): string | undefined {
  const found = SCORE_WORD.exec(word);
  if (found === null) return undefined;
  return found[2] === undefined ? `${found[1]}INFINITY` : word;
}

/** A score as crm syntax writes it. */
export const scoreWord = (score: string): string => score.replace(/^([+-]?)INFINITY$/, '$1inf');

const ROLES = ['Started', 'Stopped', 'Master', 'Slave', 'Promoted', 'Unpromoted'];

/** The role in the CIB's letters; a word that is no role is given back as it is. */
export const roleOf = (word: string): string =>
  ROLES.find(role => role.toLowerCase() === word.toLowerCase()) ?? word;

const ACTIONS = ['start', 'stop', 'promote', 'demote'];

export const isAction = (word: string): boolean => ACTIONS.includes(word.toLowerCase());

const YES = ['yes', 'true', 'on', '1', 'y'];
const NO = ['no', 'false', 'off', '0', 'n'];

export function truthOf(word: string): boolean | undefined {
  const low = word.toLowerCase();
  if (YES.includes(low)) return true;
  return NO.includes(low) ? false : undefined;
}

/** Takes `word:`, the colon being the last letter. */
export const takeColon = (cursor: Cursor): string | undefined => cursor.take(/^(.+):$/)?.[1];

/** Takes `name=value` with that name, if it is next. */
export function takeNamed(cursor: Cursor, name: string): string | undefined {
  const found = NAME_VALUE.exec(cursor.peek() ?? '');
  if (found === null || found[1]?.toLowerCase() !== name) return undefined;
  cursor.skip();
  return found[2] ?? '';
}
