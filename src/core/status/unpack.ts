import type { Instant } from '../base/time.ts';
import { sectionOf } from '../cib/document.ts';
import { inNewestSchema } from '../cib/upgrade/upgrade.ts';
import { attribute, attributePairs, child, type XmlElement } from '../xml/element.ts';
import { BareDraft } from './bare-draft.ts';
import { type Draft, isGuest } from './draft.ts';
import { findStop } from './fence.ts';
import { unpackNodeHistory } from './history.ts';
import { isRemoteAgent } from './nature.ts';
import { createNode, unpackNodes } from './nodes.ts';
import { decideRemoteOnline, readRemoteState, unpackNodeState } from './online.ts';
import type { Picture } from './picture.ts';
import { bothHistories, type NodeHistory, nodeHistory, rememberHistories } from './recorded.ts';
import { guestConnection } from './remote-resource.ts';
import { unpackResources } from './resources.ts';
import { isTrue, parseInteger } from './words.ts';

export interface UnpackInput {
  /** In whichever schema: it is read in the words of the newest one. */
  readonly cib: XmlElement;
  readonly now: Instant;
  /** Private parameters were taken out of the document. */
  readonly sanitized?: boolean;
}

/** Draws the picture of a cluster from its CIB. It never throws: what cannot be used is in `problems`. */
export function unpack({ cib: written, now, sanitized = false }: UnpackInput): Picture {
  const cib = inNewestSchema(written);
  const draft = new BareDraft(cib, now, sanitized);
  const resources = sectionOf(cib, 'resources');
  unpackNodes(draft, sectionOf(cib, 'nodes'));
  draft.resourceSection = resources;
  unpackResources(draft, resources, createRemoteNodes(draft, resources));
  unpackTags(draft, sectionOf(cib, 'tags'));
  unpackStatus(draft, sectionOf(cib, 'status'));
  return draft;
}

/** Nodes of remote connections, and connections for the resources that carry a guest. */
function createRemoteNodes(draft: Draft, section: XmlElement | undefined): readonly XmlElement[] {
  const connections: XmlElement[] = [];
  const add = (xml: XmlElement): void => {
    const connection = guestConnection(xml);
    if (connection === undefined) return;
    connections.push(connection);
    createRemoteNode(draft, attribute(connection, 'id'));
  };
  for (const xml of section?.children ?? []) {
    if (isRemoteAgent(xml)) createRemoteNode(draft, attribute(xml, 'id'));
    else if (xml.name === 'primitive') add(xml);
    else if (xml.name === 'group') for (const member of xml.children) add(member);
  }
  return connections;
}

function createRemoteNode(draft: Draft, id: string | undefined): void {
  if (id !== undefined && !draft.nodeByName.has(id)) createNode(draft, { id, name: id, type: 'remote' });
}

function unpackTags(draft: Draft, section: XmlElement | undefined): void {
  for (const tag of section?.children ?? []) {
    const id = attribute(tag, 'id');
    if (tag.name !== 'tag' || id === undefined) continue;
    const members = tag.children.flatMap(one => attribute(one, 'id') ?? []);
    if (members.length > 0) draft.tags.set(id, members);
  }
}

function unpackStatus(draft: Draft, status: XmlElement | undefined): void {
  const states: XmlElement[] = [];
  for (const one of status?.children ?? []) {
    if (one.name === 'tickets') unpackTickets(draft, one);
    else if (one.name === 'node_state') states.push(one);
  }
  let last: NodeHistory | undefined;
  for (const state of states) {
    last = indexHistory(draft, state, last);
    unpackNodeState(draft, state);
  }
  rememberHistories(draft.nodeHistories);
  while (unpackHistories(draft, states, { all: false }));
  unpackHistories(draft, states, { all: draft.options.fencingEnabled });
  for (const container of draft.stopNeeded) {
    const node = container.activeOn[0];
    if (node !== undefined) findStop(draft, container, node);
  }
  for (const node of draft.nodes) {
    if (node.kind === 'cluster') continue;
    if (node.shutdown && node.connection !== undefined) node.connection.nextRole = 'Stopped';
    if (!node.unpacked) decideRemoteOnline(node);
  }
}

function unpackTickets(draft: Draft, section: XmlElement): void {
  for (const xml of section.children) {
    const id = attribute(xml, 'id');
    if (xml.name !== 'ticket_state' || id === undefined || id === '') continue;
    const state = new Map([...attributePairs(xml)].filter(([name]) => name !== 'id'));
    const last = parseInteger(state.get('last-granted'));
    draft.tickets.push({
      id,
      granted: isTrue(state.get('granted')),
      standby: isTrue(state.get('standby')),
      lastGranted: last === undefined ? undefined : String(last),
      state,
    });
  }
}

/** Returns the history, or that of the node before where there is none. */
function indexHistory(
  draft: Draft,
  state: XmlElement,
  other: NodeHistory | undefined,
): NodeHistory | undefined {
  const name = attribute(state, 'uname');
  const lrm = child(state, 'lrm');
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  if (name === undefined || list === undefined) return other;
  const history = nodeHistory(list, name, other);
  const known = draft.nodeHistories.get(name);
  draft.nodeHistories.set(name, known === undefined ? history : bothHistories(known, history));
  return history;
}

/**
 * Histories of the nodes whose state is known by now: that of a remote node's connection, and of a guest's
 * carrier, stands in the histories of others. True while there was something new.
 */
function unpackHistories(
  draft: Draft,
  states: readonly XmlElement[],
  { all }: { readonly all: boolean },
): boolean {
  let progress = false;
  for (const state of states) {
    const id = attribute(state, 'id');
    const name = attribute(state, 'uname');
    if (id === undefined || name === undefined) continue;
    const node = draft.nodeById.get(id) ?? draft.nodeByName.get(name);
    if (node === undefined || node.unpacked || (!all && !isReady(draft, node))) continue;
    if (node.kind !== 'cluster') {
      decideRemoteOnline(node);
      readRemoteState(draft, node, state);
    }
    node.unpacked = true;
    unpackNodeHistory(draft, node, state);
    progress = true;
  }
  return progress;
}

function isReady(draft: Draft, node: Draft['nodes'][number]): boolean {
  const { connection } = node;
  if (isGuest(node)) return connection?.role === 'Started' && connection.launcher?.role === 'Started';
  if (node.kind !== 'cluster') {
    return connection !== undefined && (draft.options.shutdownLock || connection.role === 'Started');
  }
  return draft.options.fencingEnabled || draft.options.shutdownLock || node.online;
}
