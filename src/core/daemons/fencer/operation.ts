/** The fencings under way, kept alike on all peers: asked for, joined, orphaned, ended. */
import type { FenceRan, FenceRequest, FenceRun, FencerMessage, FencingEntry } from '../../messages/fencer.ts';
import { type NodeName, nodeName } from '../../model/names.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import { beginConduct } from './conduct.ts';
import { inquire } from './inquiry.ts';
import { takeOn } from './run.ts';
import { log, type Operation, type Turn, update, withOut } from './state.ts';

/** Fencings that are remembered. */
const HISTORY = 500;

export function noteRequest(turn: Turn, from: NodeName, { id, target, action, client }: FenceRequest): void {
  const here = turn.env.node.name;
  const same = [...turn.state.operations.values()].find(
    one => one.target === target && one.action === action && !one.targetCame,
  );
  const operation: Operation = {
    ...{ id, target, action, client, origin: from, conductor: from, joined: [], targetCame: false },
  };
  setOperation(turn, operation);
  log(turn, 'notice', `${action} of ${target} is asked for by ${client} on ${from}`);
  if (from !== here) {
    inquire(turn, target, action, { kind: 'operation', id, conductor: from });
  } else if (same !== undefined) {
    setOperation(turn, { ...same, joined: [...same.joined, id] });
    say(turn, { kind: 'join', id, other: same.id });
  } else {
    beginConduct(turn, operation);
    inquire(turn, target, action, { kind: 'operation', id, conductor: here });
  }
}

export function noteJoin(turn: Turn, id: string, other: string): void {
  update(turn, { operations: withOut(turn.state.operations, id) });
  log(turn, 'info', `request ${id} shares the result of ${other}`);
}

export function noteOrder(turn: Turn, order: FenceRun): void {
  const operation = turn.state.operations.get(order.id);
  if (operation !== undefined) {
    const { ran: _, ...before } = operation;
    setOperation(turn, { ...before, run: order });
  }
  if (order.peer === turn.env.node.name) takeOn(turn, order);
}

export function noteRanOf(turn: Turn, { id, run, ok, reason }: FenceRan): void {
  const operation = turn.state.operations.get(id);
  if (operation?.run?.run !== run) return;
  const ran = { ok, ...(reason === undefined ? {} : { reason }) };
  const known = { ...operation, ran };
  setOperation(turn, known);
  if (operation.conductor !== operation.origin) conclude(turn, known);
}

/**
 * The conductor went away. Where a peer is at the last of it, or has done that, the peer takes it over; else it is
 * over, and whoever still wants the target fenced asks anew.
 */
export function noteLost(turn: Turn, gone: readonly NodeName[]): void {
  for (const operation of turn.state.operations.values()) {
    if (!gone.includes(operation.conductor)) continue;
    const { run, ran, id, joined, target, conductor } = operation;
    if (run?.last === true && !gone.includes(run.peer) && ran?.ok !== false) {
      const orphan = { ...operation, conductor: run.peer };
      setOperation(turn, orphan);
      conclude(turn, orphan);
      continue;
    }
    log(turn, 'warning', `fencing of ${target} was led by ${conductor}, which is gone`);
    update(turn, { operations: withOut(turn.state.operations, id) });
    const outcome = { ok: false, refusal: 'failed', message: `${conductor} is gone` } as const;
    for (const one of [id, ...joined]) tellWaiting(turn, one, target, outcome);
  }
}

/** The peer that took a fencing over says the result once it has one. */
function conclude(turn: Turn, { id, target, action, origin, client, conductor, ran }: Operation): void {
  if (ran === undefined || conductor !== turn.env.node.name) return;
  const entry: FencingEntry = {
    ...{ id, target, action, origin, client, ok: ran.ok, delegate: conductor, at: turn.env.now },
    ...(ran.ok ? {} : { refusal: 'failed', reason: ran.reason ?? 'the agent failed' }),
  };
  say(turn, { kind: 'result', entry });
}

function say({ effects }: Turn, body: FencerMessage): void {
  effects.push({ kind: 'multicast', message: { to: 'fencer', body } });
}

