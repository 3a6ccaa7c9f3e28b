/**
 * The project installed in a folder of its own, as on a host: its programs can be replaced while they run. Both
 * versions are this one, from source and from bundles, so that which of them runs can be seen.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = new URL('../../', import.meta.url).pathname;
const PARTS = ['bin', 'src', 'agents', 'schema', 'scripts', 'docs', 'package.json'];

export class Installation {
  readonly folder: string;
  #bundled: boolean;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'installed-'));
    for (const part of PARTS) {
      cpSync(join(PROJECT, part), join(this.folder, part), {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
      });
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(this.folder, 'node_modules'));
    execFileSync('sh', [join(this.folder, 'scripts/build')]);
    this.#bundled = true;
    this.replace();
  }

  get programs(): string {
    return join(this.folder, 'bin');
  }

  /** The file that a daemon started now runs from. */
  programOf(daemon: 'pacemakerd'): string {
    return join(this.folder, this.#bundled ? `dist/${daemon}.cjs` : `src/host/main/${daemon}.ts`);
  }

  /** What is started from now on is the other version. */
  replace(): void {
    const [from, to] = this.#bundled ? ['dist', 'dist.other'] : ['dist.other', 'dist'];
    renameSync(join(this.folder, from), join(this.folder, to));
    this.#bundled = !this.#bundled;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
