/**
 * Start-up of commands against a running node of the demo, beside Debian's where these can run (against a CIB in a
 * file: no cluster of theirs is up). Alternating, so that both see the same machine. Argument: runs of each.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FOLDER } from '../src/core/model/places.ts';
import { RunningDemo } from '../test/end-to-end/running-demo.ts';

const BIN = new URL('../bin/', import.meta.url).pathname;
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['crm_node', '-n'],
  ['crm_attribute', '-Q', '-n', 'stonith-enabled'],
  ['crm_mon', '-1'],
];

const runs = Number(process.argv[2] ?? 20);
const demo = await RunningDemo.start();
try {
  const [node = ''] = demo.nodes;
  const ours = { ...process.env, [NODE_FOLDER]: demo.nodeFolder(node) };
  const file = join(demo.folder, 'cib-for-comparison.xml');
  // Theirs knows schemas up to 3.9 and refuses newer ones.
  const cib = await demo.tool('cibadmin', ['-Q'], node);
  writeFileSync(file, cib.replace(/validate-with="[^"]*"/, 'validate-with="pacemaker-3.9"'));
  for (const [name, ...words] of COMMANDS) {
    const mine: number[] = [];
    const theirs: number[] = [];
    const original = join('/usr/sbin', name);
    const comparable = existsSync(original) && name !== 'crm_node';
    for (let at = 0; at < runs; at += 1) {
      mine.push(timeOf(join(BIN, name), words, ours));
      if (comparable) theirs.push(timeOf(original, words, { ...process.env, CIB_file: file }));
    }
    const beside = comparable ? `, Debian's (CIB_file) ${median(theirs).toFixed(1)} ms` : '';
    process.stdout.write(
      `${[name, ...words].join(' ').padEnd(38)} median ${median(mine).toFixed(1)} ms${beside}\n`,
    );
  }
} finally {
  await demo.stop();
  demo.remove();
}

function timeOf(program: string, words: readonly string[], env: NodeJS.ProcessEnv): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(program, words, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
