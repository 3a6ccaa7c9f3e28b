/**
 * Chooses one of the peers as DC by Pacemaker's rules: the oldest feature set wins, then the longest uptime, then
 * the name that comes first. What holds:
 *
 * 1. Candidates are compared by what they said, never by what has changed since: all judge alike, and of two
 *    that both want to win one gives in.
 * 2. Nobody wins while a peer of the view has neither given in nor let the time-out of the election pass.
 * 3. A change of peers begins a candidate's count anew.
 */
import { unreachable } from '../base/assert.ts';
import { type Duration, type Instant, later } from '../base/time.ts';
import type { NodeName } from '../model/names.ts';

export type State =
  | { readonly kind: 'none'; readonly round: number }
  | {
      readonly kind: 'voting';
      readonly round: number;
      readonly credentials: Credentials;
      readonly agreeing: ReadonlySet<NodeName>;
      readonly until: Instant;
    }
  /** Gave in to a better candidate; `until` then it should have shown itself as DC. */
  | {
      readonly kind: 'lost';
      readonly round: number;
      readonly credentials: Credentials;
      readonly until: Instant;
    };

/** What speaks for a candidate. */
interface Credentials {
  readonly featureSet: string;
  readonly uptime: Duration;
}

export type Event =
  | { readonly kind: 'begin' }
  | {
      readonly kind: 'vote';
      readonly from: NodeName;
      readonly round: number;
      readonly credentials: Credentials;
    }
  | {
      readonly kind: 'no-vote';
      readonly from: NodeName;
      readonly owner: NodeName;
      readonly round: number;
    }
  | { readonly kind: 'peers' }
  /** Somebody is DC: there is nothing to elect. */
  | { readonly kind: 'settled' }
  | { readonly kind: 'tick' };

export type Effect =
  | { readonly kind: 'vote'; readonly round: number; readonly credentials: Credentials }
  | { readonly kind: 'no-vote'; readonly to: NodeName; readonly round: number }
  | { readonly kind: 'won' };

export interface Env {
  readonly now: Instant;
  readonly self: NodeName;
  readonly credentials: Credentials;
  readonly peers: ReadonlySet<NodeName>;
  readonly timeout: Duration;
}

type Result = readonly [State, readonly Effect[]];

export const initial: State = { kind: 'none', round: 0 };

export function step(state: State, event: Event, env: Env): Result {
  switch (event.kind) {
    case 'begin':
      return stand(state, env);
    case 'vote':
      return hear(state, event, env);
    case 'no-vote':
      return count(state, event, env);
    case 'peers':
      return state.kind === 'none' ? [state, []] : stand({ kind: 'none', round: state.round }, env);
    case 'settled':
      return [{ kind: 'none', round: state.round }, []];
    case 'tick':
      return wait(state, env);
    default:
      return unreachable(event);
  }
}

export const deadline = (state: State): Instant | undefined =>
  state.kind === 'none' ? undefined : state.until;

/** Stands as a candidate, in a round of its own. */
function stand(state: State, env: Env): Result {
  const round = state.round + 1;
  const credentials = state.kind === 'none' ? env.credentials : state.credentials;
  const voting: State = {
    kind: 'voting',
    round,
    credentials,
    agreeing: new Set([env.self]),
    until: later(env.now, env.timeout),
  };
  const [next, effects] = decide(voting, env);
  return [next, [{ kind: 'vote', round, credentials }, ...effects]];
}

function decide(state: State, env: Env): Result {
  if (state.kind !== 'voting' || ![...env.peers].every(peer => state.agreeing.has(peer))) return [state, []];
  return [{ kind: 'none', round: state.round }, [{ kind: 'won' }]];
}

function hear(state: State, vote: Extract<Event, { readonly kind: 'vote' }>, env: Env): Result {
  if (vote.from === env.self || !env.peers.has(vote.from)) return [state, []];
  const credentials = state.kind === 'none' ? env.credentials : state.credentials;
  const mine = { name: env.self, ...credentials };
  const theirs = { name: vote.from, ...vote.credentials };
  // Whoever gave in to a better candidate leaves it to that one to beat the others.
  if (isBetter(mine, theirs)) return state.kind === 'none' ? stand(state, env) : [state, []];
  const until = later(env.now, env.timeout);
  return [
    { kind: 'lost', round: state.round, credentials, until },
    [{ kind: 'no-vote', to: vote.from, round: vote.round }],
  ];
}

function count(state: State, answer: Extract<Event, { readonly kind: 'no-vote' }>, env: Env): Result {
  if (state.kind !== 'voting' || answer.owner !== env.self || answer.round !== state.round)
    return [state, []];
  return decide({ ...state, agreeing: new Set(state.agreeing).add(answer.from) }, env);
}

/** A candidate whom nobody contradicted in time has won; one that gave in to somebody who is silent stands again. */
function wait(state: State, env: Env): Result {
  if (state.kind === 'none' || state.until > env.now) return [state, []];
  if (state.kind === 'voting') return [{ kind: 'none', round: state.round }, [{ kind: 'won' }]];
  return stand({ kind: 'none', round: state.round }, env);
}

type Candidate = Credentials & { readonly name: NodeName };

/** Uptimes less than this apart are equal: nodes that booted together should not depend on the last millisecond. */
const SAME_UPTIME = 1000;

function isBetter(one: Candidate, other: Candidate): boolean {
  const features = compareFeatureSets(one.featureSet, other.featureSet);
  if (features !== 0) return features < 0;
  const [left, right] = [Math.floor(one.uptime / SAME_UPTIME), Math.floor(other.uptime / SAME_UPTIME)];
  if (left !== right) return left > right;
  return one.name < other.name;
}

/** By number, part after part: 3.9.0 is older than 3.16.1. Negative if `left` is older. */
export function compareFeatureSets(left: string, right: string): number {
  const [one, other] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
