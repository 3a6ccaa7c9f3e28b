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
  /** Services that nodes had a claim to when they last lost their power. */
  readonly #outlived = new Map<NodeName, Set<string>>();

  activity(service: string, node: NodeName): Activity | undefined {
    return this.#active.get(service)?.get(node);
  }

  activeOn(service: string): ReadonlyMap<NodeName, Activity> {
    return this.#active.get(service) ?? NOWHERE;
  }

  claimsOf(service: string): ReadonlyMap<NodeName, Activity> {
    return this.#claims.get(service) ?? NOWHERE;
  }

  isAnythingActiveOn(node: NodeName): boolean {
    return [...this.#active.values()].some(nodes => nodes.has(node));
  }

  services(): readonly string[] {
    return [...this.#active.keys()].sort();
  }

  set(service: string, node: NodeName, activity: Activity | undefined): void {
    change(this.#active, service, node, activity);
  }

  claim(service: string, node: NodeName, activity: Activity | undefined): void {
    change(this.#claims, service, node, activity);
    this.#outlived.get(node)?.delete(service);
  }

  /** The node lost its power: nothing is active there, and still nobody knows. */
  endAll(node: NodeName): void {
    for (const nodes of this.#active.values()) nodes.delete(node);
    const claimed = [...this.#claims].filter(([, nodes]) => nodes.has(node)).map(([service]) => service);
    this.#outlived.set(node, new Set(claimed));
  }

  /**
   * The node was let go in good order. What it had before it last lost its power and was not looked for since is
   * what the configuration has lost: nobody is left who knows of it, and it ended with the power.
   */
  dropOutlived(node: NodeName): void {
    for (const service of this.#outlived.get(node) ?? []) this.#claims.get(service)?.delete(node);
    this.#outlived.delete(node);
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
