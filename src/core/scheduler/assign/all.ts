import type { Cluster, Node, Resource } from '../model.ts';
import { currentNode } from '../tree.ts';
import { CandidateTable } from './candidates.ts';
import { flowScores } from './flow.ts';
import { assignInTurn } from './in-turn.ts';
import { NEVER, nodesBestFirst } from './nodes.ts';

/** Assigns every resource to a node: connections to remote nodes first, for all else depends on them. */
export function assignAll(cluster: Cluster): void {
  if (cluster.picture.options.placementStrategy !== 'default') sortForPlacement(cluster);
  if (cluster.hasRemoteNodes) {
    for (const resource of cluster.resources) {
      if (!resource.flags.remoteConnection) continue;
      assignInTurn(resource, resource.migration?.target, true);
    }
  }
  for (const resource of cluster.resources) {
    if (!resource.flags.remoteConnection) assignInTurn(resource, undefined, true);
  }
}

/** Where room matters the order of assignment does: dearest first, then those that want their place most. */
function sortForPlacement(cluster: Cluster): void {
  const nodes = nodesBestFirst(cluster);
  const flowed = new Map<Resource, CandidateTable>();
  const scoresOf = (resource: Resource): CandidateTable => {
    const known = flowed.get(resource);
    if (known !== undefined) return known;
    const made = flowScores(resource, undefined, {
      target: undefined,
      colocation: undefined,
      factor: 1,
      thisWith: true,
      nonnegative: false,
      active: false,
    });
    const scores = made ?? CandidateTable.of([]);
    flowed.set(resource, scores);
    return scores;
  };
  const scoreOn = (resource: Resource, node: Node | undefined): number =>
    (node === undefined ? undefined : scoresOf(resource).peek(node)?.score) ?? NEVER;
  cluster.resources.sort((left, right) => {
    if (left.priority !== right.priority) return right.priority - left.priority;
    const byCurrent = scoreOn(right, current(right)) - scoreOn(left, current(left));
    if (byCurrent !== 0) return byCurrent;
    for (const node of nodes) {
      const order = scoreOn(right, node) - scoreOn(left, node);
      if (order !== 0) return order;
    }
    return 0;
  });
}

const current = (resource: Resource): Node | undefined =>
  resource.active.length > 0 ? currentNode(resource) : undefined;
