import type { ServiceRun } from '../world/agents.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

/** When each service was last looked at on each node. */
export class Monitors extends Watcher {
  readonly #world: World;
  readonly #last = new Map<string, number>();

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override actionBegins({ node, service, action }: ServiceRun): void {
    if (action === 'monitor') this.#last.set(`${service} ${node}`, this.#world.now);
  }

  /** Active services that nobody has looked at for so many milliseconds. */
  forgotten(patience: number, watched: ReadonlySet<string>): readonly string[] {
    return [...watched].flatMap(service =>
      [...this.#world.truth.activeOn(service).keys()].flatMap(node => {
        const last = this.#last.get(`${service} ${node}`) ?? 0;
        const silence = this.#world.now - last;
        return silence > patience ? [`${service} on ${node} was last looked at ${silence} ms ago`] : [];
      }),
    );
  }
}
