/** The commands of the cluster, run for the shell: in its own process where they can be, loaded when first needed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExitCode, exitNumber } from '../../core/model/exit-code.ts';
import { run, type Surroundings } from '../../tools/tool.ts';
import type { Session } from '../shell/session.ts';

type Runner = (around: Surroundings) => Promise<ExitCode>;

const TOOLS: Readonly<Partial<Record<string, Runner>>> = {
  attrd_updater: async around => run((await import('../../tools/attrd-updater.ts')).tool, around),
  crm_attribute: async around => run((await import('../../tools/crm-attribute.ts')).tool, around),
  crm_mon: async around => run((await import('../../tools/crm-mon.ts')).tool, around),
  crm_node: async around => run((await import('../../tools/crm-node.ts')).tool, around),
  crm_resource: async around => run((await import('../../tools/crm-resource.ts')).tool, around),
  crm_simulate: async around => run((await import('../../tools/crm-simulate.ts')).tool, around),
};

/** Whether the exit code is 0. What the command prints goes where the shell's own words go. */
export async function runTool(session: Session, name: string, words: readonly string[]): Promise<boolean> {
  return (await exitOfTool(session, name, words)) === 0;
}

export async function exitOfTool(session: Session, name: string, words: readonly string[]): Promise<number> {
  const { environment, surroundings } = session;
  const runner = TOOLS[name];
  if (runner === undefined) return spawnTool(session, name, words);
  return exitNumber(await runner({ words, environment, out: surroundings.out, err: surroundings.err }));
}

function spawnTool(session: Session, name: string, words: readonly string[]): Promise<number> {
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
