/**
 * The cluster layer as Corosync offers it. Nodes that hear each other form a ring; within a ring all messages and
 * changes of membership have one order, the same for all, and none comes twice. What a node sent comes back to
 * it. When a ring breaks:
 *
 * 1. the ring stalls: nothing is ordered or delivered until a new one is formed (the token is lost);
 * 2. nodes that go on together have delivered the same messages before they hear of the new membership;
 * 3. of messages from nodes that do not go on with them, a tail may be missing: the same for all of them;
 * 4. a node or process that comes back is seen to go first, however short it was away;
 * 5. what was sent and not yet ordered is ordered in the sender's new ring, unless the sender ended.
 */
import { assert, defined } from '../../core/base/assert.ts';
import type { Random } from '../../core/base/random.ts';
import type { Member, SupervisorEvent } from '../../core/daemons/contract.ts';
import type { PeerMessage } from '../../core/messages/peer.ts';
import type { EventQueue } from './event-queue.ts';

/** Milliseconds. */
export interface NetworkTimes {
  readonly base: number;
  readonly jitter: number;
  /** Share of deliveries that take up to `slow`. */
  readonly slowShare: number;
  readonly slow: number;
  /** Until the loss of a member is noticed. */
  readonly token: number;
  /** Until rings that can hear each other have become one. */
  readonly merge: number;
}

interface Ring {
  readonly id: number;
  readonly stations: readonly Station[];
  stalled: boolean;
}

interface Outgoing {
  readonly message: PeerMessage;
  readonly to?: number;
}

interface Delivery {
  readonly at: number;
  readonly ring: number;
  /** Place in the order. */
  readonly place: number;
  /** Index of the sender; absent for a change of membership. */
  readonly sender?: number;
  readonly event: SupervisorEvent;
}

/** One node's end of the network. */
interface Station {
  readonly index: number;
  readonly member: Member;
  present: boolean;
  /** Its pacemakerd takes part. */
  joined: boolean;
  frozen: boolean;
  side: number;
  ring: Ring | undefined;
  inbox: Delivery[];
  waiting: Outgoing[];
  lastDelivery: number;
  lastSend: number;
  delivered: number;
  /** Counts the lives of its pacemakerd, so that what a dead one had in hand is not sent. */
  life: number;
  boots: number;
  /** The life and the boot that others heard of last. */
  knownLife: number;
  knownBoot: number;
}

export interface NetworkParts {
  readonly queue: EventQueue;
  readonly random: Random;
  readonly members: readonly Member[];
  readonly times: NetworkTimes;
  readonly deliver: (node: number, event: SupervisorEvent) => void;
  readonly note: (line: string) => void;
}

