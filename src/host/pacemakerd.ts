/** `pacemakerd` put together: the supervisor's machine in the loop, with the real world around it. */
import { randomInt } from 'node:crypto';
import { Random } from '../core/base/random.ts';
import type { SupervisorEffect, SupervisorEnv, SupervisorEvent } from '../core/daemons/contract.ts';
import * as supervisor from '../core/daemons/supervisor/supervisor.ts';
import type { PeerMessage } from '../core/messages/peer.ts';
import { decodePeer, encodePeer } from '../core/messages/peer-codec.ts';
import type { NodeName } from '../core/model/names.ts';
import { parseXml } from '../core/xml/parse.ts';
import { printXml } from '../core/xml/print.ts';
import { now } from './clock.ts';
import { ExecutorLink } from './executor/executor-link.ts';
import { ClientListener } from './ipc/client-listener.ts';
import { BusClient } from './local-bus/bus-client.ts';
import type { Log } from './log.ts';
import { Loop, type Performers } from './loop.ts';
import type { NodeConfiguration } from './main/configuration.ts';
import { panic } from './panic.ts';
import { SchedulerThread } from './scheduler/scheduler-thread.ts';

/** What the daemon is lent beside its configuration. */
export interface PacemakerdParts {
  readonly configuration: NodeConfiguration;
  readonly log: Log;
  readonly disk: CibDisk;
  readonly validate: SupervisorEnv['validate'];
  /** Ends the process, once what was to be said is said. */
  readonly leave: (outcome: 'stopped' | 'restart') => void;
}

type StoreCib = Extract<SupervisorEffect, { readonly kind: 'store-cib' }>;

interface CibDisk {
  readonly load: () => Omit<Extract<SupervisorEvent, { readonly kind: 'started' }>, 'kind'>;
  /** Settles when it is durable. */
  readonly store: (cib: StoreCib['cib'], lineage: StoreCib['lineage']) => Promise<void>;
}

const SEEDS = 2 ** 32;

export class Pacemakerd {
  readonly #parts: PacemakerdParts;
  readonly #loop: Loop<supervisor.State, SupervisorEvent, SupervisorEffect, SupervisorEnv>;
  readonly #clients: ClientListener;
  readonly #scheduler: SchedulerThread;
  #executor: ExecutorLink | undefined;
  #bus: BusClient | undefined;
  readonly #toStore: StoreCib[] = [];
  #storing = false;
  #handingOver = false;

  constructor(parts: PacemakerdParts) {
    this.#parts = parts;
    const { configuration, log, validate } = parts;
    const random = new Random(randomInt(SEEDS));
    this.#loop = new Loop({
      machine: supervisor,
      performers: this.#performers(),
      env: () => ({ now: now(), node: configuration.node, random, validate }),
    });
    this.#clients = new ClientListener(event => this.#loop.post(event));
    this.#scheduler = new SchedulerThread({
      inputs: configuration.places.schedulerInputs,
      answer: computed => {
        if (computed.kind === 'transition') this.#loop.post({ ...computed, kind: 'transition-computed' });
        else this.#loop.post({ ...computed, kind: 'device-placement-computed' });
      },
      kept: told => {
        if (told.kind === 'kept') {
          log.write('notice', `Calculated transition ${told.transition}, saving inputs in ${told.path}`);
        } else {
          log.write('warning', `the input of transition ${told.transition} was not saved: ${told.problem}`);
        }
      },
      complain: text => log.write('crit', text),
    });
  }

  /** Reads the disk, then opens the sockets: whoever can ask is answered by a daemon that knows its CIB. */
  async start(): Promise<void> {
    const { configuration, disk } = this.#parts;
    const { places, node, bus } = configuration;
    this.#loop.post({ kind: 'started', ...disk.load() });
    await this.#clients.listen(places.clientSocket);
    this.#executor = new ExecutorLink(places.executorSocket, {
      connected: () => this.#loop.post({ kind: 'executor-connected' }),
      lost: () => this.#loop.post({ kind: 'executor-lost' }),
      reply: reply => this.#loop.post({ kind: 'executor-reply', reply }),
    });
    this.#bus = new BusClient({
      path: bus,
      node,
      role: 'peer',
      listener: {
        view: view => this.#loop.post({ kind: 'membership', ...view }),
        message: (from, payload) => this.#hear(from, payload),
      },
    });
  }

  shutDown(): void {
    this.#loop.post({ kind: 'shut-down' });
  }

  /** Ends the process and nothing else, for the next one to go on where this one was: the node stays in the cluster. */
  handOver(): void {
    this.#handingOver = true;
    if (!this.#storing) this.#exit('restart', 'the next process takes over');
  }

  #performers(): Performers<SupervisorEffect> {
    return {
      multicast: ({ message }) => this.#bus?.multicast(payloadOf(message)),
      send: ({ to, message }) => this.#bus?.send(to, payloadOf(message)),
      'ask-executor': ({ request }) => this.#executor?.ask(request),
      reply: ({ client, request, reply }) => this.#clients.reply(client, request, reply),
      notify: ({ client, notification }) => this.#clients.notify(client, notification),
      'store-cib': effect => void this.#store(effect),
      'compute-transition': effect => this.#scheduler.ask({ ...effect, kind: 'transition' }),
      'compute-device-placement': effect =>
        this.#scheduler.ask({
          ...effect,
          kind: 'device-placement',
          node: this.#parts.configuration.node.name,
        }),
      log: ({ level, text, fields }) => this.#parts.log.write(level, text, fields),
      exit: ({ outcome, reason }) => this.#exit(outcome, reason),
      panic: ({ reason }) => {
        this.#parts.log.write('crit', `this node must not go on: ${reason}`);
        panic(this.#parts.configuration);
      },
    };
  }

  #hear(from: NodeName, payload: string): void {
    const parsed = parseXml(JSON.parse(payload) as string);
    const message = parsed.ok ? decodePeer(parsed.root) : undefined;
    if (message !== undefined) this.#loop.post({ kind: 'message', from, message });
    else this.#parts.log.write('warning', `passed over a message of ${from} that is not understood`);
  }

  /** While a document is on its way to the disk only the newest of those that follow is stored: it holds the others. */
  async #store(wanted: StoreCib): Promise<void> {
    this.#toStore.push(wanted);
    if (this.#storing) return;
    this.#storing = true;
    for (let newest = this.#toStore.at(-1); newest !== undefined; newest = this.#toStore.at(-1)) {
      const stored = this.#toStore.splice(0);
      try {
        await this.#parts.disk.store(newest.cib, newest.lineage);
      } catch (error) {
        // Without its disk the node cannot keep what it promises to keep.
        this.#exit('restart', `could not store the CIB: ${error instanceof Error ? error.message : error}`);
        return;
      }
      for (const { effect } of stored) this.#loop.post({ kind: 'cib-stored', effect });
    }
    this.#storing = false;
    if (this.#handingOver) this.handOver();
  }

  #exit(outcome: 'stopped' | 'restart', reason: string): void {
    const inOrder = outcome === 'stopped' || this.#handingOver;
    this.#parts.log.write(inOrder ? 'notice' : 'err', `leaving: ${reason}`);
    this.#loop.stop();
    this.#scheduler.stop();
    this.#clients.close();
    this.#executor?.close();
    this.#bus?.close();
    this.#parts.leave(outcome);
  }
}

/** Text in quotes, so that it is one line whatever the message holds. */
const payloadOf = (message: PeerMessage): string => JSON.stringify(printXml(encodePeer(message)));
