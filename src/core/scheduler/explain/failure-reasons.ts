import { failCount } from '../../status/fail-counts.ts';
import { attribute } from '../../xml/element.ts';
import type { Node, Resource } from '../model.ts';
import { topOf } from '../tree.ts';
import type { Reason } from './reason.ts';
import { about, isWithin, scoreText, type Where } from './subject.ts';

export const removed = ({ id }: Resource): Reason => ({
  kind: 'removed',
  text: `${id} is not in the configuration any more`,
  resource: id,
});

/** Failures that reached the threshold, of the resource or of anything in it. */
export function failuresOf(resource: Resource, node: Node): readonly Reason[] {
  if (resource.children.length > 0) return resource.children.flatMap(one => failuresOf(one, node));
  const { now } = resource.cluster;
  const { count } = failCount(resource.facts, node, { now, effective: true, withLaunched: true });
  const threshold = resource.facts.migrationThreshold;
  if (count === 0 || threshold === 0 || threshold > count) return [];
  const limit = `migration-threshold of ${scoreText(threshold)}`;
  return [
    {
      kind: 'failures',
      text: `${resource.id} has a fail count of ${scoreText(count)} on ${node.name}, which reaches its ${limit}`,
      resource: resource.id,
      node: node.name,
      score: '-INFINITY',
      undo: [{ kind: 'clear-failures', resource: resource.id, node: node.name }],
    },
  ];
}

/** What the history says against a node: operations that failed there, or, of what is unmanaged, for it. */
export function ofHistory(where: Where): readonly Reason[] {
  const { resource, node, value } = where;
  if (value > 0) {
    return [
      { kind: 'runs', text: `${resource.id} is active on ${node.name} and not managed`, ...about(where) },
    ];
  }
  const failed = failedOperations(resource, node);
  if (failed.length > 0) return failed;
  if (resource.flags.removed) return [removed(resource)];
  const elsewhere = node.cluster.nodes.flatMap(other => failedOperations(resource, other));
  if (elsewhere.length > 0) return elsewhere;
  if (resource.active.length > 1) {
    return [
      {
        kind: 'multiply-active',
        text: `${resource.id} was found active on ${resource.active.map(one => one.name).join(', ')} at once`,
        resource: resource.id,
        undo: resource.active.map(one => ({ kind: 'forget', resource: resource.id, node: one.name })),
      },
    ];
  }
  return [
    {
      kind: 'failed-operation',
      text: `the history of ${resource.id} rules ${node.name} out`,
      ...about(where),
    },
  ];
}

/** Operations of a resource that failed on a node. */
export function failedOperations(resource: Resource, node: Node): readonly Reason[] {
  const top = topOf(resource);
  const { cluster } = resource;
  const concerns = (id: string): boolean => {
    const failed = cluster.picture.resourceById.get(id);
    const its = failed === undefined ? undefined : cluster.resourceOf.get(failed);
    return its !== undefined && (isWithin(its, resource) || (isWithin(its, top) && !its.flags.unique));
  };
  return cluster.picture.failures
    .filter(one => one.node === node.facts && concerns(one.resource))
    .map(({ entry, resource: id }) => {
      const task = attribute(entry, 'operation') ?? 'operation';
      const reason = attribute(entry, 'exit-reason');
      const why = reason === undefined || reason === '' ? '' : `: ${reason}`;
      return {
        kind: 'failed-operation',
        text: `${task} of ${id} failed on ${node.name} with exit status ${attribute(entry, 'rc-code') ?? '?'}${why}`,
        resource: id,
        node: node.name,
        undo: [
          { kind: task.startsWith('migrate') ? 'forget' : 'clear-failures', resource: id, node: node.name },
        ],
      } satisfies Reason;
    });
}
