/** The CIB's folder on a real disk: carries out the plans of `core/cib/files`. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unreachable } from '../../core/base/assert.ts';
import type { FileStep } from '../../core/cib/files/folder.ts';
import { type Loaded, loadFolder } from '../../core/cib/files/load.ts';
import { type FolderState, planStore } from '../../core/cib/files/store.ts';
import type { Lineage } from '../../core/cib/lineage.ts';
import type { XmlElement } from '../../core/xml/element.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o750;

export class CibFolder {
  readonly #path: string;
  #folder: FolderState = { hasLive: false, next: 0 };
  #repairs: readonly FileStep[] = [];
  /** Stores follow one another, whatever their callers do. */
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Made if it is missing. What cannot be read counts as missing, with a problem that says so. */
  load(): Pick<Loaded, 'cib' | 'lineage' | 'problems'> {
    mkdirSync(this.#path, { recursive: true, mode: FOLDER_MODE });
    const problems: string[] = [];
    const loaded = loadFolder(this.#read(problems));
    this.#folder = loaded.folder;
    this.#repairs = loaded.repairs;
    const { cib, lineage } = loaded;
    return {
      ...(cib === undefined ? {} : { cib }),
      ...(lineage === undefined ? {} : { lineage }),
      problems: [...problems, ...loaded.problems],
    };
  }

  /** Settles when the document cannot be lost any more; rejects with the system's error. */
  store(cib: XmlElement, lineage: Lineage): Promise<void> {
    const stored = this.#last.then(() => this.#store(cib, lineage));
    this.#last = stored.catch(() => undefined);
    return stored;
  }

  #read(problems: string[]): ReadonlyMap<string, string> {
    const files = new Map<string, string>();
    for (const name of readdirSync(this.#path)) {
      try {
        const path = join(this.#path, name);
        files.set(name, statSync(path).isDirectory() ? '' : readFileSync(path, 'utf8'));
      } catch (error) {
        problems.push(`${name} cannot be read: ${error instanceof Error ? error.message : error}`);
      }
    }
    return files;
  }

  async #store(cib: XmlElement, lineage: Lineage): Promise<void> {
    for (const step of this.#repairs) await this.#perform(step);
    this.#repairs = [];
    const { steps, after } = planStore(cib, lineage, this.#folder);
    for (const step of steps) await this.#perform(step);
    this.#folder = after;
  }

  async #perform(step: FileStep): Promise<void> {
    const at = (name: string): string => join(this.#path, name);
    switch (step.kind) {
      case 'write':
        return write(at(step.file), step.text);
      case 'link':
        await rm(at(step.to), { force: true });
        return link(at(step.from), at(step.to));
      case 'rename':
        return rename(at(step.from), at(step.to));
      case 'make-folder':
        return mkdir(at(step.folder), { mode: FOLDER_MODE });
      case 'sync-folder':
        return syncFolder(this.#path);
      default:
        return unreachable(step);
    }
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
