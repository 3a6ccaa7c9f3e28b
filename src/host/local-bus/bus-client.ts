/**
 * A node's end of the local bus. While the hub is away the node is alone and without quorum, and what it says it
 * hears itself; it tries to come back all the time.
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

export class BusClient {
  readonly #path: string;
  readonly #node: Member;
  readonly #role: LinkRole;
  readonly #listener: BusListener;
  #channel: LineChannel | undefined;
  #joined = false;
  #expectedVotes = 0;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly path: string;
    readonly node: Member;
    readonly role: LinkRole;
    readonly listener: BusListener;
  }) {
    this.#path = socketPath(options.path);
    this.#node = options.node;
    this.#role = options.role;
    this.#listener = options.listener;
    this.#connect();
  }

  multicast(payload: string): void {
    if (this.#joined) this.#channel?.send(`cast ${payload}`);
    else queueMicrotask(() => this.#listener.message(this.#node.name, payload));
  }

  send(to: NodeName, payload: string): void {
    if (this.#joined) this.#channel?.send(`send ${to} ${payload}`);
    else if (to === this.#node.name) queueMicrotask(() => this.#listener.message(to, payload));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
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
    else if (verb === 'members') {
      this.#joined = true;
      const view = JSON.parse(rest) as View;
      this.#expectedVotes = view.expectedVotes;
      this.#listener.view(view);
    } else if (verb === 'from') {
      const [from, payload] = splitVerb(rest);
      this.#listener.message(from as NodeName, payload);
    }
  }

  #lost(): void {
    if (this.#closed) return;
    const was = this.#joined;
    this.#joined = false;
    if (was) {
      this.#listener.view({
        members: [this.#node],
        peers: [this.#node.name],
        quorate: false,
        expectedVotes: this.#expectedVotes,
      });
    }
    this.#retry = setTimeout(() => this.#connect(), RETRY);
  }
}
