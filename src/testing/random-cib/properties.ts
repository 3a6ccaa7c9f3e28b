/** What must hold of the plan for any configuration; each breach is a sentence, `settled` tells how the plan ends. */
import { instant } from '../../core/base/time.ts';
import { sectionOf } from '../../core/cib/document.ts';
import { namesOf } from '../../core/report/resource-words.ts';
import { scoreLine } from '../../core/report/scores-text.ts';
import { type Schedule, schedule } from '../../core/scheduler/schedule.ts';
import { execute } from '../../core/simulation/execute.ts';
import type { GraphAction, TransitionGraph } from '../../core/transition/graph.ts';
import { graphElement } from '../../core/transition/graph-xml.ts';
import {
  attribute,
  element,
  walk as walkTree,
  withChildren,
  type XmlElement,
} from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { LAST_CHANGE, PRESENT } from './history.ts';

export interface Verdict {
  readonly breaches: readonly string[];
  /** Nothing is left to do after the plan, or which of Pacemaker's ways it is that something is. */
  readonly settled: string;
}

const decide = (cib: XmlElement): Schedule => schedule({ cib, now: instant(PRESENT * 1000) });

export function judge(cib: XmlElement): Verdict {
  const plan = decide(cib);
  const { settled, unexplained } = settles(cib, plan);
  const breaches = [
    ...sameBytes(cib, plan),
    ...movedByNames(cib, plan),
    ...movedByOthers(cib, plan),
    ...startedWhereBanned(cib, plan),
    ...startedWithoutQuorum(cib, plan),
    ...startedBeforeFencing(plan),
    ...circle(cib, plan),
    ...(unexplained === undefined ? [] : [unexplained]),
  ];
  return { breaches, settled };
}

const bytesOf = ({ graph, scores }: Schedule): string =>
  printXml(graphElement(graph)) + scores.map(scoreLine).join('\n');

function sameBytes(cib: XmlElement, plan: Schedule): readonly string[] {
  const parsed = parseXml(printXml(cib));
  const again = parsed.ok && bytesOf(decide(parsed.root)) === bytesOf(plan);
  return again ? [] : ['the same document, read anew, is decided otherwise'];
}

/** Ids of constraints, rules, sets and values say nothing. */
function movedByNames(cib: XmlElement, plan: Schedule): readonly string[] {
  const renamed = (one: XmlElement): XmlElement => {
    const id = attribute(one, 'id');
    const children = one.children.map(renamed);
    if (id === undefined || !NAMELESS.has(one.name)) return { ...one, children };
    const attributes = one.attributes.map((word, at) =>
      one.attributes[at - 1] === 'id' ? `${MARK}${word}` : word,
    );
    return { ...one, attributes, children };
  };
  // Actions that stand for a set of an ordering bear its name.
  const bytes = bytesOf(decide(renamed(cib))).replaceAll(MARK, '');
  return bytes === bytesOf(plan) ? [] : ['other ids of constraints decide otherwise'];
}

const MARK = 'renamed-';

const NAMELESS: ReadonlySet<string> = new Set([
  'rsc_location',
  'rsc_colocation',
  'rsc_order',
  'rsc_ticket',
  'resource_set',
  'rule',
  'expression',
  'date_expression',
  'date_spec',
  'nvpair',
  'op',
]);

/** A resource that is to be stopped and is, a template and a node attribute that nobody uses. */
function movedByOthers(cib: XmlElement, plan: Schedule): readonly string[] {
  const values = [
    element('nvpair', { id: 'unrelated-t', name: 'target-role', value: 'Stopped' }),
    element('nvpair', { id: 'unrelated-r', name: 'requires', value: 'nothing' }),
  ];
  const everywhere = element('rule', { id: 'unrelated-u', score: 0 }, [
    element('expression', { id: 'unrelated-e', attribute: '#uname', operation: 'defined' }),
  ]);
  // Even to look for it on a node that must be unfenced or fenced first would be something new.
  const unsought = element(
    'rsc_location',
    { id: 'unrelated-l', rsc: 'unrelated', 'resource-discovery': 'never' },
    [everywhere],
  );
  const added = [
    element('primitive', { id: 'unrelated', class: 'ocf', provider: 'pacemaker', type: 'Dummy' }, [
      element('meta_attributes', { id: 'unrelated-m' }, values),
    ]),
    element('template', { id: 'unrelated-template', class: 'ocf', provider: 'pacemaker', type: 'Dummy' }),
  ];
  const more = withMore(withMore(cib, 'resources', added), 'constraints', [unsought]);
  const summary = ({ changes }: Schedule): string =>
    changes
      // A remote node is fenced for whatever is to be done on it and cannot be, be it for the new resource.
      .filter(
        ({ subject, node }) => subject !== 'unrelated' && (node === undefined || node.kind === 'cluster'),
      )
      .map(one => [one.word, one.subject, one.from, one.to, one.toRole].join(' '))
      .join('\n');
  return summary(decide(more)) === summary(plan) ? [] : ['what is unrelated moves something'];
}

