import type { Random } from '../../core/base/random.ts';
import { type Instant, instant } from '../../core/base/time.ts';
import type { Member } from '../../core/daemons/contract.ts';
import type { ExecutorAction } from '../../core/messages/executor.ts';
import type { Disk } from './disk.ts';
import type { EventQueue, Occurrence } from './event-queue.ts';
import { ExecutorProcess } from './executor-process.ts';
import { SupervisorProcess } from './supervisor-process.ts';
import type { World } from './world.ts';

/** Virtual time begins here. */
const EPOCH = Date.UTC(2026, 0, 1);

export interface NodeParts {
  readonly world: World;
  readonly index: number;
  readonly member: Member;
  readonly disk: Disk;
  readonly queue: EventQueue;
  readonly random: Random;
}

/** A machine of the cluster with its power, its clock, its disk and its two processes. */
export class SimNode {
  readonly world: World;
  readonly index: number;
  readonly member: Member;
  readonly disk: Disk;
  readonly random: Random;
  readonly #queue: EventQueue;
  #powered = false;
  #frozen = false;
  /** What executors keep for those after them; as /run, it goes with the power. */
  readonly begun = new Map<string, ExecutorAction>();
  /** Counts times of power: what was to happen in an earlier one does not. */
  #life = 0;
  #postponed: (() => void)[] = [];
  #clockOffset = 0;
  #supervisor: SupervisorProcess | undefined;
  #executor: ExecutorProcess | undefined;
  /** Somebody wants pacemakerd to stay down. */
  #keptDown = false;
  /** Pacemakerd left in good order while services were active here. */
  #leftServices = false;

  constructor({ world, index, member, disk, queue, random }: NodeParts) {
    this.world = world;
    this.index = index;
    this.member = member;
    this.disk = disk;
    this.random = random;
    this.#queue = queue;
  }

  get powered(): boolean {
    return this.#powered;
  }
  get frozen(): boolean {
    return this.#frozen;
  }
  get supervisor(): SupervisorProcess | undefined {
    return this.#supervisor;
  }
  get executor(): ExecutorProcess | undefined {
    return this.#executor;
  }

  /** Services go on here that nobody looks after since pacemakerd was stopped, as in maintenance. */
  get hasLeftServices(): boolean {
    const membership = this.#supervisor?.process.state.controller.membership;
    return this.#leftServices && membership?.phase !== 'joined';
  }

  /** Somebody stops pacemakerd, and it has not left yet. */
  get isLeaving(): boolean {
    return this.#supervisor?.process.state.controller.leaving !== undefined;
  }

  /** What the clock of the node shows now. */
  clock(): Instant {
    return this.clockFromNow()();
  }

