import type { Role } from '../../model/role.ts';
import { colocationValue } from '../assign/colocated.ts';
import { byWorth } from '../assign/nodes.ts';
import type { Candidate, Node, Resource } from '../model.ts';
import { anyFlag, locationOf, roleOf } from '../tree.ts';

/** Instances of a clone; of a bundle, the containers of its replicas. */
export const instancesOf = (collective: Resource): readonly Resource[] =>
  collective.bundle?.containers ?? collective.children;

export interface Compatibility {
  readonly role: Role;
  readonly when: 'now' | 'next';
  /** By which nodes are the same; where none is named, each is only itself. */
  readonly attribute?: string;
}

/** An instance that others may go with, where it is or will be. */
interface Partner {
  readonly instance: Resource;
  readonly node: Node;
}

/** Those instances of a collective that others may go with, looked through once for all who ask. */
export class Partners {
  readonly #collective: Resource;
  readonly #how: Compatibility;
  readonly #compare: ReturnType<typeof byWorth>;
  #all: readonly Partner[] = [];
  /** The first on each node, by the node's position. */
  #onNode: (Partner | undefined)[] = [];

  constructor(collective: Resource, how: Compatibility) {
    this.#collective = collective;
    this.#how = how;
    this.#compare = byWorth(collective.cluster);
    this.#look();
  }

  /** The instance that goes with a resource: on the same node, or where that would best be. */
  of(resource: Resource): Resource | undefined {
    const found = this.#find(resource);
    // Meanwhile an instance may have lost its place.
    if (found === undefined || placeOf(found.instance, this.#how) === found.node) return found?.instance;
    this.#look();
    return this.#find(resource)?.instance;
  }

  /** The first on a node, or on one that is the same. */
  on(node: Node): Resource | undefined {
    return this.#first(node)?.instance;
  }

  #look(): void {
    const all: Partner[] = [];
    const onNode: (Partner | undefined)[] = [];
    for (const instance of instancesOf(this.#collective)) {
      const node = placeOf(instance, this.#how);
      if (node === undefined || !isFit(instance, this.#how)) continue;
      const partner = { instance, node };
      all.push(partner);
      onNode[node.position] ??= partner;
    }
    this.#all = all;
    this.#onNode = onNode;
  }

  #first(node: Node): Partner | undefined {
    const { attribute } = this.#how;
    if (attribute === undefined) return this.#onNode[node.position];
    return this.#all.find(one => isSame(one, node, attribute));
  }

  #find(resource: Resource): Partner | undefined {
    if (this.#all.length === 0) return undefined;
    const node = placeOf(resource, this.#how);
    if (node !== undefined) return this.#first(node);
    let best: Readonly<Candidate> | undefined;
    let found: Partner | undefined;
    resource.allowed.each(candidate => {
      const partner = this.#first(candidate.node);
      if (partner === undefined) return;
      if (best !== undefined && this.#compare(candidate, best) >= 0) return;
      best = candidate;
      found = partner;
    });
    return found;
  }
}

const placeOf = (resource: Resource, { when }: Compatibility): Node | undefined =>
  locationOf(resource, when === 'now' ? 'current' : 'assigned');

const isFit = (instance: Resource, { role, when }: Compatibility): boolean =>
  (role === 'Unknown' || role === roleOf(instance, when)) && !anyFlag(instance, 'blocked');

function isSame({ instance, node: place }: Partner, node: Node, attribute: string): boolean {
  if (place === node) return true;
  const value = colocationValue(place, attribute, instance)?.toLowerCase();
  return value === colocationValue(node, attribute, instance)?.toLowerCase();
}
