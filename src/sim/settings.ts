/**
 * What a seed draws before anything happens. Every seed has its own mixture of faults, some of them left out
 * altogether (swarm testing): a fault that is always there hides what happens without it.
 */
import { Random } from '../core/base/random.ts';
import type { AgentHabits } from './world/agents.ts';
import type { FenceHabits } from './world/fence-devices.ts';
import type { NetworkTimes } from './world/network.ts';

export const FAULTS = [
  'crash-node',
  'freeze-node',
  'crash-pacemakerd',
  'crash-executor',
  'partition',
  'isolate',
  'flap',
  'heal-network',
  'end-service',
  'lose-disk',
  'step-clock',
  'stop-node',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export const CLIENT_ACTIONS = [
  'note',
  'standby',
  'move',
  'clear',
  'target-role',
  'attribute',
  'cleanup',
  'parameter',
  'fence',
  'maintenance',
  'add-resource',
  'remove-resource',
] as const;
export type ClientAction = (typeof CLIENT_ACTIONS)[number];

export interface PrimitiveSpec {
  readonly kind: 'primitive';
  readonly id: string;
  /** Milliseconds. */
  readonly monitor: number;
  readonly migratable: boolean;
  readonly stickiness: number;
  readonly migrationThreshold: number;
  readonly onFail: 'restart' | 'fence' | 'block' | 'ignore' | 'stop' | 'standby';
}

export type ResourceSpec =
  | PrimitiveSpec
  | { readonly kind: 'group'; readonly id: string; readonly members: readonly PrimitiveSpec[] }
  | {
      readonly kind: 'clone';
      readonly id: string;
      readonly child: PrimitiveSpec;
      readonly max: number | undefined;
      readonly interleave: boolean;
      readonly notify: boolean;
    }
  | {
      readonly kind: 'promotable';
      readonly id: string;
      readonly child: PrimitiveSpec;
      readonly max: number | undefined;
      readonly notify: boolean;
    };

export interface ConstraintSpec {
  readonly kind: 'location' | 'colocation' | 'order';
  readonly first: string;
  /** A resource, or a node's number for `location`. */
  readonly second: string;
  readonly score: string;
}

export interface Settings {
  readonly seed: number;
  readonly nodes: number;
  readonly times: NetworkTimes;
  /** Milliseconds that a write takes at most. */
  readonly diskDelay: number;
  readonly agents: AgentHabits;
  readonly fencing: FenceHabits;
  readonly fencingAction: 'reboot' | 'off';
  readonly fenceDevices: 'one' | 'per-node' | 'two-levels';
  readonly noQuorumPolicy: 'stop' | 'freeze' | 'ignore' | 'demote' | 'fence';
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly clients: Readonly<Partial<Record<ClientAction, number>>>;
  /** Mean milliseconds between two faults, and between two requests. */
  readonly faultEvery: number;
  readonly requestEvery: number;
  /** Milliseconds for which there are faults. */
  readonly trouble: number;
  /** Messages between nodes are written as XML and read back, as on a real wire. */
  readonly throughText: boolean;
  readonly resources: readonly ResourceSpec[];
  readonly constraints: readonly ConstraintSpec[];
}

export function drawSettings(seed: number, nodes?: number): Settings {
  const random = new Random(seed);
  const count = nodes ?? random.pick([3, 3, 3, 3, 4, 5, 5, 6, 7]);
  const resources = drawResources(random, count);
  return {
    seed,
    nodes: count,
    times: drawTimes(random),
    diskDelay: random.pick([3, 10, 100, 800]),
    agents: drawAgents(random),
    fencing: drawFencing(random),
    fencingAction: random.chance(0.8) ? 'reboot' : 'off',
    fenceDevices: random.pick(['one', 'per-node', 'two-levels']),
    noQuorumPolicy: random.pick(['stop', 'stop', 'stop', 'freeze', 'ignore', 'demote', 'fence']),
    faults: drawWeights(random, FAULTS),
    clients: drawWeights(random, CLIENT_ACTIONS),
    faultEvery: random.pick([2000, 5000, 10_000, 20_000]),
    requestEvery: random.pick([1000, 4000, 15_000]),
    trouble: random.within(20, 90) * 1000,
    throughText: random.chance(0.05),
    resources,
    constraints: drawConstraints(random, resources, count),
  };
}

function drawWeights<Kind extends string>(
  random: Random,
  kinds: readonly Kind[],
): Readonly<Partial<Record<Kind, number>>> {
  const weights: Partial<Record<Kind, number>> = {};
  for (const kind of kinds) {
    if (random.chance(0.5)) weights[kind] = random.within(1, 5);
  }
  return weights;
}

const drawTimes = (random: Random): NetworkTimes => ({
  base: 1,
  jitter: random.pick([1, 5, 30]),
  slowShare: random.pick([0, 0, 0.02]),
  slow: 400,
  token: random.pick([1000, 3000]),
  merge: random.pick([200, 1500]),
});

function drawAgents(random: Random): AgentHabits {
  const rarely = (share: number) => (random.chance(0.4) ? share : 0);
  return {
    monitor: 40,
    start: random.pick([100, 1000, 3000]),
    stop: random.pick([100, 1000, 3000]),
    slowShare: rarely(0.02),
    hangShare: rarely(0.01),
    startFails: rarely(0.05),
    stopFails: rarely(0.03),
    promoteFails: rarely(0.05),
    monitorFails: rarely(0.01),
    migrateFails: rarely(0.2),
  };
}

function drawFencing(random: Random): FenceHabits {
  const rarely = (share: number) => (random.chance(0.4) ? share : 0);
  return {
    takes: random.pick([300, 2000, 8000]),
    slowShare: rarely(0.1),
    hangShare: rarely(0.1),
    fails: rarely(0.3),
    replyLost: rarely(0.2),
  };
}

function drawPrimitive(random: Random, id: string): PrimitiveSpec {
  return {
    kind: 'primitive',
    id,
    monitor: random.pick([5000, 10_000, 20_000]),
    migratable: random.chance(0.2),
    stickiness: random.pick([0, 0, 1, 100]),
    migrationThreshold: random.pick([0, 0, 0, 1, 3]),
    onFail: random.pick(['restart', 'restart', 'restart', 'restart', 'fence', 'ignore', 'block', 'stop']),
  };
}

function drawResources(random: Random, nodes: number): readonly ResourceSpec[] {
  const drawn: ResourceSpec[] = [];
  for (let count = random.within(1, 2); count > 0; count -= 1) {
    drawn.push(drawPrimitive(random, `single-${count}`));
  }
  if (random.chance(0.5)) {
    const members = [...Array(random.within(2, 3)).keys()].map(at =>
      drawPrimitive(random, `member-${at + 1}`),
    );
    drawn.push({ kind: 'group', id: 'group', members });
  }
  // Without any stickiness the instances of a clone may change places with every look at them.
  const child = (id: string): PrimitiveSpec => {
    const drawn = drawPrimitive(random, id);
    return { ...drawn, migratable: false, stickiness: Math.max(1, drawn.stickiness) };
  };
  if (random.chance(0.4)) {
    const max = random.chance(0.5) ? undefined : random.within(1, nodes);
    const interleave = random.chance(0.5);
    drawn.push({
      kind: 'clone',
      id: 'clone',
      child: child('copy'),
      max,
      interleave,
      notify: random.chance(0.2),
    });
  }
  if (random.chance(0.4)) {
    const max = random.chance(0.5) ? undefined : random.within(2, nodes);
    drawn.push({
      kind: 'promotable',
      id: 'promotable',
      child: unblocked(child('database')),
      max,
      notify: random.chance(0.3),
    });
  }
  return drawn;
}

/** Beside a failed copy that is blocked another is started, in Pacemaker as here, which forgets the blocked one. */
const unblocked = (spec: PrimitiveSpec): PrimitiveSpec =>
  spec.onFail === 'block' ? { ...spec, onFail: 'stop' } : spec;

function drawConstraints(
  random: Random,
  resources: readonly ResourceSpec[],
  nodes: number,
): readonly ConstraintSpec[] {
  const drawn: ConstraintSpec[] = [];
  const ids = resources.map(({ id }) => id);
  for (let count = random.below(3); count > 0; count -= 1) {
    const score = random.pick(['50', '100', 'INFINITY', '-INFINITY']);
    drawn.push({ kind: 'location', first: random.pick(ids), second: String(random.within(1, nodes)), score });
  }
  // Only later ones depend on earlier ones: no circles.
  for (let count = random.below(3); count > 0 && ids.length > 1; count -= 1) {
    const later = random.within(1, ids.length - 1);
    const earlier = random.below(later);
    drawn.push({
      kind: random.pick(['colocation', 'order']),
      first: ids[earlier] as string,
      second: ids[later] as string,
      score: random.pick(['INFINITY', 'INFINITY', '100']),
    });
  }
  return drawn;
}

/** One line a group of settings, for the head of a history. */
export function describeSettings(settings: Settings): readonly string[] {
  const { resources, constraints, ...rest } = settings;
  return [
    ...Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ...resources.map(resource => `resource ${JSON.stringify(resource)}`),
    ...constraints.map(constraint => `constraint ${JSON.stringify(constraint)}`),
  ];
}
