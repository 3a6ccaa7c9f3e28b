import type { Resource } from '../model.ts';
import type { Addend } from '../origins.ts';
import { inquire } from './reason.ts';
import { addendsOf, reasonOfAddend } from './score-reasons.ts';
import { scoreText } from './subject.ts';

/** What a resource is worth on a node. */
export interface NodeScore {
  readonly node: string;
  readonly score: string;
  readonly parts: readonly { readonly score: string; readonly text: string }[];
}

/** The scores of a resource on all nodes that it knows of, with what they are made of. */
export function scoresOf(resource: Resource): readonly NodeScore[] {
  return [...resource.allowed.values()]
    .sort((left, right) => left.node.position - right.node.position)
    .map(({ node, score }) => ({
      node: node.name,
      score: scoreText(score),
      parts: addendsOf(resource, node).map(part => ({
        score: scoreText(part.value),
        text: reasonOfAddend(inquire(resource.cluster), { resource, node }, part)[0]?.text ?? ruleText(part),
      })),
    }));
}

/** Of a part that is no reason in itself, what brought it about. */
function ruleText({ origin }: Pick<Addend, 'origin'>): string {
  if (typeof origin !== 'string') return origin.id;
  switch (origin) {
    case 'node':
      return 'the node is not up, or is leaving';
    case 'node-unavailable':
      return 'nothing can run there now';
    case 'collective':
      return 'the whole may not run there';
    case 'wanted-role':
      return 'its role is to be Stopped';
    default:
      return origin;
  }
}
