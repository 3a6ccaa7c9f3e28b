import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { attribute, child, childrenNamed, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';

const OWN = new URL('../../../agents/', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'own-agents-'));
after(() => rmSync(root, { recursive: true, force: true }));
const commands = join(root, 'bin');
mkdirSync(commands);
/** Commands of the cluster that write down how they were called. */
for (const name of ['crm_attribute', 'attrd_updater']) {
  writeFileSync(join(commands, name), `#!/bin/sh\necho "${name} $*" >>${root}/calls\n`);
  chmodSync(join(commands, name), 0o755);
}

const calls = (): string[] => {
  const text = readFileSync(join(root, 'calls'), 'utf8');
  rmSync(join(root, 'calls'));
  return text.trimEnd().split('\n');
};

/** Runs an action as the executor would. */
function run(agent: string, action: string, parameters: Record<string, string> = {}) {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    OCF_RESOURCE_INSTANCE: 'thing',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    HA_RSCTMP: join(root, 'run'),
    HA_SBIN_DIR: commands,
    PCMK_node_folder: join(root, 'n1'),
    OCF_RESKEY_CRM_meta_on_node: 'n1',
  };
  for (const [name, value] of Object.entries(parameters)) environment[`OCF_RESKEY_${name}`] = value;
  const { status, stdout, stderr } = spawnSync(join(OWN, agent), [action], {
    env: environment,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

const statuses = (agent: string, actions: readonly string[], parameters = {}): (number | null)[] =>
  actions.map(action => run(agent, action, parameters).status);

function metadataOf(agent: string, action: string): XmlElement {
  const { status, stdout } = run(agent, action);
  assert.equal(status, 0, agent);
  const parsed = parseXml(stdout);
  assert.ok(parsed.ok, `${agent}: ${parsed.ok ? '' : parsed.message}`);
  return parsed.root;
}

test('every agent describes itself, and does what it says that it can do', () => {
  for (const provider of ['pacemaker', 'demo']) {
    for (const name of readdirSync(join(OWN, 'ocf', provider))) {
      const metadata = metadataOf(`ocf/${provider}/${name}`, 'meta-data');
      assert.equal(attribute(metadata, 'name'), name);
      const actions = child(metadata, 'actions');
      assert.ok(actions);
      const names = childrenNamed(actions, 'action').map(action => attribute(action, 'name'));
      const { stdout } = run(`ocf/${provider}/${name}`, 'usage');
      assert.deepEqual(new Set(names), new Set(/\{(.*)\}/.exec(stdout)?.[1]?.split(' ')), name);
      assert.equal(run(`ocf/${provider}/${name}`, 'nonsense').status, 3);
    }
  }
});

test('Dummy runs while its file is there, and says why when it does not', () => {
  assert.deepEqual(
    statuses('ocf/pacemaker/Dummy', ['monitor', 'start', 'start', 'monitor', 'stop', 'stop']),
    [7, 0, 0, 0, 0, 0],
  );
  const gone = run('ocf/pacemaker/Dummy', 'monitor', { CRM_meta_interval: '10000' });
  assert.deepEqual([gone.status, gone.stderr], [7, 'ocf-exit-reason:No process state file found\n']);
  assert.equal(run('ocf/pacemaker/Dummy', 'start', { fail_start_on: 'n1' }).status, 1);
});

test('Stateful changes its role and tells its preference', () => {
  const actions = [
    'monitor',
    'start',
    'monitor',
    'promote',
    'monitor',
    'demote',
    'monitor',
    'stop',
    'monitor',
  ];
  assert.deepEqual(statuses('ocf/pacemaker/Stateful', actions), [7, 0, 0, 0, 8, 0, 0, 0, 7]);
  assert.deepEqual(calls(), [
    'crm_attribute --promotion -v 1',
    'crm_attribute --promotion -v 10',
    'crm_attribute --promotion -v 5',
    'crm_attribute --promotion -D',
  ]);
});

test('ping counts the hosts that answer', context => {
  if (spawnSync('ping', ['-c', '1', '-W', '1', '127.0.0.1']).status !== 0) {
    return context.skip('ping does not work here: not installed, or not permitted');
  }
  const parameters = { host_list: '127.0.0.1 127.0.0.2', multiplier: '100', use_fping: '0', attempts: '1' };
  assert.equal(run('ocf/pacemaker/ping', 'start', parameters).status, 0);
  assert.deepEqual(calls(), ['attrd_updater -n pingd -B 200 -d 5s']);
  assert.equal(run('ocf/pacemaker/ping', 'start', { host_list: '' }).status, 0);
  assert.equal(run('ocf/pacemaker/ping', 'stop').status, 0);
  assert.equal(run('ocf/pacemaker/ping', 'start', { host_list: '' }).status, 6);
  calls();
});

test('HealthCPU and SysInfo tell what they see', () => {
  const recurring = { CRM_meta_interval: '10000' };
  assert.deepEqual(statuses('ocf/pacemaker/HealthCPU', ['start', 'monitor', 'stop'], recurring), [0, 0, 0]);
  assert.match(calls()[0] ?? '', /^attrd_updater -n #health-cpu -U (green|yellow|red) -d 30s$/);
  assert.deepEqual(statuses('ocf/pacemaker/SysInfo', ['start', 'monitor', 'stop'], recurring), [0, 0, 0]);
  const told = calls().join('\n');
  for (const name of ['arch', 'os', 'cpu_cores', 'cpu_load', 'ram_total', 'root_free']) {
    assert.match(told, new RegExp(`-n ${name} -[BU] \\S`));
  }
});

test('the stand-in for a filesystem links and unlinks', () => {
  mkdirSync(join(root, 'n1'), { recursive: true });
  const parameters = { device: 'shared/web', directory: 'mnt/web' };
  const actions = ['monitor', 'start', 'monitor', 'stop', 'monitor'];
  assert.deepEqual(statuses('ocf/demo/Filesystem', actions, parameters), [7, 0, 0, 0, 7]);
});

test('the stand-in for an address holds one of the loopback', () => {
  const actions = ['monitor', 'start', 'monitor', 'stop', 'monitor'];
  assert.deepEqual(statuses('ocf/demo/Address', actions, { ip: '127.0.0.42' }), [7, 0, 0, 0, 7]);
  assert.equal(run('ocf/demo/Address', 'start', { ip: '10.0.0.1' }).status, 6);
});

test('the web server serves, is seen to be gone when it is killed, and stops', async () => {
  const port = await freePort();
  mkdirSync(join(root, 'n1/www'), { recursive: true });
  writeFileSync(join(root, 'n1/www/index.html'), '<p>Hello</p>');
  const parameters = { root: 'www', port: String(port) };
  assert.deepEqual(
    statuses('ocf/demo/Web', ['monitor', 'start', 'start', 'monitor'], parameters),
    [7, 0, 0, 0],
  );
  assert.equal(await fetched(port, '/'), '<p>Hello</p>');
  assert.equal(await fetched(port, '/node'), 'n1\n');
  assert.equal(await fetched(port, '/%2e%2e/%2e%2e/etc/passwd'), 'There is no such page.\n');
  process.kill(Number(readFileSync(join(root, 'run/Web-thing.pid'), 'utf8')), 'SIGKILL');
  await assert.rejects(fetched(port, '/'));
  assert.deepEqual(
    statuses('ocf/demo/Web', ['monitor', 'start', 'stop', 'monitor'], parameters),
    [7, 0, 0, 7],
  );
});

const fetched = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, response => {
      let text = '';
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

test('the fence agent says to the control socket what it is told, and reports what that says', async () => {
  const heard: string[] = [];
  const path = join(root, 'control.socket');
  const answers: Record<string, string> = {
    'power n2 off': 'ok off',
    'power n2 status': 'ok off',
    'power n3 off': 'error processes of n3 are left',
    machines: 'ok n1=on n2=off',
  };
  const server = createServer(socket => {
    socket.setEncoding('utf8').on('data', line => {
      heard.push(String(line).trim());
      socket.write(`${answers[String(line).trim()]}\n`);
    });
  }).listen(path);
  after(() => server.close());
  const fence = (lines: string): Promise<string> =>
    new Promise(resolve => {
      const agent = spawn(join(OWN, 'fence/fence_bus'), { env: { PCMK_node_folder: join(root, 'n1') } });
      let said = '';
      for (const stream of [agent.stdout, agent.stderr])
        stream.on('data', data => {
          said += data;
        });
      agent.on('close', status => resolve(`${status} ${said.trim()}`.trim()));
      agent.stdin.end(lines);
    });
  assert.equal(await fence('action=off\nport=n2\n'), '0');
  assert.equal(await fence('action=status\nplug=n2\n'), '2');
  assert.equal(await fence('action=off\nplug=n3\n'), '1 fence_bus: processes of n3 are left');
  assert.equal(await fence('action=list\n'), '0 n1,\nn2,');
  assert.match(await fence('action=metadata\n'), /<action name="list"\/>/);
  server.close();
  assert.match(await fence('action=off\nplug=n2\n'), /^1 fence_bus: no answer from/);
  assert.equal(heard.length, 4);
});
