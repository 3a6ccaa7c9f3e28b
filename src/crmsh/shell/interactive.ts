/** Lines from a person at a terminal, or from a file or pipe, one after the other. */
import { createInterface, type Interface } from 'node:readline';
import { complete } from './completion.ts';
import type { Shell } from './shell.ts';

/**
 * Runs every line until the input ends or the shell is left. A fault in a line does not keep the next ones from
 * being run; whether all went well is the result.
 */
export async function runLines(
  shell: Shell,
  input: NodeJS.ReadableStream,
  terminal: { readonly isInteractive: boolean },
): Promise<boolean> {
  const { isInteractive } = terminal;
  const reader = createInterface({
    input,
    ...(isInteractive ? { output: process.stdout } : {}),
    terminal: isInteractive,
    historySize: 500,
    completer: (line: string, done: (fault: Error | null, result: [string[], string]) => void) => {
      complete(shell, line).then(
        result => done(null, result),
        () => done(null, [[], line]),
      );
    },
  });
  // A second reader of the same terminal would take every other letter.
  if (isInteractive) {
    shell.session.question = question => new Promise(resolve => reader.question(question, resolve));
  }
  let ok = true;
  let text = '';
  for await (const line of lines(reader, () => (text === '' ? shell.prompt : '> '), isInteractive)) {
    const trimmed = line.trim();
    if (text === '' && (trimmed === '' || trimmed.startsWith('#'))) continue;
    if (trimmed.endsWith('\\')) {
      text += `${trimmed.slice(0, -1)} `;
      continue;
    }
    const whole = text + trimmed;
    text = '';
    ok = (await shell.execute(whole)) && ok;
    if (shell.isDone) break;
  }
  // At the end of the input (Ctrl-D) the reader is gone, and what is still to be asked is asked without it.
  reader.close();
  shell.session.question = shell.session.surroundings.ask;
  return (await shell.finish()) && ok;
}

async function* lines(
  reader: Interface,
  prompt: () => string,
  isInteractive: boolean,
): AsyncGenerator<string> {
  if (!isInteractive) {
    yield* reader;
    return;
  }
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  let isClosed = false;
  reader.on('line', line => {
    waiting.push(line);
    wake?.();
  });
  reader.on('close', () => {
    isClosed = true;
    wake?.();
  });
  reader.on('SIGINT', () => {
    // What stands in the line is dropped, as in any shell.
    process.stdout.write('^C\n');
    reader.write(null, { ctrl: true, name: 'u' });
    reader.prompt();
  });
  for (;;) {
    if (waiting.length === 0 && !isClosed) {
      reader.setPrompt(prompt());
      reader.prompt();
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    const line = waiting.shift();
    if (line !== undefined) yield line;
    else if (isClosed) return;
  }
}
