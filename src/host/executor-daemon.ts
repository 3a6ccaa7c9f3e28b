/** `pacemaker-execd` put together: the executor's machine in the loop, with agents and one connection around it. */
import { join } from 'node:path';
import type { ExecutorEffect, ExecutorEvent } from '../core/daemons/contract.ts';
import * as executor from '../core/daemons/executor/executor.ts';
import type { Agents } from './agents/agents.ts';
import { now } from './clock.ts';
import { BegunFolder } from './executor/begun-folder.ts';
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
  readonly #begun: BegunFolder;
  readonly #loop: Loop<executor.State, ExecutorEvent, ExecutorEffect, executor.Env>;
  #presence: BusClient | undefined;

  constructor({ configuration, log, agents }: ExecutorDaemonParts) {
    this.#configuration = configuration;
    this.#log = log;
    const performers: Performers<ExecutorEffect> = {
      reply: ({ reply }) => this.#listener.reply(reply),
      spawn: effect => this.#agents.spawn(effect),
      'keep-begun': ({ resource, action }) => this.#begun.keep(resource, action),
      'kill-group': ({ effect, signal }) => this.#agents.signal(effect, signal),
      log: ({ level, text, fields }) => log.write(level, text, fields),
    };
    this.#begun = new BegunFolder(join(configuration.places.run, 'begun'));
    this.#loop = new Loop({
      machine: executor,
      performers,
      env: () => ({ now: now() }),
    });
    this.#listener = new ExecutorListener(event => this.#loop.post(event));
    this.#agents = agents(event => this.#loop.post(event));
  }

  /** Opens the socket, and shows the other nodes that this one is up, whatever becomes of its `pacemakerd`. */
  async start(): Promise<void> {
    const { places, node, bus } = this.#configuration;
    const ended = this.#agents.endLeftovers();
    if (ended > 0) this.#log.write('warning', `ended ${ended} actions that an earlier executor left running`);
    const { begun, unreadable } = this.#begun.read();
    for (const name of unreadable) this.#log.write('err', `what was kept of ${name} cannot be read`);
    this.#loop.post({ kind: 'started', begun });
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
