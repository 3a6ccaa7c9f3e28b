/**
 * A node's end of the local bus. It tries to come back to the hub all the time.
 *
 * 1. A hub that went may be one that is started again: for `patience` nothing is heard, and what the node says waits.
 * 2. After that the node is alone and without quorum, and what it says it hears itself.
 * 3. Whenever it comes back it has been alone in between, be it for no time at all: what the former hub had
 *    under way may have reached some and not others, as where a network breaks and heals.
 */
import { connect } from 'node:net';
import type { Member } from '../../core/daemons/contract.ts';
import type { NodeName } from '../../core/model/names.ts';
import { LineChannel } from '../ipc/line-channel.ts';
import { socketPath } from '../ipc/socket-path.ts';
import { type LinkRole, splitVerb, type View } from './wire.ts';

const RETRY = 200;

export interface BusListener {
  readonly view: (view: View) => void;
  readonly message: (from: NodeName, payload: string) => void;
}

/** Milliseconds that a hub may take to be started again and to have its nodes together. */
const PATIENCE = 5000;

export class BusClient {
  readonly #path: string;
  readonly #node: Member;
  readonly #role: LinkRole;
  readonly #patience: number;
  readonly #listener: BusListener;
  #channel: LineChannel | undefined;
  #place: 'apart' | 'joined' | 'waiting' = 'apart';
  /** What this node said and is still to hear itself. */
  readonly #own: string[] = [];
  #last: View | undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  #givingUp: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly path: string;
    readonly node: Member;
    readonly role: LinkRole;
    readonly listener: BusListener;
    /** Milliseconds. */
    readonly patience?: number;
  }) {
    this.#path = socketPath(options.path);
    this.#node = options.node;
    this.#role = options.role;
    this.#patience = options.patience ?? PATIENCE;
    this.#listener = options.listener;
    this.#connect();
  }

  multicast(payload: string): void {
    if (this.#place === 'joined') this.#channel?.send(`cast ${payload}`);
    else this.#sayToItself(payload);
  }

  send(to: NodeName, payload: string): void {
    if (this.#place === 'joined') this.#channel?.send(`send ${to} ${payload}`);
    else if (to === this.#node.name) this.#sayToItself(payload);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#givingUp);
    this.#channel?.end();
  }

  #connect(): void {
    const socket = connect(this.#path);
    const channel = new LineChannel(socket, {
      line: line => this.#take(line),
      closed: () => this.#lost(),
    });
    this.#channel = channel;
    socket.once('connect', () => {
      channel.send(`join ${JSON.stringify({ node: this.#node, role: this.#role })}`);
    });
  }

  #take(line: string): void {
    const [verb, rest] = splitVerb(line);
    if (verb === 'ping') this.#channel?.send('pong');
    else if (verb === 'members') this.#see(JSON.parse(rest) as View);
    else if (verb === 'from') {
      const [from, payload] = splitVerb(rest);
      this.#listener.message(from as NodeName, payload);
    }
  }

  #see(view: View): void {
    // Whose pacemakerd goes while its node stays is not lost yet, and they are back at once.
    if (this.#place === 'waiting') this.#beAlone(this.#last?.members ?? [this.#node]);
    this.#place = 'joined';
    this.#last = view;
    this.#listener.view(view);
  }

  #lost(): void {
    if (this.#closed) return;
    if (this.#place === 'joined') {
      this.#place = 'waiting';
      this.#givingUp = setTimeout(() => this.#beAlone([this.#node]), this.#patience);
    }
    this.#retry = setTimeout(() => this.#connect(), RETRY);
  }

  #beAlone(members: readonly Member[]): void {
    clearTimeout(this.#givingUp);
    this.#place = 'apart';
    const expectedVotes = this.#last?.expectedVotes ?? 0;
    this.#listener.view({ members, peers: [this.#node.name], quorate: false, expectedVotes });
    this.#hearItself();
  }

  #sayToItself(payload: string): void {
    this.#own.push(payload);
    if (this.#place === 'apart') queueMicrotask(() => this.#hearItself());
  }

  #hearItself(): void {
    if (this.#place !== 'apart') return;
    for (let next = this.#own.shift(); next !== undefined; next = this.#own.shift()) {
      this.#listener.message(this.#node.name, next);
    }
  }
}
