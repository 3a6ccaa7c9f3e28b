/** Who is there, as the cluster layer says, and what changes from one view to the next. */
import { type Duration, type Instant, later } from '../base/time.ts';
import type { NodeId, NodeName } from '../model/names.ts';

/** Nodes that are up, those of them whose `pacemakerd` takes part, and whether they are a quorum. */
export interface View {
  readonly members: ReadonlyMap<NodeName, NodeId>;
  readonly peers: ReadonlySet<NodeName>;
  /**
   * Members whose `pacemakerd` was here and went, and until when it may come back: it may be restarting, while
   * the executor keeps the node's services running. Only after that is the node lost.
   */
  readonly away: ReadonlyMap<NodeName, Instant>;
  readonly quorate: boolean;
}

export const NOBODY: View = { members: new Map(), peers: new Set(), away: new Map(), quorate: false };

export interface Report {
  readonly members: readonly { readonly id: NodeId; readonly name: NodeName }[];
  readonly peers: readonly NodeName[];
  readonly quorate: boolean;
}

/** How long a `pacemakerd` may stay away while its node is still a member. */
export interface Grace {
  readonly now: Instant;
  readonly grace: Duration;
}

export function nextView(before: View, report: Report, { now, grace }: Grace): View {
  const members = new Map(report.members.map(({ name, id }) => [name, id]));
  const peers = new Set(report.peers);
  const away = new Map<NodeName, Instant>();
  for (const name of members.keys()) {
    if (peers.has(name)) continue;
    const until = before.peers.has(name) ? later(now, grace) : before.away.get(name);
    if (until !== undefined) away.set(name, until);
  }
  return { members, peers, away, quorate: report.quorate };
}

/** Peers of `after` that were none before. */
export const arrived = (before: View, after: View): readonly NodeName[] =>
  [...after.peers].filter(name => !before.peers.has(name));

/** Peers of `before` that are none now, be they away or lost. */
export const departed = (before: View, after: View): readonly NodeName[] =>
  [...before.peers].filter(name => !after.peers.has(name));
