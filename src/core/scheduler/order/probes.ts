import { isTrue } from '../../status/words.ts';
import { is } from '../actions/action.ts';
import { taskActions } from '../actions/lookup.ts';
import { ACTION, has, ORDER } from '../flags.ts';
import type { Action, Cluster, Resource } from '../model.ts';
import { rankOf, topOf } from '../tree.ts';
import { Partners } from '../variants/partners.ts';
import type { Ordering } from './ordering.ts';
import { type Relation, relate } from './relate.ts';

/** Actions from which a way may lead to what a restart would undo; found once there is a probe to ask for them. */
type Leading = () => ReadonlySet<Action>;

/** What waits for a resource's stop, or would restart because of it, waits for its probes. */
export function orderProbes(cluster: Cluster): void {
  let known: ReadonlySet<Action> | undefined;
  const leading: Leading = () => {
    known ??= leadingToUndoing(cluster);
    return known;
  };
  for (const resource of cluster.resources) orderProbesOf(resource, leading);
  for (let at = cluster.orderings.length - 1; at >= 0; at -= 1) {
    orderProbesLikeStops(cluster.orderings[at] as Ordering);
  }
}

const GROUP_RANK = 2;

function orderProbesOf(resource: Resource, leading: Leading): void {
  if (resource.kind !== 'primitive') {
    for (const one of resource.children) orderProbesOf(one, leading);
    return;
  }
  for (const probe of taskActions(resource, 'monitor')) {
    for (let at = probe.after.length - 1; at >= 0; at -= 1) {
      const relation = probe.after[at] as Relation;
      orderStarts(probe, relation);
      if (leading().has(relation.later)) orderRestarts(probe, relation.later, leading());
    }
  }
}

/** An instance that is not active must not start while a probe that cannot be made may find it active. */
function orderStarts(probe: Action, { later, meaning }: Relation): void {
  const clone = later.resource;
  if (clone === undefined || rankOf(clone) <= GROUP_RANK || is(probe, ACTION.runnable)) return;
  if (has(meaning, ORDER.unrunnableFirstBlocks) || later.task !== 'start') return;
  if (probe.resource === undefined || topOf(probe.resource) !== clone) return;
  for (let at = later.after.length - 1; at >= 0; at -= 1) {
    const { later: action } = later.after[at] as Relation;
    if (action.resource === undefined || action.resource.active.length > 0) continue;
    if (topOf(action.resource) !== clone || action.task !== 'start') continue;
    relate(probe, action, ORDER.ordered | ORDER.unrunnableFirstBlocks, 'probe-before-change');
  }
}

/** An action on the way from a probe, and which of those after it is next. */
interface Stop {
  readonly action: Action;
  readonly chain: Chain;
  at: number;
}

/**
 * Actions from which `orderRestarts` may come to one that a restart would undo; from most there is no such way, and
 * each probe would follow all of it in vain. Found backwards: along `after`, as it is followed, turned around.
 */
function leadingToUndoing({ actions }: Cluster): ReadonlySet<Action> {
  const leading = new Set<Action>();
  for (const action of actions) {
    if (action.resource?.kind === 'primitive' && undoings(action, action.resource).length > 0)
      leading.add(action);
  }
  if (leading.size === 0) return leading;
  const earlier = new Map<Action, Action[]>();
  for (const action of actions) {
    for (const relation of action.after) {
      if (!mayLead(relation)) continue;
      const known = earlier.get(relation.later);
      if (known === undefined) earlier.set(relation.later, [action]);
      else known.push(action);
    }
  }
  // A set is walked to its end, with what is added on the way.
  for (const action of leading) for (const one of earlier.get(action) ?? []) leading.add(one);
  return leading;
}

/** Whether a way can lead from an action to one after it, whoever's probe it is. */
const mayLead = ({ first, later, meaning }: Relation): boolean =>
  has(meaning, ORDER.firstImpliesThen) ||
  (first.resource !== undefined && later.resource?.parent === first.resource);

/**
 * Follows what implies what: a start that a probe's result may call for may be part of a restart. Depth first, on
 * a stack of its own, because a chain of orderings may be longer than calls can be deep. In a chain that is probed
 * while it runs every later stop waits for every probe: the rule itself asks for as many orderings as pairs.
 */
