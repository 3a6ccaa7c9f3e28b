import { score } from '../model/score.ts';
import type { Resource } from './model.ts';
import type { ScoreLine } from './schedule.ts';
import { locationOf } from './tree.ts';

/** Notes where a resource, and all in it, could go, for `crm_simulate -s` and for explanations. */
export function noteScores(resource: Resource, by: Extract<ScoreLine, { kind: 'assignment' }>['by']): void {
  if (resource.flags.removed) return;
  const sorted = [...resource.allowed.values()].sort(
    (left, right) => left.node.position - right.node.position,
  );
  for (const one of sorted) {
    resource.cluster.scores.push({
      kind: 'assignment',
      by,
      resource: resource.id,
      node: one.node.name,
      score: score(one.score),
    });
  }
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
