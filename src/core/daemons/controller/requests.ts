/** What clients ask of the controller. */
import { unreachable } from '../../base/assert.ts';
import { sectionOf } from '../../cib/document.ts';
import type { ClientReply, ControllerRequest } from '../../messages/client.ts';
import type { AskedBy } from '../../messages/controller.ts';
import { type NodeName, nodeName, resourceId, withoutInstance } from '../../model/names.ts';
import { attribute, child, childrenNamed, element, walk, type XmlElement } from '../../xml/element.ts';
import type { ClientEvent } from '../inside.ts';
import { clearFailures } from './direct/failures.ts';
import { isFailure } from './local/entry.ts';
import { stateOf, xpathOfResource } from './local/history.ts';
import { beginLeaving } from './member.ts';
import type { ControllerState } from './state.ts';
import { multicast, send, type Turn, write } from './turn.ts';

export function serve(turn: Turn, { client, request, body }: ClientEvent<ControllerRequest>): void {
  if (body.operation === 'ping' && body.node !== undefined && body.node !== turn.env.node.name) {
    const { startedAt, view } = turn.state;
    if (startedAt !== undefined && view.peers.has(body.node)) {
      send(turn, body.node, { kind: 'ping', asked: { run: startedAt, client, request } });
      return;
    }
    const reply = refuse('no-such-object', `node ${body.node} is not online`);
    turn.effects.push({ kind: 'reply', client, request, reply });
    return;
  }
  turn.effects.push({ kind: 'reply', client, request, reply: answer(turn, body) });
}

/** What another node said of itself goes to the client that asked, if that was in this life of ours. */
export function notePinged(turn: Turn, node: NodeName, asked: AskedBy, state: string): void {
  const { run, client, request } = asked;
  if (run !== turn.state.startedAt) return;
  const output = element('controller', { node, state });
  turn.effects.push({ kind: 'reply', client, request, reply: { ok: true, output } });
}

const refuse = (refusal: 'no-dc' | 'no-such-object' | 'invalid', message: string): ClientReply => ({
  ok: false,
  refusal,
  message,
});

function answer(turn: Turn, body: ControllerRequest): ClientReply {
  switch (body.operation) {
    case 'ping':
    case 'dc':
    case 'members':
    case 'who-am-i':
    case 'quorum':
      return { ok: true, output: about(turn) };
    case 'refresh':
      return refresh(turn, body);
    case 'fail':
      return fail(turn, body.resource, body.node);
    case 'remove-node':
      return removeNode(turn, body.node);
    case 'shut-down':
      return shutDown(turn, body.node);
    default:
      return unreachable(body);
  }
}

/** In Pacemaker's words, as `crmadmin -S` shows it. */
export function stateName(state: ControllerState): string {
  const { directing, membership, election, stopped, dc, startedAt, leaving } = state;
  if (stopped) return 'S_STOPPING';
  if (startedAt === undefined || state.cib === undefined) return 'S_STARTING';
  if (election.kind !== 'none') return 'S_ELECTION';
  if (directing !== undefined) {
    const phases = [...directing.joins.values()].map(({ phase }) => phase);
    if (phases.includes('offered')) return 'S_INTEGRATION';
    if (phases.includes('accepted')) return 'S_FINALIZE_JOIN';
    if (directing.walk !== undefined) return 'S_TRANSITION_ENGINE';
    return directing.computing !== undefined || directing.wanted !== undefined ? 'S_POLICY_ENGINE' : 'S_IDLE';
  }
  if (dc === undefined || membership?.phase !== 'joined') return 'S_PENDING';
  return leaving === undefined ? 'S_NOT_DC' : 'S_STOPPING';
}

function about({ state, env }: Turn): XmlElement {
  const { view, cib, dc } = state;
  const nodes = new Map<string, XmlElement>();
  for (const [name, id] of view.members) {
    nodes.set(id, element('node', { id, name, state: view.peers.has(name) ? 'member' : 'lost' }));
  }
  const known = cib === undefined ? undefined : sectionOf(cib, 'nodes');
  for (const one of known === undefined ? [] : childrenNamed(known, 'node')) {
    const [id, name] = [attribute(one, 'id'), attribute(one, 'uname')];
    if (id !== undefined && !nodes.has(id)) nodes.set(id, element('node', { id, name, state: 'lost' }));
  }
  return element(
    'controller',
    {
      node: env.node.name,
      id: env.node.id,
      state: stateName(state),
      dc,
      quorate: view.quorate,
    },
    [...nodes.values()],
  );
}

type Refresh = Extract<ControllerRequest, { readonly operation: 'refresh' }>;

/**
 * History is forgotten by the node that keeps it; that of a node that is not here is taken out of the CIB, unless the
 * node was lost and has not been fenced: by its history alone it is known what it may still run.
 */
