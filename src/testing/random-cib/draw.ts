import { Random } from '../../core/base/random.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';

/** Chance with ids: every element of a drawn document gets one that no other has. */
export class Draw extends Random {
  readonly #counts = new Map<string, number>();

  id(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  }

  /** The value with that probability, else nothing. */
  maybe<T>(probability: number, value: () => T): T | undefined {
    return this.chance(probability) ? value() : undefined;
  }

  /** As many as drawn, from none to the highest number. */
  several<T>(low: number, high: number, value: () => T): readonly T[] {
    return Array.from({ length: this.within(low, high) }, value);
  }

  /** Some of them, at least one, in another order at times. */
  some<T>(from: readonly T[]): readonly T[] {
    const chosen = from.filter(() => this.chance(0.5));
    const shown = chosen.length > 0 ? chosen : from.slice(0, 1);
    return this.chance(0.3) ? this.shuffle(shown) : shown;
  }

  score(): string {
    return this.pick(['0', '1', '5', '10', '50', '100', '-1', '-10', '-50', '-100', 'INFINITY', '-INFINITY']);
  }

  boolean(): string {
    return this.pick(['true', 'false']);
  }

  /** A set of name and value pairs, none where nothing is to stand in it. */
  set(
    tag: string,
    values: Readonly<Record<string, string | undefined>>,
    rule?: XmlElement,
  ): readonly XmlElement[] {
    const pairs = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [element('nvpair', { id: this.id('nv'), name, value })],
    );
    if (pairs.length === 0) return [];
    return [element(tag, { id: this.id('set') }, rule === undefined ? pairs : [rule, ...pairs])];
  }
}
