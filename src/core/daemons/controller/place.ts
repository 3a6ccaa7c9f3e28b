/**
 * A node's place among its peers: whom it takes for the DC, and what it does without one. What holds:
 *
 * 1. Whoever hears a vote, or of a second DC, has no DC until the election is over: a DC among them ends its term
 *    at that place in the order of messages, and what it ordered before is void with it.
 * 2. A node that starts waits for a DC to speak, unless everybody who is expected has said that there is none.
 */
import { later, milliseconds } from '../../base/time.ts';
import { sectionOf } from '../../cib/document.ts';
import * as election from '../../cluster/election.ts';
import { arrived, departed, nextView, type View } from '../../cluster/view.ts';
import type { ControllerMessage } from '../../messages/controller.ts';
import { type NodeName, nodeName } from '../../model/names.ts';
import { FEATURE_SET } from '../../model/version.ts';
import { attribute, childrenNamed, element } from '../../xml/element.ts';
import type { Heard } from '../inside.ts';
import { noteTargetsLeft } from './direct/fencing.ts';
import { dropJoins, offer } from './direct/joins.ts';
import { confirmDismissals, loseActionsOn } from './direct/judge.ts';
import { wantDecision } from './direct/want.ts';
import { dropWaitingOrders } from './local/waiting.ts';
import { type ControllerState, newDirecting } from './state.ts';
import { clear, log, multicast, send, type Turn, update, updateDirecting } from './turn.ts';

/** How long a `pacemakerd` may be away while its node is still a member. */
const GRACE = milliseconds(10_000);

export function noteMembership(turn: Turn, report: Heard<'membership'>): void {
  const before = turn.state.view;
  const view = nextView(before, report, { now: turn.env.now, grace: GRACE });
  const came = arrived(before, view);
  const went = departed(before, view);
  update(turn, {
    view,
    expectedVotes: report.expectedVotes,
    knownToQuorum: knownToQuorum(turn.state, view),
    without: new Set([...turn.state.without].filter(name => view.peers.has(name) && !came.includes(name))),
    fenced: new Set([...turn.state.fenced].filter(name => !view.members.has(name))),
  });
  publishView(turn);
  const { dc } = turn.state;
  const lost = [...before.members.keys()].filter(name => !view.members.has(name));
  noteTargetsLeft(turn, lost);
  if (dc !== undefined && !view.peers.has(dc)) {
    log(turn, 'notice', `the DC ${dc} is gone`);
    beginElection(turn);
  } else if (turn.state.election.kind !== 'none') {
    elect(turn, { kind: 'peers' });
  } else if (turn.state.directing !== undefined) {
    direct(turn, { came, went, lost, quorumChanged: before.quorate !== view.quorate });
  } else if (dc === undefined && came.length > 0) {
    announce(turn);
  }
}

function knownToQuorum({ view, agreed, cib, ...state }: ControllerState, next: View): ReadonlySet<NodeName> {
  const isFresh = view.quorate && agreed && cib !== undefined;
  const states = isFresh ? childrenNamed(sectionOf(cib, 'status') ?? cib, 'node_state') : [];
  const expected = states
    .filter(one => attribute(one, 'expected') === 'member')
    .map(one => nodeName(attribute(one, 'uname') ?? ''));
  return new Set((isFresh ? expected : [...state.knownToQuorum]).filter(name => next.members.has(name)));
}

interface Change {
  /** Peers. */
  readonly came: readonly NodeName[];
  readonly went: readonly NodeName[];
  /** Members. */
  readonly lost: readonly NodeName[];
  readonly quorumChanged: boolean;
}

function direct(turn: Turn, { came, went, lost, quorumChanged }: Change): void {
  const { directing } = turn.state;
  if (directing === undefined) return;
  dropJoins(turn, went);
  loseActionsOn(turn, lost);
  confirmDismissals(turn, went);
  updateDirecting(turn, {
    dismissed: new Map([...directing.dismissed].filter(([name]) => !came.includes(name))),
    returned: new Set([...directing.returned, ...came]),
  });
  offer(turn, came);
  // A machine that comes up can be given nothing until its pacemakerd is there.
  const matters = quorumChanged || came.length + went.length + lost.length > 0;
  if (matters) wantDecision(turn, 'the membership changed');
}

