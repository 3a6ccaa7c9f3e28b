import type { NodeName } from '../../core/model/names.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

/** Among nodes that have heard of the same membership, the right to decide passes on, but never back and forth. */
export class OneDc extends Watcher {
  readonly #world: World;
  /** Nodes that acted, by the membership that they had heard of, in the order of their first and last turn. */
  readonly #turns = new WeakMap<object, NodeName[]>();

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override actsAsDc(node: NodeName, index: number): void {
    const heard = this.#world.node(index).supervisor?.membership;
    if (heard === undefined) return;
    const turns = this.#turns.get(heard) ?? [];
    this.#turns.set(heard, turns);
    if (turns.at(-1) === node) return;
    if (turns.includes(node)) {
      this.#world.broken('one-dc', `${[...turns, node].join(', then ')} act as DC among the same members`);
    }
    turns.push(node);
  }
}
