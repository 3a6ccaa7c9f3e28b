/** A stream socket that carries lines. Both directions are bounded: whoever exceeds a bound is cut off. */
import type { Socket } from 'node:net';

const MEBIBYTE = 1024 * 1024;
/** Longest line, which must hold a whole CIB. */
const LONGEST_LINE = 64 * MEBIBYTE;
/** What may wait to be sent to a reader that does not read. */
const LARGEST_BACKLOG = 256 * MEBIBYTE;

const LINE_END = 0x0a;

export interface ChannelListener {
  readonly line: (line: string) => void;
  /** Once, whoever closed it; `reason` if it was not in good order. */
  readonly closed: (reason?: string) => void;
}

export class LineChannel {
  readonly #socket: Socket;
  readonly #listener: ChannelListener;
  #pieces: Buffer[] = [];
  #pending = 0;
  #reason: string | undefined;
  readonly #longestLine: number;

  constructor(socket: Socket, listener: ChannelListener, longestLine = LONGEST_LINE) {
    this.#socket = socket;
    this.#listener = listener;
    this.#longestLine = longestLine;
    socket.on('data', data => this.#take(data as Buffer));
    socket.on('error', error => {
      this.#reason ??= error.message;
    });
    socket.on('close', () => listener.closed(this.#reason));
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends a line, which must not hold a line end; nothing happens when the other side is gone. */
  send(line: string): void {
    if (!this.open) return;
    this.#socket.write(`${line}\n`);
    if (this.#socket.writableLength > LARGEST_BACKLOG) this.cut('does not read what is sent');
  }

  /** Closes once all is sent. */
  end(): void {
    this.#socket.end();
  }

  cut(reason?: string): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    let from = 0;
    for (let at = data.indexOf(LINE_END); at >= 0; at = data.indexOf(LINE_END, from)) {
      const piece = data.subarray(from, at);
      const line = this.#pieces.length === 0 ? piece : Buffer.concat([...this.#pieces, piece]);
      this.#pieces = [];
      this.#pending = 0;
      from = at + 1;
      if (line.length > this.#longestLine) this.cut('line too long');
      else this.#listener.line(line.toString('utf8'));
      if (this.#socket.destroyed) return;
    }
    if (from === data.length) return;
    const rest = data.subarray(from);
    this.#pieces.push(rest);
    this.#pending += rest.length;
    if (this.#pending > this.#longestLine) this.cut('line too long');
  }
}
