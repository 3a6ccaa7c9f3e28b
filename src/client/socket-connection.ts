/** The connection to the daemons of a node through its socket; see `host/ipc/client-listener.ts` for the lines. */
import type { Socket } from 'node:net';
import type { Duration } from '../core/base/time.ts';
import type { ClientReply, Notification } from '../core/messages/client.ts';
import { decodeMessage, encodeMessage } from '../core/messages/json.ts';
import type { Connection } from './connection.ts';

export interface SocketConnectionOptions {
  readonly path: string;
  /** Name of the command, for logs and for the origin in history. */
  readonly name: string;
  /** How long a reply may take; nothing is a limit where it is absent. */
  readonly timeout?: Duration;
}

const NOT_CONNECTED: ClientReply = {
  ok: false,
  refusal: 'not-connected',
  message: 'Transport endpoint is not connected',
};
const LATE: ClientReply = { ok: false, refusal: 'timeout', message: 'Timer expired' };

/** The connection, or why there is none: a system error code such as ENOENT or ECONNREFUSED. */
export function connectSocket(
  options: SocketConnectionOptions,
): Promise<
  { readonly ok: true; readonly connection: Connection } | { readonly ok: false; readonly error: string }
> {
  // Loaded here: a command on a file has no use for it, and it is a tenth of its start.
  const { connect } = process.getBuiltinModule('node:net');
  return new Promise(resolve => {
    const socket = connect(options.path);
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ ok: false, error: error.code ?? 'EIO' }),
    );
    socket.once('connect', () => resolve({ ok: true, connection: new SocketConnection(socket, options) }));
  });
}

class SocketConnection implements Connection {
  readonly #socket: Socket;
  readonly #timeout: Duration | undefined;
  readonly #waiting = new Map<number, (reply: ClientReply) => void>();
  readonly #notified: ((notification: Notification) => void)[] = [];
  readonly #closed: (() => void)[] = [];
  #last = 0;
  #rest = '';

  constructor(socket: Socket, { name, timeout }: SocketConnectionOptions) {
    this.#socket = socket;
    this.#timeout = timeout;
    socket.setEncoding('utf8');
    socket.on('data', text => this.#take(String(text)));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end());
    socket.write(`${encodeMessage({ hello: name })}\n`);
  }

  ask: Connection['ask'] = request => {
    if (this.#socket.destroyed) return Promise.resolve(NOT_CONNECTED);
    this.#last += 1;
    const number = this.#last;
    return new Promise(resolve => {
      const timer =
        this.#timeout === undefined ? undefined : setTimeout(() => this.#answer(number, LATE), this.#timeout);
      this.#waiting.set(number, reply => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.#socket.write(`${encodeMessage({ request: number, body: request })}\n`);
    });
  };

  onNotification: Connection['onNotification'] = listener => void this.#notified.push(listener);
  onClose: Connection['onClose'] = listener => void this.#closed.push(listener);
  close = (): void => void this.#socket.destroy();

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const decoded = decodeMessage(line);
    if (!decoded.ok) {
      this.#socket.destroy();
      return;
    }
    const said = decoded.value as Said;
    if ('notification' in said) for (const listener of this.#notified) listener(said.notification);
    else this.#answer(said.request, said.reply);
  }

  #answer(number: number, reply: ClientReply): void {
    this.#waiting.get(number)?.(reply);
    this.#waiting.delete(number);
  }

  #end(): void {
    for (const number of [...this.#waiting.keys()]) this.#answer(number, NOT_CONNECTED);
    for (const listener of this.#closed) listener();
  }
}

type Said =
  | { readonly request: number; readonly reply: ClientReply }
  | { readonly notification: Notification };
