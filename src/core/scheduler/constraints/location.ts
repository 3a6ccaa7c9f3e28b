import { resolveReference } from '../../cib/id-index.ts';
import { evaluateRule } from '../../cib/rules/rule.ts';
import { parseRole, type Role } from '../../model/role.ts';
import { parseScore } from '../../model/score.ts';
import { ruleContext } from '../../status/nvpairs.ts';
import type { Discovery } from '../../status/picture.ts';
import { attribute, childrenNamed, type XmlElement } from '../../xml/element.ts';
import { parametersOf } from '../actions/parameters.ts';
import { weigh } from '../assign/nodes.ts';
import { findConstrained, noteChange } from '../build.ts';
import type { Cluster, Location, Node, Resource } from '../model.ts';
import { currentNode } from '../tree.ts';
import { expandSets, expandTag } from './sets.ts';

/** A location constraint; Started and Unpromoted are every role. */
function locationRole(text: string | undefined): Role | undefined {
  if (text === undefined) return 'Unknown';
  const role = parseRole(text);
  if (role === undefined || role === 'Unknown') return undefined;
  return role === 'Started' || role === 'Unpromoted' ? 'Unknown' : role;
}

const discoveryOf = (text: string | undefined): Discovery =>
  text?.toLowerCase() === 'never' ? 'never' : text?.toLowerCase() === 'exclusive' ? 'exclusive' : 'always';

export function unpackLocation(cluster: Cluster, xml: XmlElement): void {
  const expanded =
    expandSets(cluster, xml) ?? expandTag(cluster, xml, { attribute: 'rsc', role: 'role', alone: false });
  if (expanded === 'invalid') return;
  const source = expanded ?? xml;
  let any = false;
  for (const one of source.children) {
    if (one.name !== 'resource_set') continue;
    any = true;
    if (!unpackSet(cluster, source, resolveReference(one, cluster.picture.rules.ids))) return;
  }
  if (!any) unpackSimple(cluster, xml);
}

function unpackSet(cluster: Cluster, xml: XmlElement, set: XmlElement): boolean {
  for (const reference of set.children) {
    if (reference.name !== 'resource_ref') continue;
    const resource = findConstrained(cluster, attribute(reference, 'id'));
    if (resource === undefined) return false;
    constrain(xml, resource, { role: attribute(set, 'role'), score: attribute(set, 'score') });
  }
  return true;
}

function unpackSimple(cluster: Cluster, xml: XmlElement): void {
  const id = attribute(xml, 'rsc');
  if (id !== undefined) {
    const resource = findConstrained(cluster, id);
    if (resource === undefined) {
      cluster.problems.push(
        `warning: Ignoring constraint '${attribute(xml, 'id')}' because resource '${id}' does not exist`,
      );
    } else {
      constrain(xml, resource, {});
    }
  }
  const pattern = attribute(xml, 'rsc-pattern');
  if (pattern === undefined) return;
  const invert = pattern.startsWith('!');
  const expression = parsePattern(invert ? pattern.slice(1) : pattern);
  if (expression === undefined) return;
  for (const resource of cluster.resources) {
    const match = expression.exec(resource.id);
    if (match !== null && !invert) constrain(xml, resource, { submatches: match.map(one => one ?? '') });
    else if (match === null && invert) constrain(xml, resource, {});
  }
}

function parsePattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

interface Details {
  readonly role?: string | undefined;
  readonly score?: string | undefined;
  readonly submatches?: readonly string[];
}

function constrain(xml: XmlElement, resource: Resource, details: Details): void {
  const { cluster } = resource;
  const id = attribute(xml, 'id') ?? '';
  const nodeName = attribute(xml, 'node');
  const score = details.score ?? attribute(xml, 'score');
  const discovery = attribute(xml, 'resource-discovery');
  if (nodeName === undefined || score === undefined) {
    for (const one of childrenNamed(xml, 'rule')) {
      constrainByRule(xml, resolveReference(one, cluster.picture.rules.ids), { resource, ...details });
    }
    return;
  }
  const node = cluster.nodeByName.get(nodeName);
  const value = parseScore(score);
  const role = locationRole(details.role ?? attribute(xml, 'role'));
  if (node === undefined || value === undefined || role === undefined) return;
  addLocation({
    kind: 'location',
    id,
    constraint: id,
    resource,
    role,
    discovery: discoveryOf(discovery),
    nodes: [{ node, score: value }],
  });
}

interface RuleDetails extends Details {
  readonly resource: Resource;
}

/** Each rule is a constraint of its own: schemas before 4.0 allow several in one. */
function constrainByRule(xml: XmlElement, rule: XmlElement, { resource, submatches }: RuleDetails): void {
  const { rules } = resource.cluster.picture;
  const role = locationRole(attribute(rule, 'role'));
  const scoreAttribute = attribute(rule, 'score-attribute');
  const fixed = parseScore(attribute(rule, 'score') ?? '');
  if (role === undefined || (scoreAttribute === undefined && fixed === undefined)) return;
  const name = scoreAttribute === undefined ? undefined : fillIn(scoreAttribute, submatches);
  const nodes: { node: Node; score: number }[] = [];
  for (const node of resource.cluster.nodes) {
    const { verdict, nextChange } = evaluateRule(
      rule,
      ruleContext(rules, {
        nodeAttributes: node.attributes,
        parameters: parametersOf(resource, node),
        meta: resource.meta,
        submatches,
      }),
      rules.ids,
    );
    if (nextChange !== undefined) noteChange(resource.cluster, nextChange);
    const score = name === undefined ? fixed : scoreOnNode(resource, node, name);
    if (verdict === 'satisfied' && score !== undefined) nodes.unshift({ node, score });
  }
  const discovery = discoveryOf(attribute(xml, 'resource-discovery'));
  const constraint = attribute(xml, 'id') ?? '';
  addLocation({
    kind: 'location',
    id: attribute(rule, 'id') ?? '',
    constraint,
    resource,
    role,
    discovery,
    nodes,
  });
}

/** `%1` stands for what the first group of the resource pattern matched. */
const fillIn = (text: string, submatches: readonly string[] | undefined): string =>
  submatches === undefined ? text : text.replace(/%(\d)/g, (_, at) => submatches[Number(at)] ?? '');

function scoreOnNode(resource: Resource, node: Node, name: string): number | undefined {
  const onHost = resource.meta.get('container-attribute-target') === 'host';
  const launcher = onHost ? node.connection?.launcher : undefined;
  const owner = launcher === undefined ? node : currentNode(launcher);
  const text = owner?.attributes.get(name);
  return text === undefined || text === '' ? undefined : parseScore(text);
}

export function addLocation(location: Location): void {
  const { resource } = location;
  if (location.discovery === 'exclusive') resource.flags.exclusiveDiscovery = true;
  resource.cluster.locations.push(location);
  resource.locations.push(location);
}

const RANK: Readonly<Record<Discovery, number>> = { always: 0, never: 1, exclusive: 2 };

/** Takes a location constraint to the scores of one resource. */
export function applyLocation(resource: Resource, location: Location): void {
  if (location.role !== 'Unknown' && location.role !== resource.nextRole) return;
  for (const { node, score } of location.nodes) {
    let candidate = resource.allowed.get(node);
    if (candidate === undefined) {
      candidate = { ...node.base, score: 0, addends: undefined, count: 0 };
      resource.allowed.add(candidate);
    }
    weigh(candidate, score, location);
    if (RANK[candidate.discovery] < RANK[location.discovery]) {
      if (location.discovery === 'exclusive') resource.flags.exclusiveDiscovery = true;
      candidate.discovery = location.discovery;
    }
  }
}
