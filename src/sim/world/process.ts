import type { Instant } from '../../core/base/time.ts';
import type { Occurrence } from './event-queue.ts';

/** A machine: pure, and the same one that runs on a real host. */
export interface Machine<State, Event, Effect, Env> {
  readonly initial: State;
  readonly step: (state: State, event: Event, env: Env) => readonly [State, readonly Effect[]];
  readonly deadline: (state: State) => Instant | undefined;
}

export interface Surroundings<Event, Effect, Env> {
  readonly env: () => Env & { readonly now: Instant };
  readonly tick: Event;
  readonly perform: (effect: Effect) => void;
  /** Within the life of the process's node. */
  readonly after: (delay: number, run: () => void) => Occurrence;
  readonly note: (line: string) => void;
  readonly describeEvent: (event: Event) => string;
  readonly describeEffect: (effect: Effect) => string | undefined;
  /** The machine broke an assertion, or wakes up without end. */
  readonly broken: (what: string) => void;
}

const TICKS_IN_A_ROW = 200;

/** One life of a machine: from its start to its crash or exit. */
export class Process<State, Event, Effect, Env> {
  readonly #machine: Machine<State, Event, Effect, Env>;
  readonly #around: Surroundings<Event, Effect, Env>;
  #state: State;
  #alive = true;
  #wake: { readonly due: Instant; readonly occurrence: Occurrence } | undefined;
  #lateTicks = 0;

  constructor(machine: Machine<State, Event, Effect, Env>, around: Surroundings<Event, Effect, Env>) {
    this.#machine = machine;
    this.#around = around;
    this.#state = machine.initial;
  }

  get state(): State {
    return this.#state;
  }

  get alive(): boolean {
    return this.#alive;
  }

  feed(event: Event): void {
    if (!this.#alive) return;
    const around = this.#around;
    around.note(`< ${around.describeEvent(event)}`);
    let effects: readonly Effect[];
    try {
      [this.#state, effects] = this.#machine.step(this.#state, event, around.env());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      around.broken(`${error.stack ?? error.message}\non ${around.describeEvent(event)}`);
      return;
    }
    for (const effect of effects) {
      if (!this.#alive) return;
      const line = around.describeEffect(effect);
      if (line !== undefined) around.note(`> ${line}`);
      around.perform(effect);
    }
    if (this.#alive) this.#reckon();
  }

  end(): void {
    this.#alive = false;
    this.#callOff();
  }

  /** Sets the alarm for the deadline of the present state. */
  #reckon(): void {
    const due = this.#machine.deadline(this.#state);
    if (due === undefined) {
      this.#callOff();
      return;
    }
    if (this.#wake?.due === due) return;
    const { now } = this.#around.env();
    this.#callOff();
    const occurrence = this.#around.after(Math.max(due - now, 1), () => this.#ring(occurrence));
    this.#wake = { due, occurrence };
  }

  #ring(occurrence: Occurrence): void {
    if (this.#wake?.occurrence !== occurrence) return;
    this.#wake = undefined;
    this.feed(this.#around.tick);
    if (!this.#alive) return;
    const due = this.#machine.deadline(this.#state);
    const { now } = this.#around.env();
    this.#lateTicks = due !== undefined && due <= now ? this.#lateTicks + 1 : 0;
    if (this.#lateTicks > TICKS_IN_A_ROW) {
      this.#around.broken(`wakes up without end: its deadline is still ${due} at ${now}`);
    }
  }

  #callOff(): void {
    if (this.#wake !== undefined) this.#wake.occurrence.run = undefined;
    this.#wake = undefined;
  }
}
