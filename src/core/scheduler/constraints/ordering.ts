import { resolveReference } from '../../cib/id-index.ts';
import { parseBoolean } from '../../model/boolean.ts';
import { parseScore } from '../../model/score.ts';
import { parseInteger } from '../../status/words.ts';
import { attribute, type XmlElement } from '../../xml/element.ts';
import { pseudoAction } from '../actions/action.ts';
import { findConstrained } from '../build.ts';
import { ORDER } from '../flags.ts';
import type { Action, Cluster, Resource } from '../model.ts';
import { addOrdering, orderTasks } from '../order/ordering.ts';
import type { OrderConstraint } from '../origins.ts';
import { expandEnds } from './sets.ts';

type Kind = 'optional' | 'mandatory' | 'serialize';
/** Only this way, or the other way round, too; and then, the one or the other of the two. */
type Symmetry = 'asymmetric' | 'symmetric' | 'inverse';

const INVERSE: Readonly<Record<string, string>> = {
  start: 'stop',
  stop: 'start',
  promote: 'demote',
  demote: 'promote',
  promoted: 'demoted',
  demoted: 'promoted',
  running: 'stopped',
  stopped: 'running',
};

function kindOf(xml: XmlElement): Kind {
  const kind = attribute(xml, 'kind');
  if (kind === undefined) {
    const score = attribute(xml, 'score');
    return score !== undefined && (parseScore(score) ?? 0) === 0 ? 'optional' : 'mandatory';
  }
  return kind === 'Optional' ? 'optional' : kind === 'Serialize' ? 'serialize' : 'mandatory';
}

function symmetryOf(xml: XmlElement, otherwise: Kind, above: string | undefined): Symmetry {
  const says = attribute(xml, 'kind') !== undefined || attribute(xml, 'score') !== undefined;
  const kind = says ? kindOf(xml) : otherwise;
  const wanted =
    parseBoolean(attribute(xml, 'symmetrical')) ??
    (above === undefined ? undefined : parseBoolean(above) === true);
  if (wanted === undefined) return kind === 'serialize' ? 'asymmetric' : 'symmetric';
  return wanted && kind !== 'serialize' ? 'symmetric' : 'asymmetric';
}

const isDown = (task: string): boolean => ['stop', 'stopped', 'demote', 'demoted'].includes(task);

function flagsFor(kind: Kind, task: string, symmetry: Symmetry): number {
  if (kind === 'optional') return ORDER.ordered;
  if (kind === 'serialize') return ORDER.serialize;
  switch (symmetry) {
    case 'asymmetric':
      return ORDER.ordered | ORDER.asymmetric;
    case 'symmetric':
      return ORDER.ordered | ORDER.firstImpliesThen | (isDown(task) ? 0 : ORDER.unrunnableFirstBlocks);
    case 'inverse':
      return ORDER.ordered | ORDER.thenImpliesFirst;
  }
}

const ENDS = [
  { attribute: 'first', role: 'first-action', as: 'action', alone: true },
  { attribute: 'then', role: 'then-action', as: 'action', alone: true },
] as const;

export function unpackOrdering(cluster: Cluster, xml: XmlElement): void {
  const kind = kindOf(xml);
  const symmetry = symmetryOf(xml, kind, undefined);
  const expanded = expandEnds(cluster, xml, ENDS);
  if (expanded === 'invalid') return;
  const constraint = attribute(xml, 'id') ?? '';
  const origin: OrderConstraint = { kind: 'order', constraint };
  let last: XmlElement | undefined;
  for (const one of (expanded ?? xml).children) {
    if (one.name !== 'resource_set') continue;
    const set = resolveReference(one, cluster.picture.rules.ids);
    if (!unpackSet(cluster, set, { kind, above: attribute(xml, 'symmetrical'), constraint })) return;
    if (last !== undefined) {
      if (!unpackBetween(cluster, { first: last, second: set, kind, symmetry, origin })) return;
      if (symmetry === 'symmetric') {
        if (!unpackBetween(cluster, { first: set, second: last, kind, symmetry: 'inverse', origin })) return;
      }
    }
    last = set;
  }
  if (last === undefined) unpackSimple(cluster, xml, { kind, symmetry, origin });
}

function unpackSimple(
  cluster: Cluster,
  xml: XmlElement,
  { kind, symmetry, origin }: Pick<Between, 'kind' | 'symmetry' | 'origin'>,
): void {
  const first = findConstrained(cluster, attribute(xml, 'first'));
  const then = findConstrained(cluster, attribute(xml, 'then'));
  if (first === undefined || then === undefined) return;
  const firstTask = attribute(xml, 'first-action') ?? 'start';
  const thenTask = attribute(xml, 'then-action') ?? firstTask;
  const flags = flagsFor(kind, firstTask, symmetry);
  const enough = instancesNeeded(first, xml);
  if (enough > 0) {
    orderAfterSome({ origin, first, firstTask, then, thenTask, flags, enough });
  } else {
    orderTasks(first, firstTask, then, thenTask, flags, origin);
  }
  if (symmetry !== 'symmetric') return;
  const firstInverse = INVERSE[firstTask];
  const thenInverse = INVERSE[thenTask];
  if (firstInverse === undefined || thenInverse === undefined) return;
  orderTasks(then, thenInverse, first, firstInverse, flagsFor(kind, firstInverse, 'inverse'), origin);
}

