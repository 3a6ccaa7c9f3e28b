import type { Screen } from './follow.ts';

const ALTERNATE = '\x1b[?1049h\x1b[?25l';
const BACK = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_REST = '\x1b[J';

/** The terminal as a display of its own: what was there before comes back at the end. */
export function terminalScreen(): Screen {
  const { stdout, stdin } = process;
  stdout.write(ALTERNATE);
  return {
    draw: text => {
      const lines = text.split('\n').slice(0, Math.max(1, (stdout.rows ?? 24) - 1));
      const width = stdout.columns ?? 80;
      const cut = lines.map(line => `${line.replaceAll('\t', ' ').slice(0, width)}${CLEAR_LINE}\r\n`);
      stdout.write(`${HOME}${cut.join('')}${CLEAR_REST}`);
    },
    onKey: listener => {
      if (!stdin.isTTY) return;
      stdin.setRawMode(true);
      stdin.setEncoding('utf8');
      stdin.on('data', keys => {
        for (const key of String(keys)) listener(key);
      });
    },
    close: () => {
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
      stdout.write(BACK);
    },
  };
}

/** Where there is no terminal: one status after another. */
export const plainScreen = (write: (text: string) => void): Screen => ({
  draw: text => write(`${text}\n`),
  onKey: () => undefined,
  close: () => undefined,
});
