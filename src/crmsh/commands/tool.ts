/** Runs the commands of the cluster for the shell. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Session } from '../shell/session.ts';

/** The exit code is 0. What the command prints goes where the shell's own words go. */
export async function runTool(session: Session, name: string, words: readonly string[]): Promise<boolean> {
  return (await exitOfTool(session, name, words)) === 0;
}

export function exitOfTool(session: Session, name: string, words: readonly string[]): Promise<number> {
  const program = join(folderOfCommands(), name);
  return new Promise(resolve => {
    const child = spawn(program, words, { env: session.environment, stdio: ['inherit', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', text => session.out(String(text)));
    child.stderr.setEncoding('utf8').on('data', text => session.surroundings.err(String(text)));
    child.on('error', fault => {
      session.error(`${name}: ${fault.message}`);
      resolve(127);
    });
    child.on('close', code => resolve(code ?? 1));
  });
}

/** `bin`, found upwards from where this program lies. */
function folderOfCommands(): string {
  for (let at = dirname(process.argv[1] ?? '.'); ; at = dirname(at)) {
    if (existsSync(join(at, 'bin/launch'))) return join(at, 'bin');
    if (at === dirname(at)) return '/usr/sbin';
  }
}
