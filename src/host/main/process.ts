/** What the mains of daemons do alike. */
import { exitNumber } from '../../core/model/exit-code.ts';
import { NODE_FOLDER } from '../../core/model/places.ts';
import type { Log } from '../log.ts';

/** The folder of the node that this process serves: its first argument, or what its environment says. */
export function folderOfNode(): string | undefined {
  const folder = process.argv[2] ?? process.env[NODE_FOLDER];
  // What we start is to know which node it belongs to.
  if (folder !== undefined) process.env[NODE_FOLDER] = folder;
  return folder;
}

/** A fault of ours ends the process, to be started afresh from what is on disk; what it was is in the log. */
export function failLoudly(log: Log): void {
  const fail = (error: unknown) => {
    log.write('crit', `a fault ends this process: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(exitNumber('software'));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}
