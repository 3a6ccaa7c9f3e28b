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
  /** By place in the layout, which a candidate of its own covers. */
  #own: (Candidate | undefined)[] | undefined = undefined;
  #watcher: (() => void) | undefined = undefined;

  private constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** A table of its own, of what nobody else changes. */
  static of(candidates: Iterable<Candidate>): CandidateTable {
    const table = CandidateTable.sharing(candidates);
    table.#own = [...table.#layout.all];
    return table;
  }

  /** A table that begins with these, which are copied before they are changed. */
  static sharing(candidates: Iterable<Readonly<Candidate>>): CandidateTable {
    return new CandidateTable(layoutOf(candidates));
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
  get(node: Node): Candidate | undefined {
    this.changed();
    const place = this.#layout.placeOf[node.position];
    return place === undefined ? undefined : this.#ownAt(place);
  }

  peek(node: Node): Readonly<Candidate> | undefined {
    const place = this.#layout.placeOf[node.position];
    return place === undefined ? undefined : this.#at(place);
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
    this.changed();
    return this.#layout.all.map((_, place) => this.#ownAt(place));
  }

  /** Shows all of them; the visitor may make any of them the table's own. */
  each(visit: (candidate: Readonly<Candidate>) => void): void {
    const { length } = this.#layout.all;
    for (let place = 0; place < length; place += 1) visit(this.#at(place));
  }

  some(passes: (candidate: Readonly<Candidate>) => boolean): boolean {
    const { length } = this.#layout.all;
    for (let place = 0; place < length; place += 1) if (passes(this.#at(place))) return true;
    return false;
  }

  /** The first of them by that order, to be changed. */
  least(compare: (left: Readonly<Candidate>, right: Readonly<Candidate>) => number): Candidate | undefined {
    let least: Readonly<Candidate> | undefined;
    this.each(one => {
      if (least === undefined || compare(one, least) < 0) least = one;
    });
    return least === undefined ? undefined : this.get(least.node);
  }

  /** No instance is assigned anywhere any more. */
  resetCounts(): void {
    this.#own?.forEach(one => {
      if (one !== undefined) one.count = 0;
    });
  }

  copy(): CandidateTable {
    const table = new CandidateTable(this.#layout);
    table.#own = this.#own?.map(one => one && { ...one });
    return table;
  }

  #at(place: number): Readonly<Candidate> {
    return this.#own?.[place] ?? (this.#layout.all[place] as Readonly<Candidate>);
  }

  #ownAt(place: number): Candidate {
    this.#own ??= [];
    const known = this.#own[place];
    if (known !== undefined) return known;
    const own = { ...(this.#layout.all[place] as Readonly<Candidate>) };
    this.#own[place] = own;
    return own;
  }
}
