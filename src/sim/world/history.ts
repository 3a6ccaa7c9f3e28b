/**
 * Everything that happened, as lines. Two runs of one seed have the same lines, and so the same digest, or
 * something in them does not come from the seed.
 */
export class History {
  readonly #print: ((line: string) => void) | undefined;
  #low = 0x811c9dc5;
  #high = 0x9dc5811c;
  #lines = 0;

  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    this.#lines += 1;
    let low = this.#low;
    let high = this.#high;
    for (let at = 0; at < line.length; at += 1) {
      const unit = line.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x85ebca6b);
    }
    this.#low = low ^ (high >>> 15);
    this.#high = high ^ (low >>> 13);
    this.#print?.(line);
  }

  /** 64 bits over all lines so far, as hexadecimal digits. */
  digest(): string {
    const hexadecimal = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hexadecimal(this.#high) + hexadecimal(this.#low);
  }
}
