import { ACTION, has, ORDER } from '../flags.ts';
import type { Action, Node, Notification, Resource } from '../model.ts';
import { relate } from '../order/relate.ts';
import { currentNode, isGuestNode, topOf } from '../tree.ts';
import { demand, forbid, is, notifyKey, resourceAction, setFlag } from './action.ts';
import { newestAction } from './lookup.ts';

type Notified = Notification['action'];
const COMPLETED = 1_000_000;

interface Pair {
  readonly action: Action | undefined;
  readonly complete: Action | undefined;
}

/** Pseudo-actions around an action of a clone whose instances want to be told of it; none where they do not. */
function notificationOf(
  resource: Resource,
  task: Notified,
  { action, complete }: Pair,
): Notification | undefined {
  if (!resource.flags.notify) return undefined;
  let pre: Action | undefined;
  let preDone: Action | undefined;
  if (action !== undefined) {
    pre = pseudoNotify(resource, action, { task: 'notify', type: 'pre', of: task });
    preDone = pseudoNotify(resource, action, { task: 'notified', type: 'confirmed-pre', of: task });
    setFlag(pre, ACTION.runnable);
    setFlag(preDone, ACTION.runnable);
    relate(pre, preDone, ORDER.ordered, 'notification');
    relate(preDone, action, ORDER.ordered, 'notification');
  }
  let post: Action | undefined;
  let postDone: Action | undefined;
  if (complete !== undefined) {
    post = pseudoNotify(resource, complete, { task: 'notify', type: 'post', of: task });
    postDone = pseudoNotify(resource, complete, { task: 'notified', type: 'confirmed-post', of: task });
    for (const one of [post, postDone]) {
      one.priority = COMPLETED;
      if (is(complete, ACTION.runnable)) setFlag(one, ACTION.runnable);
      else forbid(one, { action: complete, origin: 'notification' });
    }
    relate(complete, post, ORDER.firstImpliesThen, 'notification');
    relate(post, postDone, ORDER.firstImpliesThen, 'notification');
  }
  if (action !== undefined && complete !== undefined) relate(preDone, post, ORDER.ordered, 'notification');
  return { action: task, pre, preDone, post, postDone, lists: new Map(), keys: [], allowed: undefined };
}

function pseudoNotify(
  resource: Resource,
  about: Action,
  { task, type, of }: { readonly task: string; readonly type: string; readonly of: string },
): Action {
  const action = resourceAction(resource, {
    task,
    key: notifyKey(resource.id, type, about.task),
    optional: is(about, ACTION.optional),
    because: { action: about, origin: 'notification' },
  });
  setFlag(action, ACTION.pseudo);
  action.meta.set('notify_key_type', type);
  action.meta.set('notify_key_operation', about.task);
  action.meta.set('notify_type', type.replace('confirmed-', ''));
  action.meta.set('notify_operation', of);
  return action;
}

/** Notifications of starts and stops of a clone. */
export function createClonePseudoNotifications(
  clone: Resource,
  {
    start,
    started,
    stop,
    stopped,
  }: { readonly start: Action; readonly started: Action; readonly stop: Action; readonly stopped: Action },
): void {
  clone.notifications ??= {};
  const all = clone.notifications;
  all.start ??= notificationOf(clone, 'start', { action: start, complete: started });
  if (all.stop !== undefined) return;
  all.stop = notificationOf(clone, 'stop', { action: stop, complete: stopped });
  if (all.start !== undefined && all.stop !== undefined)
    relate(all.stop.postDone, all.start.pre, ORDER.ordered, 'notification');
}

interface Promotions {
  readonly promote: () => Pair;
  readonly demote: () => Pair;
}

/** Notifications of promotions and demotions: of the latter, and of stops and starts, before the former. */
export function createPromotionPseudoNotifications(clone: Resource, { promote, demote }: Promotions): void {
  clone.notifications ??= {};
  const all = clone.notifications;
  const promotion = promote();
  all.promote ??= notificationOf(clone, 'promote', promotion);
  const demotion = demote();
  if (all.demote !== undefined) return;
  all.demote = notificationOf(clone, 'demote', demotion);
  if (all.promote === undefined) return;
  const order = (first: Action | undefined, then: Action | undefined) =>
    relate(first, then, ORDER.ordered, 'notification');
  order(all.stop?.postDone, all.promote.pre);
  order(all.start?.postDone, all.promote.pre);
  order(all.demote?.postDone, all.promote.pre);
  order(all.demote?.postDone, all.start?.pre);
  order(all.demote?.postDone, all.stop?.pre);
}

