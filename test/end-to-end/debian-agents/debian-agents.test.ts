import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';

interface Life {
  readonly agent: string;
  readonly results: Readonly<Record<string, string>>;
  readonly seen: readonly boolean[];
}

const INSIDE = new URL('inside.ts', import.meta.url).pathname;
const lives = new Map<string, Life>();
const skip = reasonToSkip();

function reasonToSkip(): string | false {
  if (process.getuid?.() !== 0) return 'needs root: agents mount and set up addresses';
  if (!existsSync('/usr/lib/ocf/resource.d/heartbeat/IPaddr2')) return 'resource-agents is not installed';
  // IPaddr2 calls itself not installed without it.
  if (spawnSync('modprobe', ['--version']).status !== 0) return 'kmod is not installed';
  if (spawnSync('unshare', ['-n', '-m', 'true']).status !== 0) return 'namespaces cannot be made here';
  return false;
}

before(() => {
  if (skip !== false) return;
  const folder = mkdtempSync(join(tmpdir(), 'debian-agents-'));
  try {
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      ['-n', '-m', '--', process.execPath, INSIDE, folder],
      { encoding: 'utf8', timeout: 110_000 },
    );
    assert.equal(status, 0, stderr);
    for (const line of stdout.trim().split('\n')) {
      const life: Life = JSON.parse(line);
      lives.set(life.agent, life);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Exit reasons are the agents' own words, and may differ from release to release. */
const statuses = ({ results }: Life): Record<string, string> =>
  Object.fromEntries(Object.entries(results).map(([action, said]) => [action, said.split(' ')[0] ?? '']));

for (const agent of ['Dummy', 'Filesystem', 'IPaddr2', 'nginx']) {
  test(`ocf:heartbeat:${agent} lives under our executor as it stands`, context => {
    if (skip !== false) return context.skip(skip);
    const life = lives.get(agent);
    if (life === undefined && agent === 'nginx') return context.skip('nginx and curl are not both installed');
    assert.ok(life !== undefined);
    assert.deepEqual(
      statuses(life),
      { probe: '0/7', start: '0/0', monitor: '0/0', stop: '0/0', 'probe again': '0/7' },
      JSON.stringify(life.results),
    );
    assert.deepEqual(life.seen, [false, true, false]);
  });
}
