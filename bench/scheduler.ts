/**
 * What a plan costs, beside the `crm_simulate` that is installed here: the whole process of each on the same file
 * (processor time and peak memory), and ours in a process that has planned before, as a daemon has. Needs
 * `npm run build`, GNU time, and the generator of configurations in the conformance folder.
 *
 *   node bench/scheduler.ts [--sizes 3x10,16x200] [--kinds primitives,groups,…] [--states stopped,running]
 *                           [--reference /usr/sbin/crm_simulate] [--rounds 3] [--timeout 60]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { instant } from '../src/core/base/time.ts';
import { schedule } from '../src/core/scheduler/schedule.ts';
import { parseXml } from '../src/core/xml/parse.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '3x10,16x200' },
    kinds: { type: 'string', default: 'primitives,groups,clones,promotable,colocated,ordered,mixed,bundles' },
    states: { type: 'string', default: 'stopped,running' },
    reference: { type: 'string', default: '/usr/sbin/crm_simulate' },
    rounds: { type: 'string', default: '3' },
    timeout: { type: 'string', default: '60' },
  },
});
const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const generator = join(
  process.env['PACEMAKER_CONFORMANCE'] ?? fromRoot('../shared/conformance'),
  'scale-cib.mjs',
);

/** Processor seconds, user and system, and peak memory in MiB; undefined of what failed or took too long. */
interface Cost {
  readonly seconds: number;
  readonly memory: number;
}

function costOf(command: readonly string[], file: string): Cost | undefined {
  const line = ['-f', '%U %S %M', 'timeout', values.timeout, ...command, '-R', '-Q', '-x', file];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { stderr, status } = spawnSync('time', line, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const figures = /(\S+) (\S+) (\d+)\s*$/.exec(stderr);
  if (status !== 0 || figures === null) return undefined;
  return { seconds: Number(figures[1]) + Number(figures[2]), memory: Number(figures[3]) / 1024 };
}

/** Least processor milliseconds of a plan, the document read already. */
function warm(file: string): number {
  const parse = parseXml(readFileSync(file, 'utf8'));
  if (!parse.ok) throw new Error(`${file}: ${JSON.stringify(parse)}`);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const before = process.cpuUsage();
    schedule({ cib: parse.root, now: instant(Date.now()) });
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const shown = (cost: Cost | undefined): string =>
  cost === undefined
    ? 'failed'.padStart(17)
    : `${cost.seconds.toFixed(2).padStart(8)} ${cost.memory.toFixed(0).padStart(8)}`;
const ratio = (theirs: Cost | undefined, ours: number | undefined): string =>
  (theirs === undefined || ours === undefined ? '-' : (theirs.seconds / ours).toFixed(1)).padStart(8);

function measure(size: string, kind: string, state: string): void {
  const [nodes = '', resources = ''] = size.split('x');
  const folder = mkdtempSync(join(tmpdir(), 'bench-scheduler-'));
  const file = join(folder, 'cib.xml');
  const options = [
    '--nodes',
    nodes,
    '--resources',
    resources,
    '--kind',
    kind,
    '--state',
    state,
    '--out',
    file,
  ];
  try {
    const made = spawnSync(process.execPath, [generator, ...options], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    const theirs = costOf([values.reference], file);
    const ours = costOf([process.execPath, fromRoot('dist/crm_simulate.cjs')], file);
    const inProcess = warm(file) / 1000;
    const label = `${size} ${kind} ${state}`.padEnd(28);
    const ratios = `${ratio(theirs, ours?.seconds)} ${ratio(theirs, inProcess)}`;
    console.log(`${label} ${shown(theirs)} ${shown(ours)} ${inProcess.toFixed(3).padStart(8)} ${ratios}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(`${' '.repeat(28)} reference s      MiB   ours s      MiB   warm s  process     warm`);
for (const size of values.sizes.split(','))
  for (const kind of values.kinds.split(','))
    for (const state of values.states.split(',')) measure(size, kind, state);
