import { failCount } from '../../status/fail-counts.ts';
import { attribute } from '../../xml/element.ts';
import { MUST, NEVER } from '../assign/nodes.ts';
import type { Colocation, Location, Node, Resource, Ticket } from '../model.ts';
import type { Addend, ScoreRule } from '../origins.ts';
import { topOf } from '../tree.ts';
import type { Edit } from './edit.ts';
import { obstaclesOn } from './obstacles.ts';
import { type Inquiry, type Reason, stepOnce } from './reason.ts';
import { whyNotRunning, whyRoleStopped } from './stopped.ts';
import { configuredId, isWithin, scoreText } from './subject.ts';

/** Parts of the score of a resource on a node, the oldest first. */
export function addendsOf(resource: Resource, node: Node): readonly Addend[] {
  const parts: Addend[] = [];
  for (let at = resource.allowed.peek(node.id)?.addends; at !== undefined; at = at.before) parts.unshift(at);
  return parts;
}

/** What one part of a score comes from, in words. */
export function reasonOfAddend(
  inquiry: Inquiry,
  { resource, node }: { readonly resource: Resource; readonly node: Node },
  { origin, value }: Pick<Addend, 'origin' | 'value'>,
): readonly Reason[] {
  const where = { resource, node, value };
  if (typeof origin === 'string') return ofRule(inquiry, origin, where);
  switch (origin.kind) {
    case 'location':
      return [ofLocation(origin, where)];
    case 'health':
      return [ofHealth(where)];
    case 'ticket':
      return [ofTicket(origin, where)];
    case 'colocation':
      return [ofColocation(inquiry, origin, where)];
  }
}

interface Where {
  readonly resource: Resource;
  readonly node: Node;
  readonly value: number;
}

const about = ({ resource, node, value }: Where) =>
  ({ resource: resource.id, node: node.name, score: scoreText(value) }) as const;

function ofLocation(location: Location, where: Where): Reason {
  const { constraint, id } = location;
  const rule = id === constraint ? undefined : id;
  const by = rule === undefined ? '' : ` by its rule ${rule}`;
  return {
    kind: 'location',
    text: `location constraint ${constraint} gives ${location.resource.id} a score of ${scoreText(where.value)} on ${where.node.name}${by}`,
    ...about(where),
    constraint,
    ...(rule === undefined ? {} : { rule }),
    undo: [{ kind: 'delete-constraint', constraint }],
  };
}

function ofHealth(where: Where): Reason {
  const { node } = where;
  const { strategy } = node.cluster.picture.options.health;
  const values = [...node.attributes].filter(([name]) => name.startsWith('#health'));
  const said = values.map(([name, value]) => `${name}=${value}`).join(', ');
  return {
    kind: 'health',
    text: `the health of ${node.name} (${said}) counts ${scoreText(where.value)} under node-health-strategy=${strategy}`,
    ...about(where),
    undo: [
      { kind: 'mend-health', node: node.name },
      { kind: 'set-option', name: 'node-health-strategy', value: 'none' },
    ],
  };
}

function ofTicket(ticket: Ticket, where: Where): Reason {
  return {
    kind: 'ticket',
    text: `ticket ${ticket.ticket} is ${ticket.granted ? 'in standby' : 'not granted'}, and constraint ${ticket.constraint} makes ${where.resource.id} depend on it`,
    ...about(where),
    constraint: ticket.constraint,
    undo: [
      { kind: 'grant-ticket', ticket: ticket.ticket },
      { kind: 'delete-constraint', constraint: ticket.constraint },
    ],
  };
}

