/**
 * What a plan costs, beside the `crm_simulate` that is installed here: the whole process of each on the same file
 * (processor time and peak memory); ours in a process that has planned before, as a daemon has, and that with one
 * resource and one entry of the history changed since. Then how time grows with resources at the same nodes: the
 * exponent between the smallest and the largest size of a kind. Builds first; needs GNU time, and the generator of
 * configurations in the conformance folder; `remote` is a kind of our own, with nodes reached through others. A kind
 * with a number has groups, or chains, so long: `groups:3000,colocated:3000,ordered:5000`.
 *
 *   node bench/scheduler.ts [--sizes 3x10,16x250,16x1000] [--kinds primitives,…,remote] [--states stopped,running]
 *                           [--mode R|S] [--reference /usr/sbin/crm_simulate|none] [--rounds 12] [--timeout 60]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { instant } from '../src/core/base/time.ts';
import { schedule } from '../src/core/scheduler/schedule.ts';
import { changeAt, findPath } from '../src/core/xml/edit.ts';
import { attribute, withAttribute, type XmlElement } from '../src/core/xml/element.ts';
import { parseXml } from '../src/core/xml/parse.ts';
import { remoteCib } from './remote-cib.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '3x10,16x250,16x1000' },
    kinds: { type: 'string', default: 'primitives,groups,clones,promotable,colocated,ordered,mixed,bundles' },
    states: { type: 'string', default: 'stopped,running' },
    mode: { type: 'string', default: 'R' },
    reference: { type: 'string', default: '/usr/sbin/crm_simulate' },
    rounds: { type: 'string', default: '12' },
    timeout: { type: 'string', default: '60' },
  },
});
const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const generator = join(
  process.env['PACEMAKER_CONFORMANCE'] ?? fromRoot('../shared/conformance'),
  'scale-cib.mjs',
);
/** Cluster nodes through which the nodes of kind `remote` are reached. */
const HOSTS = 16;

/** Processor seconds, user and system, and peak memory in MiB; undefined of what failed or took too long. */
interface Cost {
  readonly seconds: number;
  readonly memory: number;
}

