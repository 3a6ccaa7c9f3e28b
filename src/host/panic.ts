import { writeFileSync } from 'node:fs';
import { assert } from '../core/base/assert.ts';
import type { NodeConfiguration } from './main/configuration.ts';
import { killProcessesOf } from './node-processes.ts';

/**
 * Takes this node down at once, without asking anything to stop: what cannot be trusted to stop must not go on.
 * Does not return.
 */
export function panic({ panic: how, folder }: NodeConfiguration): never {
  if (how === 'end-processes') {
    assert(folder !== undefined, 'only a node with a folder of its own can be ended by its processes');
    killProcessesOf(folder);
  } else {
    writeFileSync('/proc/sysrq-trigger', 'b');
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal ends the process before this can be reached by anything that counts on it.
  process.abort();
}
