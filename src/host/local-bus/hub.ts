/**
 * The hub of the local bus: one process to which the processes of all nodes are connected. Because every message
 * passes through this one place, its order here is the order everywhere; a change of membership takes its place
 * among the messages.
 *
 * 1. A node is a member while any of its processes is connected, a peer while its pacemakerd is.
 * 2. A message reaches the peers of the sender's partition as it is when the message comes, the sender included.
 * 3. A process that does not answer for `patience` is cut off.
 * 4. Whoever comes back is seen to go first, even where its former connection was not noticed to be gone.
 * 5. A hub that starts may be one that is started again: it says who is there when all are, or after `settle`.
 */
import { createServer, type Server } from 'node:net';
import type { Member } from '../../core/daemons/contract.ts';
import type { NodeName } from '../../core/model/names.ts';
import { LineChannel } from '../ipc/line-channel.ts';
import { clearSocket, socketPath } from '../ipc/socket-path.ts';
import { expectedVotes, isQuorate, type Votes } from './quorum.ts';
import { type Join, splitVerb, type View } from './wire.ts';

interface Link {
  readonly channel: LineChannel;
  join?: Join;
  heardAt: number;
  /** The view that it was told last, to tell only changes. */
  told?: string;
}

const HEARTBEAT = 1000;

export class Hub {
  readonly #votes: Votes;
  readonly #patience: number;
  readonly #settle: number;
  readonly #log: (text: string) => void;
  readonly #links = new Set<Link>();
  readonly #server: Server;
  #groups: readonly (readonly NodeName[])[] = [];
  #allWereSeen = false;
  #settled = false;
  #settling: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly votes: Votes;
    /** Milliseconds. */
    readonly patience: number;
    /** Milliseconds. */
    readonly settle: number;
    readonly log: (text: string) => void;
  }) {
    this.#votes = options.votes;
    this.#patience = options.patience;
    this.#settle = options.settle;
    this.#log = options.log;
    this.#server = createServer(socket => {
      const link: Link = {
        channel: new LineChannel(socket, {
          line: line => this.#take(link, line),
          closed: reason => this.#gone(link, reason),
        }),
        heardAt: performance.now(),
      };
      this.#links.add(link);
    });
  }

  listen(path: string): Promise<void> {
    clearSocket(path);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT);
    this.#settling = setTimeout(() => {
      this.#settled = true;
      this.#tellViews();
    }, this.#settle);
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath(path), resolve);
    });
  }

  close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#settling);
    this.#server.close();
    for (const { channel } of this.#links) channel.cut();
  }

  /** Nodes of different groups do not see each other; those in no group see each other. None: all are together. */
  partition(groups: readonly (readonly NodeName[])[]): void {
    this.#log(
      groups.length === 0
        ? 'the network is whole'
        : `partition: ${groups.map(one => one.join(',')).join(' | ')}`,
    );
    this.#groups = groups;
    this.#tellViews();
  }

  #take(link: Link, line: string): void {
    link.heardAt = performance.now();
    const [verb, rest] = splitVerb(line);
    if (link.join === undefined) {
      if (verb === 'join') this.#join(link, rest);
      else link.channel.cut('speaks before it joined');
      return;
    }
    const { node, role } = link.join;
    if (verb === 'pong') return;
    if (role === 'control' && verb === 'partition') {
      this.partition(JSON.parse(rest));
      link.channel.send('done');
    } else if (role === 'peer' && verb === 'cast') this.#relay(node.name, rest);
    else if (role === 'peer' && verb === 'send') {
      const [to, payload] = splitVerb(rest);
      this.#relay(node.name, payload, to);
    } else link.channel.cut(`unknown verb ${verb}`);
  }

  #join(link: Link, rest: string): void {
    const join = JSON.parse(rest) as Join;
    this.#displace(join);
    link.join = join;
    if (join.role === 'control') return;
    this.#log(`${join.node.name}: ${join.role} came`);
    this.#tellViews();
  }

  /**
   * The newer process of a node takes the place of the one of its kind that nobody noticed to be gone. The others
   * must see that it went before they see it come: it remembers nothing.
   */
  #displace({ node, role }: Join): void {
    if (role === 'control') return;
    const former = [...this.#links].filter(({ join }) => join?.role === role && join.node.name === node.name);
    if (former.length === 0) return;
    for (const link of former) {
      this.#links.delete(link);
      link.channel.cut();
    }
    this.#log(`${node.name}: ${role} is gone, another takes its place`);
    this.#tellViews();
  }

  #gone(link: Link, reason: string | undefined): void {
    if (!this.#links.delete(link)) return;
    if (link.join === undefined || link.join.role === 'control') return;
    const why = reason === undefined ? '' : `: ${reason}`;
    this.#log(`${link.join.node.name}: ${link.join.role} is gone${why}`);
    this.#tellViews();
  }

  #beat(): void {
    const now = performance.now();
    for (const link of this.#links) {
      if (now - link.heardAt > this.#patience) link.channel.cut(`no answer for ${this.#patience} ms`);
      else if (link.join !== undefined && link.join.role !== 'control') link.channel.send('ping');
    }
  }

  #relay(from: NodeName, payload: string, to?: string): void {
    const line = `from ${from} ${payload}`;
    for (const { channel, join } of this.#links) {
      if (join?.role !== 'peer' || !this.#together(from, join.node.name)) continue;
      if (to === undefined || to === join.node.name) channel.send(line);
    }
  }

  #together(one: NodeName, other: NodeName): boolean {
    const groupOf = (name: NodeName) => this.#groups.findIndex(group => group.includes(name));
    return one === other || groupOf(one) === groupOf(other);
  }

  #tellViews(): void {
    this.#settled ||= this.#votes.nodes.every(({ name }) => this.#isPeer(name));
    if (!this.#settled) return;
    const everyone = new Map<NodeName, Member>();
    for (const { join } of this.#links) {
      if (join !== undefined && join.role !== 'control') everyone.set(join.node.name, join.node);
    }
    this.#allWereSeen ||= this.#votes.nodes.every(({ name }) => everyone.has(name));
    for (const link of this.#links) {
      if (link.join?.role !== 'peer') continue;
      const told = JSON.stringify(this.#viewOf(link.join.node.name, [...everyone.values()]));
      if (told === link.told) continue;
      link.told = told;
      link.channel.send(`members ${told}`);
    }
  }

  #isPeer(name: NodeName): boolean {
    return [...this.#links].some(({ join }) => join?.role === 'peer' && join.node.name === name);
  }

  #viewOf(observer: NodeName, everyone: readonly Member[]): View {
    const members = everyone
      .filter(({ name }) => this.#together(observer, name))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const names = members.map(({ name }) => name);
    return {
      members,
      peers: names.filter(name => this.#isPeer(name)),
      quorate: isQuorate(this.#votes, names, { allWereSeen: this.#allWereSeen }),
      expectedVotes: expectedVotes(this.#votes),
    };
  }
}
