/** The commands of the cluster, run in the shell's own process; each is loaded when it is first needed. */
import { type ExitCode, exitNumber } from '../../core/model/exit-code.ts';
import { run, type Surroundings } from '../../tools/tool.ts';
import type { Session } from '../shell/session.ts';

type Runner = (around: Surroundings) => Promise<ExitCode>;

const TOOLS = {
  attrd_updater: async around => run((await import('../../tools/attrd-updater.ts')).tool, around),
  crm_attribute: async around => run((await import('../../tools/crm-attribute.ts')).tool, around),
  crm_mon: async around => run((await import('../../tools/crm-mon.ts')).tool, around),
  crm_node: async around => run((await import('../../tools/crm-node.ts')).tool, around),
  crm_resource: async around => run((await import('../../tools/crm-resource.ts')).tool, around),
  crm_simulate: async around => run((await import('../../tools/crm-simulate.ts')).tool, around),
} as const satisfies Readonly<Record<string, Runner>>;

type ToolName = keyof typeof TOOLS;

/** Whether the exit code is 0. What the command prints goes where the shell's own words go. */
export async function runTool(session: Session, name: ToolName, words: readonly string[]): Promise<boolean> {
  return (await exitOfTool(session, name, words)) === 0;
}

export async function exitOfTool(
  session: Session,
  name: ToolName,
  words: readonly string[],
): Promise<number> {
  const { environment, surroundings } = session;
  return exitNumber(await TOOLS[name]({ words, environment, out: surroundings.out, err: surroundings.err }));
}
