import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NODE_FOLDER } from '../../core/model/places.ts';
import { runAgent } from './run-agent.ts';

test('what an agent is asked here leaves no trace in the folder of a node, which may be closed to us', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-agent-'));
  try {
    const agent = { standard: 'ocf', provider: 'pacemaker', type: 'Dummy' };
    const asked = { agent, action: 'validate-all', resource: 'test', timeout: 20_000 };
    const outcome = await runAgent(asked, { ...process.env, [NODE_FOLDER]: join(folder, 'node') });
    assert.deepEqual([outcome.kind, 'status' in outcome && outcome.status], ['ended', 0]);
    assert.ok(!existsSync(join(folder, 'node')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
