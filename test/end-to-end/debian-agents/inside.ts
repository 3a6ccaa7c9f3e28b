/**
 * Runs inside namespaces of its own (network and mounts), started by the test beside it: resource-agents of the
 * distribution under our executor, unchanged. Prints a JSON line for each agent: what each action gave, and what
 * was seen of it from outside the cluster's software.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { milliseconds } from '../../../src/core/base/time.ts';
import type { ExecutorEffect, ExecutorEvent } from '../../../src/core/daemons/contract.ts';
import * as executor from '../../../src/core/daemons/executor/executor.ts';
import type { ExecutorAction, ExecutorResult } from '../../../src/core/messages/executor.ts';
import { Agents } from '../../../src/host/agents/agents.ts';
import { now } from '../../../src/host/clock.ts';
import { Loop } from '../../../src/host/loop.ts';

const folder = process.argv[2] ?? '';
const project = new URL('../../../', import.meta.url).pathname;

const waiting = new Map<number, (result: ExecutorResult) => void>();
const loop: Loop<executor.State, ExecutorEvent, ExecutorEffect, executor.Env> = new Loop({
  machine: executor,
  env: () => ({ now: now() }),
  performers: {
    spawn: effect => agents.spawn(effect),
    'kill-group': ({ effect, signal }) => agents.signal(effect, signal),
    'keep-begun': () => undefined,
    log: () => undefined,
    reply: ({ reply }) => {
      if (reply.kind === 'result') waiting.get(reply.result.action.call)?.(reply.result);
    },
  },
});
const agents = new Agents({
  folders: {
    ocfRoot: '/usr/lib/ocf',
    own: join(project, 'agents'),
    initScripts: '/etc/init.d',
    fence: ['/usr/sbin'],
  },
  commands: join(project, 'bin'),
  run: join(folder, 'run'),
  ledger: join(folder, 'run', 'actions'),
  environment: process.env,
  post: event => loop.post(event),
});

interface Subject {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the service is there, asked of the system itself. */
  readonly seen: () => boolean;
}

let calls = 0;

function run({ type, parameters }: Subject, operation: string, interval = 0): Promise<ExecutorResult> {
  calls += 1;
  const call = calls;
  const result = new Promise<ExecutorResult>(resolve => waiting.set(call, resolve));
  const action: ExecutorAction = {
    asker: 'controller',
    call,
    resource: `test-${type}`,
    agent: { standard: 'ocf', provider: 'heartbeat', type },
    operation,
    interval: milliseconds(interval),
    timeout: milliseconds(20_000),
    parameters: {
      ...parameters,
      CRM_meta_timeout: '20000',
      CRM_meta_on_node: 'node1',
      CRM_meta_on_node_uuid: '1',
      crm_feature_set: '3.16.1',
      ...(interval === 0 ? {} : { CRM_meta_interval: String(interval) }),
    },
  };
  loop.post({ kind: 'request', request: { kind: 'execute', action } });
  return result;
}

const outcome = ({ status, exitStatus, exitReason }: ExecutorResult): string =>
  `${status}/${exitStatus}${exitReason === undefined ? '' : ` ${exitReason}`}`;

/** The life of a resource: probed, started, watched, stopped, probed. */
async function live(subject: Subject): Promise<void> {
  const results: Record<string, string> = {};
  results.probe = outcome(await run(subject, 'monitor'));
  const before = subject.seen();
  results.start = outcome(await run(subject, 'start'));
  const during = subject.seen();
  results.monitor = outcome(await run(subject, 'monitor', 60_000));
  results.stop = outcome(await run(subject, 'stop'));
  const after = subject.seen();
  results['probe again'] = outcome(await run(subject, 'monitor'));
  process.stdout.write(
    `${JSON.stringify({ agent: subject.type, results, seen: [before, during, after] })}\n`,
  );
}

const inside = (name: string): string => join(folder, name);
const prints = (command: string, words: readonly string[], what: string): boolean =>
  spawnSync(command, [...words], { encoding: 'utf8' }).stdout.includes(what);

function subjects(): readonly Subject[] {
  const all: Subject[] = [
    {
      type: 'Dummy',
      parameters: { state: inside('dummy.state') },
      seen: () => existsSync(inside('dummy.state')),
    },
    {
      type: 'Filesystem',
      parameters: { device: inside('source'), directory: inside('target'), fstype: 'none', options: 'bind' },
      seen: () => existsSync(join(inside('target'), 'there')),
    },
    {
      type: 'IPaddr2',
      parameters: { ip: '10.99.0.5', cidr_netmask: '24', nic: 'wire0' },
      seen: () => prints('ip', ['-4', 'addr', 'show', 'dev', 'wire0'], '10.99.0.5/24'),
    },
  ];
  const web = webServer();
  return web === undefined ? all : [...all, web];
}

function webServer(): Subject | undefined {
  if (!existsSync('/usr/sbin/nginx') || spawnSync('curl', ['--version']).status !== 0) return undefined;
  const pid = inside('nginx.pid');
  writeFileSync(
    inside('nginx.conf'),
    [
      'user root;',
      `pid ${pid};`,
      `error_log ${inside('nginx.log')};`,
      'events {}',
      'http {',
      '  access_log off;',
      `  server { listen 127.0.0.1:8099; root ${inside('source')}; }`,
      '}',
      '',
    ].join('\n'),
  );
  return {
    type: 'nginx',
    parameters: { configfile: inside('nginx.conf'), status10url: 'http://127.0.0.1:8099/there' },
    seen: () => prints('curl', ['-s', 'http://127.0.0.1:8099/there'], 'it is'),
  };
}

function prepare(): void {
  for (const name of ['source', 'target']) mkdirSync(inside(name));
  writeFileSync(join(inside('source'), 'there'), 'it is\n');
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('ip', ['link', 'add', 'wire0', 'type', 'veth', 'peer', 'name', 'wire1']);
  for (const end of ['wire0', 'wire1']) execFileSync('ip', ['link', 'set', end, 'up']);
  execFileSync('ip', ['addr', 'add', '10.99.0.1/24', 'dev', 'wire0']);
  // Agents keep locks and addresses there; those of the machine are none of this test's business.
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
}

prepare();
loop.post({ kind: 'connected' });
for (const subject of subjects()) await live(subject);
process.exit(0);
