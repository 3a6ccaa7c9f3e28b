/**
 * A machine of the demo: what stands for its power button and its init system. Its two daemons are started, and
 * started again when they end in any way but in good order; without power all of its processes end at once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../core/model/names.ts';
import { NODE_FOLDER, placesOf } from '../core/model/places.ts';
import { killProcessesOf, processesOf } from '../host/node-processes.ts';

export type Power = 'on' | 'off';

const DAEMONS = ['pacemaker-execd', 'pacemakerd'] as const;
type Daemon = (typeof DAEMONS)[number];

/** Milliseconds: a daemon that ended sooner than this after its start is given that long before the next. */
export const TOO_SOON = 1000;

export class Machine {
  readonly name: NodeName;
  readonly #folder: string;
  readonly #programs: string;
  readonly #running = new Map<Daemon, ChildProcess>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #power: Power = 'off';

  constructor(options: { readonly name: NodeName; readonly folder: string; readonly programs: string }) {
    this.name = options.name;
    this.#folder = options.folder;
    this.#programs = options.programs;
  }

  get power(): Power {
    return this.#power;
  }

  /** Ids of the daemons' processes, of those that run. */
  get daemons(): Readonly<Partial<Record<Daemon, number>>> {
    return Object.fromEntries([...this.#running].map(([daemon, { pid }]) => [daemon, pid]));
  }

  switchOn(): void {
    if (this.#power === 'on') return;
    this.#power = 'on';
    for (const daemon of DAEMONS) this.#start(daemon);
  }

  /** Returns whether every process of the machine is gone. */
  switchOff(): boolean {
    this.#power = 'off';
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#restarts.clear();
    return killProcessesOf(this.#folder);
  }

  /** Where nothing runs a new life begins: what says that something runs, or is mounted, is of the last one. */
  #boot(): void {
    if (processesOf(this.#folder).length > 0) return;
    rmSync(placesOf(this.#folder).run, { recursive: true, force: true });
  }

  #start(daemon: Daemon): void {
    if (this.#running.size === 0) this.#boot();
    mkdirSync(join(this.#folder, 'log'), { recursive: true });
    const complaints = openSync(join(this.#folder, 'log', `${daemon}.stderr`), 'a');
    const startedAt = performance.now();
    const child = spawn(join(this.#programs, daemon), [], {
      // A group of its own: what the terminal signals reaches the demo alone.
      detached: true,
      stdio: ['ignore', 'ignore', complaints],
      cwd: this.#folder,
      env: { ...process.env, PATH: `${this.#programs}:${process.env.PATH}`, [NODE_FOLDER]: this.#folder },
    });
    closeSync(complaints);
    this.#running.set(daemon, child);
    child.once('error', () => this.#ended(daemon, child, { startedAt, inOrder: false }));
    child.once('exit', code => this.#ended(daemon, child, { startedAt, inOrder: code === 0 }));
  }

  #ended(
    daemon: Daemon,
    child: ChildProcess,
    { startedAt, inOrder }: { readonly startedAt: number; readonly inOrder: boolean },
  ): void {
    if (this.#running.get(daemon) !== child) return;
    this.#running.delete(daemon);
    if (this.#power === 'off') return;
    if (inOrder) {
      // The cluster was left in good order, services stopped: the executor has nothing left to watch.
      if (daemon === 'pacemakerd') this.#running.get('pacemaker-execd')?.kill();
      return;
    }
    const soon = performance.now() - startedAt < TOO_SOON;
    const timer = setTimeout(
      () => {
        this.#restarts.delete(timer);
        this.#start(daemon);
      },
      soon ? TOO_SOON : 0,
    );
    this.#restarts.add(timer);
  }
}
