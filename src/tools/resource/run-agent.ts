/** Runs an agent here and now, past the cluster, as the executor would run it. */
import { join } from 'node:path';
import type { Environment } from '../../client/open.ts';
import type { AgentReference, ExecutorEvent } from '../../core/daemons/contract.ts';
import { NODE_FOLDER, placesOf } from '../../core/model/places.ts';
import { Agents } from '../../host/agents/agents.ts';
import { agentFolders } from '../../host/agents/folders.ts';
import { projectFolder } from '../../host/main/project.ts';

export interface AgentRun {
  readonly agent: AgentReference;
  readonly action: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Id of the resource; `undefined` for what concerns no resource, such as metadata. */
  readonly resource?: string;
  /** Milliseconds. */
  readonly timeout: number;
}

export type AgentOutcome =
  | { readonly kind: 'ended'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'not-run'; readonly error: string };

export function runAgent(run: AgentRun, environment: Environment): Promise<AgentOutcome> {
  const root = projectFolder();
  const effect = 1;
  return new Promise(resolve => {
    const finish = (outcome: AgentOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const agents = new Agents({
      folders: agentFolders(root, environment),
      commands: join(root, 'bin'),
      run: placesOf(environment[NODE_FOLDER]).run,
      environment,
      post: event => finish(outcomeOf(event)),
    });
    const timer = setTimeout(() => {
      agents.signal(effect, 'KILL');
      finish({ kind: 'timed-out' });
    }, run.timeout);
    const { agent, action, parameters = {}, resource = 'undefined' } = run;
    agents.spawn({ kind: 'spawn', effect, agent, action, parameters, resource });
  });
}

function outcomeOf(
  event: Extract<ExecutorEvent, { readonly kind: 'exited' | 'could-not-spawn' }>,
): AgentOutcome {
  if (event.kind === 'could-not-spawn') return { kind: 'not-run', error: event.error };
  const { status, stdout, stderr, signal } = event;
  return status === undefined
    ? { kind: 'not-run', error: `ended by ${signal}` }
    : { kind: 'ended', status, stdout, stderr };
}
