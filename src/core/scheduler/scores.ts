import { score } from '../model/score.ts';
import type { CandidateTable } from './assign/candidates.ts';
import type { Candidate, Cluster, Node, Resource } from './model.ts';
import type { ScoreLine } from './schedule.ts';
import { isBundleNode, locationOf } from './tree.ts';

/** What is noted while it holds, to be put into lines when somebody asks. */
export type ScoreNote =
  | ScoreLine
  /** Where a resource could go, in a table that stays as it is. */
  | {
      readonly kind: 'places';
      readonly by: Assigner;
      readonly resource: string;
      readonly candidates: CandidateTable;
    };

type Assigner = Extract<ScoreLine, { kind: 'assignment' }>['by'];

/** Notes where a resource, and all in it, could go, for `crm_simulate -s` and for explanations. */
export function noteScores(resource: Resource, by: Assigner): void {
  if (resource.flags.removed) return;
  const candidates = resource.allowed.copy();
  resource.cluster.scores.push({ kind: 'places', by, resource: resource.id, candidates });
  for (const child of resource.children) noteScores(child, by);
}

export function notePromotion(instance: Resource): void {
  const node = locationOf(instance, 'assigned');
  instance.cluster.scores.push({
    kind: 'promotion',
    resource: instance.id,
    ...(node === undefined ? {} : { node: node.name }),
    score: score(instance.promotionPriority),
  });
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Notes what each node has room for, as far as it was given any: the nodes of bundles never are. */
export function noteCapacities(cluster: Cluster, when: 'original' | 'remaining'): void {
  for (const node of cluster.nodes) {
    if (isBundleNode(node)) continue;
    const amounts = node.capacity.size === 0 ? NOTHING : new Map(node.capacity);
    cluster.scores.push({ kind: 'capacity', when, node: node.name, amounts });
  }
}

export function noteUtilization(resource: Resource, node: Node): void {
  const { id, cluster, facts } = resource;
  cluster.scores.push({ kind: 'utilization', resource: id, node: node.name, amounts: facts.utilization });
}

/** In the order in which they were noted; those of one resource by the names of nodes. */
export const scoreLines = (notes: readonly ScoreNote[]): readonly ScoreLine[] =>
  notes.flatMap((note): readonly ScoreLine[] => {
    if (note.kind !== 'places') return [note];
    const { by, resource, candidates } = note;
    const order: Readonly<Candidate>[] = [];
    candidates.each(one => order.push(one));
    order.sort((left, right) => left.node.position - right.node.position);
    return order.map(({ node, score: value }) => ({
      kind: 'assignment',
      by,
      resource,
      node: node.name,
      score: score(value),
    }));
  });
