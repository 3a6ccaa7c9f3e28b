/** Leading a fencing: asking who can, telling one peer after the other what to do, and saying how it ended. */
import { later, milliseconds, seconds } from '../../base/time.ts';
import type { FenceRan, FencingRefusal, OfferedDevice } from '../../messages/fencer.ts';
import type { NodeName } from '../../model/names.ts';
import * as planning from './plan.ts';
import { type Conduct, type Operation, type Turn, update, withOut } from './state.ts';
import { levelsFor } from './topology.ts';

/** How long peers have for offers. The target's is waited for only where nobody else has any. */
const ASKING = seconds(10);
/** Pacemaker's factor for what a peer may need beyond the time that its device has. */
const ALLOWANCE = 1.2;

export function beginConduct(turn: Turn, { id }: Operation): void {
  const conduct = { id, offers: new Map(), askUntil: later(turn.env.now, ASKING), runs: 0 };
  update(turn, { conducts: new Map(turn.state.conducts).set(id, conduct) });
}

export function noteOffer(turn: Turn, id: string, from: NodeName, devices: readonly OfferedDevice[]): void {
  const conduct = turn.state.conducts.get(id);
  if (conduct === undefined) return;
  set(turn, { ...conduct, offers: new Map(conduct.offers).set(from, devices) });
}

/** The answer to what was told to a peer; one that comes too late changes nothing. */
export function noteRun(turn: Turn, { id, run, ok, reason }: FenceRan): void {
  const conduct = turn.state.conducts.get(id);
  const order = turn.state.operations.get(id)?.run;
  if (conduct?.plan === undefined || conduct.runUntil === undefined || conduct.runs !== run) return;
  const { runUntil: _, ...rest } = conduct;
  const plan = ok ? planning.stepDone(conduct.plan) : conduct.plan;
  const said = ok || reason === undefined ? {} : { lastReason: reason };
  set(turn, { ...rest, ...(ok && order !== undefined ? { delegate: order.peer } : {}), plan, ...said });
}

/** Goes on with every fencing that can go on. */
export function advance(turn: Turn): void {
  for (const conduct of turn.state.conducts.values()) {
    const operation = turn.state.operations.get(conduct.id);
    if (operation === undefined) update(turn, { conducts: withOut(turn.state.conducts, conduct.id) });
    else if (conduct.plan === undefined) plan(turn, conduct, operation);
    else goOn(turn, { ...conduct, plan: conduct.plan }, operation);
  }
}

function plan(turn: Turn, conduct: Conduct, operation: Operation): void {
  if (!hasAllOffers(turn, conduct, operation)) return;
  const { target, action } = operation;
  const levels = levelsFor(target, turn.state.cib, turn.state.addedLevels);
  const planned = planning.makePlan(action, conduct.offers, levels);
  goOn(turn, { ...conduct, plan: planned }, operation);
}

function hasAllOffers({ state, env }: Turn, { offers, askUntil }: Conduct, { target }: Operation): boolean {
  if (askUntil <= env.now) return true;
  const missing = state.peers.filter(peer => !offers.has(peer));
  if (missing.length === 0) return true;
  const any = [...offers].some(([peer, devices]) => peer !== target && devices.length > 0);
  return any && missing.every(peer => peer === target);
}

type Planned = Conduct & { readonly plan: planning.Plan };

function goOn(turn: Turn, conduct: Planned, operation: Operation): void {
  const { state, env } = turn;
  const { run } = operation;
  if (conduct.runUntil !== undefined) {
    const lost = run !== undefined && !state.peers.includes(run.peer);
    if (!lost && conduct.runUntil > env.now) return;
    const { runUntil: _, ...freed } = conduct;
    const reason = lost ? `${run.peer} is gone` : 'no answer in time';
    goOn(turn, { ...freed, lastReason: reason }, operation);
    return;
  }
  if (planning.isDone(conduct.plan)) {
    say(turn, conduct, operation, undefined);
    return;
  }
  if (planning.presentStep(conduct.plan) === undefined) {
    giveUp(turn, conduct, operation);
    return;
  }
  const next = planning.nextPeer(conduct.plan, { ...conduct, peers: state.peers, target: operation.target });
  if (next === undefined) goOn(turn, { ...conduct, plan: planning.stepFailed(conduct.plan) }, operation);
  else tell(turn, conduct, operation, next);
}

function giveUp(turn: Turn, conduct: Planned, operation: Operation): void {
  const { runs, lastReason } = conduct;
  if (runs > 0)
    say(turn, conduct, operation, { refusal: 'failed', reason: lastReason ?? 'all devices failed' });
  else
    say(turn, conduct, operation, {
      refusal: 'no-device',
      reason: `no device can fence ${operation.target}`,
    });
}

function tell(
  turn: Turn,
  conduct: Planned,
  { id, target }: Operation,
  { peer, offered }: { readonly peer: NodeName; readonly offered: OfferedDevice },
): void {
  const { plan: present, runs } = conduct;
  const step = planning.presentStep(present);
  const asked = turn.state.waiting.get(id);
  if (step === undefined) return;
  const timeout = milliseconds(offered.timeouts[step.action] ?? asked?.timeout ?? seconds(60));
  const first = runs === 0;
  const requested = asked?.delay ?? 0;
  const delay = first || requested < 0 ? requested : 0;
  const patience = Math.max(delay, 0) + offered.delay + timeout * ALLOWANCE + seconds(5);
  const tried = [...present.tried, peer];
  set(turn, {
    ...conduct,
    plan: { ...present, tried },
    runs: runs + 1,
    runUntil: later(turn.env.now, milliseconds(patience)),
  });
  const body = {
    kind: 'run',
    id,
    run: runs + 1,
    peer,
    device: step.device,
    target,
    action: step.action,
    timeout,
    delay,
    last: planning.isLastStep(present),
  } as const;
  turn.effects.push({ kind: 'multicast', message: { to: 'fencer', body } });
}

interface Failure {
  readonly refusal: FencingRefusal;
  readonly reason: string;
}

/** Says how it ended, to all; what follows from that follows when it comes back in its place in the order. */
function say(turn: Turn, { delegate }: Conduct, operation: Operation, failure: Failure | undefined): void {
  update(turn, { conducts: withOut(turn.state.conducts, operation.id) });
  const { id, target, action, origin, client } = operation;
  const entry = {
    ...{ id, target, action, origin, client, ok: failure === undefined, at: turn.env.now },
    ...(delegate === undefined ? {} : { delegate }),
    ...failure,
  };
  turn.effects.push({ kind: 'multicast', message: { to: 'fencer', body: { kind: 'result', entry } } });
}

const set = (turn: Turn, conduct: Conduct): void =>
  update(turn, { conducts: new Map(turn.state.conducts).set(conduct.id, conduct) });
