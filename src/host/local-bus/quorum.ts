import type { NodeName } from '../../core/model/names.ts';

/** Who may vote, as configured for the bus. */
export interface Votes {
  readonly nodes: readonly { readonly name: NodeName; readonly votes?: number }[];
  /** Of two nodes one alone is quorate, once both have been seen together. */
  readonly twoNode?: boolean;
}

const votesOf = ({ nodes }: Votes, name: NodeName): number =>
  nodes.find(node => node.name === name)?.votes ?? (nodes.some(node => node.name === name) ? 1 : 0);

export const expectedVotes = ({ nodes }: Votes): number =>
  nodes.reduce((sum, { votes = 1 }) => sum + votes, 0);

/** Whether these members may decide: they have more than half of all votes. */
export function isQuorate(
  votes: Votes,
  members: readonly NodeName[],
  { allWereSeen }: { readonly allWereSeen: boolean },
): boolean {
  const present = members.reduce((sum, name) => sum + votesOf(votes, name), 0);
  if (votes.twoNode === true && votes.nodes.length === 2) return present > 0 && allWereSeen;
  return present * 2 > expectedVotes(votes);
}
