import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seconds } from '../../core/base/time.ts';
import type { ExecutorAction } from '../../core/messages/executor.ts';
import { BegunFolder } from './begun-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'begun-'));
after(() => rmSync(root, { recursive: true, force: true }));

const start = (resource: string): ExecutorAction => ({
  asker: 'controller',
  call: 1,
  resource,
  agent: { standard: 'ocf', provider: 'heartbeat', type: 'Dummy' },
  operation: 'start',
  interval: seconds(0),
  timeout: seconds(20),
  parameters: { password: 'secret' },
});

test('what one executor keeps the next one reads, and nobody else', () => {
  const folder = join(root, 'begun');
  const before = new BegunFolder(folder);
  for (const id of ['web', 'copy:0', 'gone']) before.keep(id, start(id));
  before.keep('gone', undefined);
  before.keep('never', undefined);
  assert.deepEqual(new BegunFolder(folder).read(), {
    begun: [start('copy:0'), start('web')],
    unreadable: [],
  });
  assert.equal(statSync(folder).mode & 0o077, 0);
  assert.equal(statSync(join(folder, 'web')).mode & 0o077, 0);
});

test('a file that cannot be read is named and does not hide the others', () => {
  const folder = join(root, 'torn');
  const kept = new BegunFolder(folder);
  kept.keep('web', start('web'));
  writeFileSync(join(folder, 'torn'), '{"asker":');
  writeFileSync(join(folder, 'half.new'), '{');
  assert.deepEqual(kept.read(), { begun: [start('web')], unreadable: ['torn'] });
});
