import { score } from '../model/score.ts';
import type { Cluster, Node, Resource } from './model.ts';
import type { ScoreLine } from './schedule.ts';
import { isBundleNode, locationOf } from './tree.ts';

/** What is noted while it holds, to be put into lines when somebody asks. */
export type ScoreNote =
  | ScoreLine
  /** All places of a resource, in the order of its table, with their scores. */
  | {
      readonly kind: 'places';
      readonly by: Assigner;
      readonly resource: string;
      readonly nodes: readonly Node[];
      readonly scores: readonly number[];
    };

type Assigner = Extract<ScoreLine, { kind: 'assignment' }>['by'];

/** Notes where a resource, and all in it, could go, for `crm_simulate -s` and for explanations. */
export function noteScores(resource: Resource, by: Assigner): void {
  if (resource.flags.removed) return;
  const nodes: Node[] = [];
  const scores: number[] = [];
  for (const one of resource.allowed.values()) {
    nodes.push(one.node);
    scores.push(one.score);
  }
  resource.cluster.scores.push({ kind: 'places', by, resource: resource.id, nodes, scores });
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

/** Notes what each node has room for, as far as it was given any: the nodes of bundles never are. */
export function noteCapacities(cluster: Cluster, when: 'original' | 'remaining'): void {
  for (const node of cluster.nodes) {
    if (isBundleNode(node)) continue;
    cluster.scores.push({ kind: 'capacity', when, node: node.name, amounts: new Map(node.capacity) });
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
    const { by, resource, nodes, scores } = note;
    const order = nodes.map((node, at) => ({ node, value: scores[at] as number }));
    order.sort((left, right) => left.node.position - right.node.position);
    return order.map(({ node, value }) => ({
      kind: 'assignment',
      by,
      resource,
      node: node.name,
      score: score(value),
    }));
  });
