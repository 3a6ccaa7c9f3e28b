/** The hub of the local bus as a process: `pacemaker-bus FOLDER` serves the nodes that `FOLDER/bus.json` names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hub } from '../local-bus/hub.ts';
import type { Votes } from '../local-bus/quorum.ts';
import { Log } from '../log.ts';
import { failLoudly } from './process.ts';

interface BusFile extends Votes {
  /** Milliseconds without an answer after which a process counts as gone. */
  readonly patience?: number;
}

const PATIENCE = 10_000;
/** Within this, in milliseconds, the nodes that are there are back after another hub took the place of theirs. */
const SETTLE = 1000;

const folder = process.argv[2] ?? '.';
const { patience = PATIENCE, ...votes } = JSON.parse(
  readFileSync(join(folder, 'bus.json'), 'utf8'),
) as BusFile;
const log = new Log({ folder, node: 'bus', daemon: 'pacemaker-bus' });
failLoudly(log);
const hub = new Hub({ votes, patience, settle: SETTLE, log: text => log.write('notice', text) });
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    hub.close();
    process.exit(0);
  });
}
void hub.listen(join(folder, 'bus.socket'));
