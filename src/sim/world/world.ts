import { defined } from '../../core/base/assert.ts';
import { Random } from '../../core/base/random.ts';
import type { Instant } from '../../core/base/time.ts';
import { sectionOf } from '../../core/cib/document.ts';
import type {
  ComputedTransition,
  DevicePlacement,
  Member,
  SupervisorEvent,
} from '../../core/daemons/contract.ts';
import type { PeerMessage } from '../../core/messages/peer.ts';
import { decodePeer, encodePeer } from '../../core/messages/peer-codec.ts';
import { type NodeName, nodeId, nodeName, withoutInstance } from '../../core/model/names.ts';
import { placeDevices, placeDevicesByNode } from '../../core/scheduler/device-placement.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import type { Bug } from '../bugs/bug.ts';
import { configurationOf, nodeNameOf } from '../configuration.ts';
import type { Settings } from '../settings.ts';
import type { AgentHabits, ServiceRun } from './agents.ts';
import { Disk } from './disk.ts';
import { EventQueue } from './event-queue.ts';
import type { FenceHabits, Outlets } from './fence-devices.ts';
import { History } from './history.ts';
import { Network } from './network.ts';
import { SimNode } from './node.ts';
import { Truth } from './truth.ts';
import type { Watcher } from './watch.ts';

/** Something that must not be happened. */
export class Broken extends Error {
  readonly checker: string;

  constructor(checker: string, text: string) {
    super(text);
    this.checker = checker;
  }
}

export interface WorldInit {
  readonly settings: Settings;
  readonly bug?: Bug;
  readonly print?: (line: string) => void;
}

/** All nodes of a cluster and what lies between them, in one process and in virtual time. */
export class World {
  readonly settings: Settings;
  readonly bug: Bug | undefined;
  readonly history: History;
  readonly queue = new EventQueue();
  readonly truth = new Truth();
  readonly network: Network;
  readonly nodes: readonly SimNode[];
  readonly outlets: Outlets;
  /** Nodes that stay without power until somebody repairs them. */
  readonly heldOff = new Set<number>();
  readonly #watchers: Watcher[] = [];
  readonly #placements = new WeakMap<XmlElement, (node: NodeName) => DevicePlacement>();
  readonly #readBack = new WeakMap<PeerMessage, PeerMessage>();
  #calm = false;

  constructor({ settings, bug, print }: WorldInit) {
    this.settings = settings;
    this.bug = bug;
    this.history = new History(print);
    const random = new Random(settings.seed ^ 0x5eed);
    const members: readonly Member[] = [...Array(settings.nodes).keys()].map(at => ({
      id: nodeId(String(at + 1)),
      name: nodeName(nodeNameOf(at + 1)),
    }));
    this.network = new Network({
      queue: this.queue,
      random: random.fork(),
      members,
      times: settings.times,
      deliver: (index, event) => this.node(index).supervisor?.feed(this.#received(event)),
      note: line => this.note(line),
    });
    const cib = configurationOf(settings);
    this.nodes = members.map(
      (member, index) =>
        new SimNode({
          world: this,
          index,
          member,
          disk: new Disk(cib),
          queue: this.queue,
          random: random.fork(),
        }),
    );
    this.outlets = outletsOf(this);
  }

  get now(): number {
    return this.queue.now;
  }

  /** Agents and fence devices do as they should. */
  get calm(): boolean {
    return this.#calm;
  }

  node(index: number): SimNode {
    return defined(this.nodes[index], `node ${index}`);
  }

  named(name: string): SimNode | undefined {
    return this.nodes.find(({ member }) => member.name === name);
  }

  note(line: string): void {
    this.history.add(`${this.now} ${line}`);
  }

  broken(checker: string, text: string): never {
    throw new Broken(checker, text);
  }

  addWatcher(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  watch(tell: (watcher: Watcher) => void): void {
    for (const watcher of this.#watchers) tell(watcher);
  }

  calmDown(): void {
    this.#calm = true;
  }

  agentHabits(_run: ServiceRun): AgentHabits {
    const { agents } = this.settings;
    return this.#calm ? { ...agents, ...NO_FAILURES } : agents;
  }

  fenceHabits(): FenceHabits {
    const { fencing } = this.settings;
    return this.#calm ? { ...fencing, slowShare: 0, hangShare: 0, fails: 0, replyLost: 0 } : fencing;
  }

  /** Instances of an anonymous clone are told apart by their nodes alone. */
  serviceOf(resource: string): string {
    return withoutInstance(resource);
  }

  readonly reachable = (from: NodeName, to: NodeName): boolean => {
    const source = this.named(from);
    const target = this.named(to);
    if (source === undefined || target === undefined || !target.powered || target.frozen) return false;
    return this.network.ringOf(source.index).includes(target.index);
  };

  /** An agent reported that it fenced the node, and lived to be heard. */
  fenced(parameters: Readonly<Record<string, string>>, action: string): void {
    const target = nodeName(parameters.nodename ?? parameters.plug ?? parameters.port ?? '');
    this.truth.dropClaims(target);
    this.watch(watcher => watcher.fencingProven(target, action));
  }

  #received(event: SupervisorEvent): SupervisorEvent {
    if (event.kind !== 'message' || !this.settings.throughText) return event;
    return { ...event, message: this.#throughText(event.message) };
  }

  /** What all receivers read is read once. */
  #throughText(sent: PeerMessage): PeerMessage {
    const known = this.#readBack.get(sent);
    if (known !== undefined) return known;
    const parsed = parseXml(printXml(encodePeer(sent)));
    const message = parsed.ok ? decodePeer(parsed.root) : undefined;
    if (message === undefined) this.broken('wire', `${sent.to} cannot be read: ${sent.body.kind}`);
    this.#readBack.set(sent, message);
    return message;
  }

  schedule(input: { cib: XmlElement; now: Instant; transition: number }): ComputedTransition {
    const { graph, problems } = schedule(input);
    return { graph, problems };
  }

  /** No rule of these configurations asks for the time: of one configuration there is one placement. */
  placeDevices(input: { cib: XmlElement; now: Instant; node: NodeName }): DevicePlacement {
    const configuration = sectionOf(input.cib, 'configuration');
    if (configuration === undefined) return placeDevices(input);
    const known = this.#placements.get(configuration) ?? placeDevicesByNode(input);
    this.#placements.set(configuration, known);
    return known(input.node);
  }
}

const NO_FAILURES = {
  slowShare: 0,
  hangShare: 0,
  startFails: 0,
  stopFails: 0,
  promoteFails: 0,
  monitorFails: 0,
  migrateFails: 0,
} as const;

function outletsOf(world: World): Outlets {
  const at = (name: NodeName) => world.named(name);
  return {
    known: name => at(name) !== undefined,
    isOn: name => at(name)?.powered ?? false,
    names: () => world.nodes.map(({ member }) => member.name),
    on: name => at(name)?.powerOn(),
    cycle: name => at(name)?.reset(),
    off: name => {
      const node = at(name);
      if (node === undefined) return;
      world.heldOff.add(node.index);
      node.powerOff();
    },
  };
}
