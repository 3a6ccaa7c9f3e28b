import type { NodePicture, ResourcePicture } from '../status/picture.ts';
import { compareNames } from '../status/words.ts';
import { agentName, isActive } from './resource-words.ts';
import type { View } from './view.ts';

/** Primitives counted by agent and node: `2/3 (ocf:heartbeat:Dummy): Active node1`. */
export function briefLines(
  resources: readonly ResourcePicture[],
  { inactive, byNode, withTotal = inactive }: View & { readonly withTotal?: boolean },
): readonly string[] {
  const byAgent = Map.groupBy(resources, agentName);
  return [...byAgent.keys()].sort().flatMap(agent => {
    const of = byAgent.get(agent) ?? [];
    const total = byNode || !withTotal ? '' : `/${of.length}`;
    const active = of.filter(one => isActive(one, 'any'));
    if (active.length === 0) return inactive ? [`0${total}\t(${agent}):\tActive`] : [];
    const perNode = new Map<NodePicture | undefined, number>();
    for (const { activeOn } of active) perNode.set(activeOn[0], (perNode.get(activeOn[0]) ?? 0) + 1);
    const inOrder = [...perNode].sort(([left], [right]) => compareNames(left?.name ?? '', right?.name ?? ''));
    return inOrder.map(
      ([node, count]) => `${count}${total}\t(${agent}):\tActive ${byNode ? '' : (node?.name ?? '')}`,
    );
  });
}
