import { assert } from './assert.ts';

/**
 * A stream of chance from a seed: same seed, same stream, on every machine (splitmix32 over a 32-bit state).
 * It has a lifetime, hence a class; whoever needs a stream of its own takes a `fork`.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    assert(
      Number.isInteger(bound) && bound > 0,
      `bound ${bound} of a random number is not a positive integer`,
    );
    return Math.floor(this.fraction() * bound);
  }

  /** An integer from `low` to `high`, both included. */
  within(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    assert(from.length > 0, 'nothing to pick from');
    return from[this.below(from.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const mixed = [...items];
    for (let last = mixed.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
    }
    return mixed;
  }

  fork(): Random {
    return new Random(this.next());
  }
}
