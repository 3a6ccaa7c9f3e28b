/**
 * The socket on which commands ask `pacemakerd`. A client says `{"hello": NAME}` first, then requests
 * `{"request": N, "body": …}`; it hears `{"request": N, "reply": …}` and, once subscribed, `{"notification": …}`.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { ClientId, SupervisorEvent } from '../../core/daemons/contract.ts';
import type { ClientReply, Notification } from '../../core/messages/client.ts';
import { readClientRequest } from '../../core/messages/client-request.ts';
import { decodeMessage, encodeMessage } from '../../core/messages/json.ts';
import { LineChannel } from './line-channel.ts';
import { authenticate } from './peer-credentials.ts';
import { clearSocket, socketPath } from './socket-path.ts';

const MOST_CLIENTS = 1000;

type ClientEvent = Extract<
  SupervisorEvent,
  { readonly kind: 'client-connected' | 'client-request' | 'client-gone' }
>;

export class ClientListener {
  readonly #post: (event: ClientEvent) => void;
  readonly #channels = new Map<ClientId, LineChannel>();
  readonly #server: Server;
  #lastClient = 0;

  constructor(post: (event: ClientEvent) => void) {
    this.#post = post;
    this.#server = createServer({ pauseOnConnect: true }, socket => void this.#admit(socket));
  }

  listen(path: string): Promise<void> {
    clearSocket(path);
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // Any account may knock: who is let in is decided by what the kernel says of it.
      this.#server.listen({ path: socketPath(path), readableAll: true, writableAll: true }, resolve);
    });
  }

  close(): void {
    this.#server.close();
    for (const channel of this.#channels.values()) channel.end();
  }

  reply(client: ClientId, request: number, reply: ClientReply): void {
    this.#channels.get(client)?.send(encodeMessage({ request, reply }));
  }

  notify(client: ClientId, notification: Notification): void {
    this.#channels.get(client)?.send(encodeMessage({ notification }));
  }

  async #admit(socket: Socket): Promise<void> {
    const identity = await authenticate(socket, 'clients');
    if (identity === undefined || this.#channels.size >= MOST_CLIENTS) {
      socket.destroy();
      return;
    }
    this.#lastClient += 1;
    const client = this.#lastClient;
    let named = false;
    const channel = new LineChannel(socket, {
      line: line => {
        const decoded = decodeMessage(line);
        if (!decoded.ok) channel.cut(decoded.problem);
        else if (named) this.#request(client, channel, decoded.value);
        else {
          named = true;
          const name = helloOf(decoded.value);
          this.#post({ kind: 'client-connected', client, identity: { ...identity, name } });
        }
      },
      closed: () => {
        this.#channels.delete(client);
        if (named) this.#post({ kind: 'client-gone', client });
      },
    });
    this.#channels.set(client, channel);
    socket.resume();
  }

  #request(client: ClientId, channel: LineChannel, value: unknown): void {
    const envelope = value as { readonly request?: unknown; readonly body?: unknown } | null;
    const request = envelope?.request;
    if (typeof request !== 'number') {
      channel.cut('a request without a number');
      return;
    }
    const read = readClientRequest(envelope?.body);
    if (read.ok) this.#post({ kind: 'client-request', client, request, body: read.request });
    else this.reply(client, request, { ok: false, refusal: 'invalid', message: read.problem });
  }
}

const LONGEST_NAME = 64;

function helloOf(value: unknown): string {
  const { hello } = (value ?? {}) as { readonly hello?: unknown };
  return typeof hello === 'string' ? hello.slice(0, LONGEST_NAME) : 'unknown';
}
