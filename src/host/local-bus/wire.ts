/**
 * The lines between the hub and the processes of nodes. A line is a verb and what belongs to it; the payload of a
 * message is relayed as it came, unread.
 *
 * To the hub: `join JSON` (first), `cast PAYLOAD`, `send NODE PAYLOAD`, `pong`.
 * From the hub: `members JSON`, `from NODE PAYLOAD`, `ping`, `refused REASON`.
 */
import type { Member } from '../../core/daemons/contract.ts';
import type { NodeName } from '../../core/model/names.ts';

/** `peer` takes part in messages (pacemakerd); `presence` only proves that the node is there (pacemaker-execd). */
export type LinkRole = 'peer' | 'presence' | 'control';

export interface Join {
  readonly node: Member;
  readonly role: LinkRole;
}

/** What the hub tells each peer, whenever it changed, in its place among the messages. */
export interface View {
  readonly members: readonly Member[];
  readonly peers: readonly NodeName[];
  readonly quorate: boolean;
  readonly expectedVotes: number;
}

/** Splits a line into its verb and the rest. */
export function splitVerb(line: string): readonly [verb: string, rest: string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
