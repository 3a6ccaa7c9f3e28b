/**
 * A few nodes in one process: supervisor and executor of each, a wire in total order, agents that do as they are
 * told, and a scheduler that the test brings. Time passes when the test lets it.
 */
import { Random } from '../core/base/random.ts';
import { type Instant, instant, later, milliseconds } from '../core/base/time.ts';
import type { ExecutorEffect, ExecutorEvent, SupervisorEvent } from '../core/daemons/contract.ts';
import * as executor from '../core/daemons/executor/executor.ts';
import * as supervisor from '../core/daemons/supervisor/supervisor.ts';
import type { ClientReply, ClientRequest } from '../core/messages/client.ts';
import type { ExecutorAction } from '../core/messages/executor.ts';
import type { PeerMessage } from '../core/messages/peer.ts';
import { type NodeName, nodeId, nodeName } from '../core/model/names.ts';
import type { TransitionGraph } from '../core/transition/graph.ts';
import type { XmlElement } from '../core/xml/element.ts';

type Decide = (cib: XmlElement, transition: number, now: Instant) => TransitionGraph;

interface Node {
  readonly name: NodeName;
  readonly id: ReturnType<typeof nodeId>;
  supervisor: supervisor.State | undefined;
  executor: executor.State | undefined;
  /** What executors keep for those after them, until the node dies. */
  readonly begun: Map<string, ExecutorAction>;
  readonly random: Random;
  /** What agents here did, in words. */
  readonly did: string[];
}

interface Sent {
  readonly from: NodeName;
  readonly to: NodeName | undefined;
  readonly message: PeerMessage;
}

const CLIENT = 1;
/** Between one thing that happens and the next. */
const STEP = milliseconds(1);

export class SmallCluster {
  readonly nodes: Node[];
  readonly log: string[] = [];
  readonly replies: ClientReply[] = [];
  now: Instant = instant(1_700_000_000_000);
  /** What an agent's run ends with; `undefined`: it never ends. */
  agent: (node: string, resource: string, action: string) => number | undefined = () => 0;
  readonly #decide: Decide;
  readonly #wire: Sent[] = [];
  readonly #soon: (() => void)[] = [];

  constructor(names: readonly string[], cib: XmlElement | undefined, decide: Decide) {
    this.#decide = decide;
    this.nodes = names.map((name, at) => ({
      name: nodeName(name),
      id: nodeId(String(at + 1)),
      supervisor: undefined,
      executor: executor.initial,
      begun: new Map(),
      random: new Random(at),
      did: [],
    }));
    for (const { name } of this.nodes) this.startSupervisor(name, cib);
  }

  node(name: string): Node {
    const found = this.nodes.find(one => one.name === name);
    if (found === undefined) throw new Error(`there is no node ${name}`);
    return found;
  }

  startSupervisor(name: string, cib?: XmlElement): void {
    const node = this.node(name);
    node.supervisor = supervisor.initial;
    this.tell(node, { kind: 'started', ...(cib === undefined ? {} : { cib }), problems: [] });
    this.tell(node, {
      kind: 'client-connected',
      client: CLIENT,
      identity: { user: 'root', groups: [], name: 'test' },
    });
    this.sayWhoIsThere();
    if (node.executor === undefined) return;
    this.tell(node, { kind: 'executor-connected' });
    this.tellExecutor(node, { kind: 'connected' });
  }

  /** `pacemakerd` dies; the executor goes on. */
  killSupervisor(name: string): void {
    const node = this.node(name);
    node.supervisor = undefined;
    if (node.executor !== undefined) this.tellExecutor(node, { kind: 'disconnected' });
    this.sayWhoIsThere();
  }

  killExecutor(name: string): void {
    const node = this.node(name);
    node.executor = undefined;
    if (node.supervisor !== undefined) this.tell(node, { kind: 'executor-lost' });
  }

  startExecutor(name: string): void {
    const node = this.node(name);
    node.executor = executor.initial;
    this.tellExecutor(node, { kind: 'started', begun: [...node.begun.values()] });
    if (node.supervisor === undefined) return;
    this.tell(node, { kind: 'executor-connected' });
    this.tellExecutor(node, { kind: 'connected' });
  }

  killNode(name: string): void {
    const node = this.node(name);
    node.supervisor = undefined;
    node.executor = undefined;
    node.begun.clear();
    this.sayWhoIsThere();
  }

  startNode(name: string): void {
    this.node(name).executor = executor.initial;
    this.startSupervisor(name);
  }

  ask(name: string, body: ClientRequest): void {
    this.tell(this.node(name), { kind: 'client-request', client: CLIENT, request: 1, body });
  }

