/** One run of a program as leader of its own session and process group. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { signalGroup } from './ledger.ts';

/** What is kept of each of a child's two outputs. The rest is read and thrown away. */
const KEPT_BYTES = 64 * 1024;
/** How long after the end of a child its last words may still be on their way. */
const LAST_WORDS_MS = 20;

export interface Program {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string;
}

export interface End {
  readonly status?: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Hearer {
  readonly ended: (end: End) => void;
  readonly failed: (error: NodeJS.ErrnoException) => void;
}

export class Child {
  readonly #process: ChildProcess;
  readonly #stdout: Captured;
  readonly #stderr: Captured;
  #killed = false;

  constructor({ program, arguments: words, environment, input }: Program, { ended, failed }: Hearer) {
    // Loaded here: most of what commands ask of agents needs no agent to run.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(program, [...words], {
      env: environment,
      cwd: '/',
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#stdout = new Captured(child.stdout);
    this.#stderr = new Captured(child.stderr);
    // A child that does not read its input closes it on us; its exit status tells what came of that.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    let over = false;
    child.once('error', error => {
      if (over || child.pid !== undefined) return;
      over = true;
      failed(error);
    });
    child.once('exit', (status, signal) => {
      if (over) return;
      over = true;
      if (this.#killed) this.#signal('SIGKILL');
      this.#lastWords(() => ended({ ...endOf(status, signal), ...this.#output() }));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** To the whole group. Whoever of it outlives its leader after that is killed. */
  kill(signal: 'TERM' | 'KILL'): void {
    this.#killed = true;
    this.#signal(`SIG${signal}`);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid !== undefined) signalGroup(pid, signal);
  }

  /** A daemon that the child left behind may hold its outputs open for ever: they are not waited for. */
  #lastWords(then: () => void): void {
    let said = false;
    const finish = () => {
      if (said) return;
      said = true;
      clearTimeout(timer);
      this.#stdout.close();
      this.#stderr.close();
      then();
    };
    const timer = setTimeout(finish, LAST_WORDS_MS);
    this.#process.once('close', finish);
  }

  #output(): Pick<End, 'stdout' | 'stderr'> {
    return { stdout: this.#stdout.text(), stderr: this.#stderr.text() };
  }
}

const endOf = (status: number | null, signal: string | null): Pick<End, 'status' | 'signal'> =>
  status === null ? { signal: signal ?? 'unknown' } : { status };

class Captured {
  readonly #stream: Readable | null;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(stream: Readable | null) {
    this.#stream = stream;
    stream?.on('data', (chunk: Buffer) => {
      const room = KEPT_BYTES - this.#size;
      if (room <= 0) return;
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      this.#chunks.push(kept);
      this.#size += kept.length;
    });
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  close(): void {
    this.#stream?.destroy();
  }
}
