import type { Instant } from '../../base/time.ts';
import { type Lineage, UNKNOWN_LINEAGE } from '../../cib/lineage.ts';
import type { CibWriteMessage, Position } from '../../messages/cib.ts';
import type { CibRequest, ClientIdentity } from '../../messages/client.ts';
import type { NodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { ClientId, EffectId } from '../contract.ts';
import type { DaemonName } from '../inside.ts';

export interface State {
  /** Absent until the disk was read. */
  readonly cib?: XmlElement;
  readonly lineage: Lineage;
  readonly view: View;
  readonly agreement: Agreement;
  /** Whether the last agreement was one of a partition with quorum. */
  readonly wasQuorate: boolean;
  /** A patchset did not lead where it should have: ask for the whole document. */
  readonly distrusted: boolean;
  /** Writes of this node's clients and daemons, by call, until they are answered. */
  readonly pending: ReadonlyMap<number, Pending>;
  /** Requests that wait for an agreement before they are sent. */
  readonly unsent: readonly Request[];
  /** Writes that came in their order while there was no agreement on what they change. */
  readonly held: readonly { readonly from: NodeName; readonly write: CibWriteMessage }[];
  readonly history: readonly Snapshot[];
  readonly storing?: Storing;
  /** What the disk has, as far as this run knows. */
  readonly stored?: { readonly cib: XmlElement; readonly lineage: Lineage };
  readonly nextCall: number;
  readonly nextEffect: EffectId;
  readonly checkAt?: Instant;
}

export interface View {
  /** Sorted by name; empty while this node is not connected. */
  readonly peers: readonly NodeName[];
  /** Most votes are here, and most of those that hold the CIB. */
  readonly quorate: boolean;
  readonly expectedVotes: number;
}

/**
 * Whether so many peers are there that no other such partition can be without one of them. Quorum alone does not
 * say so: nodes may be up without a CIB manager, and two nodes may have been allowed to do with one.
 */
export const hasMajority = ({ peers, quorate, expectedVotes }: View): boolean =>
  quorate && expectedVotes > 0 && peers.length * 2 > expectedVotes;

type Agreement =
  | { readonly kind: 'none' }
  /** `round` is absent until the peer that comes first has named it. */
  | {
      readonly kind: 'asking';
      readonly round?: string;
      readonly positions: ReadonlyMap<NodeName, Position>;
      /** Calls below this were sent before our position: what of them has not come by then never will. */
      readonly callsBefore: number;
    }
  | {
      readonly kind: 'waiting';
      readonly round: string;
      readonly lineage: Lineage;
      readonly fingerprint: string;
    }
  | Agreed;

/** Counts are of writes since the round was agreed on; every peer counts the same ones. */
export interface Agreed {
  readonly kind: 'agreed';
  readonly round: string;
  readonly applied: number;
  /** The last write that changed what the disk keeps. */
  readonly lastKept: number;
  /** Count that the disk has got to; -1: not even what was agreed on. */
  readonly storedAt: number;
  readonly progress: ReadonlyMap<NodeName, Progress>;
  /** Nodes whose writes were applied here since they last heard of it. */
  readonly owed: ReadonlySet<NodeName>;
  readonly hasReported: boolean;
}

export interface Progress {
  readonly applied: number;
  /** All writes up to this one are on disk, if they belong there. */
  readonly durable: number;
}

interface Snapshot {
  readonly round: string;
  readonly applied: number;
  readonly cib: XmlElement;
}

export type Asker =
  | { readonly kind: 'client'; readonly client: ClientId; readonly request: number }
  | { readonly kind: 'daemon'; readonly name: Exclude<DaemonName, 'cib'>; readonly request: number };

export interface Request {
  readonly asker: Asker;
  readonly body: CibRequest;
  readonly identity: ClientIdentity;
}

export interface Pending {
  readonly asker: Asker;
  /** Applied here: safe when enough peers got so far. Absent: sent and not yet back. */
  readonly target?: Progress;
  readonly output?: XmlElement;
}

interface Storing {
  readonly effect: EffectId;
  readonly round: string;
  readonly count: number;
  readonly cib: XmlElement;
  readonly lineage: Lineage;
}

export const initial: State = {
  lineage: UNKNOWN_LINEAGE,
  view: { peers: [], quorate: false, expectedVotes: 0 },
  agreement: { kind: 'none' },
  wasQuorate: false,
  distrusted: false,
  pending: new Map(),
  unsent: [],
  held: [],
  history: [],
  nextCall: 1,
  nextEffect: 1,
};