function withMore(cib: XmlElement, name: string, more: readonly XmlElement[]): XmlElement {
  const section = sectionOf(cib, name);
  const replace = (one: XmlElement): XmlElement =>
    one === section
      ? withChildren(one, [...one.children, ...more])
      : withChildren(one, one.children.map(replace));
  return section === undefined ? cib : replace(cib);
}

const actionsOf = (graph: TransitionGraph): readonly GraphAction[] =>
  graph.synapses.flatMap(({ actions }) => actions);

const STARTS: ReadonlySet<string> = new Set(['start', 'migrate_from', 'promote']);

const startsIn = (graph: TransitionGraph): readonly GraphAction[] =>
  actionsOf(graph).filter(({ operation, kind }) => kind === 'rsc_op' && STARTS.has(operation));

function startedWhereBanned(cib: XmlElement, { graph }: Schedule): readonly string[] {
  const constraints = sectionOf(cib, 'constraints')?.children ?? [];
  const bans = new Set(
    constraints
      .filter(one => attribute(one, 'score') === '-INFINITY' && attribute(one, 'role') === undefined)
      .map(one => `${attribute(one, 'rsc')} ${attribute(one, 'node')}`),
  );
  const above = ancestors(cib);
  return startsIn(graph)
    .filter(({ resource, node }) =>
      (above.get(resource?.id ?? '') ?? []).some(id => bans.has(`${id} ${node?.name}`)),
    )
    .map(({ operationKey, node }) => `${operationKey} on ${node?.name}, where it is banned`);
}

/** Every primitive's own id and those of what it is in. */
function ancestors(cib: XmlElement): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const walk = (one: XmlElement, above: readonly string[]): void => {
    const id = attribute(one, 'id');
    const ids = id === undefined ? above : [id, ...above];
    // What constraints say of a bundle is of its containers; what they say of an instance inside is of no host.
    if (one.name === 'bundle') return;
    if (one.name === 'primitive' && id !== undefined) found.set(id, ids);
    for (const child of one.children) walk(child, ids);
    // Of what is in a clone a constraint reaches one instance only.
    if (one.name !== 'clone' || id === undefined) return;
    for (const inside of walkTree(one)) {
      if (inside.name === 'primitive') found.set(attribute(inside, 'id') ?? '', [id]);
    }
  };
  for (const one of sectionOf(cib, 'resources')?.children ?? []) walk(one, []);
  return found;
}

function startedWithoutQuorum(cib: XmlElement, { graph, picture }: Schedule): readonly string[] {
  const { noQuorumPolicy } = picture.options;
  const forbids = noQuorumPolicy === 'stop' || noQuorumPolicy === 'freeze' || noQuorumPolicy === 'fence';
  if (attribute(cib, 'have-quorum') !== '0' || !forbids) return [];
  if (printXml(cib).includes('name="requires" value="nothing"')) return [];
  return startsIn(graph)
    .filter(({ operation, resource }) => {
      if (operation !== 'start' || resource?.class === 'stonith') return false;
      // What is active somewhere may go on elsewhere where things are frozen.
      const active = picture.resourceById.get(resource?.longId ?? resource?.id ?? '')?.activeOn ?? [];
      return noQuorumPolicy !== 'freeze' || active.length === 0;
    })
    .map(({ operationKey }) => `${operationKey} without quorum`);
}

/** What is active on a node that will be fenced starts elsewhere only after the fencing. */
function startedBeforeFencing({ graph, picture }: Schedule): readonly string[] {
  const fencings = actionsOf(graph).filter(one => one.operation === 'stonith' && fencingOf(one) !== 'on');
  if (fencings.length === 0) return [];
  const before = predecessors(graph);
  return startsIn(graph).flatMap(start => {
    const id = start.resource?.longId ?? start.resource?.id ?? '';
    const resource = picture.resourceById.get(id);
    if (start.operation !== 'start' || resource === undefined || !resource.flags.needsFencing) return [];
    return fencings
      .filter(({ node }) => resource.activeOn.some(({ name }) => name === node?.name))
      .filter(({ id: fencing }) => !before(start.id).has(fencing))
      .map(({ node }) => `${start.operationKey} does not wait for the fencing of ${node?.name}`);
  });
}

const fencingOf = ({ attributes }: GraphAction): string | undefined =>
  attributes.find(([name]) => name === 'CRM_meta_stonith_action')?.[1];

