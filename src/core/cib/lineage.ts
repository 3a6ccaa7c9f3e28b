/**
 * Where a document comes from, beside its version: a version alone cannot tell the writes that a majority holds
 * from those that a few nodes made apart from it.
 */
export interface Lineage {
  /** Rises with each partition in which a majority of all CIB managers agreed; 0 where none is known. */
  readonly term: number;
  /** Writes that were applied in it since. */
  readonly writes: number;
}

export const UNKNOWN_LINEAGE: Lineage = { term: 0, writes: 0 };
