/**
 * Keeps transient node attributes, the same on all nodes, and has the CIB's status say so. What holds:
 *
 * 1. A value changes only where an update arrives in the cluster's order, and by it alone: peers that heard the
 *    same know the same. A count (`value++`) is worked out there too.
 * 2. Peers that meet merge what they know (`merge.ts`) before anything of it is written.
 * 3. A node that left the membership has no values; one whose `pacemakerd` alone is away keeps them.
 * 4. One peer writes, the first by name. It writes the difference between the CIB and the table, whatever caused
 *    it, one round at a time; a round that failed is tried again after a while.
 * 5. A failure counts once, however often it is told of: a DC that takes office tells of all it finds, and a node that
 *    comes back tells its history anew (`apply.ts`).
 * 6. A client is answered when its update has come back, so that it reads what it wrote.
 */
import { unreachable } from '../../base/assert.ts';
import { earliest, type Instant, later, seconds } from '../../base/time.ts';
import type {
  AttributeFailure,
  AttributeMessage,
  AttributePurge,
  AttributeSync,
  AttributeUpdate,
} from '../../messages/attributes.ts';
import type { AttributeRequest, ClientReply } from '../../messages/client.ts';
import type { NodeName } from '../../model/names.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { ClientId, Member } from '../contract.ts';
import type {
  Announcement,
  AttributeWrite,
  CibWritten,
  ClientEvent,
  CommonEffect,
  DaemonEnv,
  ForgetNode,
  Heard,
  PeerEvent,
  Tick,
} from '../inside.ts';
import { apply } from './apply.ts';
import * as merging from './merge.ts';
import { query } from './query.ts';
import { type Applied, type Change, released, type Table, withoutOverdue } from './table.ts';
import { neededWrites } from './written.ts';

export interface State {
  readonly table: Table;
  readonly members: readonly Member[];
  /** Sorted by name. */
  readonly peers: readonly NodeName[];
  /** The peers whose table is ours. */
  readonly component: readonly NodeName[];
  readonly merge?: merging.Merge;
  readonly cib?: XmlElement;
  readonly agreed: boolean;
  readonly waiting: ReadonlyMap<number, Waiting>;
  /** Writes under way, by request. */
  readonly writing: readonly number[];
  readonly writingSince?: Instant;
  readonly retryAt?: Instant;
  /** What was found to need no write; the same need not be looked at again. */
  readonly settled?: Pick<State, 'table' | 'members' | 'cib'>;
  readonly next: number;
}

interface Waiting {
  readonly client: ClientId;
  readonly request: number;
  readonly until: Instant;
}

export type Event =
  | Heard<'membership'>
  | PeerEvent<'attributes'>
  | ClientEvent<AttributeRequest>
  | AttributeWrite
  | AttributeFailure
  | ForgetNode
  | CibWritten
  | Announcement
  | Tick;

export type Effect = CommonEffect;
export type Env = DaemonEnv;

export const initial: State = {
  table: new Map(),
  members: [],
  peers: [],
  component: [],
  agreed: false,
  waiting: new Map(),
  writing: [],
  next: 1,
};

/** How long after a refused or lost round of writes the next one is tried. */
const RETRY = seconds(2);
const WRITE_PATIENCE = seconds(60);
/** How long a client waits for its update to come back through the cluster. */
const CLIENT_PATIENCE = seconds(30);

/** One step under way. */
interface Turn {
  state: State;
  readonly effects: Effect[];
  readonly env: Env;
}

export function step(state: State, event: Event, env: Env): readonly [State, readonly Effect[]] {
  const turn: Turn = { state, effects: [], env };
  take(turn, event);
  write(turn);
  return [turn.state, turn.effects];
}

export function deadline({ table, waiting, ...state }: State): Instant | undefined {
  let first = earliest(
    state.retryAt,
    state.writingSince === undefined ? undefined : later(state.writingSince, WRITE_PATIENCE),
  );
  for (const { heldUntil } of table.values()) first = earliest(first, heldUntil);
  for (const { until } of waiting.values()) first = earliest(first, until);
  return first;
}

function take(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'membership':
      meet(turn, event);
      return;
    case 'message':
      hear(turn, event.from, event.body);
      return;
    case 'client-request':
      serve(turn, event);
      return;
    case 'attribute-write':
      say(turn, messageFor(event.body, turn));
      return;
    case 'failure':
      say(turn, event);
      return;
    case 'forget-node':
      say(turn, { kind: 'purge', node: event.node });
      return;
    case 'cib-changed':
      turn.state = { ...turn.state, cib: event.after };
      return;
    case 'cib-agreed':
      turn.state = { ...turn.state, agreed: event.agreed };
      return;
    case 'cib-written':
      noteWritten(turn, event);
      return;
    case 'tick':
      expire(turn);
      return;
    case 'fencing-ended':
      return;
    default:
      unreachable(event);
  }
}

