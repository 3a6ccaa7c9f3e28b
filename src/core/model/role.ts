/** What an instance of a resource is on a node, weakest first. */
export type Role = 'Unknown' | 'Stopped' | 'Started' | 'Unpromoted' | 'Promoted';

const RANK: Readonly<Record<Role, number>> = {
  Unknown: 0,
  Stopped: 1,
  Started: 2,
  Unpromoted: 3,
  Promoted: 4,
};

export const compareRoles = (left: Role, right: Role): number => RANK[left] - RANK[right];

/** Reads a role as a configuration spells it, in any case, `Master` and `Slave` included. */
export function parseRole(text: string): Role | undefined {
  switch (text.toLowerCase()) {
    case 'stopped':
      return 'Stopped';
    case 'started':
      return 'Started';
    case 'unpromoted':
    case 'slave':
      return 'Unpromoted';
    case 'promoted':
    case 'master':
      return 'Promoted';
    case 'unknown':
      return 'Unknown';
    default:
      return undefined;
  }
}
