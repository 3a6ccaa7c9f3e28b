/** What commands that ask the cluster do alike: open the way, ask, and end with the right words when refused. */
import type { Connection } from '../client/connection.ts';
import { type Opened, openCluster, openConnection } from '../client/open.ts';
import { exitOfRefusal, wordsOfRefusal } from '../client/refusal.ts';
import { assert } from '../core/base/assert.ts';
import { type Instant, instant, seconds } from '../core/base/time.ts';
import type { CibRequest, ClientReply, ClientRequest } from '../core/messages/client.ts';
import type { XmlElement } from '../core/xml/element.ts';
import { checkedConclusion } from '../host/schema/schema-validator.ts';
import { operationError, type Surroundings, ToolError } from './tool.ts';

/** Whom a command says it could not reach, as in Pacemaker's messages. */
export type Service = 'CIB' | 'controller' | 'cluster' | 'fencer' | 'attrd';

/** The time at which a command decides: one instant for all of it. */
export const timeOfCommand = (): Instant => instant(Date.now());

/** Longer than any request takes that is answered at all, a fencing with retries included. */
const PATIENCE = seconds(600);

export class Session {
  readonly #connection: Connection;
  readonly to: 'file' | 'cluster';

  constructor(connection: Connection, to: 'file' | 'cluster') {
    this.#connection = connection;
    this.to = to;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** The reply, refused or not. */
  ask(request: ClientRequest): Promise<ClientReply> {
    return this.#connection.ask(request);
  }

  /** What was asked for; a refusal ends the command. */
  async demand(request: ClientRequest): Promise<XmlElement | undefined> {
    const reply = await this.ask(request);
    if (reply.ok) return reply.output;
    throw operationError(exitOfRefusal(reply.refusal), wordsOfRefusal(reply.refusal));
  }

  /** The whole CIB as it is on the node that is asked. */
  async cib(): Promise<XmlElement> {
    const cib = await this.demand({ kind: 'cib', operation: 'query' });
    assert(cib !== undefined, 'a query of the whole CIB is answered with it');
    return cib;
  }

  change(request: Omit<CibRequest, 'kind'>): Promise<XmlElement | undefined> {
    return this.demand({ kind: 'cib', ...request });
  }

  close(): void {
    this.#connection.close();
  }
}

/** Opens the CIB, in a file or of the cluster, runs the command's part, and closes it again. */
export async function withCib<T>(
  name: string,
  { environment }: Surroundings,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const opened = await openConnection({
    environment,
    name,
    timeout: PATIENCE,
    conclusion: checkedConclusion,
  });
  return withSession(opened, 'CIB', use);
}

/** As `withCib`, but the daemons themselves, whatever stands for the CIB. */
export async function withCluster<T>(
  name: string,
  { environment }: Surroundings,
  service: Service,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(await openCluster({ environment, name, timeout: PATIENCE }), service, use);
}

async function withSession<T>(
  opened: Opened,
  service: Service,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  if (!opened.ok) {
    const words =
      opened.error === 'ECONNREFUSED' ? 'Connection refused' : 'Transport endpoint is not connected';
    throw new ToolError('disconnected', `Could not connect to the ${service}: ${words}`);
  }
  const session = new Session(opened.connection, opened.to);
  try {
    return await use(session);
  } finally {
    session.close();
  }
}
