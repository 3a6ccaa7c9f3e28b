/** What a node is counted by: 0 is the one that was made first. */
interface Numbered {
  readonly number: number;
}

/** Bits that a small integer holds. */
const BITS = 30;

/** A set of nodes. There is one for each resource, and most nodes are in it: a bit for each is all that it takes. */
export class NodeSet {
  readonly #words: number[] = [];

  add({ number }: Numbered): void {
    const at = Math.floor(number / BITS);
    while (this.#words.length <= at) this.#words.push(0);
    this.#words[at] = (this.#words[at] as number) | (1 << (number % BITS));
  }

  has({ number }: Numbered): boolean {
    const word = this.#words[Math.floor(number / BITS)] ?? 0;
    return (word & (1 << (number % BITS))) !== 0;
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }
}
