/**
 * The CIB in a file, served as the daemons would serve theirs: what `CIB_file` and `CIB_shadow` are for. Whatever
 * needs a running cluster is refused.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Conclusion } from '../core/cib/conclude.ts';
import { operate } from '../core/cib/operate.ts';
import type { CibRequest, ClientReply } from '../core/messages/client.ts';
import type { XmlElement } from '../core/xml/element.ts';
import { parseXml } from '../core/xml/parse.ts';
import { printXml } from '../core/xml/print.ts';
import type { Connection } from './connection.ts';

/** Asked for by the first change: what checks a document takes a while to load. */
export type LazyConclusion = () => Promise<Conclusion>;

export interface FileConnectionOptions {
  readonly path: string;
  readonly conclusion: LazyConclusion;
}

const UNCHECKED: Conclusion = { validate: () => [] };

const NO_CLUSTER: ClientReply = {
  ok: false,
  refusal: 'not-connected',
  message: 'Transport endpoint is not connected',
};

/** The name that stands for it, as for many commands. */
const STANDARD_INPUT = '-';

export class FileConnection implements Connection {
  readonly #path: string;
  readonly #conclusion: LazyConclusion;

  constructor({ path, conclusion }: FileConnectionOptions) {
    this.#path = path;
    this.#conclusion = conclusion;
  }

  ask: Connection['ask'] = async request => (request.kind === 'cib' ? this.#serve(request) : NO_CLUSTER);
  /** Nobody tells of changes to a file. */
  onNotification: Connection['onNotification'] = () => undefined;
  onClose: Connection['onClose'] = () => undefined;
  close = (): void => undefined;

  async #serve(request: CibRequest): Promise<ClientReply> {
    const read = this.#read();
    if ('ok' in read) return read;
    const conclusion = request.operation === 'query' ? UNCHECKED : await this.#conclusion();
    const outcome = operate(read, request, conclusion);
    if (!outcome.ok) return outcome;
    if (outcome.cib !== read) this.#write(outcome.cib);
    return outcome.output === undefined ? { ok: true } : { ok: true, output: outcome.output };
  }

  /** Read anew each time: a pipe is read once, but then it is asked once. */
  #read(): XmlElement | Extract<ClientReply, { readonly ok: false }> {
    let source: string;
    try {
      source = readFileSync(this.#path === STANDARD_INPUT ? 0 : this.#path, 'utf8');
    } catch {
      return { ok: false, refusal: 'no-such-object', message: 'No such file or directory' };
    }
    const parsed = parseXml(source);
    if (parsed.ok && parsed.root.name === 'cib') return parsed.root;
    const message = parsed.ok ? 'not a CIB' : `line ${parsed.line}: ${parsed.message}`;
    return { ok: false, refusal: 'invalid', message };
  }

  /** Beside it and then in its place, so that no reader sees half of it. */
  #write(cib: XmlElement): void {
    if (this.#path === STANDARD_INPUT) {
      process.stdout.write(printXml(cib, { pretty: true }));
      return;
    }
    const beside = `${this.#path}.${process.pid}`;
    writeFileSync(beside, printXml(cib, { pretty: true }), { mode: 0o600 });
    renameSync(beside, this.#path);
  }
}
