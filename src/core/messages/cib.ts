/** What CIB managers say to each other. A `round` is one agreement on a common document; its id is unique. */
import type { Instant } from '../base/time.ts';
import type { CibVersion } from '../cib/document.ts';
import type { Lineage } from '../cib/lineage.ts';
import type { XmlElement } from '../xml/element.ts';
import type { CibRequest, ClientIdentity } from './client.ts';

export type CibMessage =
  | CibWriteMessage
  /** To the node that a write came from: how many writes of the round are applied here, and how many stored. */
  | { readonly kind: 'stored'; readonly round: string; readonly applied: number; readonly durable: number }
  /** Begin a round: all peers answer with their position. */
  | { readonly kind: 'round'; readonly round: string }
  | ({ readonly kind: 'position'; readonly round: string } & Position)
  /** To a peer that has another document than the one that was agreed on: that document, or what leads to it. */
  | { readonly kind: 'document'; readonly round: string; readonly cib: XmlElement }
  | { readonly kind: 'patchset'; readonly round: string; readonly patchset: XmlElement }
  /** Whoever has another document after so many writes of the round has gone astray. */
  | {
      readonly kind: 'check';
      readonly round: string;
      readonly applied: number;
      readonly fingerprint: string;
    };

/** Applied by every node in its place in the order. */
export interface CibWriteMessage {
  readonly kind: 'write';
  /** Chosen by the node that sends it. */
  readonly call: number;
  readonly request: CibRequest;
  readonly identity: ClientIdentity;
  /** By the clock of the node that sends it. */
  readonly at: Instant;
}

/** Where a node stands when a round begins. */
export interface Position {
  readonly version: CibVersion;
  readonly lineage: Lineage;
  readonly fingerprint: string;
  /** It comes straight from a partition that had quorum. */
  readonly wasQuorate: boolean;
  readonly at: Instant;
}
