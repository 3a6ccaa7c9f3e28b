/**
 * The agents under way, each with a file that names it by process id and start time, so that an executor that
 * starts after another was killed can end what that one left: two runs of one agent at a time must not be.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Ledger {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  add(pid: number): void {
    const started = startTime(pid);
    if (started !== undefined) writeFileSync(join(this.#folder, String(pid)), started);
  }

  remove(pid: number): void {
    rmSync(join(this.#folder, String(pid)), { force: true });
  }

  /** Ends what an earlier executor left, and says how many process groups these were. */
  endLeftovers(): number {
    let ended = 0;
    for (const name of readdirSync(this.#folder)) {
      const pid = Number(name);
      const started = readFileSync(join(this.#folder, name), 'utf8');
      // Another process that has the number by now started at another time.
      if (Number.isInteger(pid) && pid > 1 && startTime(pid) === started && signalGroup(pid, 'SIGKILL'))
        ended += 1;
      this.remove(pid);
    }
    return ended;
  }
}

/** Start time in the kernel's clock ticks; the command's name before it may hold blanks and brackets. */
function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** False where the group is gone already. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
