/** `crm`: the cluster's shell. One command from the command line, lines from a file or pipe, or a session. */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import type { LazyConclusion } from '../client/file-connection.ts';

import { openConnection } from '../client/open.ts';
import { NODE_FOLDER } from '../core/model/places.ts';
import { type CommandWords, parseWords, USAGE } from './arguments.ts';
import { Session } from './shell/session.ts';
import { Shell } from './shell/shell.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the cluster does not run here (there is no socket of pacemakerd)',
  ECONNREFUSED: 'the cluster does not run here (nobody listens at the socket of pacemakerd)',
  EACCES: 'permission denied at the socket of pacemakerd: root and the group haclient may',
};

/** Loaded only when something is written to a CIB in a file. */
const conclusion: LazyConclusion = async () =>
  (await import('../host/schema/schema-validator.ts')).checkedConclusion();

async function connect(environment: Readonly<Record<string, string | undefined>>) {
  const opened = await openConnection({ environment, name: 'crm', conclusion });
  if (opened.ok) return opened.connection;
  throw new Error(reasons[opened.error] ?? `no connection to the cluster: ${opened.error}`);
}

async function askAtTerminal(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await reader.question(question);
  reader.close();
  return answer;
}

function sessionFor({ options, folder }: CommandWords): Session {
  const environment: Record<string, string | undefined> = { ...process.env };
  if (folder !== undefined) environment[NODE_FOLDER] = folder;
  const isTerminal = process.stdout.isTTY === true;
  return new Session(
    {
      environment,
      connect,
      out: text => void process.stdout.write(text),
      err: text => void process.stderr.write(text),
      readStandardInput: () => readAll(process.stdin),
      isTerminal,
      ...(process.stdin.isTTY === true ? { ask: askAtTerminal } : {}),
    },
    options,
  );
}

async function main(): Promise<number> {
  const words = parseWords(process.argv.slice(2));
  if ('problem' in words) {
    process.stderr.write(`crm: ${words.problem}\n${USAGE}`);
    return 64;
  }
  if (words.show === 'help') return say(USAGE);
  if (words.show === 'version') return say(await version());
  const session = sessionFor(words);
  const shell = new Shell(session);
  if (words.shadow !== undefined) {
    const { useShadow } = await import('./commands/cib.ts');
    if (!(await useShadow(session, words.shadow))) return 1;
  }
  const ok = await perform(shell, words);
  await session.close();
  return ok ? 0 : 1;
}

async function perform(shell: Shell, { file, command }: CommandWords): Promise<boolean> {
  if (command.length > 0) {
    shell.session.isSingleShot = true;
    const ok = await shell.executeWords(command);
    if (shell.path.length === 0) return ok;
    // The name of a level alone begins a session in that level.
    shell.session.isSingleShot = false;
  }
  const { runLines } = await import('./shell/interactive.ts');
  if (file !== undefined && file !== '-') {
    if (!existsSync(file)) return shell.session.error(`${file}: there is no such file`);
    return runLines(shell, createReadStream(file, 'utf8'), { isInteractive: false });
  }
  return runLines(shell, process.stdin, {
    isInteractive: process.stdin.isTTY === true && file === undefined,
  });
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

async function version(): Promise<string> {
  const { versionText } = await import('../tools/help.ts');
  return versionText();
}

// A reader that went away (`crm configure show | head`) ends the command without complaint.
process.stdout.on('error', () => process.exit(0));
void main().then(status => {
  process.exitCode = status;
});
