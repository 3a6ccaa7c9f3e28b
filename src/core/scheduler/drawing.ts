import { is, notifyKey } from './actions/action.ts';
import { operationKey } from './actions/lookup.ts';
import { ACTION, ORDER } from './flags.ts';
import type { Action, Cluster } from './model.ts';
import type { Relation } from './order/relate.ts';
import type { Drawing, DrawnAction, DrawnEdge } from './schedule.ts';

export interface DrawingOptions {
  /** What need not be done, and what is done with resources that are not managed, too. */
  readonly all?: boolean;
  /** Actions carry the numbers that they have in the graph. */
  readonly numbers?: boolean;
}

/** The graph as it is drawn: what will be done, and what would have to be but cannot. */
export function draw(cluster: Cluster, { all = false, numbers = false }: DrawingOptions = {}): Drawing {
  const names = new Map<Action, string>();
  const nameOf = (action: Action): string => {
    const known = names.get(action);
    if (known !== undefined) return known;
    const made = numbers ? `${nameFor(action)} (${action.id})` : nameFor(action);
    names.set(action, made);
    return made;
  };
  const actions: DrawnAction[] = [];
  const drawn = new Set<Action>();
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) {
    const action = cluster.actions[at] as Action;
    const style = styleOf(action, all);
    if (style === undefined) continue;
    drawn.add(action);
    actions.push({ name: nameOf(action), font: fontOf(action), ...style });
  }
  const edges: DrawnEdge[] = [];
  for (let at = cluster.actions.length - 1; at >= 0; at -= 1) {
    const action = cluster.actions[at] as Action;
    for (const input of action.before) {
      if (!isDrawn(action, input, { drawn, all })) continue;
      edges.push({
        from: nameOf(input.first),
        to: nameOf(action),
        style: input.graphed ? 'bold' : 'dashed',
      });
    }
  }
  return { actions, edges };
}

type Style = Pick<DrawnAction, 'style' | 'color'> & { readonly font?: string };

function styleOf(action: Action, all: boolean): Style | undefined {
  if (is(action, ACTION.graphed)) return { style: 'bold', color: 'green' };
  const isManaged = action.resource?.flags.managed ?? true;
  if (!isManaged) return all ? { style: 'dashed', color: 'red', font: 'purple' } : undefined;
  if (!is(action, ACTION.optional)) return { style: 'dashed', color: 'red' };
  return all ? { style: 'dashed', color: 'blue' } : undefined;
}

const fontOf = (action: Action): string => (is(action, ACTION.pseudo) ? 'orange' : 'black');

function isDrawn(
  action: Action,
  input: Relation,
  { drawn, all }: { readonly drawn: ReadonlySet<Action>; readonly all: boolean },
): boolean {
  if (input.graphed) return true;
  if (input.flags === ORDER.none) return false;
  if (all) return true;
  if (input.flags === ORDER.ifOnSameNodeOrTarget) return false;
  return drawn.has(input.first) && drawn.has(action);
}

function nameFor(action: Action): string {
  const { resource, task } = action;
  const host = action.node?.name ?? (is(action, ACTION.pseudo) ? undefined : '<none>');
  const prefix = task === 'cancel' ? 'Cancel ' : '';
  const history = resource?.facts.historyId;
  const at = host === undefined ? '' : ` ${host}`;
  if (history !== undefined) {
    const tells = task === 'notify' || task === 'notified';
    const { meta } = action;
    const key = tells
      ? notifyKey(history, meta.get('notify_key_type') ?? '', meta.get('notify_key_operation') ?? '')
      : operationKey(history, action.cancelled ?? task, action.interval);
    return `${prefix}${key}${at}`;
  }
  if (task === 'stonith') return `${prefix}${task} '${action.meta.get('stonith_action') ?? ''}' ${host}`;
  if (host === undefined) return action.key;
  return resource === undefined ? `${prefix}${task} ${host}` : `${prefix}${action.key}${at}`;
}
