import type { Candidate, Node } from '../model.ts';

/** Candidates in a lasting order, one a node, and where each node's stands, by the node's position. */
interface Layout {
  readonly all: readonly Readonly<Candidate>[];
  readonly placeOf: readonly (number | undefined)[];
}

function layoutOf(candidates: Iterable<Readonly<Candidate>>): Layout {
  const all: Readonly<Candidate>[] = [];
  const placeOf: (number | undefined)[] = [];
  for (const one of candidates) {
    const place = placeOf[one.node.position] ?? all.length;
    placeOf[one.node.position] = place;
    all[place] = one;
  }
  return { all, placeOf };
}

/**
 * Nodes as a resource sees them, in a lasting order. Most resources see most nodes alike: a table begins as a view
 * of a layout that many share, and a candidate becomes its own when it is handed out to be changed.
 */
export class CandidateTable {
  #layout: Layout;
  /** By place in the layout, whose candidate one of its own covers. */
  #own: (Candidate | undefined)[] | undefined = undefined;
  #watcher: (() => void) | undefined = undefined;

  private constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** A table of its own, of what nobody else changes. */
  static of(candidates: Iterable<Candidate>): CandidateTable {
    const table = CandidateTable.sharing(candidates);
    table.#own = table.#layout.all.slice();
    return table;
  }

  /** A table that begins with these, which are copied before they are changed. */
  static sharing(candidates: Iterable<Readonly<Candidate>>): CandidateTable {
    return new CandidateTable(layoutOf(candidates));
  }

  get size(): number {
    return this.#layout.all.length;
  }

  /** Whether nothing of it was taken to be changed since it was copied from another. */
  get isAsCopied(): boolean {
    return this.#own === undefined;
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

  /** To be changed by who asks, and before the table is copied; `peek` is for who only looks. */
  get(node: Node): Candidate | undefined {
    const place = this.#layout.placeOf[node.position];
    return place === undefined ? undefined : this.take(place);
  }

  peek(node: Node): Readonly<Candidate> | undefined {
    const place = this.#layout.placeOf[node.position];
    return place === undefined ? undefined : this.at(place);
  }

  /** The same by its place in the order: to be changed. */
  take(place: number): Candidate {
    this.changed();
    this.#own ??= [];
    const known = this.#own[place];
    if (known !== undefined) return known;
    const own = { ...(this.#layout.all[place] as Readonly<Candidate>) };
    this.#own[place] = own;
    return own;
  }

  /** And to be looked at. */
  at(place: number): Readonly<Candidate> {
    return this.#own?.[place] ?? (this.#layout.all[place] as Readonly<Candidate>);
  }

  has(node: Node): boolean {
    return this.#layout.placeOf[node.position] !== undefined;
  }

  add(candidate: Candidate): void {
    this.changed();
    const place = this.#layout.placeOf[candidate.node.position] ?? this.#layout.all.length;
    if (place === this.#layout.all.length) this.#layout = layoutOf([...this.#layout.all, candidate]);
    this.#own ??= [];
    this.#own[place] = candidate;
  }

  delete(node: Node): void {
    const left = this.values().filter(one => one.node !== node);
    this.#layout = layoutOf(left);
    this.#own = left;
  }

  /** All of them, to be changed. */
  values(): Candidate[] {
    return this.#layout.all.map((_, place) => this.take(place));
  }

  /** Shows all of them; the visitor may make any of them the table's own. */
  each(visit: (candidate: Readonly<Candidate>) => void): void {
    const { length } = this.#layout.all;
    for (let place = 0; place < length; place += 1) visit(this.at(place));
  }

  some(passes: (candidate: Readonly<Candidate>) => boolean): boolean {
    const { length } = this.#layout.all;
    for (let place = 0; place < length; place += 1) if (passes(this.at(place))) return true;
    return false;
  }

  /** All of them in that order, to be looked at. */
  sorted(compare: (left: Readonly<Candidate>, right: Readonly<Candidate>) => number): Readonly<Candidate>[] {
    const all = this.#layout.all.map((_, place) => this.at(place));
    return all.length > 1 ? all.sort(compare) : all;
  }

  /** The first of them by that order, to be changed. */
  least(compare: (left: Readonly<Candidate>, right: Readonly<Candidate>) => number): Candidate | undefined {
    const { length } = this.#layout.all;
    let least = 0;
    for (let place = 1; place < length; place += 1) {
      if (compare(this.at(place), this.at(least)) < 0) least = place;
    }
    return length === 0 ? undefined : this.take(least);
  }

  /** No instance is assigned anywhere any more. */
  resetCounts(): void {
    const { length } = this.#layout.all;
    for (let place = 0; place < length; place += 1) {
      if (this.at(place).count !== 0) this.take(place).count = 0;
    }
  }

  /** Both share what is in it now, and go on from there. */
  copy(): CandidateTable {
    const own = this.#own;
    if (own !== undefined) {
      const { all, placeOf } = this.#layout;
      this.#layout = { all: all.map((one, place) => own[place] ?? one), placeOf };
      this.#own = undefined;
    }
    return new CandidateTable(this.#layout);
  }
}
