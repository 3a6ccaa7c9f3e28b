/**
 * How far a transition has got, and what of it may begin now. What holds:
 *
 * 1. A synapse fires once all its inputs are confirmed and none of them failed.
 * 2. Nothing fires whose priority is below that of the abort; what runs is waited for.
 * 3. A walk is over when nothing runs and nothing more can fire; until then no other may begin.
 * 4. The scheduler, as Pacemaker's, at times has an action wait for one that is not in the graph, because it cannot
 *    be carried out. What would begin something there never fires: it counts as failed from the start. What ends
 *    something does not wait: a service is stopped though what was to be stopped before is out of reach.
 * 5. A copy that an ordering restarts is promoted again by the next graph only, but this one begins to watch it as
 *    promoted: that never fires either.
 */
import { OCF } from '../model/exit-status.ts';
import type { GraphAction, Synapse, TransitionGraph } from './graph.ts';

/** What to do when the walk is over: nothing, wait for an event, or decide anew. */
type Completion = 'done' | 'wait' | 'restart';

export interface Walk {
  readonly graph: TransitionGraph;
  readonly plan: Plan;
  /** Of each action of the plan, by its place. */
  readonly phases: Uint8Array;
  /** 0: not aborted. */
  readonly abortPriority: number;
  readonly completion: Completion;
  /** Why it was aborted first. */
  readonly reason?: string;
}

/** The graph with its references resolved. */
interface Plan {
  readonly places: ReadonlyMap<number, number>;
  readonly actions: readonly GraphAction[];
  readonly synapses: readonly {
    readonly synapse: Synapse;
    readonly actions: readonly number[];
    readonly inputs: readonly number[];
  }[];
}

const PHASE = { waiting: 0, running: 1, confirmed: 2, failed: 3 } as const;

export const INFINITE_PRIORITY = 1_000_000;

/** Operations that begin something or look after what was begun, and the pseudo events around them. */
const BEGINS: ReadonlySet<string> = new Set([
  'start',
  'running',
  'promote',
  'promoted',
  'monitor',
  'migrate_to',
  'migrate_from',
]);

export function beginWalk(graph: TransitionGraph): Walk {
  const actions = graph.synapses.flatMap(synapse => synapse.actions);
  const places = new Map(actions.map((action, place) => [action.id, place]));
  const synapses = graph.synapses.map(synapse => ({
    synapse,
    actions: synapse.actions.map(({ id }) => places.get(id) ?? 0),
    inputs: synapse.inputs.flatMap(({ id }) => places.get(id) ?? []),
  }));
  const phases = new Uint8Array(actions.length);
  for (const { inputs, actions } of graph.synapses) {
    if (inputs.every(({ id }) => places.has(id))) continue;
    for (const { id, operation } of actions) {
      if (BEGINS.has(operation)) phases[places.get(id) ?? 0] = PHASE.failed;
    }
  }
  for (const { id } of watchedTooEarly(actions)) phases[places.get(id) ?? 0] = PHASE.failed;
  return { graph, plan: { places, actions, synapses }, phases, abortPriority: 0, completion: 'done' };
}

function watchedTooEarly(actions: readonly GraphAction[]): readonly GraphAction[] {
  const started = placesOf(actions, 'start');
  const promoted = placesOf(actions, 'promote');
  return actions.filter(action => {
    const forPromoted = actionAttribute(action, 'CRM_meta_op_target_rc') === String(OCF.runningPromoted);
    const place = placeOf(action);
    return action.operation === 'monitor' && forPromoted && started.has(place) && !promoted.has(place);
  });
}

/** On which nodes the operation is done with which resources. */
function placesOf(actions: readonly GraphAction[], operation: string): ReadonlySet<string> {
  return new Set(actions.filter(action => action.operation === operation).map(placeOf));
}

function placeOf({ resource, node }: GraphAction): string {
  return `${resource?.id} ${node?.name}`;
}

export interface Limits {
  /** Actions that may run at one time; 0 or less: any number. */
  readonly batch: number;
  /** Whether the world has room for the action now, besides those that run and those that were just chosen. */
  readonly hasRoom: (action: GraphAction, running: readonly GraphAction[]) => boolean;
}

export interface Progress {
  readonly walk: Walk;
  /** To be carried out now; they count as running. Pseudo events are confirmed on the way and not among them. */
  readonly fire: readonly GraphAction[];
  /** `terminated`: some synapse can never fire though nothing was aborted, which a sound graph does not do. */
  readonly verdict: 'active' | 'complete' | 'incomplete' | 'terminated';
}

/** Fires whatever may fire. */
export function advance(walk: Walk, limits: Limits): Progress {
  const phases = walk.phases.slice();
  const running = walk.plan.actions.filter((_, place) => phases[place] === PHASE.running);
  const fire: GraphAction[] = [];
  let pass = firePass(walk, phases, running, fire, limits);
  while (pass.confirmedPseudo) pass = firePass(walk, phases, running, fire, limits);
  const same = phases.every((phase, place) => phase === walk.phases[place]);
  const next = same ? walk : { ...walk, phases };
  return { walk: next, fire, verdict: verdictOf(next, running.length > 0 || pass.held) };
}

