import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';
import { type SystemdAnswer, SystemdJob, SystemdLink } from './systemd.ts';

const root = mkdtempSync(join(tmpdir(), 'systemd-'));
const address = `unix:path=${join(root, 'bus')}`;
let daemon: ChildProcess | undefined;
const link = new SystemdLink(join(root, 'overrides'));
let mock: MessageBus | undefined;
let skip: string | false = false;

before(async () => {
  daemon = spawn('dbus-daemon', ['--session', '--nofork', `--address=${address}`, '--print-address']);
  await new Promise<void>(resolve => {
    daemon?.once('error', () => {
      skip = 'there is no dbus-daemon here';
      resolve();
    });
    daemon?.stdout?.once('data', () => resolve());
  });
  if (skip !== false) return;
  process.env.DBUS_SYSTEM_BUS_ADDRESS = address;
  await serve();
});
after(() => {
  link.close();
  mock?.disconnect();
  daemon?.kill();
  rmSync(root, { recursive: true, force: true });
});

const units = new Map([['web.service', 'inactive']]);

/** As much of systemd as one unit takes: the unit's state follows the job, which ends a moment later. */
async function serve(): Promise<void> {
  const bus = sessionBus({ busAddress: address });
  mock = bus;
  await bus.requestName('org.freedesktop.systemd1', 0);
  let job = 0;
  bus.addMethodHandler((message: Message) => {
    const [unit = ''] = (message.body ?? []).map(String);
    switch (message.member) {
      case 'LoadUnit':
        bus.send(Message.newMethodReturn(message, 'o', [`/unit/${unit.replaceAll(/[^a-z]/g, '_')}`]));
        return true;
      case 'Get': {
        const name = [...units.keys()].find(
          one => message.path === `/unit/${one.replaceAll(/[^a-z]/g, '_')}`,
        );
        const state = name === undefined ? undefined : units.get(name);
        const [, property] = (message.body ?? []).map(String);
        const loaded = state === undefined ? 'not-found' : 'loaded';
        const value = property === 'LoadState' ? loaded : (state ?? 'inactive');
        bus.send(Message.newMethodReturn(message, 'v', [new Variant('s', value)]));
        return true;
      }
      case 'StartUnit':
      case 'StopUnit': {
        job += 1;
        const path = `/job/${job}`;
        units.set(unit, message.member === 'StartUnit' ? 'active' : 'inactive');
        bus.send(Message.newMethodReturn(message, 'o', [path]));
        const removed = Message.newSignal(
          '/org/freedesktop/systemd1',
          'org.freedesktop.systemd1.Manager',
          'JobRemoved',
          'uoss',
          [job, path, unit, 'done'],
        );
        bus.send(removed);
        return true;
      }
      case 'Reload':
      case 'Subscribe':
        bus.send(Message.newMethodReturn(message));
        return true;
      default:
        return false;
    }
  });
}

const ask = (unit: string, action: string): Promise<SystemdAnswer> =>
  new Promise(resolve => new SystemdJob(link, { unit, action }, resolve));

test('a unit is started, looked at and stopped', async context => {
  if (skip !== false) return context.skip(skip);
  const statuses = [];
  for (const action of ['status', 'start', 'status', 'stop', 'status']) {
    statuses.push((await ask('web', action)).status);
  }
  assert.deepEqual(statuses, [3, 0, 0, 0, 3]);
});

test('a unit that is not there is not installed, and is stopped', async context => {
  if (skip !== false) return context.skip(skip);
  const statuses = [];
  for (const action of ['status', 'start', 'stop']) statuses.push((await ask('nothing', action)).status);
  assert.deepEqual(statuses, [150, 5, 0]);
});

test('a unit on its way is waited for', async context => {
  if (skip !== false) return context.skip(skip);
  units.set('web.service', 'activating');
  const answer = ask('web', 'status');
  setTimeout(() => units.set('web.service', 'active'), 100);
  assert.equal((await answer).status, 0);
});
