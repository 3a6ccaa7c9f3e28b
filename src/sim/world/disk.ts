import type { Random } from '../../core/base/random.ts';
import type { Lineage } from '../../core/cib/lineage.ts';
import type { XmlElement } from '../../core/xml/element.ts';

/** A document and where it comes from. */
interface Kept {
  readonly cib: XmlElement;
  readonly lineage?: Lineage;
}

interface Pending {
  readonly kept: Kept;
  readonly effect: number;
}

export interface DiskContents extends Partial<Kept> {
  readonly problems: readonly string[];
}

/**
 * The part of a node's disk that holds the CIB: what was acknowledged is durable; what was not may be there after
 * a loss of power, or not, or be torn, in which case the reader refuses it and takes what was durable before.
 */
export class Disk {
  #durable: Kept | undefined;
  #pending: Pending[] = [];
  #torn = false;

  constructor(first: XmlElement | undefined) {
    this.#durable = first === undefined ? undefined : { cib: first };
  }

  get durable(): XmlElement | undefined {
    return this.#durable?.cib;
  }

  begin(effect: number, kept: Kept): void {
    this.#pending.push({ effect, kept });
  }

  /** The write is durable; false where a crash or a loss came first. */
  finish(effect: number): boolean {
    const at = this.#pending.findIndex(pending => pending.effect === effect);
    const pending = this.#pending[at];
    if (pending === undefined) return false;
    this.#pending.splice(at, 1);
    this.#durable = pending.kept;
    return true;
  }

  /** Power or the writing process is gone: what was being written may or may not have come through. */
  interrupt(random: Random): void {
    const reached = this.#pending.length === 0 ? 0 : random.below(this.#pending.length + 1);
    const last = this.#pending[reached - 1];
    if (last !== undefined) this.#durable = last.kept;
    this.#torn = reached < this.#pending.length && random.chance(0.5);
    this.#pending = [];
  }

  /** A new, empty disk. */
  replace(): void {
    this.#durable = undefined;
    this.#pending = [];
    this.#torn = false;
  }

  read(): DiskContents {
    const problems = this.#torn ? ['cib.xml is torn: the newest good copy is used'] : [];
    this.#torn = false;
    return this.#durable === undefined
      ? { problems: [...problems, 'no usable CIB'] }
      : { ...this.#durable, problems };
  }
}
