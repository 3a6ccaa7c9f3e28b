import { MUST, NEVER } from '../assign/nodes.ts';
import type { Colocation, Node, Resource } from '../model.ts';
import { obstaclesOn } from './obstacles.ts';
import { type Inquiry, type Reason, stepOnce } from './reason.ts';
import { whyNotRunning } from './stopped.ts';
import { about, isWithin, type Where } from './subject.ts';

/** A colocation from the one end that is explained. */
type Seen = Where & { readonly isDependent: boolean };

/** A colocation is named by its constraint; of members of a group and the like, by what they are. */
export function ofColocation(inquiry: Inquiry, colocation: Colocation, where: Where): readonly Reason[] {
  // From one end it leads to the other, and from there back: it is told where it is met first.
  if (inquiry.told.has(`${colocation.id} ${where.node.id}`)) return [];
  inquiry.told.add(`${colocation.id} ${where.node.id}`);
  const { dependent, primary, constraint } = colocation;
  const isDependent = isWithin(where.resource, dependent) || isWithin(dependent, where.resource);
  const other = isDependent ? primary : dependent;
  return [
    {
      kind: 'colocation',
      text: `${togetherness(colocation)} ${nameOf(colocation)}${stateOf(other, { ...where, isDependent })}`,
      ...about(where),
      ...(constraint === undefined ? {} : { constraint }),
      undo: constraint === undefined ? [] : [{ kind: 'delete-constraint', constraint }],
      because: whyOther(inquiry, other, { ...where, isDependent }),
    },
  ];
}

function togetherness({ dependent, primary, score, primaryRole }: Colocation): string {
  const role = primaryRole === 'Unknown' ? '' : ` (${primaryRole})`;
  const verb =
    score >= MUST
      ? 'must run with'
      : score <= NEVER
        ? 'must not run with'
        : score < 0
          ? 'would rather not run with'
          : 'would rather run with';
  return `${dependent.id} ${verb} ${primary.id}${role}`;
}

const IMPLICIT: Readonly<Record<string, string>> = {
  '#group-members': 'as members of one group',
  '#resource-with-container': 'because that is its container',
  '#ip-with-container': 'because that is the container with its address',
  '#replica-remote-with-host-remote': 'because of where the container is',
};

const nameOf = ({ id, constraint }: Colocation): string =>
  constraint === undefined ? (IMPLICIT[id] ?? `(${id})`) : `(colocation constraint ${constraint})`;

function stateOf(other: Resource, { node, value, isDependent }: Seen): string {
  const places = placesOf(other);
  if (places.length === 0) return `, and ${other.id} will run nowhere`;
  if (places.includes(node)) {
    const isPair = isDependent && value < 0 && other.kind !== 'primitive' && other.kind !== 'group';
    if (isPair) return `, and the instance of ${other.id} that goes with it will not be on ${node.name}`;
    return `, and ${other.id} will run on ${node.name}`;
  }
  return `, and ${other.id} will run on ${places.map(one => one.name).join(', ')}`;
}

function placesOf(resource: Resource): readonly Node[] {
  if (resource.children.length > 0) return [...new Set(resource.children.flatMap(placesOf))];
  return resource.assigned === undefined ? [] : [resource.assigned];
}

/** Of what this is with, why it runs nowhere; of what is with this, why it could not be there. */
function whyOther(inquiry: Inquiry, other: Resource, { node, value, isDependent }: Seen): readonly Reason[] {
  if (value >= 0) return [];
  const places = placesOf(other);
  if (isDependent && places.length === 0) {
    const once = stepOnce(inquiry, other);
    return once === undefined ? [] : whyNotRunning(once, other);
  }
  const further = stepOnce(inquiry, other, node);
  if (further === undefined) return [];
  if (!isDependent) return obstaclesOn(further, other, node);
  return places.includes(node) ? [] : obstaclesOn(further, other, node);
}