  sayWhoIsThere(): void {
    const up = this.nodes.filter(node => node.supervisor !== undefined || node.executor !== undefined);
    const event: SupervisorEvent = {
      kind: 'membership',
      members: up.map(({ name, id }) => ({ name, id })),
      peers: this.nodes.filter(node => node.supervisor !== undefined).map(({ name }) => name),
      quorate: up.length * 2 > this.nodes.length,
      expectedVotes: this.nodes.length,
    };
    for (const node of this.nodes) if (node.supervisor !== undefined) this.tell(node, event);
  }

  tell(node: Node, event: SupervisorEvent): void {
    if (node.supervisor === undefined) return;
    const env = { now: this.now, node, random: node.random, validate: () => [] };
    const [state, effects] = supervisor.step(node.supervisor, event, env);
    node.supervisor = state;
    for (const effect of effects) this.#perform(node, effect);
  }

  #perform(node: Node, effect: supervisor.Effect): void {
    switch (effect.kind) {
      case 'multicast':
        this.#wire.push({ from: node.name, to: undefined, message: effect.message });
        return;
      case 'send':
        this.#wire.push({ from: node.name, to: effect.to, message: effect.message });
        return;
      case 'ask-executor':
        this.#soon.push(() => this.tellExecutor(node, { kind: 'request', request: effect.request }));
        return;
      case 'reply':
        this.replies.push(effect.reply);
        return;
      case 'store-cib':
        this.#soon.push(() => this.tell(node, { kind: 'cib-stored', effect: effect.effect }));
        return;
      case 'compute-transition': {
        const graph = this.#decide(effect.cib, effect.transition, effect.now);
        const result = { graph, problems: [] };
        this.#soon.push(() =>
          this.tell(node, { kind: 'transition-computed', effect: effect.effect, result }),
        );
        return;
      }
      case 'log':
        this.log.push(`${node.name} ${effect.level}: ${effect.text}`);
        return;
      case 'exit':
      case 'panic':
        this.log.push(`${node.name} ${effect.kind}: ${effect.reason}`);
        this.#soon.push(() => this.killNode(node.name));
        return;
      case 'notify':
      case 'compute-device-placement':
        return;
    }
  }

  tellExecutor(node: Node, event: ExecutorEvent): void {
    if (node.executor === undefined) return;
    const [state, effects] = executor.step(node.executor, event, { now: this.now });
    node.executor = state;
    for (const effect of effects) this.#performExecutor(node, effect);
  }

  #performExecutor(node: Node, effect: ExecutorEffect): void {
    if (effect.kind === 'reply') {
      this.#soon.push(() => this.tell(node, { kind: 'executor-reply', reply: effect.reply }));
    } else if (effect.kind === 'spawn') {
      node.did.push(`${effect.resource} ${effect.action}`);
      const status = this.agent(node.name, effect.resource, effect.action);
      if (status === undefined) return;
      const ended = { kind: 'exited', effect: effect.effect, status, stdout: '', stderr: '' } as const;
      this.#soon.push(() => this.tellExecutor(node, ended));
    } else if (effect.kind === 'keep-begun') {
      if (effect.action === undefined) node.begun.delete(effect.resource);
      else node.begun.set(effect.resource, effect.action);
    }
  }

  /** Lets everything happen that waits for nothing but its turn, then time pass up to `duration`. */
  run(duration: number): void {
    const end = later(this.now, milliseconds(duration));
    for (let count = 0; this.now < end; count += 1) {
      if (count > 200_000) throw new Error('the cluster does not come to rest');
      this.now = later(this.now, this.#isQuiet() ? this.#leap(end) : STEP);
      const soon = this.#soon.splice(0);
      for (const happens of soon) happens();
      const sent = this.#wire.shift();
      if (sent !== undefined) this.#deliver(sent);
      for (const node of this.nodes) {
        if (node.supervisor !== undefined && isDue(supervisor.deadline(node.supervisor), this.now)) {
          this.tell(node, { kind: 'tick' });
        }
        if (node.executor !== undefined && isDue(executor.deadline(node.executor), this.now)) {
          this.tellExecutor(node, { kind: 'tick' });
        }
      }
    }
  }

  #isQuiet(): boolean {
    return this.#soon.length === 0 && this.#wire.length === 0;
  }

  /** To the next deadline of any machine. */
  #leap(end: Instant): ReturnType<typeof milliseconds> {
    let next: number = end;
    for (const { supervisor: one, executor: other } of this.nodes) {
      next = Math.min(
        next,
        (one && supervisor.deadline(one)) ?? end,
        (other && executor.deadline(other)) ?? end,
      );
    }
    return milliseconds(Math.max(1, next - this.now));
  }

  #deliver({ from, to, message }: Sent): void {
    for (const node of this.nodes) {
      if (to === undefined || to === node.name) this.tell(node, { kind: 'message', from, message });
    }
  }
}

const isDue = (deadline: Instant | undefined, now: Instant): boolean =>
  deadline !== undefined && deadline <= now;