  /** A clock as a process has it: it reads the node's clock once and counts on from there. */
  clockFromNow(): () => Instant {
    const origin = EPOCH + this.#clockOffset;
    return () => instant(origin + this.#queue.now);
  }

  /** Somebody sets the clock so many milliseconds off the truth. */
  setClock(offset: number): void {
    this.#clockOffset = offset;
  }

  /** Happens on the node: not without power, and not before it wakes up. */
  after(delay: number, run: () => void): Occurrence {
    const life = this.#life;
    const occurrence = this.#queue.after(delay, () => {
      if (life !== this.#life) return;
      if (this.#frozen) this.#postponed.push(run);
      else run();
    });
    return occurrence;
  }

  note(line: string): void {
    this.world.note(`${this.member.name} ${line}`);
  }

  powerOn(): void {
    if (this.#powered) return;
    this.note('power on');
    this.#powered = true;
    this.world.network.powerOn(this.index);
    this.#keptDown = false;
    this.after(this.random.within(100, 1500), () => this.startExecutor());
    this.after(this.random.within(100, 1500), () => this.startSupervisor());
  }

  powerOff(): void {
    if (!this.#powered) return;
    this.note('power off');
    this.#powered = false;
    this.#frozen = false;
    this.#postponed = [];
    this.#life += 1;
    // It had been let go, so nobody will fence it: what it left running has ended with the power, as whoever looks sees.
    if (this.hasLeftServices) this.world.truth.dropClaims(this.member.name);
    this.#leftServices = false;
    this.#supervisor?.end();
    this.#executor?.end();
    this.#supervisor = undefined;
    this.#executor = undefined;
    this.begun.clear();
    this.disk.interrupt(this.random);
    this.world.network.powerOff(this.index);
    this.world.truth.endAll(this.member.name);
  }

  freeze(): void {
    if (!this.#powered || this.#frozen) return;
    this.note('freezes');
    this.#frozen = true;
    this.world.network.freeze(this.index);
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.note('thaws');
    this.#frozen = false;
    const postponed = this.#postponed;
    this.#postponed = [];
    const life = this.#life;
    for (const run of postponed) {
      if (life === this.#life) run();
    }
    if (life === this.#life) this.world.network.thaw(this.index);
  }

  startSupervisor(): void {
    if (!this.#powered || this.#supervisor !== undefined) return;
    this.#keptDown = false;
    this.note('pacemakerd starts');
    const started = new SupervisorProcess(this);
    this.#supervisor = started;
    this.after(this.random.within(5, 60), () => {
      if (this.#supervisor !== started) return;
      started.begin(this.disk.read());
      this.world.network.join(this.index);
      this.#connect();
    });
  }

  startExecutor(): void {
    if (!this.#powered || this.#executor !== undefined) return;
    this.note('pacemaker-execd starts');
    this.#executor = new ExecutorProcess(this);
    this.#executor.feed({ kind: 'started', begun: [...this.begun.values()] });
    this.#connect();
  }

  /** Pacemakerd is gone, with all that it knew; whoever looks after it starts it again unless it `stays` down. */
  endSupervisor(stays: boolean): void {
    const ended = this.#supervisor;
    if (ended === undefined) return;
    this.note('pacemakerd ends');
    ended.end();
    this.#supervisor = undefined;
    this.disk.interrupt(this.random);
    this.world.network.leave(this.index);
    const executor = this.#executor;
    if (executor?.connected) {
      this.after(1, () => {
        if (this.#executor === executor) executor.disconnect();
        this.#connect();
      });
    }
    this.#keptDown = stays;
    if (stays) this.#noteLeave();
    if (!stays) this.after(this.random.within(200, 3000), () => this.#keptDown || this.startSupervisor());
  }

  #noteLeave(): void {
    const { truth } = this.world;
    truth.dropOutlived(this.member.name);
    this.#leftServices = truth.isAnythingActiveOn(this.member.name);
  }

  /** The executor is gone and the agents that it was running with it; services go on. */
  endExecutor(): void {
    const ended = this.#executor;
    if (ended === undefined) return;
    this.note('pacemaker-execd ends');
    ended.end();
    this.#executor = undefined;
    const supervisor = this.#supervisor;
    this.after(1, () => {
      if (this.#supervisor === supervisor) supervisor?.executorLost();
    });
    this.after(this.random.within(200, 3000), () => this.startExecutor());
  }

  /** Power off and, after a while, on again. */
  reset(): void {
    this.powerOff();
    this.#queue.after(this.random.within(3000, 20_000), () => {
      if (!this.world.heldOff.has(this.index)) this.powerOn();
    });
  }

  #connect(): void {
    const supervisor = this.#supervisor;
    const executor = this.#executor;
    if (supervisor === undefined || executor === undefined || !supervisor.begun) return;
    if (supervisor.executor !== undefined || executor.connected) return;
    this.after(this.random.within(1, 20), () => {
      if (this.#supervisor !== supervisor || this.#executor !== executor) return;
      if (supervisor.executor !== undefined || executor.connected) return;
      executor.connect(supervisor);
      supervisor.executorConnected(executor);
    });
  }
}