/** The notify actions themselves, once all else is decided. */
export function createNotifications(clone: Resource): void {
  const all = clone.notifications;
  for (const one of [all?.start, all?.stop, all?.promote, all?.demote]) {
    if (one === undefined) continue;
    collect(clone, one, { activity: true });
    addKeys(clone, one);
    createNotifyActions(clone, one);
  }
}

type ListName = 'inactive' | 'active' | 'unpromoted' | 'promoted' | Notified;

function addTo(notification: Notification, list: ListName, resource: Resource, node: Node | undefined): void {
  const entries = notification.lists.get(list);
  if (entries === undefined) notification.lists.set(list, [{ resource, node }]);
  else entries.unshift({ resource, node });
}

/** What instances are, and what is to be done with them, as the agents are told. */
function collect(
  resource: Resource,
  notification: Notification,
  { activity }: { readonly activity: boolean },
): void {
  notification.allowed ??= resource.allowed;
  if (resource.children.length > 0) {
    for (const one of resource.children) collect(one, notification, { activity });
    return;
  }
  const node = resource.active[0];
  switch (resource.role) {
    case 'Stopped':
      addTo(notification, 'inactive', resource, node);
      break;
    case 'Started':
      addTo(notification, 'active', resource, node);
      break;
    case 'Unpromoted':
      addTo(notification, 'unpromoted', resource, node);
      addTo(notification, 'active', resource, node);
      break;
    case 'Promoted':
      addTo(notification, 'promoted', resource, node);
      addTo(notification, 'active', resource, node);
      break;
    default:
      break;
  }
  if (activity) for (const action of resource.actions) collectAction(resource, action, notification);
}

const isNotified = (task: string): task is Notified =>
  task === 'start' || task === 'stop' || task === 'promote' || task === 'demote';

function collectAction(resource: Resource, action: Action, notification: Notification): void {
  if (is(action, ACTION.optional) || action.node === undefined || !isNotified(action.task)) return;
  const goesWithNode = action.task === 'stop' && action.node.unclean;
  if (!goesWithNode && !is(action, ACTION.runnable)) return;
  addTo(notification, action.task, resource, action.node);
}

const NOTHING = ' ';

