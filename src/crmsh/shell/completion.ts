import { splitWords } from '../language/split.ts';
import { LEVELS, loadLevel, ROOT } from './levels.ts';
import { find, type Shell, visibleNames } from './shell.ts';

/** What may complete the last word of a line, and that word, as readline wants it. */
export async function complete(shell: Shell, line: string): Promise<[string[], string]> {
  const split = splitWords(line);
  if ('problem' in split) return [[], line];
  const words = split.words.map(word => word.text);
  const begun = /\s$/.test(line) || line === '' ? '' : (words.pop() ?? '');
  const candidates = await candidatesFor(shell, words);
  const fitting = [...new Set(candidates)].filter(word => word.startsWith(begun)).sort();
  return [fitting.map(word => (/[=:]$/.test(word) ? word : `${word} `)), begun];
}

async function candidatesFor(shell: Shell, words: readonly string[]): Promise<readonly string[]> {
  let name = shell.path.at(-1) ?? ROOT;
  let at = 0;
  for (;;) {
    const level = await loadLevel(name);
    const word = words[at];
    if (word === undefined) {
      const common = at === 0 ? ['help', 'quit', ...(name === ROOT ? [] : ['up'])] : ['help'];
      return [...visibleNames(level), ...common];
    }
    if (word === 'help') return [...visibleNames(level), ...Object.keys(LEVELS)];
    const found = await find(level, word);
    if (found.kind === 'none') return [];
    if (found.kind === 'command') {
      return (await found.command.complete?.(shell.session, [found.name, ...words.slice(at + 1)])) ?? [];
    }
    name = found.name;
    at += 1;
  }
}
