/**
 * The only loop: an event goes into the machine, the machine's effects are performed, and what comes of them
 * comes back as events. One event is finished before the next begins.
 */
import type { Instant } from '../core/base/time.ts';
import { now } from './clock.ts';

export interface Machine<State, Event, Effect, Env> {
  readonly initial: State;
  readonly step: (state: State, event: Event, env: Env) => readonly [State, readonly Effect[]];
  /** When the machine wants a `tick`. */
  readonly deadline: (state: State) => Instant | undefined;
}

/** How each kind of effect is carried out; a kind that is missing here does not compile. */
export type Performers<Effect extends { readonly kind: string }> = {
  readonly [Kind in Effect['kind']]: (effect: Extract<Effect, { readonly kind: Kind }>) => void;
};

interface Tick {
  readonly kind: 'tick';
}

/** Longest time that a timer of the runtime can hold; a later deadline is looked at again after it. */
const LONGEST_TIMER = 0x7fff_ffff;

export class Loop<
  State,
  Event extends { readonly kind: string },
  Effect extends { readonly kind: string },
  Env,
> {
  readonly #machine: Machine<State, Event | Tick, Effect, Env>;
  readonly #performers: Performers<Effect>;
  readonly #env: () => Env;
  readonly #queue: (Event | Tick)[] = [];
  #state: State;
  #running = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly machine: Machine<State, Event | Tick, Effect, Env>;
    readonly performers: Performers<Effect>;
    readonly env: () => Env;
  }) {
    this.#machine = options.machine;
    this.#performers = options.performers;
    this.#env = options.env;
    this.#state = options.machine.initial;
  }

  /** Hands in what happened. Called from within a performer, it waits for its turn. */
  post(event: Event | Tick): void {
    this.#queue.push(event);
    if (this.#running || this.#stopped) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next);
    } finally {
      this.#running = false;
    }
    this.#arm();
  }

  /** Nothing is taken or performed any more. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    clearTimeout(this.#timer);
  }

  #take(event: Event | Tick): void {
    const [state, effects] = this.#machine.step(this.#state, event, this.#env());
    this.#state = state;
    for (const effect of effects) {
      if (this.#stopped) return;
      this.#perform(effect);
    }
  }

  #perform<Kind extends Effect['kind']>(effect: Effect & { readonly kind: Kind }): void {
    const kind: Kind = effect.kind;
    this.#performers[kind](effect as Extract<Effect, { readonly kind: Kind }>);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const deadline = this.#stopped ? undefined : this.#machine.deadline(this.#state);
    if (deadline === undefined) return;
    // A millisecond at least, so that a machine whose deadline does not move cannot starve the sockets.
    const wait = Math.min(Math.max(deadline - now(), 1), LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      if (now() >= deadline) this.post({ kind: 'tick' });
      else this.#arm();
    }, wait);
  }
}