/** Ids of all actions that must have ended before one begins. */
function predecessors(graph: TransitionGraph): (id: number) => ReadonlySet<number> {
  const inputs = new Map<number, readonly number[]>();
  for (const one of graph.synapses) {
    for (const { id } of one.actions)
      inputs.set(
        id,
        one.inputs.map(input => input.id),
      );
  }
  return id => {
    const seen = new Set<number>();
    const left = [id];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      for (const input of inputs.get(next) ?? []) {
        if (seen.has(input)) continue;
        seen.add(input);
        left.push(input);
      }
    }
    return seen;
  };
}

/**
 * Orders that an administrator wrote in a circle stay one, as with Pacemaker; so does a node that is to be unfenced
 * before it lets go of what another waits for, what moves to a guest while the guest itself moves, and what migrates
 * past what must not be with it. No circle comes about otherwise.
 */
function circle(cib: XmlElement, { graph }: Schedule): readonly string[] {
  const isExcused =
    sectionOf(cib, 'constraints')?.children.some(({ name }) => name === 'rsc_order') === true ||
    /name="(?:remote-node|allow-migrate)"/.test(printXml(cib)) ||
    actionsOf(graph).some(action => fencingOf(action) === 'on');
  return !isExcused && hasCycle(graph) ? ['actions wait for each other in a circle'] : [];
}

function hasCycle(graph: TransitionGraph): boolean {
  const before = predecessors(graph);
  return actionsOf(graph).some(({ id }) => before(id).has(id));
}

/** What a simulation of Pacemaker's does not write down, so that the next plan has it again. */
const NOT_RECORDED: ReadonlySet<string> = new Set(['delete', 'clear_failcount', 'do_shutdown', 'cancel']);
/** Plans until nothing is left, where what gave way comes back. */
const PATIENCE = 6;

interface Settling {
  readonly settled: string;
  readonly unexplained?: string;
}

function settles(cib: XmlElement, plan: Schedule): Settling {
  if (hasCycle(plan.graph)) return { settled: 'orders go in a circle' };
  let before = plan;
  let document = cib;
  for (let count = 1; count <= PATIENCE; count += 1) {
    const carriedOut = paper(document, before);
    document = carriedOut.cib;
    const next = decide(document);
    const left = actionsOf(next.graph).filter(({ kind }) => kind !== 'pseudo_event');
    if (left.length === 0)
      return { settled: count === 1 ? 'nothing is left' : `nothing is left after plan ${count}` };
    const excuse = excuseOf(plan, left, carriedOut.complete);
    if (excuse !== undefined) return { settled: excuse };
    before = next;
  }
  const endless = ENDLESS.find(({ sign }) => printXml(cib).includes(sign));
  const left = actionsOf(before.graph).filter(({ kind }) => kind !== 'pseudo_event');
  if (left.every(({ operation }) => operation === 'monitor')) {
    return { settled: 'never: a monitor is begun that its simulated result does not show to be running' };
  }
  if (endless !== undefined) return { settled: endless.why };
  return { settled: 'never', unexplained: 'the plans never come to an end' };
}

/** Where plans undo each other for ever, in Pacemaker as here. */
const ENDLESS = [
  {
    sign: 'name="collocated" value="false"',
    why: 'never: an instance of a group whose members may part is known on several nodes',
  },
  {
    sign: '<bundle ',
    why: 'never: what is in a bundle is said to be outside, too, and counts as removed there',
  },
  { sign: '<rsc_colocation', why: 'never: wishes for being together and apart contradict each other' },
  {
    sign: 'name="remote-node"',
    why: 'never: the connection to a guest follows a host that counts it, and back',
  },
  { sign: '<clone ', why: 'never: instances of a clone change places with one that a constraint names' },
] as const;

function paper(cib: XmlElement, { graph, picture }: Schedule): ReturnType<typeof execute> {
  const names = namesOf(picture.resources);
  const now = instant(LAST_CHANGE * 1000);
  return execute({ graph, cib, now, failures: [], isResource: id => names.has(id) });
}

/** Why there may be more to do after a plan, in Pacemaker as here. */
function excuseOf(plan: Schedule, left: readonly GraphAction[], complete: boolean): string | undefined {
  const unrecorded = left.find(({ operation }) => NOT_RECORDED.has(operation));
  if (unrecorded !== undefined) return `a simulation does not record ${unrecorded.operation}`;
  if (left.some(action => fencingOf(action) === 'on')) return 'a simulation does not record unfencing';
  if (actionsOf(plan.graph).some(({ operation }) => operation === 'stonith')) {
    return 'what was fenced is seen anew';
  }
  const blocked = !complete || plan.changes.some(one => one.blocked);
  return blocked ? 'something is blocked, and others take its place' : undefined;
}
