/** From the name of an agent to the program that is run for it. */
import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AgentReference, SpawnFailure } from '../../core/daemons/contract.ts';

export interface AgentFolders {
  /** Where `resource.d/PROVIDER/TYPE` is: `OCF_ROOT`. */
  readonly ocfRoot: string;
  /** The agents that ship with the project: `ocf/PROVIDER/TYPE` and `fence/TYPE`. They come first. */
  readonly own: string;
  readonly initScripts: string;
  /** Where fence agents are installed. */
  readonly fence: readonly string[];
}

export type Resolved =
  | { readonly kind: 'ocf' | 'lsb' | 'stonith'; readonly program: string }
  | { readonly kind: 'systemd'; readonly unit: string }
  | { readonly kind: 'none'; readonly reason: SpawnFailure; readonly error: string };

export function resolveAgent(agent: AgentReference, folders: AgentFolders): Resolved {
  const { standard, provider, type } = agent;
  switch (standard) {
    case 'ocf': {
      const name = provider === undefined ? undefined : [provider, type];
      if (name === undefined || !name.every(isPlain))
        return none('not-installed', `no agent ocf:${provider}:${type}`);
      return program('ocf', `ocf:${provider}:${type}`, [
        join(folders.own, 'ocf', ...name),
        join(folders.ocfRoot, 'resource.d', ...name),
      ]);
    }
    case 'stonith':
      if (!isPlain(type)) return none('not-installed', `no fence agent ${type}`);
      return program('stonith', `stonith:${type}`, [
        join(folders.own, 'fence', type),
        ...folders.fence.map(in_ => join(in_, type)),
      ]);
    case 'lsb':
      return initScript(type, folders);
    case 'systemd':
      return { kind: 'systemd', unit: type };
    case 'service': {
      const script = initScript(type, folders);
      return script.kind === 'none' && script.reason === 'not-installed'
        ? { kind: 'systemd', unit: type }
        : script;
    }
    default:
      return none('not-installed', `agents of standard ${standard} are not known here`);
  }
}

/** A file name and nothing else: it cannot lead out of its folder, nor to what is hidden. */
const isPlain = (name: string): boolean => name !== '' && !name.includes('/') && !name.startsWith('.');

function initScript(type: string, { initScripts }: AgentFolders): Resolved {
  if (isAbsolute(type)) return program('lsb', `lsb:${type}`, [type]);
  return isPlain(type)
    ? program('lsb', `lsb:${type}`, [join(initScripts, type)])
    : none('not-installed', `no init script ${type}`);
}

function program(kind: 'ocf' | 'lsb' | 'stonith', name: string, candidates: readonly string[]): Resolved {
  for (const candidate of candidates) {
    if (!can(candidate, constants.F_OK)) continue;
    if (can(candidate, constants.X_OK)) return { kind, program: candidate };
    return none('denied', `${candidate} may not be executed`);
  }
  return none('not-installed', `no agent ${name}`);
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

const none = (reason: SpawnFailure, error: string): Resolved => ({ kind: 'none', reason, error });
