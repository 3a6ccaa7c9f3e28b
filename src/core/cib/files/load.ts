import type { XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { matchesDigestOnDisk } from '../digest.ts';
import { versionOf } from '../document.ts';
import { type Lineage, UNKNOWN_LINEAGE } from '../lineage.ts';
import { BACKUPS, type FileStep, isBackup, LAST, LIVE, signatureOf } from './folder.ts';
import type { FolderState } from './store.ts';

export interface Loaded {
  readonly cib?: XmlElement;
  readonly lineage?: Lineage;
  /** What the administrator must hear, each a sentence. */
  readonly problems: readonly string[];
  /** To be done before anything is stored: a live document that is not what was written there is put aside. */
  readonly repairs: readonly FileStep[];
  readonly folder: FolderState;
}

interface Candidate {
  readonly file: string;
  readonly cib: XmlElement;
  readonly lineage: Lineage;
}

/**
 * Reads the folder: the live document, or where that is missing, torn or altered, the newest good backup.
 * `files` has the text of every file in it.
 */
export function loadFolder(files: ReadonlyMap<string, string>): Loaded {
  const next = nextNumber(files.get(LAST));
  const live = readDocument(LIVE, files);
  if (typeof live === 'object') {
    return {
      cib: live.cib,
      lineage: live.lineage,
      problems: [],
      repairs: [],
      folder: { hasLive: true, next },
    };
  }
  const isThere = files.has(LIVE);
  const backups = [...files.keys()].filter(isBackup);
  if (!isThere && backups.length === 0) {
    return { problems: [], repairs: [], folder: { hasLive: false, next } };
  }
  const read = backups.map(file => readDocument(file, files));
  const best = read.filter(one => typeof one === 'object').reduce<Candidate | undefined>(newer, undefined);
  const fallback = best === undefined ? 'no backup is good: starting without a CIB' : `using ${best.file}`;
  return {
    ...(best === undefined ? {} : { cib: best.cib, lineage: best.lineage }),
    problems: [
      `${live}; ${fallback}`,
      ...read.filter(one => typeof one === 'string').map(text => `backup passed over: ${text}`),
    ],
    repairs: isThere ? putAside(files) : [],
    folder: { hasLive: false, next },
  };
}

function nextNumber(text: string | undefined): number {
  const number = Number(text?.trim() || 0);
  return Number.isInteger(number) && number >= 0 && number < BACKUPS ? number : 0;
}

/** The document, or what is wrong with it. */
function readDocument(file: string, files: ReadonlyMap<string, string>): Candidate | string {
  const text = files.get(file);
  if (text === undefined) return `${file} is missing`;
  const signature = files.get(signatureOf(file))?.trim();
  if (signature === undefined) return `${file} has no digest`;
  const parsed = parseXml(text);
  if (!parsed.ok) return `${file} is no XML: line ${parsed.line}: ${parsed.message}`;
  if (parsed.root.name !== 'cib') return `${file} holds <${parsed.root.name}>, not a CIB`;
  if (!matchesDigestOnDisk(parsed.root, signature)) {
    return `${file} was altered or is torn: its digest is not ${signature}`;
  }
  return { file, cib: parsed.root, lineage: lineageIn(text) };
}

function lineageIn(text: string): Lineage {
  const found = /<\?pacemaker-ts term="(\d+)" writes="(\d+)"\?>\s*$/.exec(text);
  return found === null ? UNKNOWN_LINEAGE : { term: Number(found[1]), writes: Number(found[2]) };
}

function newer(best: Candidate | undefined, one: Candidate): Candidate {
  if (best === undefined) return one;
  const [left, right] = [keyOf(best), keyOf(one)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at >= 0 && (right[at] as number) > (left[at] as number) ? one : best;
}

function keyOf({ cib, lineage }: Candidate): readonly number[] {
  const { adminEpoch, epoch, numUpdates } = versionOf(cib);
  return [adminEpoch, lineage.term, lineage.writes, epoch, numUpdates];
}

function putAside(files: ReadonlyMap<string, string>): readonly FileStep[] {
  const folder = freeName(files);
  const moved = [LIVE, signatureOf(LIVE)].filter(file => files.has(file));
  return [
    { kind: 'make-folder', folder },
    ...moved.map(file => ({ kind: 'rename', from: file, to: `${folder}/${file}` }) as const),
    { kind: 'sync-folder' },
  ];
}

/** `files` lists folders too, by their names. */
function freeName(files: ReadonlyMap<string, string>): string {
  let number = 1;
  while (files.has(`cib.auto.${number}`)) number += 1;
  return `cib.auto.${number}`;
}
