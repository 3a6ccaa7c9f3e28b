/** One seed, from the start of all nodes through trouble and repair to rest. */
import { Random } from '../core/base/random.ts';
import type { Bug } from './bugs/bug.ts';
import { Acknowledged } from './checkers/acknowledged.ts';
import { Exclusive } from './checkers/exclusive.ts';
import { Failures } from './checkers/failures.ts';
import { Monitors } from './checkers/monitors.ts';
import { Once } from './checkers/once.ts';
import { OneDc } from './checkers/one-dc.ts';
import { Observer } from './checkers/settled.ts';
import { Clients } from './clients.ts';
import { allowancesOf } from './configuration.ts';
import { causeTrouble, heal, keepRepairing } from './faults/faults.ts';
import {
  describeSettings,
  drawSettings,
  type PrimitiveSpec,
  type ResourceSpec,
  type Settings,
} from './settings.ts';
import { Broken, World } from './world/world.ts';

export interface RunInit {
  readonly seed: number;
  readonly nodes?: number;
  readonly bug?: Bug;
  /** Changes what the seed drew. */
  readonly adjust?: (settings: Settings) => Settings;
  /** Hears the settings and every line of the history. */
  readonly print?: (line: string) => void;
}

export interface Outcome {
  readonly seed: number;
  /** Of the whole history: equal for equal seeds. */
  readonly digest: string;
  readonly lines: number;
  /** Milliseconds of virtual time. */
  readonly lasted: number;
  readonly broken?: { readonly checker: string; readonly text: string };
}

/** Milliseconds of virtual time. */
const CLEAN_UP_AFTER = 90_000;
const MEET_WITHIN = 30_000;
const REST_WITHIN = 30 * 60_000;
const ASK_EVERY = 5000;
const HOLD = 60_000;

export function run({ seed, nodes, bug, adjust = same => same, print }: RunInit): Outcome {
  const drawn = drawSettings(seed, nodes);
  const settings = adjust({ ...drawn, faults: bug?.faults ?? drawn.faults });
  for (const line of describeSettings(settings)) print?.(line);
  const world = new World({
    settings,
    ...(bug === undefined ? {} : { bug }),
    ...(print === undefined ? {} : { print }),
  });
  try {
    new Seed(world, settings).live();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    world.note(`BROKEN ${error.checker}: ${error.message}`);
    return { ...outcome(world), broken: { checker: error.checker, text: error.message } };
  }
  return outcome(world);
}

const outcome = ({ settings, history, now }: World): Outcome => ({
  seed: settings.seed,
  digest: history.digest(),
  lines: history.lines,
  lasted: now,
});

class Seed {
  readonly #world: World;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #clients: Clients;
  readonly #acknowledged: Acknowledged;
  readonly #failures: Failures;
  readonly #monitors: Monitors;
  readonly #observer: Observer;

  constructor(world: World, settings: Settings) {
    this.#world = world;
    this.#settings = settings;
    this.#random = new Random(settings.seed ^ 0xfa17);
    this.#acknowledged = new Acknowledged(world);
    this.#clients = new Clients(world, this.#random.fork(), this.#acknowledged);
    this.#failures = new Failures(world);
    this.#monitors = new Monitors(world);
    this.#observer = new Observer(world);
    // Failures compares with what was claimed before the action, so it looks first.
    world.addWatcher(this.#failures);
    // Parts that ignore quorum each believe a node down that rebooted into another part: that is what was chosen.
    if (settings.noQuorumPolicy !== 'ignore') {
      world.addWatcher(new Exclusive(world, allowancesOf(settings)));
    }
    world.addWatcher(new OneDc(world));
    world.addWatcher(new Once(world));
    world.addWatcher(this.#acknowledged);
    world.addWatcher(this.#monitors);
  }

  live(): void {
    const world = this.#world;
    for (const node of world.nodes) world.queue.after(this.#random.below(3000), () => node.powerOn());
    const quiet = this.#random.pick([0, 20_000, 60_000]);
    world.queue.after(quiet, () => {
      causeTrouble(world, this.#random.fork());
      this.#clients.begin();
    });
    keepRepairing(world, this.#random.fork());
    this.#until(() => world.now >= quiet + this.#settings.trouble);
    heal(world);
    // What is written before the parts have met may lose against the other part's document.
    world.queue.after(MEET_WITHIN, () => this.#clients.tidyUp());
    world.queue.after(CLEAN_UP_AFTER, () => {
      this.#compareCounts();
      this.#clients.cleanUp();
    });
    this.#rest(world.now + REST_WITHIN);
  }

  /** Waits until the cluster has settled, and stays so for a while. */
  #rest(deadline: number): void {
    const world = this.#world;
    let restsSince: number | undefined;
    this.#pass(CLEAN_UP_AFTER + ASK_EVERY);
    for (;;) {
      const answers = this.#observer.askAll();
      this.#pass(1000);
      const open = this.#observer.unsettled(answers);
      const [cib] = answers.cibs;
      if (open.length === 0 && cib !== undefined) {
        restsSince ??= world.now;
        this.#expectNone('acknowledged', this.#acknowledged.missingIn(cib, this.#clients.notes));
        this.#expectNone('failures', this.#failures.tooHighIn(cib));
      } else restsSince = undefined;
      if (restsSince !== undefined && world.now - restsSince > HOLD) break;
      if (world.now > deadline) {
        world.broken('rest', open.length > 0 ? open.join('; ') : 'comes to rest and does not stay so');
      }
      this.#pass(ASK_EVERY);
    }
    this.#expectNone('monitors', this.#monitors.forgotten(HOLD, new Set(watchedServices(this.#settings))));
  }

  /** Before the counts are cleaned away. */
  #compareCounts(): void {
    for (const { supervisor } of this.#world.nodes) {
      const cib = supervisor?.process.state.cib.cib;
      if (cib !== undefined) this.#expectNone('failures', this.#failures.tooHighIn(cib));
    }
  }

  #expectNone(checker: string, wrong: readonly string[]): void {
    if (wrong.length > 0) this.#world.broken(checker, wrong.join('; '));
  }

  #pass(duration: number): void {
    const until = this.#world.now + duration;
    let over = false;
    this.#world.queue.after(until - this.#world.now, () => {
      over = true;
    });
    this.#until(() => over);
  }

  #until(done: () => boolean): void {
    const { queue } = this.#world;
    while (!done() && queue.advance());
  }
}

function watchedServices({ resources }: Settings): readonly string[] {
  const primitives = (spec: ResourceSpec): readonly PrimitiveSpec[] => {
    if (spec.kind === 'group') return spec.members;
    return spec.kind === 'primitive' ? [spec] : [spec.child];
  };
  return resources.flatMap(primitives).map(({ id }) => id);
}
