import { resolveReference } from '../../cib/id-index.ts';
import { parseBoolean } from '../../model/boolean.ts';
import { parseRole, type Role } from '../../model/role.ts';
import { parseScore } from '../../model/score.ts';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { addThisWith, addWithThis } from '../assign/colocated.ts';
import { NEVER } from '../assign/nodes.ts';
import { findConstrained } from '../build.ts';
import { ORDER } from '../flags.ts';
import type { Cluster, Colocation, Resource } from '../model.ts';
import { orderTasks } from '../order/ordering.ts';
import { expandEnds, lookUp } from './sets.ts';

/** The role in a constraint; Started is every role; `undefined` where it is none. */
export function constraintRole(text: string | undefined): Role | undefined {
  if (text === undefined) return 'Unknown';
  const role = parseRole(text);
  if (role === undefined || role === 'Unknown') return undefined;
  return role === 'Started' ? 'Unknown' : role;
}

export interface NewColocation {
  readonly id: string;
  /** The element in the configuration, where there is one. */
  readonly constraint?: string | undefined;
  readonly score: number;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly influence: boolean;
  readonly explicit: boolean;
  readonly attribute?: string | undefined;
  readonly dependentRole?: string | undefined;
  readonly primaryRole?: string | undefined;
}

export function addColocation(wanted: NewColocation): void {
  const dependentRole = constraintRole(wanted.dependentRole);
  const primaryRole = constraintRole(wanted.primaryRole);
  if (dependentRole === undefined || primaryRole === undefined || wanted.score === 0) return;
  const { dependent, primary } = wanted;
  const colocation: Colocation = {
    kind: 'colocation',
    id: wanted.id,
    constraint: wanted.constraint,
    attribute: wanted.attribute ?? '#uname',
    score: wanted.score,
    dependent,
    primary,
    dependentRole,
    primaryRole,
    influence: wanted.influence,
    explicit: wanted.explicit,
  };
  addThisWith(dependent.thisWith, colocation);
  addWithThis(primary.withThis, colocation);
  // What was summed up without it does not hold any more.
  primary.allowed.changed();
  if (wanted.score > NEVER) return;
  orderApart(colocation, {
    first: dependent,
    firstRole: dependentRole,
    later: primary,
    laterRole: primaryRole,
  });
  orderApart(colocation, {
    first: primary,
    firstRole: primaryRole,
    later: dependent,
    laterRole: dependentRole,
  });
}

/** What must not be together: one leaves before the other comes. */
function orderApart(
  origin: Colocation,
  {
    first,
    firstRole,
    later,
    laterRole,
  }: {
    readonly first: Resource;
    readonly firstRole: Role;
    readonly later: Resource;
    readonly laterRole: Role;
  },
): void {
  const leaving =
    firstRole === 'Promoted' ? ['demote'] : firstRole === 'Unpromoted' ? ['stop', 'promote'] : ['stop'];
  const coming =
    laterRole === 'Promoted' ? ['promote'] : laterRole === 'Unpromoted' ? ['start', 'demote'] : ['start'];
  for (const before of leaving) {
    for (const after of coming) {
      orderTasks(first, before, later, after, ORDER.ifRequiredOnSameNode, origin);
    }
  }
}

const ENDS = [
  { attribute: 'rsc', role: 'rsc-role', alone: true },
  { attribute: 'with-rsc', role: 'with-rsc-role', alone: true },
] as const;

const standsForMany = (cluster: Cluster, xml: XmlElement, end: 'rsc' | 'with-rsc'): boolean =>
  lookUp(cluster, attribute(xml, end))?.members !== undefined;