interface Pass {
  readonly confirmedPseudo: boolean;
  /** Something may fire as far as the graph goes, and has no room. */
  readonly held: boolean;
}

function firePass(
  walk: Walk,
  phases: Uint8Array,
  running: GraphAction[],
  fire: GraphAction[],
  { batch, hasRoom }: Limits,
): Pass {
  let confirmedPseudo = false;
  let held = false;
  for (const { synapse, actions, inputs } of walk.plan.synapses) {
    if (synapse.priority < walk.abortPriority || actions.some(place => phases[place] !== PHASE.waiting))
      continue;
    if (!inputs.every(place => isPassed(walk, phases, place))) continue;
    const pseudo = synapse.actions.every(({ kind }) => kind === 'pseudo_event');
    if (!pseudo && batch > 0 && running.length >= batch) held = true;
    else if (!synapse.actions.every(action => action.kind === 'pseudo_event' || hasRoom(action, running)))
      held = true;
    else {
      for (const place of actions) {
        const action = walk.plan.actions[place] as GraphAction;
        phases[place] = action.kind === 'pseudo_event' ? PHASE.confirmed : PHASE.running;
        if (action.kind === 'pseudo_event') confirmedPseudo = true;
        else {
          running.push(action);
          fire.push(action);
        }
      }
    }
  }
  return { confirmedPseudo, held };
}

const isPassed = (walk: Walk, phases: Uint8Array, place: number): boolean =>
  phases[place] === PHASE.confirmed ||
  (phases[place] === PHASE.failed && canFail(walk.plan.actions[place] as GraphAction));

const canFail = ({ attributes }: GraphAction): boolean =>
  attributes.some(([name, value]) => name === 'CRM_meta_can_fail' && value === 'true');

function verdictOf(walk: Walk, busy: boolean): Progress['verdict'] {
  if (busy) return 'active';
  const left = walk.plan.synapses.filter(({ actions }) =>
    actions.some(place => walk.phases[place] === PHASE.waiting),
  );
  if (left.length === 0) return 'complete';
  const failed = walk.phases.includes(PHASE.failed);
  return walk.abortPriority > 0 || failed ? 'incomplete' : 'terminated';
}

/** The action ended. Whoever says so twice changes nothing. */
export function confirm(walk: Walk, id: number, { failed }: { readonly failed: boolean }): Walk {
  const place = walk.plan.places.get(id);
  if (place === undefined || isEnded(walk.phases[place])) return walk;
  const phases = walk.phases.slice();
  phases[place] = failed ? PHASE.failed : PHASE.confirmed;
  return { ...walk, phases };
}

const isEnded = (phase: number | undefined): boolean => phase === PHASE.confirmed || phase === PHASE.failed;

const STRENGTH: Readonly<Record<Completion, number>> = { done: 0, wait: 1, restart: 2 };

export interface Abort {
  /** Synapses below it do not fire any more. */
  readonly priority: number;
  readonly completion: Completion;
  readonly reason: string;
}

/** The stronger of two aborts holds, for priority and completion each. */
export function abort(walk: Walk, { priority, completion, reason }: Abort): Walk {
  const stronger = STRENGTH[completion] > STRENGTH[walk.completion];
  if (priority <= walk.abortPriority && !stronger) return walk;
  return {
    ...walk,
    abortPriority: Math.max(priority, walk.abortPriority),
    completion: stronger ? completion : walk.completion,
    reason: walk.reason ?? reason,
  };
}

export const actionNumbered = (walk: Walk, id: number): GraphAction | undefined => {
  const place = walk.plan.places.get(id);
  return place === undefined ? undefined : walk.plan.actions[place];
};

export const synapseOf = (walk: Walk, id: number): Synapse | undefined =>
  walk.graph.synapses.find(({ actions }) => actions.some(action => action.id === id));

export type ActionPhase = 'unknown' | keyof typeof PHASE;

const NAMES: readonly (keyof typeof PHASE)[] = ['waiting', 'running', 'confirmed', 'failed'];

export function phaseOf(walk: Walk, id: number): ActionPhase {
  const place = walk.plan.places.get(id);
  return place === undefined ? 'unknown' : (NAMES[walk.phases[place] ?? 0] ?? 'unknown');
}

/** Actions that were fired and have not ended. */
export const runningActions = ({ plan, phases }: Walk): readonly GraphAction[] =>
  plan.actions.filter((_, place) => phases[place] === PHASE.running);

/** An attribute of the action, such as `CRM_meta_timeout`. */
export const actionAttribute = ({ attributes }: GraphAction, name: string): string | undefined =>
  attributes.find(([key]) => key === name)?.[1];