function costOf(command: string, file: string): Cost | undefined {
  const line = ['-f', '%U %S %M', 'timeout', values.timeout, command, `-${values.mode}`, '-Q', '-x', file];
  const { stderr, status } = spawnSync('time', line, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const figures = /(\S+) (\S+) (\d+)\s*$/.exec(stderr);
  if (status !== 0 || figures === null) return undefined;
  return { seconds: Number(figures[1]) + Number(figures[2]), memory: Number(figures[3]) / 1024 };
}

/** Least processor seconds of a plan, its graph described, as a daemon needs it, the document read already. */
function least(rounds: number, cibOf: (round: number) => XmlElement): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const cib = cibOf(round);
    const before = process.cpuUsage();
    const { graph } = schedule({ cib, now: instant(Date.now()) });
    if (graph.synapses.length < 0) throw new Error('a graph has no negative size');
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

/** The document with the first attribute of that name of the first element that passes set to something new. */
function touch(
  cib: XmlElement,
  name: string,
  round: number,
  passes: (one: XmlElement) => boolean,
): XmlElement {
  const path = findPath(cib, passes);
  return path === undefined ? cib : changeAt(cib, path, one => withAttribute(one, name, `${name}-${round}`));
}

function withOneChanged(cib: XmlElement, round: number): XmlElement {
  const configured = touch(cib, 'value', round, one => {
    return one.name === 'nvpair' && ['fake', 'server'].includes(attribute(one, 'name') ?? '');
  });
  return touch(configured, 'exec-time', round, one => one.name === 'lrm_rsc_op');
}

interface Row {
  readonly nodes: number;
  readonly resources: number;
  readonly theirs: Cost | undefined;
  readonly ours: Cost | undefined;
  readonly warm: number;
  readonly changed: number;
}

function measure(size: string, kind: string, state: string): Row {
  const [nodes = 0, resources = 0] = size.split('x').map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'bench-scheduler-'));
  const file = join(folder, 'cib.xml');
  try {
    if (kind === 'remote') writeFileSync(file, remoteCib({ hosts: HOSTS, remotes: nodes, resources }));
    else generate(file, { nodes, resources, state, ...ofLength(kind) });
    const theirs = values.reference === 'none' ? undefined : costOf(values.reference, file);
    const ours = costOf(fromRoot('bin/crm_simulate'), file);
    const parse = parseXml(readFileSync(file, 'utf8'));
    if (!parse.ok) throw new Error(`${file}: ${JSON.stringify(parse)}`);
    let cib = parse.root;
    const rounds = Number(values.rounds);
    const warm = least(rounds, () => cib);
    const changed = least(Math.ceil(rounds / 2), round => {
      cib = withOneChanged(cib, round);
      return cib;
    });
    return { nodes, resources, theirs, ours, warm, changed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ofLength(kind: string): Readonly<Record<string, string>> {
  const [name = kind, length] = kind.split(':');
  return { kind: name, ...(length === undefined ? {} : { chain: length, 'group-size': length }) };
}

function generate(file: string, options: Readonly<Record<string, string | number>>): void {
  const words = Object.entries({ ...options, out: file }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const made = spawnSync(process.execPath, [generator, ...words], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
}

const column = (value: number | undefined, digits: number, width = 8): string =>
  (value === undefined ? '-' : value.toFixed(digits)).padStart(width);
const over = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? undefined : left / right;

function print(label: string, { theirs, ours, warm, changed }: Row): void {
  const processes = [theirs, ours]
    .map(one => `${column(one?.seconds, 2)} ${column(one?.memory, 0)}`)
    .join(' ');
  const ratios = [ours?.seconds, warm].map(one => column(over(theirs?.seconds, one), 1));
  const memory = column(over(theirs?.memory, ours?.memory), 1);
  console.log(`${label} ${processes} ${column(warm, 3)} ${column(changed, 3)} ${ratios.join(' ')} ${memory}`);
}

/** How time grows from the smallest to the largest of the sizes with the same nodes: as resources to the power of that. */
function printGrowth(label: string, rows: readonly Row[]): void {
  const most = Math.max(...rows.map(({ nodes }) => rows.filter(one => one.nodes === nodes).length));
  const same = rows.filter(({ nodes }) => rows.filter(one => one.nodes === nodes).length === most);
  const [first, last] = [same[0], same.at(-1)];
  if (first === undefined || last === undefined || first.resources >= last.resources) return;
  const exponent = (of: (row: Row) => number | undefined): string => {
    const growth = over(of(last), of(first));
    return column(growth && Math.log(growth) / Math.log(last.resources / first.resources), 2);
  };
  const times = [
    exponent(row => row.theirs?.seconds),
    exponent(row => row.ours?.seconds),
    exponent(row => row.warm),
  ];
  console.log(`${label} ${times.join(' ')}`);
}

if (spawnSync('sh', [fromRoot('scripts/build')]).status !== 0) throw new Error('the build failed');
const label = (...words: readonly string[]): string => words.join(' ').padEnd(30);
const table = new Map<string, Row[]>();
console.log(
  `${label('')}   C CPU s  C MiB    our s  our MiB   warm s  changed  process     warm   memory (C / ours)`,
);
for (const kind of values.kinds.split(','))
  for (const state of kind === 'remote' ? ['running'] : values.states.split(','))
    for (const size of values.sizes.split(',')) {
      const row = measure(size, kind, state);
      print(label(size, kind, state), row);
      table.set(label(kind, state), [...(table.get(label(kind, state)) ?? []), row]);
    }
console.log(`\n${label('exponent of growth')}        C     ours     warm`);
for (const [name, rows] of table) printGrowth(name, rows);
