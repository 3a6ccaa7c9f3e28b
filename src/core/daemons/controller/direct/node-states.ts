/**
 * What the DC writes of nodes: whether each is in the cluster, whether its controller is, how far it has joined,
 * and whether it is expected to stay. What holds:
 *
 * 1. The CIB is made to say what the view says; what it says already is not written again.
 * 2. A node whose `pacemakerd` is away keeps what it had until its grace ends, unless it was let go.
 * 3. A node that is gone and never joined, as far as the CIB goes, is one that nobody has seen: it may run anything.
 * 4. A node that was fenced is down, whatever the view says, until it has been seen to leave.
 */
import { sectionOf } from '../../../cib/document.ts';
import type { NodeId, NodeName } from '../../../model/names.ts';
import { nodeId, nodeName } from '../../../model/names.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../../../xml/element.ts';
import { stateOf, xpathOfLrm } from '../local/history.ts';
import type { ControllerState, Directing } from '../state.ts';
import { log, type Turn, updateDirecting, write } from '../turn.ts';

interface Wanted {
  readonly in_ccm: 'true' | 'false';
  readonly crmd: 'online' | 'offline';
  readonly join: 'member' | 'down' | 'banned' | undefined;
  readonly expected: 'member' | 'down' | undefined;
}

/** Writes what is missing or wrong; true if anything had to be written. */
export function writeNodeStates(turn: Turn): boolean {
  const { cib, directing } = turn.state;
  if (cib === undefined || directing === undefined) return false;
  const nodes = nodesOf(turn.state, cib);
  const updates: XmlElement[] = [];
  for (const node of nodes) {
    const state = stateOf(cib, node.id);
    const wanted = wantedState(turn, directing, node, state);
    if (wanted === undefined || isSo(state, wanted)) continue;
    updates.push(
      element('node_state', {
        id: node.id,
        uname: node.name,
        in_ccm: wanted.in_ccm,
        crmd: wanted.crmd,
        'crm-debug-origin': 'do_state_transition',
        join: wanted.join,
        expected: wanted.expected,
      }),
    );
    if (wanted.in_ccm === 'false' && state !== undefined && attribute(state, 'in_ccm') === 'true') {
      log(turn, 'notice', `node ${node.name} is gone`);
    }
  }
  if (updates.length > 0) {
    const input = element('status', {}, updates);
    write(turn, { operation: 'modify', section: 'status', input, allowCreate: true }, { kind: 'nodes' });
  }
  const wiped = [
    ...forgetStrangers(turn, cib, nodes),
    ...writeGoneAttributes(turn, cib, nodes),
    ...writeWipes(turn, directing, nodes),
  ];
  return updates.length > 0 || wiped.length > 0;
}

interface Node {
  readonly id: NodeId;
  readonly name: NodeName;
}

/** All cluster nodes that the view, the configuration or the status knows. */
function nodesOf({ view }: Pick<ControllerState, 'view'>, cib: XmlElement): readonly Node[] {
  const nodes = new Map<NodeName, NodeId>(view.members);
  const add = (one: XmlElement) => {
    const [id, name] = [attribute(one, 'id'), attribute(one, 'uname')];
    if (id !== undefined && name !== undefined && !nodes.has(nodeName(name)))
      nodes.set(nodeName(name), nodeId(id));
  };
  for (const one of childrenNamed(sectionOf(cib, 'nodes') ?? element('nodes'), 'node')) {
    const type = attribute(one, 'type');
    if (type === undefined || type === 'member' || type === 'normal') add(one);
  }
  for (const one of childrenNamed(sectionOf(cib, 'status') ?? element('status'), 'node_state')) {
    if (attribute(one, 'remote_node') === undefined) add(one);
  }
  return [...nodes].map(([name, id]) => ({ name, id }));
}