export class Network {
  readonly #parts: NetworkParts;
  readonly #stations: readonly Station[];
  #rings = 0;
  #place = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    this.#stations = parts.members.map((member, index) => ({
      index,
      member,
      present: false,
      joined: false,
      frozen: false,
      side: 0,
      ring: undefined,
      inbox: [],
      waiting: [],
      lastDelivery: 0,
      lastSend: 0,
      delivered: 0,
      life: 0,
      boots: 0,
      knownLife: 0,
      knownBoot: 0,
    }));
  }

  /** The node runs and its cluster layer looks for others. */
  powerOn(node: number): void {
    const station = this.#station(node);
    station.present = true;
    station.boots += 1;
    station.frozen = false;
    this.#soon(this.#parts.times.merge);
  }

  /** Nothing that it had in hand is sent any more. */
  powerOff(node: number): void {
    const station = this.#station(node);
    if (!station.present) return;
    this.#leave(station);
    station.present = false;
    this.#break(station.ring);
    station.ring = undefined;
  }

  freeze(node: number): void {
    const station = this.#station(node);
    station.frozen = true;
    this.#break(station.ring);
  }

  thaw(node: number): void {
    const station = this.#station(node);
    station.frozen = false;
    this.#parts.queue.after(0, () => this.#pump(station));
    this.#soon(this.#parts.times.merge);
  }

  /** From now on only nodes with the same number hear each other. */
  partition(sides: readonly number[]): void {
    const broken = new Set<Ring>();
    for (const station of this.#stations) {
      station.side = sides[station.index] ?? 0;
      if (station.ring !== undefined) broken.add(station.ring);
    }
    let merges = false;
    for (const ring of broken) {
      if (new Set(ring.stations.map(({ side }) => side)).size > 1) this.#break(ring);
      else merges = true;
    }
    if (merges) this.#soon(this.#parts.times.merge);
  }

  heal(): void {
    this.partition(this.#stations.map(() => 0));
    this.#soon(this.#parts.times.merge);
  }

  /** Pacemakerd of the node begins to take part. It must be present. */
  join(node: number): void {
    const station = this.#station(node);
    assert(station.present, 'a node without power cannot join');
    station.joined = true;
    station.life += 1;
    station.inbox = [];
    if (station.ring !== undefined && !station.ring.stalled) this.#announce(station.ring);
  }

  /** Pacemakerd of the node is gone; the node itself is not. */
  leave(node: number): void {
    const station = this.#station(node);
    if (!station.joined) return;
    this.#leave(station);
    if (station.ring !== undefined && !station.ring.stalled) this.#announce(station.ring);
  }

  multicast(node: number, message: PeerMessage): void {
    this.#send(this.#station(node), { message });
  }

  send(node: number, to: string, message: PeerMessage): void {
    const target = this.#stations.find(({ member }) => member.name === to);
    if (target !== undefined) this.#send(this.#station(node), { message, to: target.index });
  }

  /** Nodes that form a ring with this one, as far as the cluster layer knows by now. */
  ringOf(node: number): readonly number[] {
    return this.#station(node).ring?.stations.map(({ index }) => index) ?? [];
  }

  #station(node: number): Station {
    return defined(this.#stations[node], `station ${node}`);
  }

  /** Rule 5's exception: what a process had in hand ends with it, so nothing follows the news of its leaving. */
  #leave(station: Station): void {
    station.joined = false;
    station.inbox = [];
    station.life += 1;
    station.waiting = [];
  }

  #send(station: Station, outgoing: Outgoing): void {
    if (!station.joined) return;
    const { queue } = this.#parts;
    const { life } = station;
    station.lastSend = Math.max(queue.now + this.#delay(), station.lastSend);
    queue.after(station.lastSend - queue.now, () => {
      if (station.life !== life || !station.present) return;
      station.waiting.push(outgoing);
      this.#order(station);
    });
  }

  /** Gives what the station has in hand its place in the order of its ring, if that has one now. */
  #order(station: Station): void {
    const { ring } = station;
    if (ring === undefined || ring.stalled || station.frozen) return;
    const outgoing = station.waiting;
    station.waiting = [];
    for (const { message, to } of outgoing) {
      this.#place += 1;
      const event: SupervisorEvent = { kind: 'message', from: station.member.name, message };
      for (const receiver of ring.stations) {
        if (!receiver.joined || (to !== undefined && receiver.index !== to)) continue;
        this.#append(receiver, { ring: ring.id, place: this.#place, sender: station.index, event });
      }
    }
  }

  #append(station: Station, delivery: Omit<Delivery, 'at'>): void {
    const { queue } = this.#parts;
    station.lastDelivery = Math.max(queue.now + this.#delay(), station.lastDelivery);
    station.inbox.push({ ...delivery, at: station.lastDelivery });
    queue.after(station.lastDelivery - queue.now, () => this.#pump(station));
  }

  #pump(station: Station): void {
    while (!station.frozen && station.joined && station.ring?.stalled !== true) {
      const next = station.inbox[0];
      if (next === undefined || next.at > this.#parts.queue.now) return;
      station.inbox.shift();
      station.delivered = next.place;
      this.#parts.deliver(station.index, next.event);
    }
  }

  #delay(): number {
    const { random, times } = this.#parts;
    if (random.chance(times.slowShare)) return random.within(times.base, times.slow);
    return times.base + (times.jitter === 0 ? 0 : random.below(times.jitter));
  }

  #break(ring: Ring | undefined): void {
    if (ring !== undefined) ring.stalled = true;
    this.#soon(this.#parts.times.token);
  }

  #soon(delay: number): void {
    this.#parts.queue.after(delay, () => this.#reconfigure());
  }

  /** Forms the rings that can be formed now. */
  #reconfigure(): void {
    const groups = new Map<number, Station[]>();
    for (const station of this.#stations) {
      if (!station.present) continue;
      // A frozen node hears nobody: it finds itself alone when it wakes up.
      const key = station.frozen ? -1 - station.index : station.side;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [station]);
      else group.push(station);
    }
    for (const group of groups.values()) this.#form(group);
  }

  #form(group: readonly Station[]): void {
    const first = defined(group[0], 'a member of the group');
    const { ring } = first;
    const same =
      ring !== undefined &&
      ring.stations.length === group.length &&
      group.every(station => station.ring === ring);
    if (same) {
      if (!ring.stalled) return;
      ring.stalled = false;
      this.#announce(ring);
    } else {
      for (const old of new Set(group.map(station => station.ring))) {
        if (old !== undefined) this.#cutFor(old, group);
      }
      this.#rings += 1;
      const formed: Ring = { id: this.#rings, stations: group, stalled: false };
      for (const station of group) station.ring = formed;
      this.#parts.note(`ring ${formed.id}: ${group.map(({ member }) => member.name).join(' ')}`);
      this.#announce(formed);
    }
    for (const station of group) {
      this.#order(station);
      this.#parts.queue.after(0, () => this.#pump(station));
    }
  }

  #announce(ring: Ring): void {
    const present = ring.stations;
    // Whoever was away in the meantime is not taken for the one that was there before.
    const rebooted = present.filter(({ boots, knownBoot }) => knownBoot !== 0 && boots !== knownBoot);
    const restarted = present.filter(({ life, knownLife }) => knownLife !== 0 && life !== knownLife);
    if (restarted.length > 0 || rebooted.length > 0) {
      const members = present.filter(station => !rebooted.includes(station));
      const peers = members.filter(station => station.joined && !restarted.includes(station));
      this.#tell(ring, peers, { members, peers });
    }
    const peers = present.filter(({ joined }) => joined);
    for (const station of present) station.knownBoot = station.boots;
    for (const station of peers) station.knownLife = station.life;
    this.#tell(ring, peers, { members: present, peers });
  }

  #tell(
    ring: Ring,
    receivers: readonly Station[],
    { members, peers }: { readonly members: readonly Station[]; readonly peers: readonly Station[] },
  ): void {
    const expectedVotes = this.#parts.members.length;
    const event: SupervisorEvent = {
      kind: 'membership',
      members: members.map(({ member }) => member),
      peers: peers.map(({ member }) => member.name),
      quorate: members.length * 2 > expectedVotes,
      expectedVotes,
    };
    this.#place += 1;
    for (const station of receivers) this.#append(station, { ring: ring.id, place: this.#place, event });
  }

  /** Rule 3: drops the same tail of what others sent from the inboxes of all that go on together. */
  #cutFor(ring: Ring, group: readonly Station[]): void {
    const together = group.filter(station => station.ring === ring);
    if (together.length === ring.stations.length) return;
    const delivered = Math.max(...together.map(station => station.delivered));
    const missing = (delivery: Delivery) =>
      delivery.ring === ring.id &&
      delivery.sender !== undefined &&
      delivery.place > delivered &&
      !together.some(({ index }) => index === delivery.sender);
    const places = [...new Set(together.flatMap(({ inbox }) => inbox.filter(missing).map(one => one.place)))];
    if (places.length === 0) return;
    places.sort((left, right) => left - right);
    const from = places[this.#parts.random.below(places.length + 1)];
    if (from === undefined) return;
    for (const station of together) {
      station.inbox = station.inbox.filter(delivery => !missing(delivery) || delivery.place < from);
    }
  }
}
