/** The demo as a person has it: a process that is started, looked at with the commands, and interrupted. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NODE_FOLDER } from '../../src/core/model/places.ts';
import { processesOf } from '../../src/host/node-processes.ts';

const BIN = new URL('../../bin/', import.meta.url).pathname;
/** Agents that only tests have. */
const OCF_ROOT = new URL('ocf/', import.meta.url).pathname;
const POLL = 20;
const READY = 'Ctrl-C ends it';

const run = promisify(execFile);

export interface DemoOptions {
  /** Three where nothing is said. */
  readonly nodes?: number;
  /** Where its programs are: the project's own where nothing is said. */
  readonly programs?: string;
}

export class RunningDemo {
  readonly folder: string;
  readonly nodes: readonly string[];
  readonly #programs: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(options: {
    readonly folder: string;
    readonly nodes: readonly string[];
    readonly programs: string;
    readonly process: ChildProcess;
    readonly url: string;
  }) {
    this.folder = options.folder;
    this.#programs = options.programs;
    this.nodes = options.nodes;
    this.#process = options.process;
    this.#url = options.url;
  }

  /** Resolves once all is where it belongs; rejects with what the demo said where it gave up. */
  static async start({ nodes: count = 3, programs = BIN }: DemoOptions = {}): Promise<RunningDemo> {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const child = spawn(join(programs, 'pacemaker-demo'), ['--dir', folder, '--nodes', String(count)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, OCF_ROOT },
    });
    let said = '';
    const ready = new Promise<void>((resolve, reject) => {
      const hear = (data: Buffer) => {
        said += data;
        if (said.includes(READY)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error(said)));
    });
    await ready;
    const nodes = /^Starting \d+ nodes in .*: (.*)$/m.exec(said)?.[1]?.split(', ') ?? [];
    const url = /http:\/\/\S+/.exec(said)?.[0] ?? '';
    return new RunningDemo({ folder, nodes, programs, process: child, url });
  }

  nodeFolder(node: string): string {
    return join(this.folder, node);
  }

  /** What a command of the cluster prints, asked at that node, or at any that answers. */
  async tool(name: string, words: readonly string[], node?: string): Promise<string> {
    const folder = node === undefined ? this.folder : this.nodeFolder(node);
    const { stdout } = await run(join(this.#programs, name), words, {
      env: { ...process.env, [NODE_FOLDER]: folder },
    });
    return stdout;
  }

  async control(...words: readonly string[]): Promise<void> {
    await run(join(this.#programs, 'pacemaker-demo'), ['--dir', this.folder, ...words]);
  }

  /** Id of a daemon's process, as long as it runs. */
  daemon(node: string, name: 'pacemakerd' | 'pacemaker-execd'): number | undefined {
    return processesOf(this.nodeFolder(node)).find(pid => {
      const [, program = ''] = commandLine(pid);
      return program.endsWith(`/${name}.ts`) || program.endsWith(`/${name}.cjs`);
    });
  }

  /** Id of the process of the bus. */
  hub(): number | undefined {
    return readdirSync('/proc')
      .map(Number)
      .find(pid => {
        const [, program = '', folder] = Number.isInteger(pid) ? commandLine(pid) : [];
        return /\/pacemaker-bus\.(ts|cjs)$/.test(program) && folder === this.folder;
      });
  }

  /** The file that a process of a daemon runs. */
  program(pid: number): string {
    return normalize(commandLine(pid)[1] ?? '');
  }

  /** The node that the web server runs on, and its process. */
  service(): { readonly node: string; readonly pid: number } | undefined {
    for (const node of this.nodes) {
      const pid = processesOf(this.nodeFolder(node)).find(one => {
        const words = commandLine(one);
        return words[1]?.includes('web-server') === true && words[2] !== '--check';
      });
      if (pid !== undefined) return { node, pid };
    }
    return undefined;
  }

  /** Whether the page is served. */
  serves(): Promise<boolean> {
    return new Promise(resolve => {
      const request = get(this.#url, { timeout: 500, agent: false }, response => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
    });
  }

  /** Whether all nodes are online and the DC has nothing left to do. */
  async isSettled(): Promise<boolean> {
    const status = await this.tool('crm_mon', ['-1', '--output-as=xml']).catch(() => '');
    const online = [
      ...status.matchAll(/<node name="[^"]*"[^>]* online="true"[^>]*pending="false" unclean="false"/g),
    ];
    if (online.length < this.nodes.length) return false;
    const dc = /<current_dc [^>]*name="([^"]+)"/.exec(status)?.[1];
    if (dc === undefined) return false;
    const state = await this.tool('crmadmin', ['-S', dc], dc).catch(() => '');
    return state.includes('S_IDLE');
  }

  async dc(): Promise<string> {
    return (await this.tool('crmadmin', ['-qD'])).trim();
  }

  /** Milliseconds until it holds. */
  async until(what: string, holds: () => boolean | Promise<boolean>, patience = 60_000): Promise<number> {
    const startedAt = performance.now();
    while (!(await holds())) {
      if (performance.now() - startedAt > patience) throw new Error(`${what}: not within ${patience} ms`);
      await wait(POLL);
    }
    return performance.now() - startedAt;
  }

  /** Interrupts it as Ctrl-C does; what is left of it afterwards: processes and sockets. */
  async stop(): Promise<readonly string[]> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGINT');
      await once(this.#process, 'exit');
    }
    const processes = this.nodes.flatMap(node =>
      processesOf(this.nodeFolder(node)).map(pid => commandLine(pid).join(' ')),
    );
    const sockets = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isSocket())
      .map(entry => join(entry.parentPath, entry.name));
    return [...processes, ...sockets];
  }

  /** What the nodes have logged, for whoever has to find out why a test failed. */
  logs(): string {
    return this.nodes
      .map(node => `== ${node}\n${tail(join(this.nodeFolder(node), 'log', 'pacemakerd.log'))}`)
      .join('\n');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Without the options of the engine, which stand before the program. */
function commandLine(pid: number): readonly string[] {
  try {
    const [engine = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const program = words.findIndex(word => !word.startsWith('--'));
    return [engine, ...words.slice(Math.max(program, 0))];
  } catch {
    return [];
  }
}

const LAST_LINES = 40;

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-LAST_LINES).join('\n');
  } catch {
    return 'no log';
  }
}
