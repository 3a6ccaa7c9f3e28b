import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ExecutorEvent } from '../../core/daemons/contract.ts';
import { Agents } from './agents.ts';
import { Ledger } from './ledger.ts';

const root = mkdtempSync(join(tmpdir(), 'agents-'));
after(() => rmSync(root, { recursive: true, force: true }));

type Ended = Extract<ExecutorEvent, { readonly kind: 'exited' | 'could-not-spawn' }>;

class Bench {
  readonly agents: Agents;
  readonly #hearers = new Map<number, (event: Ended) => void>();

  constructor() {
    this.agents = new Agents({
      folders: {
        ocfRoot: join(root, 'ocf'),
        own: join(root, 'own'),
        initScripts: join(root, 'init.d'),
        fence: [join(root, 'sbin')],
      },
      commands: join(root, 'bin'),
      run: join(root, 'run'),
      ledger: join(root, 'run', 'actions'),
      environment: { PATH: process.env.PATH, HOME: '/root', NODE_OPTIONS: '--no-warnings' },
      post: event => this.#hearers.get(event.effect)?.(event),
    });
  }

  run(effect: number, standard: string, type: string, action: string, parameters = {}): Promise<Ended> {
    const ended = new Promise<Ended>(resolve => this.#hearers.set(effect, resolve));
    const provider = standard === 'ocf' ? { provider: 'test' } : {};
    this.agents.spawn({
      kind: 'spawn',
      effect,
      agent: { standard, ...provider, type },
      action,
      parameters,
      resource: 'thing:1',
    });
    return ended;
  }
}

function script(path: string, body: string): void {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

const output = async (run: Promise<Ended>): Promise<string> => {
  const ended = await run;
  assert.ok(ended.kind === 'exited', JSON.stringify(ended));
  return ended.stdout;
};

test('an OCF agent finds the environment that it was promised, and nothing of our runtime', async () => {
  script('ocf/resource.d/test/Env', 'echo "action=$1"; env | sort');
  const bench = new Bench();
  const said = await output(
    bench.run(1, 'ocf', 'Env', 'monitor', {
      ip: '10.0.0.1',
      'CRM_meta_on-node': 'n1',
      'CRM_meta_a#b': 'x',
      OCF_CHECK_LEVEL: '10',
    }),
  );
  const lines = said.split('\n');
  for (const line of [
    'action=monitor',
    'OCF_RESKEY_ip=10.0.0.1',
    'OCF_RESKEY_CRM_meta_on_node=n1',
    'OCF_CHECK_LEVEL=10',
    'OCF_RA_VERSION_MAJOR=1',
    'OCF_RA_VERSION_MINOR=1',
    'OCF_RESOURCE_INSTANCE=thing:1',
    'OCF_RESOURCE_PROVIDER=test',
    'OCF_RESOURCE_TYPE=Env',
    'OCF_EXIT_REASON_PREFIX=ocf-exit-reason:',
    `OCF_ROOT=${join(root, 'ocf')}`,
    `HA_SBIN_DIR=${join(root, 'bin')}`,
    'HA_cluster_type=corosync',
    'PCMK_service=pacemaker-execd',
    'LC_ALL=C',
  ]) {
    assert.ok(lines.includes(line), `${line} in ${said}`);
  }
  assert.doesNotMatch(said, /NODE_OPTIONS|CRM_meta_a/);
  assert.match(said, new RegExp(`^PATH=${join(root, 'bin')}:`, 'm'));
});

test('our own agents come before those of OCF_ROOT', async () => {
  script('ocf/resource.d/test/Twice', 'echo theirs');
  script('own/ocf/test/Twice', 'echo ours');
  assert.equal(await output(new Bench().run(1, 'ocf', 'Twice', 'start')), 'ours\n');
});

test('what is not there, or may not be run, is told apart', async () => {
  mkdirSync(join(root, 'ocf/resource.d/test'), { recursive: true });
  writeFileSync(join(root, 'ocf/resource.d/test/Plain'), '');
  const bench = new Bench();
  const reasons = [];
  for (const type of ['Missing', 'Plain', '../test/Plain', '.hidden']) {
    const ended = await bench.run(1, 'ocf', type, 'start');
    reasons.push(ended.kind === 'could-not-spawn' && ended.reason);
  }
  assert.deepEqual(reasons, ['not-installed', 'denied', 'not-installed', 'not-installed']);
});

test('exit status, both outputs and their bounds', async () => {
  script('ocf/resource.d/test/Loud', 'head -c 200000 /dev/zero | tr "\\0" x; echo bad >&2; exit 7');
  const ended = await new Bench().run(1, 'ocf', 'Loud', 'start');
  assert.ok(ended.kind === 'exited');
  assert.deepEqual([ended.status, ended.stdout.length, ended.stderr], [7, 65_536, 'bad\n']);
});

test('an agent ends when its leader ends, though a daemon of its holds the outputs', async () => {
  script('ocf/resource.d/test/Daemon', `sleep 30 & echo $! >${root}/daemon; echo started`);
  const began = Date.now();
  assert.equal(await output(new Bench().run(1, 'ocf', 'Daemon', 'start')), 'started\n');
  assert.ok(Date.now() - began < 5000);
  const daemon = Number(readFileSync(join(root, 'daemon'), 'utf8'));
  assert.ok(process.kill(daemon, 0), 'the daemon lives on');
  process.kill(daemon, 'SIGKILL');
});

test('ending a run ends its whole process group, also who ignores the request', async () => {
  script(
    'ocf/resource.d/test/Stubborn',
    `sh -c 'trap "" TERM; echo $$ >${root}/stubborn; sleep 30; sleep 30' & wait`,
  );
  const bench = new Bench();
  const ended = bench.run(1, 'ocf', 'Stubborn', 'start');
  while (!existsSync(join(root, 'stubborn')) || readFileSync(join(root, 'stubborn'), 'utf8') === '') {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  bench.agents.signal(1, 'TERM');
  const end = await ended;
  assert.ok(end.kind === 'exited');
  assert.equal(end.signal, 'SIGTERM');
  const pid = Number(readFileSync(join(root, 'stubborn'), 'utf8'));
  assert.equal(isAlive(pid), false);
});

/** Not gone and not a zombie that nobody has collected. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

test('a fence agent reads its parameters from its input', async () => {
  script('sbin/fence_test', 'cat');
  const said = await output(
    new Bench().run(1, 'stonith', 'fence_test', 'off', { port: 'n1', note: 'a\nb=c' }),
  );
  assert.equal(said, 'port=n1\nnote=a b=c\naction=off\n');
});

test('an init script is run for lsb and for service, and describes itself', async () => {
  script(
    'init.d/thing',
    '### BEGIN INIT INFO\n# Provides: thing\n# Short-Description: A thing\n### END INIT INFO\n[ "$1" = status ] && exit 3',
  );
  const bench = new Bench();
  for (const standard of ['lsb', 'service']) {
    const ended = await bench.run(1, standard, 'thing', 'status');
    assert.equal(ended.kind === 'exited' && ended.status, 3);
  }
  assert.match(await output(bench.run(1, 'lsb', 'thing', 'meta-data')), /<shortdesc lang="en">A thing</);
});

test('what an executor that was killed left running is ended by the next one', async () => {
  const run = join(root, 'left', 'actions');
  const ledger = new Ledger(run);
  script('ocf/resource.d/test/Sleep', 'sleep 30');
  const child = spawnSync('sh', ['-c', 'setsid sleep 30 >/dev/null 2>&1 & echo $!'], { encoding: 'utf8' });
  const pid = Number(child.stdout);
  while (
    spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() !== String(pid)
  ) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  ledger.add(pid);
  writeFileSync(join(run, String(process.pid)), 'another start time');
  assert.equal(new Ledger(run).endLeftovers(), 1);
  while (isAlive(pid)) await new Promise(resolve => setTimeout(resolve, 5));
  assert.equal(new Ledger(run).endLeftovers(), 0);
});
