import type { NodeName } from '../../core/model/names.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { attribute, walk } from '../../core/xml/element.ts';
import { type Acknowledgement, NOTES, type Note, noteName } from '../clients.ts';
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
 * acknowledged without quorum may give way to what a majority has; so may one whose majority lost its disks, and one
 * that only the clocks tell from an earlier one, where the clocks are set about: the node that two majorities had in
 * common forgot the first of them with its disk.
 */
export class Acknowledged extends Watcher {
  readonly #world: World;
  /** What must be found at the end, note by note. */
  readonly #owed: number[] = Array<number>(NOTES).fill(0);

  /** Nodes that lost their disk at least once. */
  readonly #forgetful = new Set<NodeName>();

  constructor(world: World) {
    super();
    this.#world = world;
  }

  acknowledged(note: number, value: number, { quorate, peers }: Acknowledgement): void {
    if (quorate && this.#isLatest(peers)) this.#owed[note] = Math.max(this.#owed[note] ?? 0, value);
  }

  /** Whether these peers know of all earlier majorities, be it by their clocks. */
  #isLatest(peers: readonly NodeName[]): boolean {
    const { settings, nodes } = this.#world;
    if (settings.faults['step-clock'] === undefined) return true;
    return peers.filter(name => !this.#forgetful.has(name)).length * 2 > nodes.length;
  }

  override diskLost(lost: number): void {
    this.#forgetful.add(this.#world.node(lost).member.name);
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
