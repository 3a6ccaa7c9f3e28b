/**
 * The CIB's folder as Pacemaker lays it out: the live document `cib.xml` with its digest `cib.xml.sig`, older ones
 * as `cib-0.raw` … `cib-99.raw` with theirs, and in `cib.last` the number that the next one gets.
 */
export const LIVE = 'cib.xml';
export const LAST = 'cib.last';
export const BACKUPS = 100;

export const signatureOf = (file: string): string => `${file}.sig`;
export const backupOf = (number: number): string => `cib-${number}.raw`;

export const isBackup = (file: string): boolean => /^cib-\d+\.raw$/.test(file);

/** What is to be done in the folder, in order; a step is begun when the one before it is complete. */
export type FileStep =
  /** Made or emptied, written, and on disk when the step ends. */
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  /** `to` is another name of the same content; what it was before is gone. */
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'make-folder'; readonly folder: string }
  /** All names that steps before it made, changed or took away are on disk when it ends. */
  | { readonly kind: 'sync-folder' };
