import { NO_RUN, parseTransitionKey } from '../../core/daemons/controller/transition-key.ts';
import type { ExecutorRequest } from '../../core/messages/executor.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

/** Each action of a transition is carried out once. */
export class Once extends Watcher {
  readonly #world: World;
  readonly #asked = new Set<string>();

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override askedOfExecutor(node: number, request: ExecutorRequest): void {
    if (request.kind !== 'execute') return;
    const { asker, resource, operation, interval, userData } = request.action;
    // A recurring operation is asked for again after a restart, and then adopted.
    if (asker !== 'controller' || userData === undefined || interval > 0) return;
    // What a node asks of its own executor belongs to no transition: the same question may come up again.
    if (parseTransitionKey(userData)?.run === NO_RUN) return;
    const key = `${node} ${resource} ${operation} ${userData}`;
    if (this.#asked.has(key)) {
      this.#world.broken(
        'once',
        `${resource} ${operation} of ${userData} is asked for twice on node ${node + 1}`,
      );
    }
    this.#asked.add(key);
  }
}
