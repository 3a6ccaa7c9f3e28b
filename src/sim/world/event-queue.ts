import { assert } from '../../core/base/assert.ts';

/** Something that will happen at a moment of virtual time, unless it is called off. */
export interface Occurrence {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/**
 * What will happen, by time; of one moment in the order in which it was scheduled. A binary heap, because a
 * history has tens of thousands of entries and most are added near the front.
 */
export class EventQueue {
  readonly #heap: Occurrence[] = [];
  #order = 0;
  #now = 0;

  /** Milliseconds since the history began. */
  get now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): Occurrence {
    assert(delay >= 0, `an occurrence cannot lie ${delay} ms in the past`);
    this.#order += 1;
    const occurrence: Occurrence = { at: this.#now + delay, order: this.#order, run };
    this.#heap.push(occurrence);
    this.#rise(this.#heap.length - 1);
    return occurrence;
  }

  /** Lets time pass until the next occurrence and makes it happen; false where nothing will happen any more. */
  advance(): boolean {
    for (;;) {
      const next = this.#take();
      if (next === undefined) return false;
      if (next.run === undefined) continue;
      this.#now = next.at;
      next.run();
      return true;
    }
  }

  #take(): Occurrence | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let at = from;
    const moving = heap[at] as Occurrence;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Occurrence;
      if (before(above, moving)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = moving;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moving = heap[from] as Occurrence;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as Occurrence)) child += 1;
      const below = heap[child] as Occurrence;
      if (before(moving, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = moving;
  }
}

const before = (left: Occurrence, right: Occurrence): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);
