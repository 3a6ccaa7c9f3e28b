/** The monitor in the background, which keeps a file up to date. */

import { renameSync, writeFileSync } from 'node:fs';
import type { Screen } from './follow.ts';

/** Set for the process that goes on in the background. */
const MARK = 'PCMK_crm_mon_background';

export const isInBackground = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  environment[MARK] !== undefined;

/** Starts this program again with the same words, on its own, and writes its number to the file. */
export function goToBackground(words: readonly string[], pidFile: string | undefined): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...words], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, [MARK]: '1' },
  });
  if (pidFile !== undefined) writeFileSync(pidFile, `${child.pid}\n`);
  child.unref();
}

/** Each display takes the file's place in one step, so that no reader sees half of it. */
export const fileScreen = (path: string): Screen => ({
  draw: text => {
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  },
  onKey: () => undefined,
  close: () => undefined,
});