function wantedState(
  turn: Turn,
  directing: Directing,
  { name }: Node,
  state: XmlElement | undefined,
): Wanted | undefined {
  const { view } = turn.state;
  const expected = directing.dismissed.has(name) ? 'down' : undefined;
  if (directing.down.has(name)) return { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' };
  if (!view.members.has(name)) {
    // Of a node that nobody has seen, nothing is known: that is for the scheduler to judge.
    if ((state === undefined || isStranger(state)) && !directing.wipe.has(name)) return undefined;
    const fenced = directing.wipe.has(name) ? 'down' : expected;
    return { in_ccm: 'false', crmd: 'offline', join: 'down', expected: fenced };
  }
  if (view.peers.has(name)) return peerState(directing, name, state);
  if (expected === 'down' || (state !== undefined && attribute(state, 'expected') === 'down')) {
    return { in_ccm: 'true', crmd: 'offline', join: 'down', expected: 'down' };
  }
  if ((view.away.get(name) ?? turn.env.now) > turn.env.now) return undefined;
  return { in_ccm: 'true', crmd: 'offline', join: 'down', expected };
}

function peerState(directing: Directing, name: NodeName, state: XmlElement | undefined): Wanted {
  const here = { in_ccm: 'true', crmd: 'online' } as const;
  const dismissed = directing.dismissed.has(name);
  switch (directing.joins.get(name)?.phase) {
    case 'confirmed':
      return { ...here, join: 'member', expected: dismissed ? 'down' : 'member' };
    case 'refused':
      return { ...here, join: 'banned', expected: dismissed ? 'down' : undefined };
    case 'silent':
      return { ...here, join: 'down', expected: dismissed ? 'down' : undefined };
    default: {
      const wasMember = state !== undefined && attribute(state, 'join') === 'member';
      return { ...here, join: wasMember ? undefined : 'down', expected: undefined };
    }
  }
}

const isSo = (state: XmlElement | undefined, wanted: Wanted): boolean =>
  state !== undefined &&
  Object.entries(wanted).every(([name, value]) => value === undefined || attribute(state, name) === value);

const isStranger = (state: XmlElement): boolean => attribute(state, 'expected') === undefined;

/** What stands there of a node that went before it joined would pass for knowledge that it is down. */
function forgetStrangers(turn: Turn, cib: XmlElement, nodes: readonly Node[]): readonly NodeId[] {
  const { view, directing } = turn.state;
  const strangers = nodes.filter(({ name, id }) => {
    const state = stateOf(cib, id);
    return state !== undefined && isStranger(state) && !view.members.has(name) && !directing?.wipe.has(name);
  });
  for (const { id } of strangers) {
    write(turn, { operation: 'delete', xpath: `/cib/status/node_state[@id='${id}']` }, { kind: 'nodes' });
  }
  return strangers.map(({ id }) => id);
}

/** Transient attributes belong to one life of a node: of one that is over all forget them, CIB and managers. */
function writeGoneAttributes(turn: Turn, cib: XmlElement, nodes: readonly Node[]): readonly NodeId[] {
  const { view, directing } = turn.state;
  const gone = nodes.filter(({ name, id }) => {
    const state = stateOf(cib, id);
    if (state === undefined || child(state, 'transient_attributes') === undefined) return false;
    const letGo = !view.peers.has(name) && attribute(state, 'expected') === 'down';
    return !view.members.has(name) || letGo || directing?.down.has(name) === true;
  });
  for (const { id, name } of gone) {
    turn.effects.push({
      kind: 'tell-attributes',
      body: { kind: 'forget-node', node: name, why: 'departed' },
    });
    const xpath = `/cib/status/node_state[@id='${id}']/transient_attributes`;
    write(turn, { operation: 'delete', xpath }, { kind: 'nodes' });
  }
  return gone.map(({ id }) => id);
}

/** The history of a fenced node is that of a life that is over. */
function writeWipes(turn: Turn, directing: Directing, nodes: readonly Node[]): readonly NodeId[] {
  if (directing.wipe.size === 0) return [];
  const fenced = nodes.filter(({ name }) => directing.wipe.has(name));
  updateDirecting(turn, { wipe: new Set() });
  for (const { id } of fenced) {
    write(turn, { operation: 'delete', xpath: xpathOfLrm(id) }, { kind: 'nodes' });
  }
  return fenced.map(({ id }) => id);
}
