import { OCF } from '../../core/model/exit-status.ts';
import { attribute, walk, type XmlElement } from '../../core/xml/element.ts';
import type { ServiceRun } from '../world/agents.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

const FAIL_COUNT = /^fail-count-(.*)#([a-z_]+)_(\d+)$/;

/** A fail count never exceeds the failures that there were. */
export class Failures extends Watcher {
  readonly #world: World;
  readonly #seen = new Map<string, number>();

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override actionEnds({ node, service, action }: ServiceRun, status: number | undefined): void {
    const claim = this.#world.truth.claimsOf(service).get(node);
    const expected =
      status === OCF.ok ? claim !== 'promoted' : status === OCF.runningPromoted && claim === 'promoted';
    if (expected) return;
    const key = `${node} ${service} ${action}`;
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
  }

  /** Counts of this CIB that are too high. */
  tooHighIn(cib: XmlElement): readonly string[] {
    const wrong: string[] = [];
    for (const state of cib.children.find(({ name }) => name === 'status')?.children ?? []) {
      const node = attribute(state, 'uname') ?? '';
      for (const one of walk(state)) {
        const match = one.name === 'nvpair' ? FAIL_COUNT.exec(attribute(one, 'name') ?? '') : null;
        const count = attribute(one, 'value') ?? '0';
        if (match === null || count === 'INFINITY') continue;
        const seen = this.#seen.get(`${node} ${this.#world.serviceOf(match[1] ?? '')} ${match[2]}`) ?? 0;
        if (Number(count) > seen) {
          wrong.push(`${match[1]} ${match[2]} failed ${seen} times on ${node}, but ${count} are counted`);
        }
      }
    }
    return wrong;
  }
}
