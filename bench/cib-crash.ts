/**
 * Kills a process that writes the CIB, at random moments, and looks whether all that it said was safe is there.
 *
 *   node bench/cib-crash.ts [--kills 1000] [--dir FOLDER] [--seed 1]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../src/core/base/random.ts';
import { emptyCib } from '../src/core/cib/empty.ts';
import { attribute, element, withChildren } from '../src/core/xml/element.ts';
import { CibFolder } from '../src/host/disk/cib-folder.ts';

/** Longest time that a writer lives after its first acknowledgement, in milliseconds. */
const LIFE = 40;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string' },
    writer: { type: 'string' },
  },
});

/** Writes without end, and says after each store which epoch is safe. */
async function write(path: string): Promise<never> {
  const folder = new CibFolder(path);
  const loaded = folder.load().cib;
  let epoch = Number(loaded === undefined ? 0 : attribute(loaded, 'epoch'));
  for (;;) {
    epoch += 1;
    const nodes = Array.from({ length: epoch % 50 }, (_, at) =>
      element('node', { id: `n${at}`, uname: `n${at}` }),
    );
    const cib = emptyCib({ epoch });
    await folder.store(withChildren(cib, [...cib.children, element('nodes', {}, nodes)]), {
      term: 1,
      writes: epoch,
    });
    process.stdout.write(`${epoch}\n`);
  }
}

/** Epoch that a writer had acknowledged last when it was killed. */
function runAndKill(path: string, life: number): Promise<number> {
  const child = spawn(process.execPath, [import.meta.filename, '--writer', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), life);
    said += text;
  });
  return new Promise(resolve => {
    child.on('close', () => {
      const complete = said.slice(0, said.lastIndexOf('\n'));
      resolve(Number(complete.slice(complete.lastIndexOf('\n') + 1)));
    });
  });
}

async function main(kills: number, random: Random, path: string): Promise<number> {
  let lost = 0;
  let fallbacks = 0;
  let highest = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const acknowledged = await runAndKill(path, random.fraction() * LIFE);
    const { cib, problems } = new CibFolder(path).load();
    const found = Number(cib === undefined ? 0 : attribute(cib, 'epoch'));
    if (problems.length > 0) fallbacks += 1;
    if (found < acknowledged) {
      lost += 1;
      console.log(
        `kill ${kill}: ${acknowledged} was acknowledged, ${found} is there: ${problems.join('; ')}`,
      );
    }
    highest = Math.max(highest, acknowledged);
  }
  console.log(
    `${kills} kills, ${highest} writes acknowledged, ${lost} lost, ${fallbacks} times from a backup`,
  );
  return lost === 0 ? 0 : 1;
}

if (values.writer !== undefined) {
  await write(values.writer);
} else {
  const path = values.dir ?? join(mkdtempSync(join(tmpdir(), 'cib-crash-')), 'cib');
  process.exitCode = await main(Number(values.kills), new Random(Number(values.seed)), path);
  if (values.dir === undefined) rmSync(join(path, '..'), { recursive: true, force: true });
}
