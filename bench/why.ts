/**
 * What it costs to keep what explanations are drawn from: the scheduler as it is beside a copy of it that remembers
 * nothing (the lines that do so taken out of the source), on the same files, turn by turn, warm, in one process. Fails where the
 * whole costs a tenth or more. Needs the generator of configurations in the conformance folder.
 *
 *   node bench/why.ts [--size 16x1000] [--kinds primitives,groups,…] [--states stopped,running] [--rounds 9]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { instant } from '../src/core/base/time.ts';
import { schedule } from '../src/core/scheduler/schedule.ts';
import type { XmlElement } from '../src/core/xml/element.ts';
import { parseXml } from '../src/core/xml/parse.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '16x1000' },
    kinds: { type: 'string', default: 'primitives,groups,clones,promotable,colocated,ordered,mixed,bundles' },
    states: { type: 'string', default: 'stopped,running' },
    rounds: { type: 'string', default: '9' },
  },
});
const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const generator = join(
  process.env.PACEMAKER_CONFORMANCE ?? fromRoot('../shared/conformance'),
  'scale-cib.mjs',
);

/** By file, what remembers, and how often it stands there. */
const REMEMBERS: readonly (readonly [file: string, code: string, by: string, times: number])[] = [
  ['assign/nodes.ts', '  candidate.addends = { origin, value, before: candidate.addends };\n', '', 1],
  ['assign/nodes.ts', '  candidate.addends = { origin, value: NEVER, before: candidate.addends };\n', '', 1],
  ['assign/nodes.ts', '  candidate.addends = { origin, value, before: undefined };\n', '', 1],
  ['build.ts', 'value === 0 ? undefined : { origin, value, before: undefined }', 'undefined', 1],
  ['actions/action.ts', '  action.demand = because;\n', '', 1],
  ['actions/action.ts', '  action.obstacle = because;\n', '', 1],
  ['order/update.ts', '  action.demand ??= because;\n', '', 1],
  ['order/relate.ts', '    this.origin = origin;\n', '', 1],
  ['order/ordering.ts', '    this.origin = origin;\n', '', 1],
  ['graph/produce.ts', '      last.origin = bothOrigins(last.origin, input.origin);\n', '', 1],
];

/** The scheduler without memory, in a folder of its own. */
async function forgetful(folder: string): Promise<typeof schedule> {
  cpSync(fromRoot('src/core'), join(folder, 'core'), { recursive: true });
  symlinkSync(fromRoot('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [file, code, by, times] of REMEMBERS) {
    const path = join(folder, 'core/scheduler', file);
    const parts = readFileSync(path, 'utf8').split(code);
    if (parts.length !== times + 1) throw new Error(`${file} does not have ${code.trim()} as expected`);
    writeFileSync(path, parts.join(by));
  }
  const made: { schedule: typeof schedule } = await import(
    pathToFileURL(join(folder, 'core/scheduler/schedule.ts')).href
  );
  return made.schedule;
}

function generated(folder: string, kind: string, state: string): XmlElement {
  const [nodes = '', resources = ''] = values.size.split('x');
  const file = join(folder, 'cib.xml');
  const size = ['--nodes', nodes, '--resources', resources];
  const made = spawnSync(
    process.execPath,
    [generator, ...size, '--kind', kind, '--state', state, '--out', file],
    {
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  const parsed = parseXml(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.root;
}

function costOf(decide: typeof schedule, cib: XmlElement): number {
  const before = process.cpuUsage();
  decide({ cib, now: instant(Date.now()) });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-why-'));
try {
  const without = await forgetful(folder);
  let whole = 0;
  let bare = 0;
  console.log(`${' '.repeat(24)} with ms  without    cost`);
  for (const kind of values.kinds.split(','))
    for (const state of values.states.split(',')) {
      const cib = generated(folder, kind, state);
      for (const decide of [schedule, without]) costOf(decide, cib);
      const costs: { readonly kept: number[]; readonly dropped: number[] } = { kept: [], dropped: [] };
      for (let round = 0; round < Number(values.rounds); round += 1) {
        const kept = () => costs.kept.push(costOf(schedule, cib));
        const dropped = () => costs.dropped.push(costOf(without, cib));
        // Whoever goes first pays for what the other left behind: they take turns.
        for (const one of round % 2 === 0 ? [kept, dropped] : [dropped, kept]) one();
      }
      const kept = Math.min(...costs.kept);
      const dropped = Math.min(...costs.dropped);
      whole += kept;
      bare += dropped;
      const cost = `${(100 * (kept / dropped - 1)).toFixed(1)} %`;
      const label = `${kind} ${state}`.padEnd(24);
      console.log(
        `${label} ${kept.toFixed(0).padStart(7)} ${dropped.toFixed(0).padStart(8)} ${cost.padStart(8)}`,
      );
    }
  const cost = 100 * (whole / bare - 1);
  console.log(
    `${'all'.padEnd(24)} ${whole.toFixed(0).padStart(7)} ${bare.toFixed(0).padStart(8)} ${cost.toFixed(1)} %`,
  );
  if (cost >= 10) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
