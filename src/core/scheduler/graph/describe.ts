import type { ActionKind, GraphAction, GraphInput, GraphResource } from '../../transition/graph.ts';
import { is, notifyKey } from '../actions/action.ts';
import { finalParameters } from '../actions/connection-address.ts';
import { operationKey } from '../actions/lookup.ts';
import { ACTION } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import { currentNode, isGuestNode, xmlId } from '../tree.ts';
import { routerOf } from './router.ts';

function kindOf(action: Action): ActionKind {
  const pseudo = is(action, ACTION.pseudo);
  if (action.task === 'stonith') return pseudo ? 'pseudo_event' : 'crm_event';
  if (['do_shutdown', 'clear_failcount', 'lrm_delete'].includes(action.task)) return 'crm_event';
  return pseudo ? 'pseudo_event' : 'rsc_op';
}

interface Head {
  readonly kind: ActionKind;
  readonly key: string;
  readonly internalKey: string | undefined;
  readonly mode: string | undefined;
  /** Whether it tells where it is done. */
  readonly node: Node | undefined;
  readonly router: Node | undefined;
}

function headOf(action: Action): Head {
  const kind = kindOf(action);
  const history = action.resource?.facts.historyId;
  const plainPseudo = kind === 'pseudo_event' && action.task !== 'stonith';
  const node = plainPseudo ? undefined : action.node;
  return {
    kind,
    key: history === undefined ? action.key : historyKey(action, history),
    internalKey: history === undefined ? undefined : action.key,
    mode: action.task === 'lrm_delete' ? 'cib' : undefined,
    node,
    router: node === undefined ? undefined : routerOf(action),
  };
}

function historyKey(action: Action, name: string): string {
  if (action.task === 'notify') {
    return notifyKey(name, action.meta.get('notify_type') ?? '', action.meta.get('notify_operation') ?? '');
  }
  return operationKey(name, action.cancelled ?? action.task, action.interval);
}

/** An action as others refer to it. */
export function describeInput(action: Action): GraphInput {
  const head = headOf(action);
  return { kind: head.kind, id: action.id, attributes: headAttributes(action, head) };
}

function headAttributes(action: Action, head: Head): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (head.mode !== undefined) attributes.mode = head.mode;
  attributes.id = String(action.id);
  attributes.operation = action.task;
  attributes.operation_key = head.key;
  if (head.internalKey !== undefined) attributes.internal_operation_key = head.internalKey;
  if (head.node !== undefined) {
    attributes.on_node = head.node.name;
    attributes.on_node_uuid = head.node.id;
  }
  if (head.router !== undefined) attributes.router_node = head.router.name;
  return attributes;
}

