import type { Resource } from '../model.ts';
import type { Addend, ScoreRule } from '../origins.ts';
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
const ruleText = ({ origin }: Pick<Addend, 'origin'>): string =>
  typeof origin === 'string' ? RULES[origin] : origin.id;

const RULES: Readonly<Record<ScoreRule, string>> = {
  node: 'the node is not up, or is leaving',
  history: 'its history there',
  stickiness: 'it is running there (resource-stickiness)',
  failures: 'it failed there as often as it may (migration-threshold)',
  'exclusive-discovery': 'it runs only where it is looked for (resource-discovery, or containers of its own)',
  'remote-node': 'it cannot run on a remote node',
  'in-container': 'it runs only in its own container',
  'shutdown-lock': 'it is kept for a node that shut down with it (shutdown-lock)',
  'wanted-role': 'its role is to be Stopped',
  'no-room': 'the node has not enough left of what it needs (utilization)',
  'promotion-score': 'the promotion score that its agent gives the node',
  'all-instances-placed': 'all instances are placed already',
  'node-full': 'the node has as many instances as may run on one',
  'node-unavailable': 'nothing can run there now',
  removed: 'it is not in the configuration any more',
  collective: 'the whole may not run there',
  replica: 'it runs only in its own container',
};
