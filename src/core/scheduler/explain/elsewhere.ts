import { isAvailable, NEVER } from '../assign/nodes.ts';
import type { Node, Resource } from '../model.ts';
import { distinct, obstaclesOn } from './obstacles.ts';
import { type Inquiry, type Reason, stepInto } from './reason.ts';
import { addendsOf, reasonOfAddend } from './score-reasons.ts';
import { placesFor, primitivesIn, scoreText } from './subject.ts';

/** The part of a collective resource whose place decides about it: of a group, the first. */
const leader = (resource: Resource): Resource => primitivesIn(resource)[0] ?? resource;

/** Why a resource is not placed on a node: it may not run there, or it is better off elsewhere. */
export function whyElsewhere(inquiry: Inquiry, whole: Resource, node: Node): readonly Reason[] {
  const resource = leader(whole);
  const further = stepInto(inquiry, resource);
  if (further === undefined) return [];
  const obstacles = obstaclesOn(further, resource, node);
  if (obstacles.length > 0 || resource.assigned === undefined || resource.assigned === node) return obstacles;
  return distinct([...outdone(further, resource, { loser: node, winner: resource.assigned })]);
}

interface Rivals {
  readonly winner: Node;
  readonly loser: Node;
}

/** What another node has for it that this one has not; with equal scores, the rule that decided. */
function outdone(inquiry: Inquiry, resource: Resource, { winner, loser }: Rivals): readonly Reason[] {
  const scoreOn = (node: Node): number => resource.allowed.peek(node)?.score ?? NEVER;
  const difference = scoreOn(winner) - scoreOn(loser);
  if (difference === 0) return [tie(resource, { winner, loser })];
  const ours = partsOf(inquiry, resource, winner).filter(one => one.value > 0);
  const theirs = partsOf(inquiry, resource, loser).filter(one => one.value < 0);
  const because = [...ours, ...theirs].flatMap(one => one.reasons);
  const text = `${winner.name} has a score of ${scoreText(scoreOn(winner))} for ${resource.id}, ${loser.name} one of ${scoreText(scoreOn(loser))}`;
  return [
    {
      kind: 'lower-score',
      text,
      resource: resource.id,
      node: loser.name,
      because: distinct(because),
    },
  ];
}

function partsOf(inquiry: Inquiry, resource: Resource, node: Node) {
  return addendsOf(resource, node).map(part => ({
    value: part.value,
    reasons: reasonOfAddend(inquiry, { resource, node }, part),
  }));
}

/** With equal scores: room, then the number of resources, then where it is, then the name. */
function tie(resource: Resource, { winner, loser }: Rivals): Reason {
  const { placementStrategy } = resource.cluster.picture.options;
  const about = { kind: 'tie', resource: resource.id, node: winner.name } as const;
  const equal = `${winner.name} and ${loser.name} have the same score for ${resource.id}`;
  if (resource.active.includes(winner))
    return { ...about, text: `${equal}, and it is running on ${winner.name}` };
  if (placementStrategy !== 'default') {
    const text = `${equal}, and ${winner.name} had more room left (placement-strategy=${placementStrategy})`;
    return { ...about, text };
  }
  const text = `${equal}, and ${winner.name} had fewer resources, or comes first by its name`;
  return { ...about, text };
}

/** Why a resource is placed on a node, of all where it could be. */
export function whyThere(inquiry: Inquiry, resource: Resource, node: Node): readonly Reason[] {
  const further = stepInto(inquiry, node);
  const candidate = resource.allowed.peek(node);
  if (further === undefined || candidate === undefined) return [];
  const parts = partsOf(further, resource, node).filter(one => one.value > 0);
  const rivals = [...resource.allowed.values()]
    .filter(one => one.node !== node && one.score >= 0 && isAvailable(one))
    .sort((left, right) => right.score - left.score);
  const rival = rivals[0]?.node;
  if (rival === undefined) return [onlyNode(further, resource, node), ...parts.flatMap(one => one.reasons)];
  const positive = distinct(parts.flatMap(one => one.reasons));
  if ((resource.allowed.peek(rival)?.score ?? NEVER) === candidate.score) {
    return [...positive, tie(resource, { winner: node, loser: rival })];
  }
  return positive;
}

function onlyNode(inquiry: Inquiry, resource: Resource, node: Node): Reason {
  const others = placesFor(resource).filter(one => one !== node);
  const because = distinct(others.flatMap(other => obstaclesOn(inquiry, resource, other)));
  return {
    kind: 'only-node',
    text: `${node.name} is the only node where ${resource.id} may run`,
    resource: resource.id,
    node: node.name,
    because,
  };
}
