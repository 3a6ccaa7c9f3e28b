import { assert } from '../../core/base/assert.ts';
import type { Problem } from '../../core/cib/call.ts';
import { sectionOf } from '../../core/cib/document.ts';
import type { SupervisorEffect, SupervisorEnv, SupervisorEvent } from '../../core/daemons/contract.ts';
import * as supervisor from '../../core/daemons/supervisor/supervisor.ts';
import type { ClientReply, ClientRequest } from '../../core/messages/client.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import { describeSupervisorEffect, describeSupervisorEvent } from './describe.ts';
import type { DiskContents } from './disk.ts';
import type { ExecutorProcess } from './executor-process.ts';
import type { SimNode } from './node.ts';
import { Process } from './process.ts';

type Answer = (reply: ClientReply | 'lost') => void;
type Of<Kind extends SupervisorEffect['kind']> = Extract<SupervisorEffect, { readonly kind: Kind }>;

/** One life of pacemakerd on a node. */
export class SupervisorProcess {
  readonly process: Process<supervisor.State, SupervisorEvent, SupervisorEffect, SupervisorEnv>;
  readonly #node: SimNode;
  readonly #asked = new Map<string, Answer>();
  #executor: ExecutorProcess | undefined;
  #clients = 0;
  #begun = false;
  #lastToExecutor = 0;
  #membership: SupervisorEvent | undefined;

  constructor(node: SimNode) {
    this.#node = node;
    const random = node.random.fork();
    const clock = node.clockFromNow();
    this.process = new Process<supervisor.State, SupervisorEvent, SupervisorEffect, SupervisorEnv>(
      supervisor,
      {
        env: () => ({ now: clock(), node: node.member, random, validate: incomplete }),
        tick: { kind: 'tick' },
        perform: effect => {
          for (const one of node.world.bug?.supervisorEffect?.(effect, node) ?? [effect]) this.#perform(one);
        },
        after: (delay, run) => node.after(delay, run),
        note: line => node.note(line),
        describeEvent: describeSupervisorEvent,
        describeEffect: describeSupervisorEffect,
        broken: what => node.world.broken('assertion', `pacemakerd of ${node.member.name}: ${what}`),
      },
    );
  }

  get begun(): boolean {
    return this.#begun;
  }
  /** The last one that it heard of; nodes that heard of the same one hold the same object. */
  get membership(): SupervisorEvent | undefined {
    return this.#membership;
  }
  get executor(): ExecutorProcess | undefined {
    return this.#executor;
  }

  begin(contents: DiskContents): void {
    this.#begun = true;
    this.feed({ kind: 'started', ...contents });
  }

  feed(event: SupervisorEvent): void {
    for (const one of this.#node.world.bug?.supervisorEvent?.(event, this.#node) ?? [event]) {
      if (one.kind === 'membership') this.#membership = one;
      this.process.feed(one);
    }
  }

  executorConnected(executor: ExecutorProcess): void {
    this.#executor = executor;
    this.feed({ kind: 'executor-connected' });
  }

  executorLost(): void {
    if (this.#executor === undefined) return;
    this.#executor = undefined;
    this.feed({ kind: 'executor-lost' });
  }

  end(): void {
    this.process.end();
    for (const answer of this.#asked.values()) answer('lost');
    this.#asked.clear();
  }

  /** A client connects, asks one thing and waits for its answer. */
  ask(body: ClientRequest, name: string, answer: Answer): void {
    this.#clients += 1;
    const client = this.#clients;
    const settled: Answer = reply => {
      if (!this.#asked.delete(`${client}.1`)) return;
      answer(reply);
      if (reply === 'lost') return;
      this.#node.world.watch(watcher => watcher.answered(this.#node.index, body, reply));
      this.#node.after(1, () => this.feed({ kind: 'client-gone', client }));
    };
    this.#asked.set(`${client}.1`, settled);
    this.feed({
      kind: 'client-connected',
      client,
      identity: { user: 'root', groups: ['haclient'], name },
    });
    this.feed({ kind: 'client-request', client, request: 1, body });
  }

  #perform(effect: SupervisorEffect): void {
    const perform = PERFORMERS[effect.kind] as (
      process: this,
      node: SimNode,
      effect: SupervisorEffect,
    ) => void;
    perform(this, this.#node, effect);
  }

  tellExecutor(effect: Of<'ask-executor'>): void {
    const executor = this.#executor;
    if (executor === undefined) return;
    const node = this.#node;
    node.world.watch(watcher => watcher.askedOfExecutor(node.index, effect.request));
    // One connection: what is said later is heard later.
    this.#lastToExecutor = Math.max(node.world.now + node.random.within(0, 3), this.#lastToExecutor);
    node.after(this.#lastToExecutor - node.world.now, () => {
      if (this.#executor === executor && node.executor === executor) {
        executor.feed({ kind: 'request', request: effect.request });
      }
    });
  }

  answer({ client, request, reply }: Of<'reply'>): void {
    this.#asked.get(`${client}.${request}`)?.(reply);
  }

  /** Happens on the node if this process still lives then. */
  later(delay: number, run: () => void): void {
    this.#node.after(delay, () => {
      if (this.process.alive) run();
    });
  }
}

/** The one rule of the schema that clients here might break: changing a resource that is not there any more. */
function incomplete(cib: XmlElement): readonly Problem[] {
  const resources = sectionOf(cib, 'resources')?.children ?? [];
  return resources.flatMap(one => {
    const whole = one.name === 'primitive' ? attribute(one, 'type') !== undefined : one.children.length > 1;
    return whole ? [] : [{ message: `${attribute(one, 'id')} is incomplete` }];
  });
}

type Performers = {
  readonly [Kind in SupervisorEffect['kind']]: (
    process: SupervisorProcess,
    node: SimNode,
    effect: Of<Kind>,
  ) => void;
};

const PERFORMERS: Performers = {
  multicast: (_process, { world, index }, { message }) => world.network.multicast(index, message),
  send: (_process, { world, index }, { to, message }) => world.network.send(index, to, message),
  'ask-executor': (process, _node, effect) => process.tellExecutor(effect),
  reply: (process, _node, effect) => process.answer(effect),
  notify: () => {},
  'store-cib': (process, node, { effect, cib, lineage }) => {
    node.disk.begin(effect, { cib, lineage });
    process.later(node.random.within(1, node.world.settings.diskDelay), () => {
      if (node.disk.finish(effect)) process.feed({ kind: 'cib-stored', effect });
    });
  },
  'compute-transition': (process, node, { effect, cib, now, transition }) => {
    node.world.watch(watcher => watcher.actsAsDc(node.member.name, node.index));
    process.later(node.random.within(5, 80), () => {
      const { graph, problems } = node.world.schedule({ cib, now, transition });
      process.feed({ kind: 'transition-computed', effect, result: { graph, problems } });
    });
  },
  'compute-device-placement': (process, node, { effect, cib, now }) => {
    process.later(node.random.within(2, 40), () => {
      const placement = node.world.placeDevices({ cib, now, node: node.member.name });
      process.feed({ kind: 'device-placement-computed', effect, placement });
    });
  },
  log: () => {},
  exit: (process, node, { outcome }) => {
    assert(node.supervisor === process, 'only the process that lives can exit');
    node.endSupervisor(outcome === 'stopped');
  },
  panic: (_process, node) => node.reset(),
};