export function unpackColocation(cluster: Cluster, xml: XmlElement): void {
  const expanded = expandEnds(cluster, xml, ENDS);
  if (expanded === 'invalid') {
    cluster.problems.push(`error: Ignoring constraint '${attribute(xml, 'id')}': no such resource`);
    return;
  }
  if (
    expanded !== undefined &&
    standsForMany(cluster, xml, 'rsc') &&
    standsForMany(cluster, xml, 'with-rsc')
  ) {
    cluster.problems.push(
      `error: Ignoring constraint '${attribute(xml, 'id')}' because two templates or tags cannot be colocated`,
    );
    return;
  }
  const source = expanded ?? xml;
  const text = attribute(source, 'score');
  const score = text === undefined ? 0 : parseScore(text);
  if (score === undefined) return;
  let last: XmlElement | undefined;
  for (const one of source.children) {
    if (one.name !== 'resource_set') continue;
    const set = resolveReference(one, cluster.picture.rules.ids);
    unpackSet(cluster, source, set, score);
    if (last !== undefined) unpackBetween(cluster, source, { first: last, second: set, score });
    last = set;
  }
  if (last === undefined) unpackSimple(cluster, xml, score);
}

const influenceOf = (xml: XmlElement, dependent: Resource): boolean =>
  parseBoolean(attribute(xml, 'influence')) ?? dependent.flags.critical;

function unpackSimple(cluster: Cluster, xml: XmlElement, score: number): void {
  const dependent = findConstrained(cluster, attribute(xml, 'rsc'));
  const primary = findConstrained(cluster, attribute(xml, 'with-rsc'));
  if (dependent === undefined || primary === undefined) return;
  addColocation({
    id: attribute(xml, 'id') ?? '',
    constraint: attribute(xml, 'id'),
    score,
    dependent,
    primary,
    influence: influenceOf(xml, dependent),
    explicit: true,
    attribute: attribute(xml, 'node-attribute'),
    dependentRole: attribute(xml, 'rsc-role'),
    primaryRole: attribute(xml, 'with-rsc-role'),
  });
}

const isSequential = (set: XmlElement): boolean => parseBoolean(attribute(set, 'sequential')) !== false;

const referencesOf = (set: XmlElement): string[] =>
  set.children.flatMap(one => (one.name === 'resource_ref' ? (attribute(one, 'id') ?? []) : []));

/** Members of a set are each with the one before; where they must be apart, with all before. */
function unpackSet(cluster: Cluster, xml: XmlElement, set: XmlElement, otherwise: number): void {
  const text = attribute(set, 'score');
  const score = text === undefined ? otherwise : (parseScore(text) ?? 0);
  if (score === 0 || !isSequential(set)) return;
  const ordering = attribute(set, 'ordering');
  const withPrevious = ordering === undefined || ordering.toLowerCase() === 'group';
  const role = attribute(set, 'role');
  const seen: Resource[] = [];
  for (const id of referencesOf(set)) {
    const resource = findConstrained(cluster, id);
    if (resource === undefined) return;
    const influence = influenceOf(xml, resource);
    const pair = (dependent: Resource, primary: Resource): void =>
      addColocation({
        id: attribute(set, 'id') ?? '',
        constraint: attribute(xml, 'id'),
        score,
        dependent,
        primary,
        influence,
        explicit: true,
        dependentRole: role,
        primaryRole: role,
      });
    const previous = seen[seen.length - 1];
    if (score < 0) for (const other of seen) pair(resource, other);
    else if (previous !== undefined && withPrevious) pair(resource, previous);
    else if (previous !== undefined) pair(previous, resource);
    seen.push(resource);
  }
}

interface Between {
  readonly first: XmlElement;
  readonly second: XmlElement;
  readonly score: number;
}

/** The first set is with the second: of a sequential set its first member, or its last, stands for all. */
function unpackBetween(cluster: Cluster, xml: XmlElement, { first, second, score }: Between): void {
  if (score === 0) return;
  const dependents = isSequential(first) ? referencesOf(first).slice(0, 1) : referencesOf(first);
  const primaries = isSequential(second) ? referencesOf(second).slice(-1) : referencesOf(second);
  for (const dependentId of dependents) {
    const dependent = findConstrained(cluster, dependentId);
    if (dependent === undefined) continue;
    for (const primaryId of primaries) {
      const primary = findConstrained(cluster, primaryId);
      if (primary === undefined) continue;
      addColocation({
        id: attribute(xml, 'id') ?? '',
        constraint: attribute(xml, 'id'),
        score,
        dependent,
        primary,
        influence: influenceOf(xml, dependent),
        explicit: true,
        dependentRole: attribute(first, 'role'),
        primaryRole: attribute(second, 'role'),
      });
    }
  }
}
