import { instant } from '../../base/time.ts';
import type { Synapse, TransitionGraph } from '../../transition/graph.ts';
import { is, pseudoAction, setFlag } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Action, Cluster, GraphSink, Resource } from '../model.ts';
import type { Relation } from '../order/relate.ts';
import { bothOrigins } from '../origins.ts';
import { describeAction, describeInput, maintenanceChanges } from './describe.ts';
import { isGraphed, isInputGraphed } from './inputs.ts';

/** Adds the actions of a resource, and of all in it. */
export function addResourceActions(resource: Resource, graph: GraphSink): void {
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) graph.add(resource.actions[at] as Action);
  for (const one of resource.children) one.methods.addToGraph(one, graph);
}

/**
 * What is to be done, as a graph of actions and of what each of them waits for. It is decided here, and described
 * when somebody looks.
 */
export function produceGraph(cluster: Cluster, transition: number): TransitionGraph {
  let planned: Action[] = [];
  const graph: GraphSink = { add: action => addToPlan(planned, action) };
  for (const resource of cluster.resources) resource.methods.addToGraph(resource, graph);
  if (maintenanceChanges(cluster).length > 0) {
    setFlag(pseudoAction(cluster, 'maintenance_nodes'), ACTION.always);
  }
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) graph.add(cluster.actions[at] as Action);
  let synapses: readonly Synapse[] | undefined;
  return {
    id: transition,
    settings: settingsOf(cluster, transition),
    get synapses() {
      if (synapses === undefined) {
        synapses = planned.map(describeSynapse);
        // The graph outlives the plan, which is large, by far.
        planned = [];
      }
      return synapses;
    },
    ...(cluster.recheckAt === undefined ? {} : { recheckAt: instant(cluster.recheckAt * 1000) }),
  };
}

function settingsOf(cluster: Cluster, transition: number): Record<string, string> {
  const { options } = cluster.picture;
  const { values } = options;
  const settings: Record<string, string> = {
    'cluster-delay': options.clusterDelay,
    'fencing-timeout': values.get('fencing-timeout') ?? values.get('stonith-timeout') ?? '60s',
    'failed-stop-offset': 'INFINITY',
    'failed-start-offset': options.startFailureIsFatal ? 'INFINITY' : '1',
    'batch-limit': values.get('batch-limit') ?? '0',
    transition_id: String(transition),
  };
  const migrations = values.get('migration-limit');
  if (migrations !== undefined && Number.parseInt(migrations, 10) > 0)
    settings['migration-limit'] = migrations;
  if (cluster.recheckAt !== undefined) settings['recheck-by'] = String(cluster.recheckAt);
  return settings;
}

function addToPlan(planned: Action[], action: Action): void {
  if (!is(action, ACTION.deduplicated)) {
    mergeInputs(action);
    setFlag(action, ACTION.deduplicated);
  }
  if (is(action, ACTION.graphed) || !isGraphed(action)) return;
  setFlag(action, ACTION.graphed);
  for (const input of action.before) input.graphed = isInputGraphed(action, input);
  planned.push(action);
}

function describeSynapse(action: Action, id: number): Synapse {
  const own = action.resource?.priority ?? 0;
  return {
    id,
    priority: Math.max(own, action.priority, 0),
    actions: [describeAction(action)],
    inputs: action.before.filter(input => input.graphed).map(input => describeInput(input.first)),
  };
}

/** Relations with the same action become one; from here on they stand in the order of the actions' ids. */
function mergeInputs(action: Action): void {
  const { before } = action;
  if (before.length < 2) {
    for (const input of before) input.graphed = false;
    return;
  }
  const merged: Relation[] = [];
  for (const input of before.toReversed().sort(byAction)) {
    const last = merged[merged.length - 1];
    if (last !== undefined && last.first === input.first) {
      last.flags |= input.flags;
      last.graphed ||= input.graphed;
      last.origin = bothOrigins(last.origin, input.origin);
    } else {
      input.graphed = false;
      merged.push(input);
    }
  }
  action.before = merged;
}

const byAction = (left: Relation, right: Relation): number => left.first.id - right.first.id;
