import { attribute, type XmlElement } from '../xml/element.ts';

/** Where the histories of one id stand. */
interface Standing {
  last: number;
  count: number;
}

/** The `lrm_resource` elements of a node in their order, found by id: of several with one id the last counts. */
export class HistoryList {
  readonly #elements: XmlElement[] = [];
  readonly #standings = new Map<string | undefined, Standing>();

  constructor(elements: Iterable<XmlElement>) {
    for (const one of elements) this.add(one);
  }

  get elements(): readonly XmlElement[] {
    return this.#elements;
  }

  add(history: XmlElement): void {
    const id = attribute(history, 'id');
    const last = this.#elements.push(history) - 1;
    this.#standings.set(id, { last, count: (this.#standings.get(id)?.count ?? 0) + 1 });
  }

  isThereOnce(id: string): boolean {
    return this.#standings.get(id)?.count === 1;
  }

  get(id: string): XmlElement | undefined {
    const standing = this.#standings.get(id);
    return standing === undefined ? undefined : this.#elements[standing.last];
  }

  /** In the place of the one that is there. */
  replace(id: string, by: XmlElement): void {
    const standing = this.#standings.get(id);
    if (standing !== undefined) this.#elements[standing.last] = by;
  }
}