/** A colocation is named by its constraint; of members of a group and the like, by what they are. */
function ofColocation(inquiry: Inquiry, colocation: Colocation, where: Where): Reason {
  const { dependent, primary, constraint } = colocation;
  const isDependent = isWithin(where.resource, dependent) || isWithin(dependent, where.resource);
  const other = isDependent ? primary : dependent;
  return {
    kind: 'colocation',
    text: `${togetherness(colocation)} ${nameOf(colocation)}${stateOf(other, where.node)}`,
    ...about(where),
    ...(constraint === undefined ? {} : { constraint }),
    undo: constraint === undefined ? [] : [{ kind: 'delete-constraint', constraint }],
    because: whyOther(inquiry, other, { ...where, isDependent }),
  };
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

function stateOf(other: Resource, node: Node): string {
  const places = placesOf(other);
  if (places.length === 0) return `, and ${other.id} will run nowhere`;
  if (places.includes(node)) return `, and ${other.id} will run on ${node.name}`;
  return `, and ${other.id} will run on ${places.map(one => one.name).join(', ')}`;
}

function placesOf(resource: Resource): readonly Node[] {
  if (resource.children.length > 0) return [...new Set(resource.children.flatMap(placesOf))];
  return resource.assigned === undefined ? [] : [resource.assigned];
}

/** Of what this is with, why it runs nowhere; of what is with this, why it could not be there. */
function whyOther(
  inquiry: Inquiry,
  other: Resource,
  { node, value, isDependent }: Where & { readonly isDependent: boolean },
): readonly Reason[] {
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

function ofRule(inquiry: Inquiry, rule: ScoreRule, where: Where): readonly Reason[] {
  const { resource, node } = where;
  const say = (kind: Reason['kind'], text: string, ...undo: readonly Edit[]): readonly Reason[] => [
    { kind, text, ...about(where), undo },
  ];
  const id = configuredId(resource);
  switch (rule) {
    case 'node':
      return node.facts.base.score === where.value && node.online && !node.shutdown
        ? say('node-score', `${node.name} has a score of ${scoreText(where.value)} for everything`)
        : [];
    case 'history':
      return ofHistory(inquiry, where);
    case 'stickiness':
      return say(
        'stickiness',
        `${resource.id} is running on ${node.name}, with a resource-stickiness of ${scoreText(where.value)}`,
        { kind: 'set-meta', resource: id, name: 'resource-stickiness', value: '0' },
      );
    case 'failures':
      return failuresOf(topOf(resource), node).length > 0
        ? failuresOf(topOf(resource), node)
        : failuresOf(resource, node);
    case 'exclusive-discovery':
      return ofExclusiveDiscovery(where);
    case 'shutdown-lock':
      return say(
        'shutdown-lock',
        `${resource.id} is kept for ${resource.lock?.node.name ?? 'the node'} that shut down with it (shutdown-lock)`,
        { kind: 'set-option', name: 'shutdown-lock', value: 'false' },
      );
    case 'wanted-role':
      return whyRoleStopped(inquiry, resource);
    case 'no-room':
      return say('no-room', `${node.name} has not enough left of what ${resource.id} needs (utilization)`, {
        kind: 'set-option',
        name: 'placement-strategy',
        value: 'default',
      });
    case 'promotion-score':
      return say(
        'promotion-score',
        `the agent of ${resource.id} gives ${node.name} a promotion score of ${scoreText(where.value)}`,
      );
    case 'all-instances-placed':
      return say('all-instances-placed', `${topOf(resource).id} has all its instances placed already`);
    case 'node-full':
      return say(
        'node-full',
        `${node.name} has as many instances of ${resource.parent?.id ?? resource.id} as may run on one node`,
      );
    case 'node-unavailable':
    case 'collective':
      return [];
    case 'removed':
      return say('removed', `${resource.id} is not in the configuration any more`);
    case 'remote-node':
      return say('by-nature', `${resource.id} cannot run on a remote node`);
    case 'in-container':
    case 'replica':
      return say('by-nature', `${resource.id} runs only in its own container`);
  }
}

/** Failures that reached the threshold, of the resource or of anything in it. */
function failuresOf(resource: Resource, node: Node): readonly Reason[] {
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
function ofHistory(inquiry: Inquiry, where: Where): readonly Reason[] {
  const { resource, node, value } = where;
  if (value > 0) {
    return [
      { kind: 'runs', text: `${resource.id} is active on ${node.name} and not managed`, ...about(where) },
    ];
  }
  const failed = failedOperations(resource, node);
  if (failed.length > 0) return failed;
  if (resource.flags.removed) return ofRule(inquiry, 'removed', where);
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

function ofExclusiveDiscovery(where: Where): readonly Reason[] {
  const top = topOf(where.resource);
  const owners = [where.resource, top]
    .flatMap(one => one.locations)
    .filter(one => one.discovery === 'exclusive');
  return [...new Set(owners)].map(({ constraint }) => ({
    kind: 'exclusive-discovery',
    text: `constraint ${constraint} allows ${top.id} only on the nodes that it names (resource-discovery=exclusive)`,
    ...about(where),
    constraint,
    undo: [{ kind: 'delete-constraint', constraint }],
  }));
}
