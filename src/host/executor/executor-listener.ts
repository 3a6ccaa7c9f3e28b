/** The executor's socket: one connection at a time, of a `pacemakerd` of the same account or of root's. */
import { createServer, type Server, type Socket } from 'node:net';
import type { ExecutorEvent } from '../../core/daemons/contract.ts';
import type { ExecutorReply, ExecutorRequest } from '../../core/messages/executor.ts';
import { decodeMessage, encodeMessage } from '../../core/messages/json.ts';
import { LineChannel } from '../ipc/line-channel.ts';
import { authenticate } from '../ipc/peer-credentials.ts';
import { clearSocket, socketPath } from '../ipc/socket-path.ts';

type ConnectionEvent = Extract<ExecutorEvent, { readonly kind: 'connected' | 'disconnected' | 'request' }>;

export class ExecutorListener {
  readonly #post: (event: ConnectionEvent) => void;
  readonly #server: Server;
  #channel: LineChannel | undefined;

  constructor(post: (event: ConnectionEvent) => void) {
    this.#post = post;
    this.#server = createServer({ pauseOnConnect: true }, socket => void this.#admit(socket));
  }

  listen(path: string): Promise<void> {
    clearSocket(path);
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath(path), resolve);
    });
  }

  reply(reply: ExecutorReply): void {
    this.#channel?.send(encodeMessage(reply));
  }

  close(): void {
    this.#server.close();
    this.#channel?.end();
  }

  async #admit(socket: Socket): Promise<void> {
    if ((await authenticate(socket, 'daemons')) === undefined) {
      socket.destroy();
      return;
    }
    this.#channel?.cut('another pacemakerd came');
    const channel: LineChannel = new LineChannel(socket, {
      line: line => {
        if (channel !== this.#channel) return;
        const decoded = decodeMessage(line);
        if (decoded.ok) this.#post({ kind: 'request', request: decoded.value as ExecutorRequest });
        else channel.cut(decoded.problem);
      },
      closed: () => {
        if (channel !== this.#channel) return;
        this.#channel = undefined;
        this.#post({ kind: 'disconnected' });
      },
    });
    if (this.#channel !== undefined) this.#post({ kind: 'disconnected' });
    this.#channel = channel;
    this.#post({ kind: 'connected' });
    socket.resume();
  }
}
