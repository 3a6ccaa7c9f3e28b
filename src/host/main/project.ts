import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../../core/base/assert.ts';

/** The folder that this program is installed in: the one with `bin/launch`, from its source as from its bundle. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bin', 'launch'))) {
    assert(folder !== '/', 'a program of the project runs from within its folder');
    folder = dirname(folder);
  }
  return folder;
}
