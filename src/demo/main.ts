/**
 * `pacemaker-demo`: a cluster of several nodes on this machine, without privileges, from nothing to running
 * services. With a command it reaches into a demo that runs: `power NODE on|off|reboot|status`,
 * `partition A B,C`, `heal`, `machines`.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { NODE_FOLDER } from '../core/model/places.ts';
import { projectFolder } from '../host/main/project.ts';
import { clusterText, PAGE } from './cluster.ts';
import { askControl } from './control.ts';
import { guide } from './guide.ts';
import {
  addressOf,
  controlSocket,
  type Endpoint,
  type Layout,
  layOut,
  MOST_NODES,
  nodeFolder,
  nodeNames,
  sharedFolder,
} from './layout.ts';
import { MachineRoom } from './machine-room.ts';
import { designatedController, missing } from './settled.ts';

const run = promisify(execFile);
const programs = join(projectFolder(), 'bin');

/** Within this all must be where it belongs. */
const PATIENCE = 60_000;
const POLL = 100;

interface Settings {
  readonly layout: Layout;
  readonly endpoint: Endpoint;
  readonly check: boolean;
}

class DemoError extends Error {
  override readonly name = 'DemoError';
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      nodes: { type: 'string', default: '3' },
      dir: { type: 'string', short: 'd', default: '.demo' },
      port: { type: 'string', default: '8088' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(
      'Usage: pacemaker-demo [--nodes N] [--dir FOLDER] [--port PORT] [--check]\n' +
        '       pacemaker-demo [--dir FOLDER] power NODE on|off|reboot|status | partition A B,C | heal | machines\n',
    );
    return 0;
  }
  const folder = resolve(values.dir);
  if (positionals.length > 0) return command(folder, positionals);
  const count = Number(values.nodes);
  if (!Number.isInteger(count) || count < 1 || count > MOST_NODES) {
    throw new DemoError(`--nodes is a number from 1 to ${MOST_NODES}`);
  }
  const layout = { folder, nodes: nodeNames(count) };
  const running = await askControl(controlSocket(layout), 'machines').catch(() => undefined);
  if (running !== undefined) throw new DemoError(`a demo runs in ${folder} already`);
  const address = addressOf(layout);
  const port = await freePort(address, Number(values.port));
  return demonstrate({ layout, endpoint: { address, port }, check: values.check });
}

async function command(folder: string, words: readonly string[]): Promise<number> {
  const answer = await askControl(controlSocket({ folder }), words.join(' '));
  process.stdout.write(`${answer}\n`);
  return answer.startsWith('ok') ? 0 : 1;
}

async function demonstrate({ layout, endpoint, check }: Settings): Promise<number> {
  const room = new MachineRoom(layout, programs);
  const interrupted = new Promise<'interrupted'>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve('interrupted'));
  });
  layOut(layout);
  mkdirSync(join(sharedFolder(layout), 'web'));
  writeFileSync(join(sharedFolder(layout), 'web', 'index.html'), PAGE);
  try {
    const outcome = await Promise.race([interrupted, bringUp(room, layout, endpoint)]);
    if (outcome === 'interrupted') return 130;
    process.stdout.write(await statusText(layout));
    if (check) return 0;
    process.stdout.write(guide({ layout, endpoint }));
    await interrupted;
    return 0;
  } finally {
    process.stdout.write('Taking it down …\n');
    await room.close();
  }
}

async function bringUp(room: MachineRoom, layout: Layout, endpoint: Endpoint): Promise<'up'> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const seconds = () => (elapsed() / 1000).toFixed(1);
  process.stdout.write(
    `Starting ${layout.nodes.length} nodes in ${layout.folder}: ${layout.nodes.join(', ')}\n`,
  );
  await room.open();
  let dc: string | undefined;
  while (dc === undefined) {
    if (elapsed() > PATIENCE) throw new DemoError(`no DC after ${seconds()} s`);
    dc = await designatedController(layout);
    if (dc === undefined) await wait(POLL);
  }
  process.stdout.write(`All have joined, ${dc} is DC (${seconds()} s). Loading the configuration …\n`);
  await configure(layout, endpoint);
  let last: readonly string[] = [];
  do {
    if (elapsed() > PATIENCE) throw new DemoError(`after ${seconds()} s: ${last.join('; ')}`);
    last = await missing(layout, endpoint);
    if (last.length > 0) await wait(POLL);
  } while (last.length > 0);
  process.stdout.write(`All is where it belongs (${seconds()} s).\n\n`);
  return 'up';
}

async function configure(layout: Layout, endpoint: Endpoint): Promise<void> {
  const file = join(layout.folder, 'cluster.crm');
  writeFileSync(file, clusterText({ endpoint, nodes: layout.nodes.length }));
  await crm(layout, ['configure', 'load', 'update', file]);
}

const statusText = (layout: Layout): Promise<string> => crm(layout, ['status']);

async function crm(layout: Layout, words: readonly string[]): Promise<string> {
  const [first] = layout.nodes;
  const folder = first === undefined ? layout.folder : nodeFolder(layout, first);
  try {
    const { stdout } = await run(join(programs, 'crm'), words, {
      env: { ...process.env, [NODE_FOLDER]: folder },
    });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
    throw new DemoError(
      `crm ${words.join(' ')}: ${stderr === undefined || stderr === '' ? message : stderr}`,
    );
  }
}

/** The wanted port, or the next that nothing listens at. */
async function freePort(address: string, wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) if (await isFree(address, port)) return port;
  throw new DemoError(`every port from ${wanted} on is taken`);
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

main().then(
  // What was interrupted half-way up may still be waiting for something that does not come any more.
  status => process.exit(status),
  (error: unknown) => {
    const message = error instanceof DemoError ? error.message : (error as Error).stack;
    process.stderr.write(`pacemaker-demo: ${message}\n`);
    process.exit(1);
  },
);
