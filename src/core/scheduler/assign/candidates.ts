import type { Candidate } from '../model.ts';

type Shared = ReadonlyMap<string, Readonly<Candidate>>;

/**
 * Nodes as a resource sees them, by id, in a lasting order. Most resources see most nodes alike: a table begins as
 * a view of one that many share, and a candidate becomes its own when it is handed out to be changed.
 */
export class CandidateTable {
  /** Once the table is whole, the same as `#own`. */
  #shared: Shared;
  #own: Map<string, Candidate> | undefined = undefined;
  #watcher: (() => void) | undefined = undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  static of(candidates: Iterable<Candidate>): CandidateTable {
    const own = new Map<string, Candidate>();
    for (const one of candidates) own.set(one.node.id, one);
    const table = new CandidateTable(own);
    table.#own = own;
    return table;
  }

  /** Tells once, before anything of the table changes. */
  watch(watcher: () => void): void {
    this.#watcher = watcher;
  }

  changed(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.();
  }

  /** To be changed by who asks; `peek` is for who only looks. */
  get(id: string): Candidate | undefined {
    this.changed();
    const known = this.#own?.get(id);
    if (known !== undefined || this.#own === this.#shared) return known;
    const shared = this.#shared.get(id);
    if (shared === undefined) return undefined;
    const made = { ...shared };
    this.#own ??= new Map();
    this.#own.set(id, made);
    return made;
  }

  peek(id: string): Readonly<Candidate> | undefined {
    return this.#own?.get(id) ?? this.#shared.get(id);
  }

  has(id: string): boolean {
    return this.#shared.has(id);
  }

  add(candidate: Candidate): void {
    this.#makeWhole().set(candidate.node.id, candidate);
  }

  delete(id: string): void {
    this.#makeWhole().delete(id);
  }

  /** All of them, to be changed. */
  values(): Iterable<Candidate> {
    return this.#makeWhole().values();
  }

  /** Shows all of them; the visitor may make any of them the table's own. */
  each(visit: (candidate: Readonly<Candidate>) => void): void {
    this.some(one => {
      visit(one);
      return false;
    });
  }

  some(passes: (candidate: Readonly<Candidate>) => boolean): boolean {
    for (const [id, one] of this.#shared) if (passes(this.#own?.get(id) ?? one)) return true;
    return false;
  }

  /** The first of them by that order, to be changed. */
  least(compare: (left: Readonly<Candidate>, right: Readonly<Candidate>) => number): Candidate | undefined {
    let least: Readonly<Candidate> | undefined;
    for (const [id, shared] of this.#shared) {
      const one = this.#own?.get(id) ?? shared;
      if (least === undefined || compare(one, least) < 0) least = one;
    }
    return least === undefined ? undefined : this.get(least.node.id);
  }

  /** No instance is assigned anywhere any more. */
  resetCounts(): void {
    for (const one of this.#own?.values() ?? []) one.count = 0;
  }

  copy(): CandidateTable {
    if (this.#own === this.#shared) return CandidateTable.of(copies(this.#own?.values()));
    const table = new CandidateTable(this.#shared);
    if (this.#own !== undefined) {
      table.#own = new Map();
      for (const [id, one] of this.#own) table.#own.set(id, { ...one });
    }
    return table;
  }

  #makeWhole(): Map<string, Candidate> {
    this.changed();
    if (this.#own !== undefined && this.#own === this.#shared) return this.#own;
    const whole = new Map<string, Candidate>();
    for (const [id, one] of this.#shared) whole.set(id, this.#own?.get(id) ?? { ...one });
    this.#own = whole;
    this.#shared = whole;
    return whole;
  }
}

function* copies(candidates: Iterable<Candidate> = []): Generator<Candidate> {
  for (const one of candidates) yield { ...one };
}