function refresh(turn: Turn, body: Refresh): ClientReply {
  const { cib, dc } = turn.state;
  if (cib === undefined || dc === undefined) return refuse('no-dc', 'there is no DC');
  const wanted = body.resource === undefined ? undefined : primitivesOf(cib, body.resource);
  const affected: XmlElement[] = [];
  for (const state of childrenNamed(sectionOf(cib, 'status') ?? element('status'), 'node_state')) {
    const uname = nodeName(attribute(state, 'uname') ?? '');
    if (isLost(turn, state) || (body.node ?? uname) !== uname) continue;
    for (const one of resourcesOf(state)) {
      const id = attribute(one, 'id') ?? '';
      if (wanted !== undefined && !wanted.has(withoutInstance(id))) continue;
      if (body.failuresOnly === true && !hasMatchingFailure(one, body)) continue;
      affected.push(element('resource', { id, node: uname }));
      forget(turn, state, id);
    }
  }
  return { ok: true, output: element('refreshed', {}, affected) };
}

function forget(turn: Turn, state: XmlElement, id: string): void {
  const node = nodeName(attribute(state, 'uname') ?? '');
  clearFailures(turn, { resource: withoutInstance(id), node });
  if (turn.state.view.peers.has(node)) {
    send(turn, node, { kind: 'lrm_delete', resource: resourceId(id) });
    return;
  }
  const xpath = xpathOfResource(attribute(state, 'id') ?? '', id);
  write(turn, { operation: 'delete', xpath }, { kind: 'other' });
}

const isLost = ({ state: { view } }: Turn, state: XmlElement): boolean =>
  !view.peers.has(nodeName(attribute(state, 'uname') ?? '')) && attribute(state, 'expected') === 'member';

/** The resource itself, or all primitives inside it. */
function primitivesOf(cib: XmlElement, id: string): ReadonlySet<string> {
  const found = new Set([withoutInstance(id)]);
  const resources = sectionOf(cib, 'resources');
  for (const one of resources === undefined ? [] : walk(resources)) {
    if (attribute(one, 'id') !== id) continue;
    for (const below of walk(one)) {
      if (below.name === 'primitive') found.add(attribute(below, 'id') ?? '');
    }
  }
  return found;
}

function resourcesOf(state: XmlElement): readonly XmlElement[] {
  const lrm = child(state, 'lrm');
  const resources = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  return resources === undefined ? [] : childrenNamed(resources, 'lrm_resource');
}

function hasMatchingFailure(resource: XmlElement, { failedOperation, interval }: Refresh): boolean {
  return childrenNamed(resource, 'lrm_rsc_op').some(entry => {
    if (failedOperation !== undefined && attribute(entry, 'operation') !== failedOperation) return false;
    if (interval !== undefined && attribute(entry, 'interval') !== String(interval)) return false;
    return isFailure(entry);
  });
}

function fail(turn: Turn, resource: ReturnType<typeof resourceId>, node: NodeName): ClientReply {
  const { cib, view } = turn.state;
  if (!view.peers.has(node)) return refuse('no-such-object', `node ${node} is not online`);
  const id = view.members.get(node);
  const state = cib === undefined || id === undefined ? undefined : stateOf(cib, id);
  const known = state === undefined ? [] : resourcesOf(state).map(one => attribute(one, 'id'));
  if (!known.includes(resource)) return refuse('no-such-object', `${resource} is not known on ${node}`);
  send(turn, node, { kind: 'lrm_fail', resource });
  return { ok: true };
}

function removeNode(turn: Turn, node: NodeName): ClientReply {
  const { cib, view } = turn.state;
  if (view.members.has(node)) return refuse('invalid', `node ${node} is still in the cluster`);
  const entry = childrenNamed((cib && sectionOf(cib, 'nodes')) ?? element('nodes'), 'node').find(
    one => attribute(one, 'uname') === node,
  );
  const ids = entry === undefined ? [] : [attribute(entry, 'id')];
  for (const id of ids) {
    write(
      turn,
      { operation: 'delete', xpath: `/cib/configuration/nodes/node[@id='${id}']` },
      { kind: 'other' },
    );
    write(turn, { operation: 'delete', xpath: `/cib/status/node_state[@id='${id}']` }, { kind: 'other' });
  }
  multicast(turn, { kind: 'rm_node_cache', node });
  return { ok: true };
}

function shutDown(turn: Turn, node: NodeName | undefined): ClientReply {
  if (node === undefined || node === turn.env.node.name) {
    beginLeaving(turn);
    return { ok: true };
  }
  if (!turn.state.view.peers.has(node)) return refuse('no-such-object', `node ${node} is not online`);
  send(turn, node, { kind: 'start_shutdown' });
  return { ok: true };
}
