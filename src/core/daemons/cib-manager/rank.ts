import type { Position } from '../../messages/cib.ts';
import type { NodeName } from '../../model/names.ts';

/**
 * Which document goes on when nodes meet; over 0: the left one. An administrator's `admin_epoch` stands above
 * all. Then what a partition with quorum wrote, the latest such partition first: a few nodes apart may have
 * counted their epoch as high as they like. Then Pacemaker's rule, the highest version; then the
 * document that more nodes have, as one that went astray is alone; then any fixed one.
 */
function rank(left: Position, right: Position, holders: (of: Position) => number): number {
  return (
    left.version.adminEpoch - right.version.adminEpoch ||
    left.lineage.term - right.lineage.term ||
    Number(left.wasQuorate) - Number(right.wasQuorate) ||
    left.lineage.writes - right.lineage.writes ||
    left.version.epoch - right.version.epoch ||
    left.version.numUpdates - right.version.numUpdates ||
    holders(left) - holders(right) ||
    (left.fingerprint < right.fingerprint ? -1 : left.fingerprint > right.fingerprint ? 1 : 0)
  );
}

/** The peer whose document goes on; of several with the same one, the first by name. */
export function winnerOf(positions: ReadonlyMap<NodeName, Position>): NodeName | undefined {
  const all = [...positions.values()];
  const holders = ({ fingerprint }: Position): number =>
    all.filter(one => one.fingerprint === fingerprint).length;
  let best: NodeName | undefined;
  for (const name of [...positions.keys()].sort()) {
    const [one, other] = [positions.get(name), best && positions.get(best)];
    if (one !== undefined && (other === undefined || rank(one, other, holders) > 0)) best = name;
  }
  return best;
}