export function describeAction(action: Action): GraphAction {
  const head = headOf(action);
  const { resource } = action;
  const described: Mutable<GraphAction> = {
    kind: head.kind,
    id: action.id,
    operation: action.task,
    operationKey: head.key,
    attributes: attributesOf(action, head.node),
  };
  if (head.mode !== undefined) described.mode = head.mode;
  if (head.internalKey !== undefined) described.internalOperationKey = head.internalKey;
  if (head.node !== undefined) {
    described.node = { name: head.node.name, uuid: head.node.id };
    const downed = downedBy(action);
    if (downed !== undefined) described.downed = downed;
  }
  if (head.router !== undefined) described.routerNode = head.router.name;
  if (resource !== undefined && !is(action, ACTION.pseudo)) {
    described.resource = describeResource(resource);
    if (locksToNode(action)) described.shutdownLock = String(resource.lock?.at ?? 0);
  }
  if (action.task === 'maintenance_nodes') described.maintenance = maintenanceChanges(action.cluster);
  return described;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether the action is one that keeps its resource locked to the node. */
function locksToNode({ resource, node, task }: Action): boolean {
  if (resource?.lock === undefined || node !== resource.lock.node) return false;
  return !node.shutdown || task === 'stop';
}

function describeResource(resource: Resource): GraphResource {
  const { historyId } = resource.facts;
  const own = xmlId(resource);
  let id = resource.id;
  let longId: string | undefined;
  if (resource.flags.removed && historyId !== undefined) {
    id = historyId;
    longId = resource.id;
  } else if (!resource.flags.unique) {
    id = own;
    longId = historyId !== undefined && historyId !== own ? historyId : resource.id;
  }
  const provider = resource.meta.get('provider');
  return {
    id,
    ...(longId === undefined ? {} : { longId }),
    class: resource.meta.get('class') ?? '',
    ...(provider === undefined ? {} : { provider }),
    type: resource.meta.get('type') ?? '',
  };
}

/** What the agent gets: parameters, and meta-attributes as `CRM_meta_…`; sorted by name. */
function attributesOf(action: Action, node: Node | undefined): (readonly [string, string])[] {
  const values = new Map<string, string>();
  const add = (name: string, value: string): void => {
    if (!values.has(name)) values.set(name, value);
  };
  for (const [name, value] of action.extra) add(name, value);
  const { resource } = action;
  if (resource !== undefined && (action.node !== undefined || resource.kind === 'primitive')) {
    for (const [name, value] of finalParameters(resource, action.node)) add(name, value);
  }
  for (const [name, value] of action.meta) addMeta(values, name, value);
  if (node !== undefined) {
    addMeta(values, 'on_node', node.name);
    addMeta(values, 'on_node_uuid', node.id);
  }
  for (let at = resource; at !== undefined; at = at.parent) {
    at.methods.addGraphMeta(at, (name, value) => values.set(name, value));
  }
  if (resource !== undefined) addGuestMeta(values, action, resource);
  return [...values].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function addMeta(values: Map<string, string>, name: string, value: string): void {
  if (name.includes('#') || name.includes(':')) return;
  const full = `CRM_meta_${name.replaceAll('-', '_')}`;
  if (!values.has(full)) values.set(full, value);
}

const ENDS: ReadonlySet<string> = new Set(['stop', 'stopped', 'demote', 'demoted']);
const BEGINS: ReadonlySet<string> = new Set(['start', 'running', 'monitor', 'promote', 'promoted']);

/** Where the guest itself is while the action is done. */
function addGuestMeta(values: Map<string, string>, action: Action, resource: Resource): void {
  const guest = action.node;
  const launcher = guest === undefined || !isGuestNode(guest) ? undefined : guest.connection?.launcher;
  if (launcher === undefined) return;
  const tells = action.task === 'notify' || action.task === 'notified';
  const task = tells ? (action.meta.get('notify_operation') ?? '') : action.task;
  const host = ENDS.has(task) ? currentNode(launcher) : BEGINS.has(task) ? launcher.assigned : undefined;
  if (host === undefined) return;
  const target = resource.meta.get('container-attribute-target');
  if (target !== undefined) addMeta(values, 'container-attribute-target', target);
  addMeta(values, 'physical-host', host.name);
}

const FENCES: ReadonlySet<string> = new Set(['off', 'reboot', 'poweroff']);

/** Nodes that will be down after the action. */
function downedBy(action: Action): string[] | undefined {
  const { task, node, resource } = action;
  if (node === undefined) return undefined;
  if (task === 'do_shutdown') return [node.id];
  if (task === 'stonith') {
    if (!FENCES.has(action.meta.get('stonith_action') ?? '')) return undefined;
    return [node.id, ...guestsOn(node).map(one => one.id)];
  }
  if (resource?.flags.remoteConnection !== true || task !== 'stop') return undefined;
  const migrates = action.before.some(
    ({ first }) => first.resource?.id === resource.id && first.task === 'migrate_from',
  );
  return migrates ? undefined : [resource.id];
}

const guestsOn = (host: Node): Node[] =>
  host.facts.running.flatMap(one => {
    const resource = host.cluster.resourceOf.get(one);
    if (resource?.flags.remoteConnection !== true || resource.launcher === undefined) return [];
    return host.cluster.nodeByName.get(resource.id) ?? [];
  });

/** Remote nodes that enter or leave maintenance. */
export function maintenanceChanges(
  cluster: Cluster,
): { readonly id: string; readonly maintenance: string }[] {
  return cluster.nodes.flatMap(node => {
    if (node.facts.kind === 'cluster' || node.maintenance === node.facts.remoteMaintenance) return [];
    return [{ id: node.id, maintenance: node.maintenance ? '1' : '0' }];
  });
}
