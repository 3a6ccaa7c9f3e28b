/** What agents there are on this host, and what they say of themselves. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReference } from '../../core/daemons/contract.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { element } from '../../core/xml/element.ts';
import { agentFolders } from '../../host/agents/folders.ts';
import { resolveAgent } from '../../host/agents/resolve.ts';
import { projectFolder } from '../../host/main/project.ts';
import type { Report, Surroundings } from '../tool.ts';
import { ToolError } from '../tool.ts';
import type { Values } from './definition.ts';
import { runAgent } from './run-agent.ts';

export interface Asked {
  readonly report: Report;
  readonly values: Values;
  readonly surroundings: Surroundings;
}

const METADATA_PATIENCE = 30_000;

const folders = ({ surroundings }: Asked) => agentFolders(projectFolder(), surroundings.environment);

/** Folders that hold a folder for each provider. */
const providerFolders = (asked: Asked): readonly string[] => {
  const { own, ocfRoot } = folders(asked);
  return [join(own, 'ocf'), join(ocfRoot, 'resource.d')];
};

function namesIn(folder: string, which: (path: string) => boolean): readonly string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.') && which(join(folder, name)));
  } catch {
    return [];
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function isProgram(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

const providers = (asked: Asked): readonly string[] =>
  sorted(providerFolders(asked).flatMap(folder => namesIn(folder, isFolder)));

function agentsOf(asked: Asked, standard: string, provider: string | undefined): readonly string[] {
  const { own, fence, initScripts } = folders(asked);
  switch (standard) {
    case 'ocf': {
      const of = provider === undefined ? providers(asked) : [provider];
      return sorted(
        providerFolders(asked).flatMap(folder => of.flatMap(one => namesIn(join(folder, one), isProgram))),
      );
    }
    case 'stonith':
      return fenceAgents(own, fence);
    case 'lsb':
    case 'service':
      return sorted(namesIn(initScripts, isProgram));
    default:
      return [];
  }
}

const fenceAgents = (own: string, installed: readonly string[]): readonly string[] =>
  sorted(
    [join(own, 'fence'), ...installed].flatMap(folder =>
      namesIn(folder, isProgram).filter(name => name.startsWith('fence_')),
    ),
  );

export function installedFenceAgents(environment: Surroundings['environment']): readonly string[] {
  const { own, fence } = agentFolders(projectFolder(), environment);
  return fenceAgents(own, fence);
}

/** Whether there is such an agent on this host. */
export function agentExists(asked: Asked, agent: AgentReference): boolean {
  return resolveAgent(agent, folders(asked)).kind !== 'none';
}

export function listStandards(asked: Asked): ExitCode {
  const systemd = isFolder('/run/systemd/system') ? ['systemd'] : [];
  return say(asked, 'standards', ['ocf', 'lsb', 'service', ...systemd, 'stonith']);
}

export const listProviders = (asked: Asked): ExitCode => say(asked, 'providers', providers(asked));

export function listAlternatives(asked: Asked): ExitCode {
  const type = asked.values['list-ocf-alternatives'] ?? '';
  const having = providers(asked).filter(one => agentsOf(asked, 'ocf', one).includes(type));
  if (having.length > 0) return say(asked, 'providers', having);
  throw new ToolError(
    'no-such-object',
    `No OCF providers found for ${type}\nError performing operation: No such object`,
  );
}

function say({ report }: Asked, name: string, items: readonly string[]): ExitCode {
  for (const one of items) report.line(one);
  report.xml(
    element(
      'list',
      { name, count: items.length },
      items.map(one => element('item', {}, [], one)),
    ),
  );
  return 'ok';
}

export function listAgents(asked: Asked): ExitCode {
  const text = asked.values['list-agents'] ?? '';
  const [standard = '', provider] = text.split(':', 2);
  const found = agentsOf(asked, standard, provider);
  if (found.length === 0) {
    const of = provider === undefined ? '' : `, provider=${provider}`;
    throw new ToolError(
      'no-such-object',
      `No agents found for standard=${standard}${of}\nError performing operation: No such object`,
    );
  }
  for (const one of found) asked.report.line(one);
  asked.report.xml(
    element(
      'agents',
      { standard, provider },
      found.map(one => element('agent', {}, [], one)),
    ),
  );
  return 'ok';
}

/** Reads `STANDARD:TYPE` or `ocf:PROVIDER:TYPE`. */
function parseAgent(text: string): AgentReference | undefined {
  const [standard, second, third, ...rest] = text.split(':');
  if (standard === undefined || second === undefined || second === '' || rest.length > 0) return undefined;
  if (standard === 'ocf') {
    return third === undefined || third === '' ? undefined : { standard, provider: second, type: third };
  }
  // A unit's instance may follow a colon of its own.
  return { standard, type: third === undefined ? second : `${second}:${third}` };
}

export async function showMetadata({ report, values, surroundings }: Asked): Promise<ExitCode> {
  const text = values['show-metadata'] ?? '';
  const agent = parseAgent(text);
  if (agent === undefined) {
    throw new ToolError(
      'no-such-object',
      `'${text}' is not a valid agent specification\nError performing operation: No such object`,
    );
  }
  const action = agent.standard === 'stonith' ? 'metadata' : 'meta-data';
  const outcome = await runAgent({ agent, action, timeout: METADATA_PATIENCE }, surroundings.environment);
  if (outcome.kind === 'ended' && outcome.status === 0) {
    report.text(outcome.stdout.endsWith('\n') ? outcome.stdout : `${outcome.stdout}\n`);
    report.xml(element('metadata', {}, [], outcome.stdout));
    return 'ok';
  }
  throw new ToolError(
    'no-such-object',
    `Metadata query for ${text} failed: No such device or address\nError performing operation: No such object`,
  );
}