/** Names of resources, each once, and of their nodes, in the same order. */
function names(
  notification: Notification,
  list: ListName,
  { withNodes }: { readonly withNodes: boolean },
): { readonly resources: string; readonly nodes: string } {
  const entries = [...(notification.lists.get(list) ?? [])].sort(
    (left, right) =>
      compareText(left.resource.id, right.resource.id) ||
      compareText(left.node?.id ?? '\uffff', right.node?.id ?? '\uffff'),
  );
  const resources: string[] = [];
  const nodes: string[] = [];
  let last: string | undefined;
  for (const { resource, node } of entries) {
    if ((withNodes && node === undefined) || resource.id === last) continue;
    last = resource.id;
    resources.push(resource.id);
    if (node !== undefined) nodes.push(node.name);
  }
  return { resources: resources.join(' ') || NOTHING, nodes: nodes.join(' ') || NOTHING };
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function addKeys(clone: Resource, notification: Notification): void {
  const keys: (readonly [string, string])[] = [];
  let required = false;
  for (const task of ['stop', 'start', 'demote', 'promote'] as const) {
    const { resources, nodes } = names(notification, task, { withNodes: true });
    if (notification.action === task) {
      required ||= task === 'stop' ? resources !== NOTHING : (notification.lists.get(task)?.length ?? 0) > 0;
    }
    keys.push([`notify_${task}_resource`, resources], [`notify_${task}_uname`, nodes]);
  }
  const both = (list: ListName, words: readonly string[]): void => {
    const { resources, nodes } = names(notification, list, { withNodes: true });
    for (const word of words)
      keys.push([`notify_${word}_resource`, resources], [`notify_${word}_uname`, nodes]);
  };
  both('active', ['active']);
  both('unpromoted', ['unpromoted', 'slave']);
  both('promoted', ['promoted', 'master']);
  keys.push(['notify_inactive_resource', names(notification, 'inactive', { withNodes: false }).resources]);
  const allowed: Node[] = [];
  notification.allowed?.each(({ node }) => allowed.push(node));
  allowed.sort((left, right) => left.position - right.position);
  keys.push(['notify_available_uname', allowed.map(node => node.name).join(' ') || NOTHING]);
  const { nodes } = clone.cluster;
  if (clone.meta.get('container-attribute-target') === 'host') {
    keys.push(['notify_all_hosts', nodes.map(hostName).join(' ') || NOTHING]);
  }
  keys.push(['notify_all_uname', nodes.map(node => node.name).join(' ') || NOTHING]);
  notification.keys = keys;
  if (!required) return;
  for (const action of [notification.pre, notification.preDone, notification.post, notification.postDone]) {
    if (action !== undefined) demand(action, 'notification');
  }
}

function hostName(node: Node): string {
  const launcher = isGuestNode(node) ? node.connection?.launcher : undefined;
  return (launcher === undefined ? undefined : currentNode(launcher)?.name) ?? node.name;
}

/** Keys were collected first to last; where one stands twice, the last counts. */
function addKeysTo(action: Action, notification: Notification): void {
  for (const [name, value] of notification.keys) action.meta.set(name, value);
}

function createNotifyActions(resource: Resource, notification: Notification): void {
  if (resource.children.length > 0) {
    for (const one of resource.children) createNotifyActions(one, notification);
    return;
  }
  for (const action of resource.actions) {
    if (!is(action, ACTION.optional) && action.node !== undefined && isNotified(action.task)) {
      addKeysTo(action, notification);
    }
  }
  const task = notification.action;
  const concerns = task === 'stop' || (notification.lists.get(task)?.length ?? 0) > 0;
  if (!concerns) return;
  if (resource.role !== 'Stopped' && (task === 'stop' || task === 'demote'))
    notifyOfEnd(resource, notification);
  if (resource.nextRole !== 'Stopped' && (task === 'start' || task === 'promote')) {
    notifyOfBeginning(resource, notification);
  }
}

function notifyOfEnd(resource: Resource, notification: Notification): void {
  const stop = newestAction(resource, 'stop');
  for (const node of resource.active) {
    const isGone = stop !== undefined && is(stop, ACTION.pseudo) && (node.unclean || node.remoteReset);
    if (isGone) continue;
    notify(resource, node, { about: notification.pre, done: notification.preDone, notification });
    const lives = notification.action === 'demote' || stop === undefined || is(stop, ACTION.optional);
    if (lives) notifyAfter(resource, node, notification);
  }
}

function notifyOfBeginning(resource: Resource, notification: Notification): void {
  const start = newestAction(resource, 'start');
  const connection = start?.node?.connection;
  const remoteStart = connection === undefined ? undefined : newestAction(connection, 'start');
  if (remoteStart !== undefined && !is(remoteStart, ACTION.runnable)) return;
  if (resource.assigned === undefined) return;
  const lives = notification.action !== 'start' || start === undefined || is(start, ACTION.optional);
  if (lives) {
    notify(resource, resource.assigned, {
      about: notification.pre,
      done: notification.preDone,
      notification,
    });
  }
  notifyAfter(resource, resource.assigned, notification);
}

interface NotifyWish {
  readonly about: Action | undefined;
  readonly done: Action | undefined;
  readonly notification: Notification;
}

function notify(
  resource: Resource,
  node: Node,
  { about, done, notification }: NotifyWish,
): Action | undefined {
  if (about === undefined || done === undefined || !node.online || !has(about.flags, ACTION.runnable)) {
    return undefined;
  }
  const type = about.meta.get('notify_type') ?? '';
  const task = about.meta.get('notify_operation') ?? '';
  const action = resourceAction(resource, {
    task: about.task,
    key: notifyKey(resource.id, type, task),
    node,
    optional: is(about, ACTION.optional),
    because: { action: about, origin: 'notification' },
  });
  for (const [name, value] of about.meta) if (!action.meta.has(name)) action.meta.set(name, value);
  addKeysTo(action, notification);
  relate(about, action, ORDER.ordered, 'notification');
  relate(action, done, ORDER.ordered, 'notification');
  return action;
}

/** Recurring operations begin only when all have been told. */
function notifyAfter(resource: Resource, node: Node, notification: Notification): void {
  const { post, postDone } = notification;
  const action = notify(resource, node, { about: post, done: postDone, notification });
  if (action !== undefined) action.priority = COMPLETED;
  if (postDone === undefined) return;
  for (let at = resource.actions.length - 1; at >= 0; at -= 1) {
    const other = resource.actions[at] as Action;
    if (other.interval !== 0 && other.task !== 'cancel') {
      relate(postDone, other, ORDER.ordered, 'notification');
    }
  }
}

/** What went with its node is told of as stopped, once the node is fenced. */
export function notifyAfterFencing(resource: Resource, stop: Action, fencing: Action): void {
  const notification = notificationOf(resource, 'stop', { action: undefined, complete: fencing });
  if (notification === undefined) return;
  collect(resource, notification, { activity: false });
  notification.keys = [
    ['notify_stop_resource', resource.id],
    ['notify_stop_uname', stop.node?.name ?? ''],
  ];
  createNotifyActions(topOf(resource), notification);
}