function say({ effects }: Turn, body: AttributeMessage): void {
  effects.push({ kind: 'multicast', message: { to: 'attributes', body } });
}

/** Nodes that left lose their values; where peers do not know the same, a meeting is called. */
function meet(turn: Turn, { members, peers: unsorted }: Heard<'membership'>): void {
  const { node, now } = turn.env;
  const peers = unsorted.toSorted();
  const before = turn.state.members;
  const gone = turn.state.peers.some(peer => !peers.includes(peer));
  turn.state = { ...turn.state, members, peers };
  for (const { name } of before) {
    if (!members.some(member => member.name === name)) applyHere(turn, { kind: 'purge', node: name });
  }
  const together = turn.state.component.filter(one => peers.includes(one));
  const component = together.includes(node.name) ? together : [node.name];
  turn.state = { ...turn.state, component };
  // A meeting of other peers is void: the word of one that went must not pass for that of its next life.
  const { merge: _, ...apart } = turn.state;
  if (gone) turn.state = apart;
  const isWhole = peers.every(peer => component.includes(peer));
  if (isWhole) {
    turn.state = apart;
  } else if (component[0] === node.name) {
    const number = turn.state.next;
    turn.state = { ...turn.state, next: number + 1 };
    say(turn, { kind: 'meet', meeting: `${node.name} ${now} ${number}` });
  }
}

/** The first of each component speaks for it. */
function beginMerge(turn: Turn, meeting: string): void {
  const { table, component } = turn.state;
  const merge = merging.begin(meeting, table);
  turn.state = { ...turn.state, merge };
  if (component[0] === turn.env.node.name) {
    say(turn, { kind: 'sync', meeting, component, attributes: merge.mine });
  }
}

function finishMerge(turn: Turn): void {
  const { merge: complete, ...state } = turn.state;
  if (complete === undefined || !merging.isComplete(complete, state.peers)) return;
  const table = merging.merged(complete, turn.env.now);
  publish(turn, differences(state.table, table));
  turn.state = { ...state, table, component: state.peers };
}

function hear(turn: Turn, from: NodeName, message: AttributeMessage): void {
  switch (message.kind) {
    case 'update': {
      const { problem } = applyHere(turn, message);
      if (from === turn.env.node.name) answer(turn, message.token, problem);
      return;
    }
    case 'failure':
    case 'purge':
      applyHere(turn, message);
      return;
    case 'refresh':
      turn.state = { ...turn.state, table: released(turn.state.table) };
      if (from === turn.env.node.name) answer(turn, message.token, undefined);
      return;
    case 'meet':
      beginMerge(turn, message.meeting);
      return;
    case 'sync':
      hearSync(turn, message);
      return;
    default:
      unreachable(message);
  }
}

function hearSync(turn: Turn, sync: AttributeSync): void {
  const { merge } = turn.state;
  if (merge === undefined) return;
  turn.state = { ...turn.state, merge: merging.hear(merge, sync) };
  finishMerge(turn);
}

/** Applies what was said, and while peers merge keeps it to be applied to what comes of that. */
function applyHere(turn: Turn, said: AttributeUpdate | AttributeFailure | AttributePurge): Applied {
  const { table, merge } = turn.state;
  const applied = apply(table, said, turn.env.now);
  turn.state = { ...turn.state, table: applied.table };
  if (merge !== undefined) turn.state = { ...turn.state, merge: { ...merge, since: [...merge.since, said] } };
  publish(turn, applied.changes);
  return applied;
}

function publish({ effects }: Turn, changes: readonly Change[]): void {
  for (const { name, node, value } of changes) {
    effects.push({
      kind: 'publish',
      topic: 'attributes',
      body: element('attribute', { name, host: node, value }),
    });
  }
}

function differences(before: Table, after: Table): Change[] {
  const changes: Change[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name)?.values, after.get(name)?.values];
    for (const node of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const value = now?.get(node);
      if (old?.get(node) !== value) changes.push({ name, node, ...(value === undefined ? {} : { value }) });
    }
  }
  return changes;
}

function serve(turn: Turn, { client, request, body }: ClientEvent<AttributeRequest>): void {
  const refused = body.operation === 'refresh' ? undefined : refusalOf(body);
  if (body.operation === 'query') {
    const reply = refused ?? query(turn.state.table, body, turn.env.node.name);
    turn.effects.push({ kind: 'reply', client, request, reply });
    return;
  }
  if (refused !== undefined) {
    turn.effects.push({ kind: 'reply', client, request, reply: refused });
    return;
  }
  const token = turn.state.next;
  const until = later(turn.env.now, CLIENT_PATIENCE);
  const waiting = new Map(turn.state.waiting).set(token, { client, request, until });
  turn.state = { ...turn.state, next: token + 1, waiting };
  say(turn, { ...messageFor(body, turn), token });
}

