import type { Level } from './command.ts';
import { LEVELS, loadLevel } from './levels.ts';
import type { Session } from './session.ts';
import { find, visibleNames } from './shell.ts';

/** `help`, `help COMMAND`, `help LEVEL` and `help LEVEL COMMAND`. */
export async function showHelp(session: Session, at: string, words: readonly string[]): Promise<boolean> {
  let level = await loadLevel(at);
  let rest = [...words];
  for (;;) {
    const [first, ...more] = rest;
    if (first === undefined) {
      session.out(levelHelp(level));
      return true;
    }
    const found = await find(level, first);
    if (found.kind === 'none') return session.error(`there is no help on ${first}`);
    if (found.kind === 'command') {
      session.out(commandHelp(found.name, found.command));
      return true;
    }
    level = await loadLevel(found.name);
    rest = more;
  }
}

function levelHelp(level: Level): string {
  const names = visibleNames(level);
  const width = Math.max(...names.map(name => name.length)) + 2;
  const lines = names.map(name => {
    const summary = level.commands[name]?.summary ?? `level: ${LEVELS[name]?.summary ?? ''}`;
    return `  ${name.padEnd(width)}${summary}\n`;
  });
  return `${level.name === 'root' ? 'crm' : level.name}: ${level.summary}\n\n${lines.join('')}\n  help COMMAND says more; up leaves the level, quit the shell.\n`;
}

function commandHelp(
  name: string,
  command: {
    readonly usage: string;
    readonly summary: string;
    readonly help?: string;
    readonly aliases?: readonly string[];
  },
): string {
  const aliases = command.aliases?.length ? `\nAlso: ${command.aliases.join(', ')}\n` : '';
  const more = command.help === undefined ? '' : `\n${command.help.trim()}\n`;
  return `${name}: ${command.summary}\n\nUsage:\n  ${[name, command.usage].join(' ').trim().replaceAll('\n', '\n  ')}\n${aliases}${more}`;
}
