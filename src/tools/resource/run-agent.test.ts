import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NODE_FOLDER } from '../../core/model/places.ts';
import { runAgent } from './run-agent.ts';

test('an agent that is run here is not in the list of those that the executor has under way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-agent-'));
  try {
    const agent = { standard: 'ocf', provider: 'pacemaker', type: 'Dummy' };
    const asked = { agent, action: 'validate-all', resource: 'test', timeout: 20_000 };
    const outcome = await runAgent(asked, { ...process.env, [NODE_FOLDER]: join(folder, 'node') });
    assert.deepEqual([outcome.kind, 'status' in outcome && outcome.status], ['ended', 0]);
    assert.ok(!existsSync(join(folder, 'node', 'run', 'actions')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
