import type { NodeName } from '../../core/model/names.ts';

/** What a service really is where it is active at all. */
export type Activity = 'started' | 'promoted';

/** How many copies of a service may be active in the whole cluster, and how many of them promoted. */
export interface Allowance {
  readonly copies: number;
  readonly promoted: number;
}

/**
 * Which service is really active where, whatever any daemon believes, and which nodes must be reckoned with: a
 * node that began to start a service has a claim to it until something proves that it does not run there.
 */
export class Truth {
  readonly #active = new Map<string, Map<NodeName, Activity>>();
  readonly #claims = new Map<string, Map<NodeName, Activity>>();

  activity(service: string, node: NodeName): Activity | undefined {
    return this.#active.get(service)?.get(node);
  }

  activeOn(service: string): ReadonlyMap<NodeName, Activity> {
    return this.#active.get(service) ?? NOWHERE;
  }

  claimsOf(service: string): ReadonlyMap<NodeName, Activity> {
    return this.#claims.get(service) ?? NOWHERE;
  }

  services(): readonly string[] {
    return [...this.#active.keys()].sort();
  }

  set(service: string, node: NodeName, activity: Activity | undefined): void {
    change(this.#active, service, node, activity);
  }

  claim(service: string, node: NodeName, activity: Activity | undefined): void {
    change(this.#claims, service, node, activity);
  }

  /** The node lost its power: nothing is active there, and still nobody knows. */
  endAll(node: NodeName): void {
    for (const nodes of this.#active.values()) nodes.delete(node);
  }

  /** Whoever asked for the node's fencing was told that it is done. */
  dropClaims(node: NodeName): void {
    for (const nodes of this.#claims.values()) nodes.delete(node);
  }
}

const NOWHERE: ReadonlyMap<NodeName, Activity> = new Map();

function change(
  of: Map<string, Map<NodeName, Activity>>,
  service: string,
  node: NodeName,
  activity: Activity | undefined,
): void {
  let nodes = of.get(service);
  if (nodes === undefined) {
    nodes = new Map();
    of.set(service, nodes);
  }
  if (activity === undefined) nodes.delete(node);
  else nodes.set(node, activity);
}
