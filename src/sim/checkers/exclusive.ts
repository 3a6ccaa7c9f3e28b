import { OCF } from '../../core/model/exit-status.ts';
import type { NodeName } from '../../core/model/names.ts';
import type { ServiceRun } from '../world/agents.ts';
import type { Activity, Allowance } from '../world/truth.ts';
import { Watcher } from '../world/watch.ts';
import type { World } from '../world/world.ts';

const ONE: Allowance = { copies: 1, promoted: 1 };

/**
 * No more copies are active than are allowed, in truth; and nothing is started or promoted while another node may
 * still have it: one that began to, and did not prove since by a stop, by what its agent found or by its fencing that it has not.
 */
export class Exclusive extends Watcher {
  readonly #world: World;
  readonly #allowances: ReadonlyMap<string, Allowance>;

  constructor(world: World, allowances: ReadonlyMap<string, Allowance>) {
    super();
    this.#world = world;
    this.#allowances = allowances;
  }

  override actionBegins({ node, service, action, parameters }: ServiceRun): void {
    const { truth } = this.#world;
    switch (action) {
      case 'start':
        this.#mayTakeOver(service, node, 'started');
        truth.claim(service, node, truth.claimsOf(service).get(node) ?? 'started');
        return;
      case 'promote':
        this.#mayTakeOver(service, node, 'promoted');
        truth.claim(service, node, 'promoted');
        return;
      case 'migrate_to': {
        const target = this.#world.named(parameters.CRM_meta_migrate_target ?? '');
        if (target !== undefined) truth.claim(service, target.member.name, 'started');
        return;
      }
      default:
    }
  }

  override actionEnds({ node, service, action }: ServiceRun, status: number | undefined): void {
    const { truth } = this.#world;
    if (action === 'stop' && status === OCF.ok) truth.claim(service, node, undefined);
    else if (action === 'demote' && status === OCF.ok) truth.claim(service, node, 'started');
    // The agent had a look, as in a probe.
    else if (action === 'demote' && status === OCF.notRunning) truth.claim(service, node, undefined);
    else if (action === 'monitor') {
      if (status === OCF.notRunning) truth.claim(service, node, undefined);
      else if (status === OCF.ok) truth.claim(service, node, 'started');
      else if (status === OCF.runningPromoted) truth.claim(service, node, 'promoted');
    }
  }

  override truthChanged(service: string): void {
    const active = this.#world.truth.activeOn(service);
    const { copies, promoted } = this.#allowance(service);
    if (active.size > copies) this.#broken(`${service} is active on ${names(active)}`);
    const masters = [...active].filter(([, activity]) => activity === 'promoted');
    if (masters.length > promoted && promoted > 0) {
      this.#broken(`${service} is promoted on ${names(new Map(masters))}`);
    }
  }

  #mayTakeOver(service: string, node: NodeName, to: Activity): void {
    const claims = this.#world.truth.claimsOf(service);
    const { copies, promoted } = this.#allowance(service);
    const others = [...claims].filter(
      ([other, activity]) => other !== node && (to === 'started' || activity === 'promoted'),
    );
    if (others.length < (to === 'started' ? copies : promoted)) return;
    const what = to === 'started' ? 'starts' : 'is promoted';
    this.#broken(
      `${service} ${what} on ${node} while nothing proves that it ended on ${names(new Map(others))}`,
    );
  }

  #allowance(service: string): Allowance {
    return this.#allowances.get(service) ?? ONE;
  }

  #broken(text: string): never {
    return this.#world.broken('exclusive', text);
  }
}

const names = (nodes: ReadonlyMap<NodeName, Activity>): string => [...nodes.keys()].join(', ');
