import { addendsOfSum } from '../assign/flow-sum.ts';
import type { Location, Node, Resource, Ticket } from '../model.ts';
import type { Addend, ScoreRule } from '../origins.ts';
import { topOf } from '../tree.ts';
import { ofColocation } from './colocation-reasons.ts';
import type { Edit } from './edit.ts';
import { failuresOf, ofHistory, removed } from './failure-reasons.ts';
import type { Inquiry, Reason } from './reason.ts';
import { whyRoleStopped } from './stopped.ts';
import { about, configuredId, scoreText, type Where } from './subject.ts';

type Part = Pick<Addend, 'origin' | 'value'>;

/** Parts of the score of a resource on a node, the oldest first. */
export function addendsOf(resource: Resource, node: Node): readonly Part[] {
  const parts: Part[] = [];
  for (let at = resource.allowed.peek(node)?.addends; at !== undefined; at = at.before) {
    parts.push(...('sum' in at ? addendsOfSum(at).reverse() : [at]));
  }
  return parts.reverse();
}

/** What one part of a score comes from, in words. */
export function reasonOfAddend(
  inquiry: Inquiry,
  { resource, node }: { readonly resource: Resource; readonly node: Node },
  { origin, value }: Part,
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
      return ofColocation(inquiry, origin, where);
  }
}

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
      return ofHistory(where);
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
      return [removed(resource)];
    case 'remote-node':
      return say('by-nature', `${resource.id} cannot run on a remote node`);
    case 'in-container':
    case 'replica':
      return say('by-nature', `${resource.id} runs only in its own container`);
  }
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
