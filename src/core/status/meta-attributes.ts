/**
 * Meta-attributes of a resource: those that all instances of a clone have in common, of which there is one table for
 * all, and over them the few that are its own.
 */
export class MetaAttributes {
  readonly #common: ReadonlyMap<string, string>;
  /** Names and values, one after the other. */
  readonly #own: string[] = [];

  constructor(common: ReadonlyMap<string, string>) {
    this.#common = common;
  }

  get(name: string): string | undefined {
    const at = this.#find(name);
    return at === -1 ? this.#common.get(name) : this.#own[at + 1];
  }

  has(name: string): boolean {
    return this.#find(name) !== -1 || this.#common.has(name);
  }

  set(name: string, value: string): void {
    const at = this.#find(name);
    if (at === -1) this.#own.push(name, value);
    else this.#own[at + 1] = value;
  }

  #find(name: string): number {
    for (let at = 0; at < this.#own.length; at += 2) if (this.#own[at] === name) return at;
    return -1;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (let at = 0; at < this.#own.length; at += 2) {
      yield [this.#own[at] as string, this.#own[at + 1] as string];
    }
    for (const pair of this.#common) if (this.#find(pair[0]) === -1) yield pair;
  }
}