function publishView(turn: Turn): void {
  const { view } = turn.state;
  const nodes = [...view.members].map(([uname, id]) =>
    element('node', { id, uname, peer: view.peers.has(uname) }),
  );
  turn.effects.push({
    kind: 'publish',
    topic: 'membership',
    body: element('membership', { quorate: view.quorate }, nodes),
  });
}

/** To all: this node is here and knows of no DC. */
export function announce(turn: Turn): void {
  const { startedAt, options, dc, cib } = turn.state;
  if (dc !== undefined || cib === undefined || startedAt === undefined) return;
  update(turn, { waitForDc: turn.state.waitForDc ?? later(turn.env.now, options.dcDeadtime) });
  multicast(turn, { kind: 'join_announce' });
}

export function noteAnnounced(turn: Turn, from: NodeName): void {
  update(turn, { without: new Set(turn.state.without).add(from) });
}

/** Nobody is missing and nobody has a DC, or nobody has spoken for long enough. */
export function evaluatePlace(turn: Turn): void {
  const { dc, waitForDc, view, without, expectedVotes } = turn.state;
  if (dc !== undefined || waitForDc === undefined || turn.state.election.kind !== 'none') return;
  const allHere = view.peers.size >= expectedVotes && [...view.peers].every(name => without.has(name));
  if (allHere || waitForDc <= turn.env.now) beginElection(turn);
}

/** Whatever DC there was, there is none until this is over. */
function beginElection(turn: Turn): void {
  leaveOffice(turn);
  if (turn.state.cib === undefined) return;
  elect(turn, { kind: 'begin' });
}

function leaveOffice(turn: Turn): void {
  if (turn.state.directing !== undefined) log(turn, 'notice', 'this node is not the DC any more');
  clear(turn, 'dc', 'membership', 'directing', 'waitForDc');
  dropWaitingOrders(turn);
}

type Vote = Extract<ControllerMessage, { readonly kind: 'vote' }>;

export function noteVote(turn: Turn, from: NodeName, vote: Vote): void {
  if (from === turn.env.node.name || turn.state.cib === undefined) return;
  if (turn.state.dc !== undefined) leaveOffice(turn);
  const { round, featureSet, uptime } = vote;
  elect(turn, { kind: 'vote', from, round, credentials: { featureSet, uptime } });
}

export function elect(turn: Turn, event: election.Event): void {
  const { startedAt, view, options } = turn.state;
  const [state, effects] = election.step(turn.state.election, event, {
    now: turn.env.now,
    self: turn.env.node.name,
    credentials: {
      featureSet: FEATURE_SET,
      uptime: milliseconds(turn.env.now - (startedAt ?? turn.env.now)),
    },
    peers: view.peers,
    timeout: options.electionTimeout,
  });
  update(turn, { election: state });
  for (const effect of effects) {
    switch (effect.kind) {
      case 'vote':
        multicast(turn, { kind: 'vote', round: effect.round, ...effect.credentials });
        break;
      case 'no-vote':
        send(turn, effect.to, { kind: 'no-vote', owner: effect.to, round: effect.round });
        break;
      case 'won':
        takeOffice(turn);
        break;
    }
  }
}

function takeOffice(turn: Turn): void {
  const { view, fenced } = turn.state;
  log(turn, 'notice', 'this node is the DC');
  clear(turn, 'waitForDc', 'membership');
  const gone = [...fenced].filter(name => !view.members.has(name));
  update(turn, {
    dc: turn.env.node.name,
    directing: { ...newDirecting(newRun(turn), turn.env.now), wipe: new Set(gone) },
    fenced: new Set(),
    without: new Set(),
  });
  offer(turn, [...view.peers]);
}

/** An identity in the form of a UUID. */
function newRun({ env }: Turn): string {
  const digits = Array.from({ length: 32 }, () => env.random.below(16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Somebody says that it is the DC. Two that say so settle it by an election. */
export function noteOffer(turn: Turn, from: NodeName, join: number): void {
  const { dc, view, cib } = turn.state;
  if (cib === undefined || !view.peers.has(from)) return;
  if (dc !== undefined && dc !== from) {
    log(turn, 'notice', `${from} says that it is the DC, and so does ${dc}`);
    beginElection(turn);
    return;
  }
  elect(turn, { kind: 'settled' });
  clear(turn, 'waitForDc');
  if (dc !== from) log(turn, 'notice', `the DC is ${from}`);
  update(turn, { dc: from, membership: { join, phase: 'offered' }, without: new Set() });
}
