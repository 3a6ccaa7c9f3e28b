import type { Connection } from '../../client/connection.ts';
import type { ClientReply, ClientRequest } from '../../core/messages/client.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Paint } from '../language/paint.ts';
import { paintFor } from './colours.ts';
import type { Draft } from './draft.ts';

/** What surrounds the shell; tests hand in their own. */
export interface ShellSurroundings {
  readonly environment: Record<string, string | undefined>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly connect: (environment: Readonly<Record<string, string | undefined>>) => Promise<Connection>;
  /** Asks a person; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  readonly readStandardInput: () => Promise<string>;
  /** Whether what is printed is seen by a person. */
  readonly isTerminal: boolean;
}

export interface ShellOptions {
  force: boolean;
  wait: boolean;
  display: 'plain' | 'color' | 'color-always' | 'uppercase';
  sortElements: boolean;
  answerNo: boolean;
}

/** A session of the shell: where it is connected to, and the changes that wait to be committed. */
export class Session {
  readonly surroundings: ShellSurroundings;
  readonly options: ShellOptions;
  /** Opened by `configure` at the first look at the configuration. */
  draft: Draft | undefined;
  /** Name of the shadow in use; absent for the live cluster. */
  shadow: string | undefined;
  /** Asks a person; while lines are read from them, by the reader of the lines. */
  question: ((question: string) => Promise<string>) | undefined;
  /** A single command from the command line: its changes are committed without a question. */
  isSingleShot = false;
  #connection: Promise<Connection> | undefined;

  constructor(surroundings: ShellSurroundings, options: ShellOptions) {
    this.surroundings = surroundings;
    this.options = options;
    this.question = surroundings.ask;
  }

  get paint(): Paint {
    return paintFor(this.options.display, this.surroundings.isTerminal);
  }

  get environment(): Record<string, string | undefined> {
    return this.surroundings.environment;
  }

  /** A file or a shadow stands for the cluster: nothing that is asked of it happens. */
  get isOffline(): boolean {
    const { CIB_file: file, CIB_shadow: shadow } = this.environment;
    return (file !== undefined && file !== '') || (shadow !== undefined && shadow !== '');
  }

  out(text: string): void {
    this.surroundings.out(text);
  }

  line(text: string): void {
    this.out(`${text}\n`);
  }

  error(message: string): false {
    this.surroundings.err(`ERROR: ${message}\n`);
    return false;
  }

  warn(message: string): void {
    this.surroundings.err(`WARNING: ${message}\n`);
  }

  inform(message: string): void {
    this.surroundings.err(`INFO: ${message}\n`);
  }

  /** Asks the cluster; the connection is made when it is first needed. A failure of the way there is a refusal. */
  async ask(request: ClientRequest): Promise<ClientReply> {
    try {
      this.#connection ??= this.surroundings.connect(this.environment);
      return await (await this.#connection).ask(request);
    } catch (fault) {
      this.#connection = undefined;
      const message = fault instanceof Error ? fault.message : String(fault);
      return { ok: false, refusal: 'not-connected', message };
    }
  }

  async close(): Promise<void> {
    const open = this.#connection;
    this.#connection = undefined;
    if (open !== undefined) (await open.catch(() => undefined))?.close();
  }

  /** What is wrong with a configuration, by the schema that it is written for. */
  async validate(cib: XmlElement): Promise<readonly string[]> {
    const { loadSchemaValidator } = await import('../../host/schema/schema-validator.ts');
    const problems = (await loadSchemaValidator()).validate(cib);
    return problems.map(
      problem => (problem.element === undefined ? '' : `${problem.element}: `) + problem.message,
    );
  }

  /** Forgets connection and draft, as when another CIB is used. */
  async reset(): Promise<void> {
    this.draft = undefined;
    await this.close();
  }

  /** The CIB as it is now, or nothing after the reason has been said. */
  async cib(): Promise<XmlElement | undefined> {
    const reply = await this.ask({ kind: 'cib', operation: 'query' });
    if (reply.ok) return reply.output ?? element('cib');
    this.error(reply.message);
    return undefined;
  }

  /** A yes-or-no question; where nobody can answer, `--force` says yes and anything else no. */
  async confirm(question: string): Promise<boolean> {
    if (this.options.force) return true;
    if (this.options.answerNo || this.question === undefined) return false;
    for (;;) {
      const answer = (await this.question(`${question} (y/n)? `)).trim().toLowerCase();
      if (answer === 'y' || answer === 'yes') return true;
      if (answer === 'n' || answer === 'no' || answer === '') return false;
    }
  }
}
