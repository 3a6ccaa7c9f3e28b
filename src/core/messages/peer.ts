/**
 * What daemons of different nodes say to each other, by conversation. `codec` files turn each to Pacemaker's XML
 * and back; the code of daemons sees only these types.
 */
import type { AttributeMessage } from './attributes.ts';
import type { CibMessage } from './cib.ts';
import type { ControllerMessage } from './controller.ts';
import type { FencerMessage } from './fencer.ts';

export type PeerMessage =
  | { readonly to: 'cib'; readonly body: CibMessage }
  | { readonly to: 'attributes'; readonly body: AttributeMessage }
  | { readonly to: 'controller'; readonly body: ControllerMessage }
  | { readonly to: 'fencer'; readonly body: FencerMessage };
