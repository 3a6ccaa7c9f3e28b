/** Many seeds on all cores: each worker takes every so many-th seed of the range. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Bug } from './bugs/bug.ts';
import { BUGS } from './bugs/bugs.ts';
import { type Outcome, run } from './run.ts';

interface ManyInit {
  readonly first: number;
  readonly last: number;
  readonly jobs: number;
  /** Milliseconds since 1970, after which no seed is begun. */
  readonly until?: number;
  readonly nodes?: number;
  readonly bug?: Bug;
  readonly say: (line: string) => void;
}

interface Share {
  readonly first: number;
  readonly last: number;
  readonly every: number;
  readonly until?: number;
  readonly nodes?: number;
  readonly bug?: string;
}

interface Totals {
  seeds: number;
  lasted: number;
  lines: number;
}

/** Nearly all that a seed makes is dropped at once: room for it spares the collector a twentieth of the time. */
const SPACE = { maxYoungGenerationSizeMb: 96 };

/** False where a seed broke. */
export async function runMany({ jobs, bug, say, ...range }: ManyInit): Promise<boolean> {
  const began = Date.now();
  const totals: Totals = { seeds: 0, lasted: 0, lines: 0 };
  let broken: Outcome | undefined;
  const workers = [...Array(jobs).keys()].map(at => {
    const share: Share = {
      ...range,
      first: range.first + at,
      every: jobs,
      ...(bug === undefined ? {} : { bug: bug.name }),
    };
    return new Worker(new URL(import.meta.url), { workerData: share, resourceLimits: SPACE });
  });
  const ended = workers.map(
    worker =>
      new Promise<void>((resolve, reject) => {
        worker.on('message', (outcome: Outcome) => {
          totals.seeds += 1;
          totals.lasted += outcome.lasted;
          totals.lines += outcome.lines;
          if (totals.seeds % 100 === 0) say(progress(totals, began));
          if (outcome.broken === undefined) return;
          if (broken === undefined || outcome.seed < broken.seed) broken = outcome;
          for (const other of workers) void other.terminate();
        });
        worker.on('error', reject);
        worker.on('exit', () => resolve());
      }),
  );
  await Promise.all(ended);
  say(progress(totals, began));
  if (broken?.broken === undefined) return true;
  say(`BROKEN seed ${broken.seed}: ${broken.broken.checker}: ${broken.broken.text}`);
  say(`npm run sim -- --seed ${broken.seed} --verbose`);
  return false;
}

function progress({ seeds, lasted, lines }: Totals, began: number): string {
  const minutes = (Date.now() - began) / 60_000;
  const rate = Math.round(seeds / Math.max(minutes, 1 / 60_000));
  return `${seeds} seeds, ${Math.round(lasted / 3_600_000)} h of virtual time, ${lines} lines, ${rate} seeds a minute`;
}

function work({ first, last, every, until, nodes, bug: named }: Share): void {
  const bug = BUGS.find(({ name }) => name === named);
  for (let seed = first; seed <= last; seed += every) {
    if (until !== undefined && Date.now() > until) return;
    const outcome = run({
      seed,
      ...(nodes === undefined ? {} : { nodes }),
      ...(bug === undefined ? {} : { bug }),
    });
    parentPort?.postMessage(outcome);
    if (outcome.broken !== undefined) return;
  }
}

if (!isMainThread) work(workerData as Share);
