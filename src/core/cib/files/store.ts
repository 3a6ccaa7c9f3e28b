import type { XmlElement } from '../../xml/element.ts';
import { printXml } from '../../xml/print.ts';
import { digestOnDisk } from '../digest.ts';
import type { Lineage } from '../lineage.ts';
import { BACKUPS, backupOf, type FileStep, LAST, LIVE, signatureOf } from './folder.ts';

/** What a store must know of the folder. */
export interface FolderState {
  /** There is a live document, and it is good. */
  readonly hasLive: boolean;
  /** Number of the next backup. */
  readonly next: number;
}

export interface StorePlan {
  readonly steps: readonly FileStep[];
  /** The folder when all is done. */
  readonly after: FolderState;
}

const FRESH = 'cib.xml.new';

/**
 * How a document is put in the place of the live one. Until the last step the old one can be had: it is a backup,
 * durably, before its name is touched. When the last step is done the new one cannot be lost.
 */
export function planStore(cib: XmlElement, lineage: Lineage, { hasLive, next }: FolderState): StorePlan {
  const backup = backupOf(next);
  const following = (next + 1) % BACKUPS;
  const keep: readonly FileStep[] = [
    { kind: 'link', from: signatureOf(LIVE), to: signatureOf(backup) },
    { kind: 'link', from: LIVE, to: backup },
    { kind: 'write', file: `${LAST}.new`, text: String(following) },
    { kind: 'rename', from: `${LAST}.new`, to: LAST },
    { kind: 'sync-folder' },
  ];
  const steps: readonly FileStep[] = [
    { kind: 'write', file: FRESH, text: printDocument(cib, lineage) },
    { kind: 'write', file: signatureOf(FRESH), text: digestOnDisk(cib) },
    ...(hasLive ? keep : []),
    { kind: 'rename', from: FRESH, to: LIVE },
    { kind: 'rename', from: signatureOf(FRESH), to: signatureOf(LIVE) },
    { kind: 'sync-folder' },
  ];
  return { steps, after: { hasLive: true, next: hasLive ? following : next } };
}

/** The lineage stands behind the root, where whoever reads the document for itself passes it over. */
const printDocument = (cib: XmlElement, { term, writes }: Lineage): string =>
  `${printXml(cib, { pretty: true })}<?pacemaker-ts term="${term}" writes="${writes}"?>\n`;
