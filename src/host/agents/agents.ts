/** Performs what the executor decides: runs agents of every standard and ends their process groups. */
import { unreachable } from '../../core/base/assert.ts';
import type { EffectId, ExecutorEffect, ExecutorEvent } from '../../core/daemons/contract.ts';
import { Child, type Program } from './child.ts';
import { commonEnvironment, ocfEnvironment, type Setting } from './environment.ts';
import { fenceInput } from './fence-input.ts';
import { Ledger } from './ledger.ts';
import { lsbMetadata } from './lsb-metadata.ts';
import { type AgentFolders, type Resolved, resolveAgent } from './resolve.ts';
import { SystemdJob, SystemdLink, systemdMetadata } from './systemd.ts';

type Spawn = Extract<ExecutorEffect, { readonly kind: 'spawn' }>;
type Ended = Extract<ExecutorEvent, { readonly kind: 'exited' | 'could-not-spawn' }>;

interface AgentsOptions {
  readonly folders: AgentFolders;
  /** Folder of the cluster's commands. */
  readonly commands: string;
  /** Where agents keep their state. */
  readonly run: string;
  /** Where we keep the list of those under way, for the executor that comes after this one; absent: none does. */
  readonly ledger?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly post: (event: Ended) => void;
}

interface Running {
  kill(signal: 'TERM' | 'KILL'): void;
}

export class Agents {
  readonly #options: AgentsOptions;
  readonly #setting: Setting;
  readonly #ledger: Ledger | undefined;
  readonly #systemd = new SystemdLink();
  readonly #running = new Map<EffectId, Running>();

  constructor(options: AgentsOptions) {
    this.#options = options;
    const { environment: inherited, folders, commands, run, ledger } = options;
    this.#setting = { inherited, ocfRoot: folders.ocfRoot, commands, run };
    this.#ledger = ledger === undefined ? undefined : new Ledger(ledger);
  }

  /** Ends agents that an executor before this one left running; says how many. To be called before any `spawn`. */
  endLeftovers(): number {
    return this.#ledger?.endLeftovers() ?? 0;
  }

  /** One event `exited` or `could-not-spawn` follows, never before this has returned. */
  spawn(effect: Spawn): void {
    const resolved = resolveAgent(effect.agent, this.#options.folders);
    switch (resolved.kind) {
      case 'none': {
        const { reason, error } = resolved;
        this.#postLater({ kind: 'could-not-spawn', effect: effect.effect, reason, error });
        return;
      }
      case 'systemd':
        this.#askSystemd(effect, resolved.unit);
        return;
      case 'ocf':
      case 'stonith':
        this.#start(effect, this.#program(effect, resolved));
        return;
      case 'lsb':
        if (effect.action === 'meta-data') this.#answer(effect, lsbMetadata(resolved.program));
        else this.#start(effect, this.#program(effect, resolved));
        return;
      default:
        unreachable(resolved);
    }
  }

  /** To the whole process group of a run; nothing happens when it has ended. */
  signal(effect: EffectId, signal: 'TERM' | 'KILL'): void {
    this.#running.get(effect)?.kill(signal);
  }

  #postLater(event: Ended): void {
    setImmediate(() => this.#options.post(event));
  }

  #program(
    { action, parameters, resource, agent }: Spawn,
    resolved: Extract<Resolved, { readonly program: string }>,
  ): Program {
    const environment = commonEnvironment(this.#setting);
    const { program } = resolved;
    switch (resolved.kind) {
      case 'ocf': {
        const ocf = ocfEnvironment(agent, resource, parameters, this.#setting);
        return { program, arguments: [action], environment: { ...environment, ...ocf } };
      }
      case 'lsb':
        return { program, arguments: [action], environment };
      case 'stonith':
        return { program, arguments: [], environment, input: fenceInput(action, parameters) };
    }
  }

  #start({ effect }: Spawn, program: Program): void {
    const { post } = this.#options;
    const child = new Child(program, {
      ended: end => {
        this.#forget(effect, child.pid);
        post({ kind: 'exited', effect, ...end });
      },
      failed: error => {
        this.#forget(effect, undefined);
        post({ kind: 'could-not-spawn', effect, reason: failureOf(error), error: error.message });
      },
    });
    if (child.pid !== undefined) this.#ledger?.add(child.pid);
    this.#running.set(effect, child);
  }

  #forget(effect: EffectId, pid: number | undefined): void {
    this.#running.delete(effect);
    if (pid !== undefined) this.#ledger?.remove(pid);
  }

  #askSystemd(effect: Spawn, unit: string): void {
    if (effect.action === 'meta-data') {
      this.#answer(effect, systemdMetadata(unit));
      return;
    }
    const job = new SystemdJob(this.#systemd, { unit, action: effect.action }, ({ status, stderr }) => {
      this.#running.delete(effect.effect);
      this.#postLater({ kind: 'exited', effect: effect.effect, status, stdout: '', stderr });
    });
    this.#running.set(effect.effect, job);
  }

  #answer({ effect }: Spawn, stdout: string): void {
    this.#postLater({ kind: 'exited', effect, status: 0, stdout, stderr: '' });
  }
}

function failureOf({ code }: NodeJS.ErrnoException): 'not-installed' | 'denied' | 'failed' {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'not-installed';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed';
}