/** One result for all: told to whoever waits here, announced to the other daemons, and remembered. */
export function noteResult(turn: Turn, entry: FencingEntry): void {
  if (turn.state.history.some(({ id }) => id === entry.id)) return;
  const operation = turn.state.operations.get(entry.id);
  update(turn, {
    operations: withOut(turn.state.operations, entry.id),
    history: remembered([...turn.state.history, entry]),
  });
  const { id, target, action, ok, origin, client, delegate, at } = entry;
  log(turn, ok ? 'notice' : 'err', spoken(entry));
  const body = {
    ...({ kind: 'fencing-ended', id, target, action, ok, origin, client, at } as const),
    ...(delegate === undefined ? {} : { delegate }),
  };
  turn.effects.push({ kind: 'announce', body });
  turn.effects.push({ kind: 'publish', topic: 'fencing', body: eventElement(entry) });
  const refusal = entry.refusal ?? 'failed';
  const outcome: Outcome = ok ? { ok: true } : { ok: false, refusal, message: entry.reason ?? 'it failed' };
  for (const one of [id, ...(operation?.joined ?? [])]) tellWaiting(turn, one, target, outcome);
  if (ok && delegate === PERSON) releaseTarget(turn, target);
}

/** A person's word that a node is down ends whatever is under way to bring it down. */
function releaseTarget(turn: Turn, target: NodeName): void {
  for (const { id, joined, ...operation } of turn.state.operations.values()) {
    if (operation.target !== target || operation.action === 'on') continue;
    update(turn, { operations: withOut(turn.state.operations, id) });
    for (const one of [id, ...joined]) tellWaiting(turn, one, target, { ok: true });
  }
}

export const PERSON = nodeName('a human');

export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly refusal: 'no-device' | 'timeout' | 'failed'; readonly message: string };

export function tellWaiting(turn: Turn, id: string, target: NodeName, outcome: Outcome): void {
  const waiting = turn.state.waiting.get(id);
  if (waiting === undefined) return;
  update(turn, { waiting: withOut(turn.state.waiting, id) });
  const { by } = waiting;
  if (by.kind === 'client') {
    turn.effects.push({ kind: 'reply', client: by.client, request: by.request, reply: outcome });
    return;
  }
  const body = { kind: 'fence-outcome', request: by.request, target, ...outcome } as const;
  turn.effects.push({ kind: 'tell-controller', body });
}

/** Peers that meet tell each other what they remember; nothing of it is news to act on. */
export function noteHistory(turn: Turn, entries: readonly FencingEntry[]): void {
  const known = new Set(turn.state.history.map(({ id }) => id));
  const news = entries.filter(({ id }) => !known.has(id));
  if (news.length > 0) update(turn, { history: remembered([...turn.state.history, ...news]) });
}

const remembered = (entries: readonly FencingEntry[]): readonly FencingEntry[] =>
  entries.toSorted((left, right) => left.at - right.at).slice(-HISTORY);

export function setOperation(turn: Turn, operation: Operation): void {
  update(turn, { operations: new Map(turn.state.operations).set(operation.id, operation) });
}

export function eventElement(entry: FencingEntry): XmlElement {
  return element('fence_event', {
    status: entry.ok ? 'success' : 'failed',
    'exit-reason': entry.reason,
    ...aimOf(entry),
    delegate: entry.delegate,
    completed: Math.floor(entry.at / 1000),
  });
}

export const pendingElement = (operation: Operation): XmlElement =>
  element('fence_event', { status: 'pending', ...aimOf(operation) });

const aimOf = ({
  action,
  target,
  client,
  origin,
}: Pick<FencingEntry, 'action' | 'target' | 'client' | 'origin'>) => ({
  action,
  target,
  client,
  origin,
});

function spoken({ action, target, ok, delegate, client, origin, reason }: FencingEntry): string {
  const who = delegate === undefined ? '' : ` by ${delegate}`;
  const how = ok ? 'succeeded' : `failed (${reason ?? 'no reason given'})`;
  return `${action} of ${target}${who} for ${client} on ${origin} ${how}`;
}
