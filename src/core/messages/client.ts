/**
 * What a client (a command, the shell, the web server, an agent) may ask of `pacemakerd`, and what it hears back.
 * On the client socket a request and a reply are one line of JSON each; XML travels inside as text and stands
 * here as elements.
 */

import type { Duration } from '../base/time.ts';
import type { CibCall, Problem } from '../cib/call.ts';
import type { NodeName, ResourceId } from '../model/names.ts';
import type { XmlElement } from '../xml/element.ts';

/** Who asks, as the kernel says (peer credentials); ACLs decide by `user` and `groups`. */
export interface ClientIdentity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly pid?: number;
  /** Name that the client gives itself, for logs and for `origin` in history: crm_resource, crm_mon … */
  readonly name?: string;
}

export interface CibRequest extends CibCall {
  readonly kind: 'cib';
  /** Answer from this node's copy, whatever the cluster's is. */
  readonly local?: boolean;
}

export interface AttributeRequest {
  readonly kind: 'attribute';
  readonly operation: 'update' | 'update-both' | 'update-delay' | 'delete' | 'query' | 'refresh';
  readonly name?: string;
  /** Regular expression of names, instead of `name`. */
  readonly pattern?: string;
  /** `value++`, `value+=5` and `++` count up from the present value. */
  readonly value?: string;
  /** Absent: the node that is asked; for `query`, `all` asks for every node. */
  readonly node?: NodeName | 'all';
  readonly dampening?: Duration;
  readonly set?: string;
  readonly private?: boolean;
}

/**
 * `ping`, `dc`, `members`, `who-am-i` and `quorum` are answered with one and the same element, for the node that is
 * asked: `<controller node="NAME" id="ID" state="S_IDLE" dc="NAME" quorate="true">` with a child
 * `<node id="ID" name="NAME" state="member|lost"/>` for each node that is or was known; `dc` is absent where there
 * is none. A `ping` of another `node` is answered when that node has answered, with that node's name and state alone.
 */
export type ControllerRequest =
  | { readonly kind: 'controller'; readonly operation: 'dc' | 'members' | 'who-am-i' | 'quorum' }
  | { readonly kind: 'controller'; readonly operation: 'ping'; readonly node?: NodeName }
  /** Forget the history of a resource (of all resources) on a node (on all), and probe anew. */
  | {
      readonly kind: 'controller';
      readonly operation: 'refresh';
      readonly resource?: ResourceId;
      readonly node?: NodeName;
      /** Only if it failed (`crm_resource --cleanup`), optionally only this operation and interval. */
      readonly failuresOnly?: boolean;
      readonly failedOperation?: string;
      readonly interval?: Duration;
    }
  /** Record a failure of the resource on the node as an agent would. */
  | {
      readonly kind: 'controller';
      readonly operation: 'fail';
      readonly resource: ResourceId;
      readonly node: NodeName;
    }
  | { readonly kind: 'controller'; readonly operation: 'remove-node'; readonly node: NodeName }
  | { readonly kind: 'controller'; readonly operation: 'shut-down'; readonly node?: NodeName };

export type FencingAction = 'on' | 'off' | 'reboot';

export type FencerRequest =
  | {
      readonly kind: 'fencer';
      readonly operation: 'fence';
      readonly target: NodeName;
      readonly action: FencingAction;
      readonly timeout?: Duration;
      readonly delay?: Duration;
      /** Take a success at most this old as the answer. */
      readonly tolerance?: Duration;
    }
  /** A person vouches that the node is down. */
  | { readonly kind: 'fencer'; readonly operation: 'confirm'; readonly target: NodeName }
  | { readonly kind: 'fencer'; readonly operation: 'devices'; readonly target?: NodeName }
  | { readonly kind: 'fencer'; readonly operation: 'query-device'; readonly device: string }
  /** Answered with `<targets><target name/>…`. */
  | { readonly kind: 'fencer'; readonly operation: 'list-targets'; readonly device: string }
  | { readonly kind: 'fencer'; readonly operation: 'register-device'; readonly device: XmlElement }
  | { readonly kind: 'fencer'; readonly operation: 'remove-device'; readonly device: string }
  | { readonly kind: 'fencer'; readonly operation: 'register-level'; readonly level: XmlElement }
  | { readonly kind: 'fencer'; readonly operation: 'remove-level'; readonly level: XmlElement }
  | { readonly kind: 'fencer'; readonly operation: 'history'; readonly target?: NodeName }
  | { readonly kind: 'fencer'; readonly operation: 'clear-history'; readonly target?: NodeName };

export type Topic = 'cib' | 'attributes' | 'fencing' | 'membership' | 'transition';

export type ClientRequest =
  | CibRequest
  | AttributeRequest
  | ControllerRequest
  | FencerRequest
  | { readonly kind: 'subscribe'; readonly topics: readonly Topic[] };

/** Why a request failed, as a Pacemaker return code's name; `tools` turn it into an exit status. */
export type Refusal =
  | 'no-such-object'
  | 'exists'
  | 'invalid'
  | 'schema'
  | 'denied'
  | 'old-data'
  | 'diff-failed'
  | 'diff-resync'
  | 'no-dc'
  | 'no-quorum'
  | 'timeout'
  | 'not-connected'
  | 'no-device'
  | 'failed'
  | 'unsupported';

export type ClientReply =
  | { readonly ok: true; readonly output?: XmlElement }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly message: string;
      readonly output?: XmlElement;
      /** What made a document invalid. */
      readonly problems?: readonly Problem[];
    };

/** Sent to subscribers without being asked. `cib` carries a patchset, the others an element of their own. */
export interface Notification {
  readonly topic: Topic;
  readonly body: XmlElement;
}
