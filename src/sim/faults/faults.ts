/** What goes wrong, and when: drawn from the seed as the cluster's history unfolds. */
import type { Random } from '../../core/base/random.ts';
import { sectionOf } from '../../core/cib/document.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import { FAULTS, type FaultKind } from '../settings.ts';
import type { SimNode } from '../world/node.ts';
import type { World } from '../world/world.ts';

/** An exponential waiting time, at most ten times the mean. */
export const waiting = (random: Random, mean: number): number =>
  Math.min(10 * mean, Math.ceil(-Math.log(1 - random.fraction()) * mean));

export function pickWeighted<Kind extends string>(
  random: Random,
  kinds: readonly Kind[],
  weights: Readonly<Partial<Record<Kind, number>>>,
): Kind | undefined {
  const total = kinds.reduce((sum, kind) => sum + (weights[kind] ?? 0), 0);
  if (total === 0) return undefined;
  let left = random.below(total);
  for (const kind of kinds) {
    left -= weights[kind] ?? 0;
    if (left < 0) return kind;
  }
  return undefined;
}

/** Causes trouble until the world calms down. */
export function causeTrouble(world: World, random: Random): void {
  world.queue.after(waiting(random, world.settings.faultEvery), () => {
    if (world.calm) return;
    const kind = pickWeighted(random, FAULTS, world.settings.faults);
    if (kind !== undefined) {
      world.note(`fault ${kind}`);
      TROUBLE[kind](world, random);
    }
    causeTrouble(world, random);
  });
}

type Trouble = (world: World, random: Random) => void;

function withNode(world: World, random: Random, suits: (node: SimNode) => boolean): SimNode | undefined {
  const nodes = world.nodes.filter(suits);
  return nodes.length === 0 ? undefined : random.pick(nodes);
}

const powered = (node: SimNode): boolean => node.powered && !node.frozen;

const TROUBLE: Readonly<Record<FaultKind, Trouble>> = {
  'crash-node': (world, random) => {
    const node = withNode(world, random, powered);
    if (node === undefined) return;
    if (random.chance(0.7)) node.reset();
    else holdOff(world, random, node);
  },
  'freeze-node': (world, random) => {
    const node = withNode(world, random, powered);
    if (node === undefined) return;
    node.freeze();
    world.queue.after(random.pick([100, 800, 4000, 15_000, 60_000]), () => node.thaw());
  },
  'crash-pacemakerd': (world, random) => withNode(world, random, powered)?.endSupervisor(false),
  'crash-executor': (world, random) => withNode(world, random, powered)?.endExecutor(),
  partition: (world, random) => {
    const sides = random.chance(0.8) ? 2 : 3;
    world.network.partition(world.nodes.map(() => random.below(sides)));
  },
  isolate: (world, random) => {
    const alone = random.below(world.nodes.length);
    world.network.partition(world.nodes.map((_, index) => (index === alone ? 1 : 0)));
  },
  // A link that loses one way only makes memberships come and go.
  flap: (world, random) => {
    const alone = random.below(world.nodes.length);
    for (let turn = random.within(1, 4), at = 0; turn > 0; turn -= 1) {
      world.queue.after(at, () => {
        if (!world.calm) world.network.partition(world.nodes.map((_, index) => (index === alone ? 1 : 0)));
      });
      at += random.within(200, 6000);
      world.queue.after(at, () => world.network.heal());
      at += random.within(200, 6000);
    }
  },
  'heal-network': world => world.network.heal(),
  'end-service': (world, random) => {
    const running = world.truth
      .services()
      .flatMap(service => [...world.truth.activeOn(service).keys()].map(node => ({ service, node })));
    if (running.length === 0) return;
    const { service, node } = random.pick(running);
    world.note(`${service} on ${node} ends by itself`);
    world.truth.set(service, node, undefined);
    world.watch(watcher => watcher.truthChanged(service));
  },
  'lose-disk': (world, random) => {
    const node = withNode(world, random, powered);
    const empty = world.nodes.filter(({ disk }) => !isConfigured(world, disk.durable)).length;
    // With a majority of disks gone nothing is promised any more.
    if (node === undefined || 2 * (empty + 1) >= world.nodes.length) return;
    world.watch(watcher => watcher.diskLost(node.index));
    node.reset();
    node.disk.replace();
  },
  'step-clock': (world, random) => {
    const node = withNode(world, random, () => true);
    node?.setClock(random.within(-30, 30) * 1000);
  },
  'stop-node': (world, random) => {
    const node = withNode(world, random, powered);
    node?.supervisor?.feed({ kind: 'shut-down' });
    world.queue.after(random.within(20_000, 100_000), () => node?.startSupervisor());
  },
};

/** What a node writes on an empty disk while it is alone is nothing to go by. */
function isConfigured({ settings }: World, cib: XmlElement | undefined): boolean {
  const resources = cib === undefined ? undefined : sectionOf(cib, 'resources');
  const ids = new Set((resources?.children ?? []).map(one => attribute(one, 'id')));
  return settings.resources.every(({ id }) => ids.has(id));
}

function holdOff(world: World, random: Random, node: SimNode): void {
  world.heldOff.add(node.index);
  node.powerOff();
  world.queue.after(random.within(10_000, 120_000), () => {
    world.heldOff.delete(node.index);
    node.powerOn();
  });
}

/** Everything that somebody would repair is repaired; daemons must do the rest. */
export function heal(world: World): void {
  world.note('all is repaired');
  world.calmDown();
  world.heldOff.clear();
  world.network.heal();
  for (const node of world.nodes) {
    node.thaw();
    node.powerOn();
    node.startSupervisor();
  }
}

/** Somebody looks after nodes that fencing left without power. */
export function keepRepairing(world: World, random: Random): void {
  world.queue.after(random.within(30_000, 90_000), () => {
    for (const index of world.heldOff) world.node(index).powerOn();
    world.heldOff.clear();
    for (const node of world.nodes) {
      node.powerOn();
      if (world.calm) node.startSupervisor();
    }
    keepRepairing(world, random);
  });
}
