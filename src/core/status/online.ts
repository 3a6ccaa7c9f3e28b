import { parseBoolean } from '../model/boolean.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type Draft, isGuest, type NodeDraft, noteRecheck, secondsNow } from './draft.ts';
import { fenceNode } from './fence.ts';
import { closeNode, readNodeAttributes } from './nodes.ts';
import { isTrue, parseInteger } from './words.ts';

/** Seconds since 1970 at which the node became a member; 0 where it is none, negative where nobody saw it. */
function memberSince(draft: Draft, state: XmlElement): number {
  const text = attribute(state, 'in_ccm');
  if (text === undefined) return -1;
  const flag = parseBoolean(text);
  if (flag !== undefined) return flag ? secondsNow(draft) : 0;
  const when = parseInteger(text);
  return when === undefined || when < 0 ? -1 : when;
}

function peerSince(state: XmlElement): number {
  const text = attribute(state, 'crmd')?.toLowerCase();
  if (text === undefined || text === 'offline') return 0;
  if (text === 'online') return 1;
  return Math.max(parseInteger(text) ?? 0, 0);
}

const shutdownRequested = (node: NodeDraft): boolean => (node.attributes.get('shutdown') ?? '0') !== '0';

/** Reads what a `node_state` says of a cluster node (of a remote node only that it was fenced). */
export function unpackNodeState(draft: Draft, state: XmlElement): void {
  const id = attribute(state, 'id');
  if (id === undefined) return;
  const node = draft.nodeById.get(id) ?? draft.nodeByName.get(attribute(state, 'uname') ?? '');
  if (node === undefined) return;
  if (node.kind !== 'cluster') {
    node.remoteFenced = (parseInteger(attribute(state, 'node_fenced')) ?? 0) > 0;
    return;
  }
  node.state = state;
  readNodeAttributes(draft, transientOf(state), node, { overwrite: true });
  if (isTrue(node.attributes.get('standby'))) node.standby = true;
  if (isTrue(node.attributes.get('maintenance'))) node.maintenance = true;
  node.featureSet = node.attributes.get('#feature-set');
  node.unclean = false;
  node.seen = true;
  decideOnline(draft, state, node);
  if (!draft.quorate && node.online && draft.options.noQuorumPolicy === 'fence') {
    fenceNode(draft, node, 'cluster does not have quorum');
  }
}

const transientOf = (state: XmlElement): XmlElement | undefined =>
  state.children.find(one => one.name === 'transient_attributes');

function decideOnline(draft: Draft, state: XmlElement, node: NodeDraft): void {
  node.shutdown = shutdownRequested(node);
  if (!node.shutdown && attribute(state, 'expected')?.toLowerCase() === 'member') node.expectedUp = true;
  const online = draft.options.fencingEnabled
    ? onlineWithFencing(draft, state, node)
    : onlineWithoutFencing(draft, state, node);
  if (online) node.online = true;
  if (!online || node.shutdown) closeNode(draft, node);
}

function onlineWithoutFencing(draft: Draft, state: XmlElement, node: NodeDraft): boolean {
  if (memberSince(draft, state) <= 0) return false;
  if (peerSince(state) > 0) return attribute(state, 'join')?.toLowerCase() === 'member';
  if (node.expectedUp) fenceNode(draft, node, 'peer is unexpectedly down');
  return false;
}

function onlineWithFencing(draft: Draft, state: XmlElement, node: NodeDraft): boolean {
  const member = memberSince(draft, state);
  const peer = peerSince(state);
  if (node.shutdown) return peer > 0;
  if (member < 0) {
    fenceNode(draft, node, 'peer has not been seen by the cluster');
    return false;
  }
  const join = attribute(state, 'join');
  if (join === 'banned') {
    fenceNode(draft, node, 'peer failed Pacemaker membership criteria');
  } else if (terminationRequested(node)) {
    if (member <= 0 && peer <= 0 && join === 'down') return false;
    fenceNode(draft, node, 'fencing was requested');
  } else if ((attribute(state, 'expected') ?? 'down') === 'down') {
    judgeJoining(draft, node, { member, peer });
  } else if (member <= 0) {
    fenceNode(draft, node, 'peer is no longer part of the cluster', { delay: true });
  } else if (peer <= 0) {
    fenceNode(draft, node, 'peer process is no longer available');
  } else if (join === 'pending' || join === 'down') {
    node.standby = true;
    node.pending = true;
  } else if (join !== 'member') {
    fenceNode(draft, node, 'peer was in an unknown state');
  }
  return member > 0;
}

function judgeJoining(
  draft: Draft,
  node: NodeDraft,
  { member, peer }: { readonly member: number; readonly peer: number },
): void {
  if (hasWaitedTooLong(draft, member, peer)) {
    fenceNode(draft, node, 'peer pending timed out on joining the process group');
  } else if (member > 0 || peer > 0) {
    node.standby = true;
    node.pending = true;
  }
}

function hasWaitedTooLong(draft: Draft, member: number, peer: number): boolean {
  const patience = Math.round(draft.options.nodePendingTimeout / 1000);
  if (patience === 0 || member <= 0 || peer > 0) return false;
  if (secondsNow(draft) >= member + patience) return true;
  noteRecheck(draft, member + patience);
  return false;
}

function terminationRequested(node: NodeDraft): boolean {
  const text = node.attributes.get('terminate');
  return parseBoolean(text) ?? (parseInteger(text) ?? 0) > 0;
}

/** Whether a remote or guest node is there follows from its connection. */
export function decideRemoteOnline(node: NodeDraft): void {
  const { connection } = node;
  if (connection === undefined) {
    node.online = false;
    return;
  }
  const { launcher } = connection;
  const host =
    launcher !== undefined && connection.activeOn.length === 1 ? connection.activeOn[0] : undefined;
  if (connection.role === 'Started') node.online = true;
  if (connection.role === 'Started' && connection.nextRole === 'Stopped') node.shutdown = true;
  if (launcher?.flags.failed === true) {
    node.online = false;
    node.remoteReset = true;
  } else if (connection.flags.failed) {
    node.online = false;
  } else if (connection.role === 'Stopped' || launcher?.role === 'Stopped') {
    node.online = false;
    node.remoteReset = false;
  } else if (host !== undefined && !host.online && host.unclean) {
    node.online = false;
    node.remoteReset = true;
  }
}

/** Attributes and states of a remote or guest node, as its `node_state` has them. */
export function readRemoteState(draft: Draft, node: NodeDraft, state: XmlElement): void {
  node.state = state;
  node.remoteMaintenance = (parseInteger(attribute(state, 'node_in_maintenance')) ?? 0) > 0;
  if (!node.remoteReset) {
    node.unclean = false;
    node.seen = true;
  }
  readNodeAttributes(draft, transientOf(state), node, { overwrite: true });
  if (shutdownRequested(node)) node.shutdown = true;
  if (isTrue(node.attributes.get('standby'))) node.standby = true;
  if (isTrue(node.attributes.get('maintenance')) || node.connection?.flags.managed === false) {
    node.maintenance = true;
  }
  const discovery = node.attributes.get('resource-discovery-enabled');
  if (discovery !== undefined && !isTrue(discovery) && (isGuest(node) || draft.options.fencingEnabled)) {
    node.probesAllowed = false;
  }
}
