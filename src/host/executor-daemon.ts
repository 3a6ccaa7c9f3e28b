/** `pacemaker-execd` put together: the executor's machine in the loop, with agents and one connection around it. */
import type { ExecutorEffect, ExecutorEvent } from '../core/daemons/contract.ts';
import * as executor from '../core/daemons/executor/executor.ts';
import type { Agents } from './agents/agents.ts';
import { now } from './clock.ts';
import { ExecutorListener } from './executor/executor-listener.ts';
import { BusClient } from './local-bus/bus-client.ts';
import type { Log } from './log.ts';
import { Loop, type Performers } from './loop.ts';
import type { NodeConfiguration } from './main/configuration.ts';

export interface ExecutorDaemonParts {
  readonly configuration: NodeConfiguration;
  readonly log: Log;
  readonly agents: (post: (event: ExecutorEvent) => void) => Agents;
}

export class ExecutorDaemon {
  readonly #configuration: NodeConfiguration;
  readonly #listener: ExecutorListener;
  readonly #agents: Agents;
  readonly #log: Log;
  #presence: BusClient | undefined;

  constructor({ configuration, log, agents }: ExecutorDaemonParts) {
    this.#configuration = configuration;
    this.#log = log;
    const performers: Performers<ExecutorEffect> = {
      reply: ({ reply }) => this.#listener.reply(reply),
      spawn: effect => this.#agents.spawn(effect),
      'kill-group': ({ effect, signal }) => this.#agents.signal(effect, signal),
      log: ({ level, text, fields }) => log.write(level, text, fields),
    };
    const loop = new Loop<executor.State, ExecutorEvent, ExecutorEffect, executor.Env>({
      machine: executor,
      performers,
      env: () => ({ now: now() }),
    });
    this.#listener = new ExecutorListener(event => loop.post(event));
    this.#agents = agents(event => loop.post(event));
  }

  /** Opens the socket, and shows the other nodes that this one is up, whatever becomes of its `pacemakerd`. */
  async start(): Promise<void> {
    const { places, node, bus } = this.#configuration;
    const ended = this.#agents.endLeftovers();
    if (ended > 0) this.#log.write('warning', `ended ${ended} actions that an earlier executor left running`);
    await this.#listener.listen(places.executorSocket);
    this.#presence = new BusClient({
      path: bus,
      node,
      role: 'presence',
      listener: { view: () => undefined, message: () => undefined },
    });
  }

  stop(): void {
    this.#listener.close();
    this.#presence?.close();
  }
}
