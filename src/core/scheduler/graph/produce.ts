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

/** Decides what is to be done, and what of it waits for what: the actions of the graph. */
export function planActions(cluster: Cluster): readonly Action[] {
  const plan = new Plan();
  for (const resource of cluster.resources) resource.methods.addToGraph(resource, plan);
  if (maintenanceChanges(cluster).length > 0) {
    setFlag(pseudoAction(cluster, 'maintenance_nodes'), ACTION.always);
  }
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) plan.add(cluster.actions[at] as Action);
  return plan.actions;
}

class Plan implements GraphSink {
  readonly actions: Action[] = [];

  add(action: Action): void {
    if (!is(action, ACTION.deduplicated)) {
      mergeInputs(action);
      setFlag(action, ACTION.deduplicated);
    }
    if (is(action, ACTION.graphed) || !isGraphed(action)) return;
    setFlag(action, ACTION.graphed);
    for (const input of action.before) input.graphed = isInputGraphed(action, input);
    this.actions.push(action);
  }
}

/** The graph in itself: it outlives the plan, which is larger by far. */
export function describeGraph(
  cluster: Cluster,
  planned: readonly Action[],
  transition: number,
): TransitionGraph {
  const { recheckAt } = cluster;
  return {
    id: transition,
    settings: settingsOf(cluster, transition),
    synapses: planned.map(describeSynapse),
    ...(recheckAt === undefined ? {} : { recheckAt: instant(recheckAt * 1000) }),
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
