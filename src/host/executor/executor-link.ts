/** The connection of `pacemakerd` to its executor: made again whenever it is lost. */
import { connect } from 'node:net';
import type { ExecutorReply, ExecutorRequest } from '../../core/messages/executor.ts';
import { decodeMessage, encodeMessage } from '../../core/messages/json.ts';
import { LineChannel } from '../ipc/line-channel.ts';
import { socketPath } from '../ipc/socket-path.ts';

const RETRY = 100;

export interface ExecutorListener {
  readonly connected: () => void;
  readonly lost: () => void;
  readonly reply: (reply: ExecutorReply) => void;
}

export class ExecutorLink {
  readonly #path: string;
  readonly #listener: ExecutorListener;
  #channel: LineChannel | undefined;
  #connected = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string, listener: ExecutorListener) {
    this.#path = socketPath(path);
    this.#listener = listener;
    this.#connect();
  }

  ask(request: ExecutorRequest): void {
    if (this.#connected) this.#channel?.send(encodeMessage(request));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#channel?.end();
  }

  #connect(): void {
    const socket = connect(this.#path);
    const channel = new LineChannel(socket, {
      line: line => {
        const decoded = decodeMessage(line);
        if (decoded.ok) this.#listener.reply(decoded.value as ExecutorReply);
        else channel.cut(decoded.problem);
      },
      closed: () => this.#lost(),
    });
    this.#channel = channel;
    socket.once('connect', () => {
      this.#connected = true;
      this.#listener.connected();
    });
  }

  #lost(): void {
    if (this.#closed) return;
    if (this.#connected) {
      this.#connected = false;
      this.#listener.lost();
    }
    this.#retry = setTimeout(() => this.#connect(), RETRY);
  }
}
