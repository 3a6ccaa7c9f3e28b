import type { ClientReply, ClientRequest, Notification } from '../core/messages/client.ts';

/** Asks the daemons of one node, over whatever leads to them. */
export interface Connection {
  /** A failure of the way there is a refusal (`not-connected`, `timeout`) like any other. */
  readonly ask: (request: ClientRequest) => Promise<ClientReply>;
  /** What was subscribed to by a request `subscribe` arrives here. */
  readonly onNotification: (listener: (notification: Notification) => void) => void;
  /** Called once, when the other side goes away. */
  readonly onClose: (listener: () => void) => void;
  readonly close: () => void;
}
