import type { XmlElement } from '../../core/xml/element.ts';
import { attribute, walk } from '../../core/xml/element.ts';
import { NOTES, type Note, noteName } from '../clients.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

/** The numbers that the clients wrote into the CIB, as this copy has them; 0 where it has none. */
export function notesIn(cib: XmlElement): readonly number[] {
  const found = Array<number>(NOTES).fill(0);
  const configuration = cib.children.find(({ name }) => name === 'configuration');
  const options = configuration?.children.find(({ name }) => name === 'crm_config');
  if (options === undefined) return found;
  for (const one of walk(options)) {
    if (one.name !== 'nvpair') continue;
    for (let note = 0; note < NOTES; note += 1) {
      if (attribute(one, 'name') === noteName(note)) found[note] = Number(attribute(one, 'value'));
    }
  }
  return found;
}

/**
 * No write that was acknowledged is lost while a majority of nodes keep their disks. A write that was
 * acknowledged without quorum may give way to what a majority has; so may one whose majority lost its disks.
 */
export class Acknowledged extends Watcher {
  readonly #world: World;
  /** What must be found at the end, note by note. */
  readonly #owed: number[] = Array<number>(NOTES).fill(0);

  constructor(world: World) {
    super();
    this.#world = world;
  }

  acknowledged(note: number, value: number, { quorate }: { quorate: boolean }): void {
    if (quorate) this.#owed[note] = Math.max(this.#owed[note] ?? 0, value);
  }

  override diskLost(lost: number): void {
    const kept = this.#world.nodes.filter(({ index }) => index !== lost);
    const notes = kept.map(({ disk }) => (disk.durable === undefined ? undefined : notesIn(disk.durable)));
    const majority = Math.floor(this.#world.nodes.length / 2) + 1;
    this.#owed.forEach((value, note) => {
      const holders = notes.map(found => found?.[note] ?? 0).sort((left, right) => right - left);
      this.#owed[note] = Math.min(value, holders[majority - 1] ?? 0);
    });
  }

  /** What of all that is owed this copy lacks. */
  missingIn(cib: XmlElement, notes: readonly Note[]): readonly string[] {
    const found = notesIn(cib);
    return this.#owed.flatMap((value, note) => {
      const here = found[note] ?? 0;
      const { sent = 0 } = notes[note] ?? {};
      if (here < value) return [`${noteName(note)} is ${here}, but ${value} was acknowledged`];
      return here > sent ? [`${noteName(note)} is ${here}, which nobody wrote`] : [];
    });
  }
}
