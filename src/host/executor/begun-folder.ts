/** Keeps what may be active for the executors that come after this one: a file a resource, readable by us alone. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorAction } from '../../core/messages/executor.ts';
import { decodeMessage, encodeMessage } from '../../core/messages/json.ts';

const UNFINISHED = '.new';

export class BegunFolder {
  readonly #folder: string;

  /** The folder is to be emptied when the host starts, as all under /run is. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** What was kept, and the names of files that cannot be read. */
  read(): { readonly begun: readonly ExecutorAction[]; readonly unreadable: readonly string[] } {
    const begun: ExecutorAction[] = [];
    const unreadable: string[] = [];
    for (const name of readdirSync(this.#folder).sort()) {
      if (name.endsWith(UNFINISHED)) continue;
      const decoded = decodeMessage(readFileSync(join(this.#folder, name), 'utf8'));
      if (decoded.ok) begun.push(decoded.value as ExecutorAction);
      else unreadable.push(name);
    }
    return { begun, unreadable };
  }

  keep(resource: string, action: ExecutorAction | undefined): void {
    const file = join(this.#folder, encodeURIComponent(resource));
    if (action === undefined) {
      rmSync(file, { force: true });
      return;
    }
    writeFileSync(`${file}${UNFINISHED}`, encodeMessage(action), { mode: 0o600 });
    renameSync(`${file}${UNFINISHED}`, file);
  }
}