function refusalOf({ name, pattern, operation, value }: AttributeRequest): ClientReply | undefined {
  if (name === undefined && pattern === undefined) {
    return { ok: false, refusal: 'invalid', message: 'no attribute is named' };
  }
  if ((operation === 'update' || operation === 'update-both') && value === undefined) {
    return { ok: false, refusal: 'invalid', message: 'no value is given' };
  }
  return undefined;
}

function messageFor(body: AttributeRequest, { env }: Turn): AttributeUpdate | { readonly kind: 'refresh' } {
  if (body.operation === 'refresh' || body.operation === 'query') return { kind: 'refresh' };
  const { operation, name, pattern, value, dampening, set } = body;
  return {
    kind: 'update',
    operation,
    names: name === undefined ? { pattern: pattern ?? '' } : { name },
    ...(body.node === 'all' ? {} : { node: body.node ?? env.node.name }),
    ...(value === undefined ? {} : { value }),
    ...(dampening === undefined ? {} : { dampening }),
    ...(set === undefined ? {} : { set }),
    ...(body.private === undefined ? {} : { private: body.private }),
  };
}

function answer(turn: Turn, token: number | undefined, problem: string | undefined): void {
  const asked = token === undefined ? undefined : turn.state.waiting.get(token);
  if (token === undefined || asked === undefined) return;
  const waiting = new Map(turn.state.waiting);
  waiting.delete(token);
  turn.state = { ...turn.state, waiting };
  const reply: ClientReply =
    problem === undefined ? { ok: true } : { ok: false, refusal: 'no-such-object', message: problem };
  turn.effects.push({ kind: 'reply', client: asked.client, request: asked.request, reply });
}

function expire(turn: Turn): void {
  const { now } = turn.env;
  for (const [token, { until, client, request }] of turn.state.waiting) {
    if (until > now) continue;
    const waiting = new Map(turn.state.waiting);
    waiting.delete(token);
    turn.state = { ...turn.state, waiting };
    const message = 'the cluster did not take the update in time';
    turn.effects.push({ kind: 'reply', client, request, reply: { ok: false, refusal: 'timeout', message } });
  }
  const { retryAt, writingSince, ...state } = turn.state;
  const retrying = retryAt === undefined || retryAt <= now ? {} : { retryAt };
  const lost = writingSince !== undefined && later(writingSince, WRITE_PATIENCE) <= now;
  const writing = writingSince === undefined || lost ? { writing: [] } : { writingSince };
  turn.state = { ...state, table: withoutOverdue(state.table, now), ...retrying, ...writing };
}

function noteWritten(turn: Turn, { request, outcome }: CibWritten): void {
  if (!turn.state.writing.includes(request)) return;
  const { writingSince, ...state } = turn.state;
  const writing = state.writing.filter(one => one !== request);
  const missing = !outcome.ok && outcome.refusal === 'no-such-object';
  const retry = outcome.ok || missing ? {} : { retryAt: later(turn.env.now, RETRY) };
  const since = writing.length === 0 || writingSince === undefined ? {} : { writingSince };
  turn.state = { ...state, writing, ...since, ...retry };
  if (outcome.ok || missing) return;
  const text = `attributes could not be written: ${outcome.message}`;
  turn.effects.push({ kind: 'log', level: 'warning', text });
}

/** Brings the CIB up to the table, if that is ours to do and nothing is under way. */
function write(turn: Turn): void {
  const { state, env } = turn;
  if (state.cib === undefined || !state.agreed) return;
  if (state.writing.length > 0 || state.retryAt !== undefined || state.peers[0] !== env.node.name) return;
  if (!state.peers.every(peer => state.component.includes(peer))) return;
  const { table, members, cib, settled } = state;
  if (settled?.table === table && settled.members === members && settled.cib === cib) return;
  const writes = neededWrites(table, cib, members, env.now);
  if (writes.length === 0) {
    turn.state = { ...state, settled: { table, members, cib } };
    return;
  }
  const first = state.next;
  for (const [at, body] of writes.entries()) {
    const request = { kind: 'cib-write', from: 'attributes', request: first + at, body } as const;
    turn.effects.push({ kind: 'tell-cib', body: request });
  }
  turn.state = {
    ...state,
    next: first + writes.length,
    writing: writes.map((_, at) => first + at),
    writingSince: env.now,
  };
}