/** How many instances of a clone are enough; 0 where all are waited for. */
function instancesNeeded(first: Resource, xml: XmlElement): number {
  if (first.kind !== 'clone') return 0;
  const minimum = first.meta.get('clone-min');
  if (minimum !== undefined) return Math.max(parseInteger(minimum) ?? 0, 0);
  return parseBoolean(attribute(xml, 'require-all')) === false ? 1 : 0;
}

interface SomeOf {
  readonly origin: OrderConstraint;
  readonly first: Resource;
  readonly firstTask: string;
  readonly then: Resource;
  readonly thenTask: string;
  readonly flags: number;
  readonly enough: number;
}

function orderAfterSome({ origin, first, firstTask, then, thenTask, flags, enough }: SomeOf): void {
  const { cluster } = first;
  const met = pseudoAction(cluster, `clone-one-or-more:${origin.constraint}`);
  met.required = enough;
  for (const one of first.children) addInput(one, firstTask, met, origin);
  addOrdering(cluster, met, { resource: then, task: thenTask }, flags | ORDER.unrunnableFirstBlocks, origin);
}

const addInput = (resource: Resource, task: string, met: Action, origin: OrderConstraint): void =>
  addOrdering(
    resource.cluster,
    { resource, task },
    met,
    ORDER.minRunnable | ORDER.firstImpliesThenGraphed,
    origin,
  );

/** Resources of a set; `undefined` where one of them does not exist. */
function membersOf(cluster: Cluster, set: XmlElement): Resource[] | undefined {
  const members: Resource[] = [];
  for (const one of set.children) {
    if (one.name !== 'resource_ref') continue;
    const resource = findConstrained(cluster, attribute(one, 'id'));
    if (resource === undefined) {
      cluster.problems.push(`error: ${attribute(set, 'id')}: No resource found for ${attribute(one, 'id')}`);
      return undefined;
    }
    members.push(resource);
  }
  return members;
}

function unpackSet(
  cluster: Cluster,
  set: XmlElement,
  {
    kind,
    above,
    constraint,
  }: { readonly kind: Kind; readonly above: string | undefined; readonly constraint: string },
): boolean {
  const members = membersOf(cluster, set);
  if (members === undefined) return false;
  if (members.length === 1) return true;
  const origin: OrderConstraint = { kind: 'order', constraint, set: attribute(set, 'id') };
  const task = attribute(set, 'action') ?? 'start';
  const own = attribute(set, 'kind') === undefined ? kind : kindOf(set);
  const sequential = parseBoolean(attribute(set, 'sequential') ?? '1') === true;
  const symmetry = symmetryOf(set, kind, above);
  const flags = flagsFor(own, task, symmetry);
  for (const [at, resource] of members.entries()) {
    if (own === 'serialize') {
      for (const later of members.slice(at + 1)) orderTasks(resource, task, later, task, flags, origin);
    } else if (sequential && at > 0) {
      orderTasks(members[at - 1] as Resource, task, resource, task, flags, origin);
    }
  }
  const inverse = INVERSE[task];
  if (symmetry === 'asymmetric' || inverse === undefined || !sequential) return true;
  const backFlags = flagsFor(own, inverse, 'inverse');
  for (const [at, resource] of members.entries()) {
    if (at > 0) orderTasks(resource, inverse, members[at - 1] as Resource, inverse, backFlags, origin);
  }
  return true;
}

interface Between {
  readonly first: XmlElement;
  readonly second: XmlElement;
  readonly kind: Kind;
  readonly symmetry: Symmetry;
  readonly origin: OrderConstraint;
}

/** Orders one set before another: of a sequential set, its end that is next to the other stands for all. */
function unpackBetween(cluster: Cluster, { first, second, kind, symmetry, origin }: Between): boolean {
  const firsts = membersOf(cluster, first);
  const seconds = membersOf(cluster, second);
  if (firsts === undefined || seconds === undefined) return false;
  const inverted = symmetry === 'inverse';
  const taskOf = (set: XmlElement): string => {
    const task = attribute(set, 'action') ?? 'start';
    return inverted ? (INVERSE[task] ?? task) : task;
  };
  const firstTask = taskOf(first);
  const secondTask = taskOf(second);
  const flags = flagsFor(kind, firstTask, symmetry);
  const needsAll =
    parseBoolean(attribute(first, 'require-all')) !== false || firstTask === 'stop' || firstTask === 'demote';
  if (!needsAll) {
    const met = pseudoAction(cluster, `one-or-more:${attribute(first, 'id')}`);
    met.required = 1;
    for (const one of firsts) addInput(one, firstTask, met, origin);
    for (const one of seconds) {
      const then = { resource: one, task: secondTask };
      addOrdering(cluster, met, then, flags | ORDER.unrunnableFirstBlocks, origin);
    }
    return true;
  }
  const sequential = (set: XmlElement): boolean => parseBoolean(attribute(set, 'sequential')) === true;
  const before = sequential(first) ? (inverted ? firsts.slice(0, 1) : firsts.slice(-1)) : firsts;
  const after = sequential(second) ? (inverted ? seconds.slice(-1) : seconds.slice(0, 1)) : seconds;
  for (const one of before) {
    for (const other of after) orderTasks(one, firstTask, other, secondTask, flags, origin);
  }
  return true;
}
