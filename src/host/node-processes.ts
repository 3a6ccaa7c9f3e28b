/**
 * The processes of one node among those of several on a host: all that were started with the node's folder in
 * their environment, agents and services included, whichever process group or session they have put themselves in.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { NODE_FOLDER } from '../core/model/places.ts';

/** Process ids, except our own. */
export function processesOf(folder: string): readonly number[] {
  const mark = `${NODE_FOLDER}=${folder}`;
  return readdirSync('/proc').flatMap(entry => {
    const pid = Number(entry);
    return Number.isInteger(pid) && pid !== process.pid && environmentOf(pid).includes(mark) ? [pid] : [];
  });
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // It ended meanwhile, or it is another user's: none of ours either way.
    return [];
  }
}

/** Rounds of looking and killing; a process can escape a round only by forking within it. */
const ROUNDS = 50;

/** Ends them all, at once and without warning, as the loss of power would. Returns whether none is left. */
export function killProcessesOf(folder: string): boolean {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pids = processesOf(folder);
    if (pids.length === 0) return true;
    // All are stopped first, so that none sees another die and reacts.
    for (const pid of pids) signal(pid, 'SIGSTOP');
    for (const pid of pids) signal(pid, 'SIGKILL');
  }
  return processesOf(folder).every(isDead);
}

const isDead = (pid: number): boolean => !signal(pid, 0);

function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}