function orderRestarts(probe: Action, after: Action, leading: ReadonlySet<Action>): void {
  const owner = probe.resource;
  if (owner?.kind !== 'primitive' || probe.task !== 'monitor') return;
  const visited = new Set<Action>();
  const way: Stop[] = [];
  const enter = (action: Action): void => {
    if (!leading.has(action) || visited.has(action)) return;
    visited.add(action);
    const { resource } = action;
    if (resource?.kind === 'primitive' && resource !== owner) orderBeforeUndoing(probe, action, resource);
    way.push({ action, chain: chainOf(owner, resource), at: action.after.length - 1 });
  };
  enter(after);
  for (let stop = way.at(-1); stop !== undefined; stop = way.at(-1)) {
    const relation = stop.action.after[stop.at];
    stop.at -= 1;
    if (relation === undefined) way.pop();
    else if (has(relation.meaning, ORDER.firstImpliesThen) || leadsInto(relation, stop.chain))
      enter(relation.later);
  }
}

function chainOf(owner: Resource, resource: Resource | undefined): Chain {
  const interleave =
    resource !== undefined && rankOf(resource) > GROUP_RANK && isTrue(resource.meta.get('interleave'));
  const partner =
    interleave && resource !== undefined
      ? new Partners(resource, { role: 'Unknown', when: 'next' }).of(owner)
      : undefined;
  return { owner, interleave, partner };
}

function orderBeforeUndoing(probe: Action, after: Action, resource: Resource): void {
  for (const action of undoings(after, resource)) {
    if (!is(action, ACTION.pseudo)) relate(probe, action, ORDER.ordered, 'probe-before-change');
  }
}

/** What a restart does before an action: the stop before a start, the demotion before a promotion. */
function undoings({ task }: Action, resource: Resource): readonly Action[] {
  const undo = task === 'start' ? 'stop' : task === 'promote' ? 'demote' : undefined;
  return undo === undefined ? [] : taskActions(resource, undo);
}

interface Chain {
  readonly owner: Resource;
  readonly interleave: boolean;
  readonly partner: Resource | undefined;
}

/** From a collective action to those of its own instances; where they go by pairs, to the partner's only. */
function leadsInto({ first, later }: Relation, { owner, interleave, partner }: Chain): boolean {
  const { resource } = first;
  const chained = later.resource;
  if (resource === undefined || rankOf(resource) < GROUP_RANK || chained === undefined) return false;
  if (owner.parent === resource || rankOf(chained) > GROUP_RANK || chained.parent !== resource) return false;
  return rankOf(resource) <= GROUP_RANK || !interleave || partner === chained;
}

/** What comes after a stop comes after the probes, too: the resource may be found active. */
function orderProbesLikeStops(ordering: Ordering): void {
  const { first, later: then, flags } = ordering;
  if (flags === ORDER.none || first === undefined || first === then) return;
  if (ordering.firstTask !== 'stop') return;
  if (then !== undefined && first.launcher === then && ordering.thenTask === 'stop') return;
  const probes = taskActions(first, 'monitor');
  if (probes.length === 0) return;
  const later =
    ordering.thenAction !== undefined
      ? [ordering.thenAction]
      : then === undefined
        ? []
        : taskActions(then, ordering.thenTask);
  for (const probe of probes) {
    for (const action of later) {
      if (mayWait(probe, action)) relate(probe, action, probeFlags(flags), ordering.origin);
    }
  }
}

function probeFlags(flags: number): number {
  if (flags === ORDER.ifRequiredOnSameNode || flags === ORDER.ifOnSameNodeOrTarget) return flags;
  return ORDER.ordered | (flags & (ORDER.ifFirstUnmigratable | ORDER.ifOnSameNode));
}

function mayWait(probe: Action, then: Action): boolean {
  if (then.task === 'stonith' && probe.node === then.node) {
    return then.meta.get('stonith_action')?.toLowerCase() !== 'on';
  }
  const isOtherShutdown =
    then.task === 'do_shutdown' &&
    probe.node !== undefined &&
    then.node !== undefined &&
    probe.node !== then.node;
  return !isOtherShutdown;
}
