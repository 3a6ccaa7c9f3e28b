import { splitWords } from '../language/split.ts';
import { alwaysQuoted } from '../language/write-attributes.ts';
import type { Command, Level, Line } from './command.ts';
import { findName } from './find.ts';
import { LEVELS, loadLevel, ROOT } from './levels.ts';
import type { Session } from './session.ts';

const UP = ['up', 'back', '..', 'end', 'cd'];
const QUIT = ['quit', 'bye', 'exit'];

export type Found =
  | { readonly kind: 'command'; readonly name: string; readonly command: Command }
  | { readonly kind: 'level'; readonly name: string }
  | { readonly kind: 'none'; readonly candidates: readonly string[] };

/** Carries out lines, moving between levels. */
export class Shell {
  readonly session: Session;
  /** Names of the levels that are open, the root not among them. */
  readonly path: string[] = [];
  isDone = false;

  constructor(session: Session) {
    this.session = session;
  }

  get level(): Promise<Level> {
    return loadLevel(this.path.at(-1) ?? ROOT);
  }

  get prompt(): string {
    const place = this.session.shadow ?? this.session.environment.CIB_file?.split('/').at(-1) ?? 'live';
    return `crm(${place})${this.path.at(-1) ?? ''}# `;
  }

  /** A line as typed or read from a file. */
  async execute(text: string): Promise<boolean> {
    const split = splitWords(text);
    if ('problem' in split) {
      const isXml = /^\s*(configure\s+)?xml\s/.test(text);
      if (!isXml) return this.session.error(split.problem.message);
    }
    const words = 'problem' in split ? text.trim().split(/\s+/) : split.words.map(word => word.text);
    return this.run(words, text.trim());
  }

  /** Words that came apart, from a command line; XML may have come as one of them, and is taken as it is. */
  async executeWords(given: readonly string[]): Promise<boolean> {
    const words = given.flatMap(word => (/^xml\s+</.test(word) ? ['xml', word.slice(3).trim()] : [word]));
    const isXml = words.some((word, at) => word === 'xml' && words[at + 1]?.startsWith('<'));
    const mustQuote = (word: string) => !isXml && (/[\s"'\\]/.test(word) || word === '');
    return this.run(words, words.map(word => (mustQuote(word) ? alwaysQuoted(word) : word)).join(' '));
  }

  private async run(words: readonly string[], text: string): Promise<boolean> {
    const [first, ...rest] = words;
    if (first === undefined) return true;
    if (words.length === 1 && (UP.includes(first) || QUIT.includes(first))) return this.#walk(first);
    if (first === 'cd' && rest.length === 1) return this.#change(rest[0] as string);
    if (first === 'help' || first === '?') return this.#help(rest);
    if (first === 'ls' && rest.length === 0) return this.#list();
    const found = await find(await this.level, first);
    if (found.kind === 'none') return this.#unknown(first, found.candidates);
    if (found.kind === 'command') return this.#perform(found, { words, text });
    return this.#enter(found.name, rest, text.slice(text.indexOf(first) + first.length).trim());
  }

  async #perform({ name, command }: { name: string; command: Command }, line: Line): Promise<boolean> {
    if (line.words.includes('--help') || line.words.includes('-h')) return this.#help([name]);
    // An abbreviation stands for the whole name in the text too.
    const text = line.text.replace(/^\S+/, name);
    return command.run(this.session, { words: [name, ...line.words.slice(1)], text });
  }

  /** A level alone is entered; with words after it, it is left again when they are done. */
  async #enter(name: string, rest: readonly string[], text: string): Promise<boolean> {
    this.path.push(name);
    if (rest.length === 0) return true;
    const depth = this.path.length;
    const ok = await this.run(rest, text);
    if (this.path.length < depth) return ok;
    const isEntered = this.path.length > depth;
    if (isEntered) return ok;
    return (await this.#leave()) && ok;
  }

  async #walk(word: string): Promise<boolean> {
    if (UP.includes(word)) return this.path.length === 0 ? true : this.#leave();
    let ok = true;
    while (this.path.length > 0) ok = (await this.#leave()) && ok;
    this.isDone = true;
    return ok;
  }

  async #change(target: string): Promise<boolean> {
    for (const step of target.split('/')) {
      if (step === '..') await this.#walk('up');
      else if (step !== '' && step !== '.' && !(await this.run([step], step))) return false;
    }
    return true;
  }

  /** Leaves the innermost level; what waits to be committed is asked for. */
  async #leave(): Promise<boolean> {
    const level = await this.level;
    const ok = (await level.leave?.(this.session)) ?? true;
    this.path.pop();
    return ok;
  }

  /** Leaves all levels at the end of the input. */
  async finish(): Promise<boolean> {
    let ok = true;
    while (this.path.length > 0) ok = (await this.#leave()) && ok;
    return ok;
  }

  #unknown(word: string, candidates: readonly string[]): boolean {
    const more = candidates.length > 0 ? `: it may be ${candidates.join(', ')}` : '; try "help"';
    return this.session.error(`${this.path.at(-1) ?? 'crm'} has no command ${word}${more}`);
  }

  async #help(words: readonly string[]): Promise<boolean> {
    const { showHelp } = await import('./help.ts');
    return showHelp(this.session, this.path.at(-1) ?? ROOT, words);
  }

  async #list(): Promise<boolean> {
    const level = await this.level;
    const names = visibleNames(level);
    this.session.line([...names, 'help', 'ls', 'quit', 'up'].join('\n'));
    return true;
  }
}

export const visibleNames = (level: Level): readonly string[] =>
  [
    ...Object.keys(level.commands).filter(name => level.commands[name]?.hidden !== true),
    ...sublevels(level.name),
  ].sort();

/** Levels that can be entered from a level: all of them from the root, `cib` and its like from `configure`. */
const sublevels = (level: string): readonly string[] => {
  if (level === ROOT) return Object.keys(LEVELS);
  return level === 'configure' ? ['cib', 'ra'] : [];
};

export async function find(level: Level, word: string): Promise<Found> {
  const aliases = new Map<string, string>();
  for (const [name, command] of Object.entries(level.commands)) {
    for (const alias of command.aliases ?? []) aliases.set(alias, name);
  }
  const below = sublevels(level.name);
  for (const name of below) for (const alias of LEVELS[name]?.aliases ?? []) aliases.set(alias, name);
  const result = findName(word, [...Object.keys(level.commands), ...below], aliases);
  if ('candidates' in result) return { kind: 'none', candidates: result.candidates };
  const command = level.commands[result.found];
  return command === undefined
    ? { kind: 'level', name: result.found }
    : { kind: 'command', name: result.found, command };
}
