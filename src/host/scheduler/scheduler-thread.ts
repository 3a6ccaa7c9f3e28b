/**
 * The scheduler, in a thread of its own: a large cluster takes it seconds, in which the node must go on answering.
 * It works on one computation at a time, in the order in which they are asked.
 */
import { Worker } from 'node:worker_threads';
import type { EffectId } from '../../core/daemons/contract.ts';
import type { Computation, Computed, Kept } from './computation.ts';

export class SchedulerThread {
  readonly #inputs: string;
  readonly #answer: (computed: Computed) => void;
  readonly #kept: (kept: Kept) => void;
  readonly #complain: (text: string) => void;
  readonly #asked = new Map<EffectId, Computation>();
  #worker: Worker | undefined;

  constructor(options: {
    /** Folder in which what it decided on is kept. */
    readonly inputs: string;
    readonly answer: (computed: Computed) => void;
    readonly kept: (kept: Kept) => void;
    readonly complain: (text: string) => void;
  }) {
    this.#inputs = options.inputs;
    this.#answer = options.answer;
    this.#kept = options.kept;
    this.#complain = options.complain;
    this.#worker = this.#start();
  }

  ask(computation: Computation): void {
    this.#asked.set(computation.effect, computation);
    this.#worker ??= this.#start();
    this.#worker.postMessage(computation);
  }

  stop(): void {
    const worker = this.#worker;
    this.#asked.clear();
    this.#worker = undefined;
    void worker?.terminate();
  }

  #start(): Worker {
    // The bundle has the worker beside it under the bundle's own ending.
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'cjs';
    const worker = new Worker(new URL(`./scheduler-worker.${ending}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
      workerData: { inputs: this.#inputs },
    });
    worker.on('message', (told: Computed | Kept) => {
      if (told.kind === 'kept' || told.kind === 'not-kept') this.#kept(told);
      else if (this.#asked.delete(told.effect)) this.#answer(told);
    });
    worker.on('error', error => this.#failed(worker, error as Error));
    return worker;
  }

  /** A fault of the scheduler must not end the node: what it was asked has no outcome, and the next may have. */
  #failed(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#complain(`the scheduler failed: ${error.stack ?? error.message}`);
    const [first, ...others] = this.#asked.values();
    if (first === undefined) return;
    this.#asked.delete(first.effect);
    this.#answer(withoutOutcome(first, error.message));
    for (const computation of others) this.ask(computation);
  }
}

function withoutOutcome(computation: Computation, message: string): Computed {
  const { effect } = computation;
  if (computation.kind === 'device-placement') return { kind: 'device-placement', effect, placement: [] };
  const graph = { id: computation.transition, settings: {}, synapses: [] };
  return { kind: 'transition', effect, result: { graph, problems: [message] } };
}
