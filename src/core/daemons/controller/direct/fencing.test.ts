import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../base/random.ts';
import { instant } from '../../../base/time.ts';
import { nodeId, nodeName } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { advance, beginWalk, phaseOf } from '../../../transition/walk.ts';
import { type Directing, NOTHING_KNOWN, newDirecting } from '../state.ts';
import { clearDirecting, type Turn, update, updateDirecting } from '../turn.ts';
import { noteFenceOutcome, noteFencing, noteTargetsLeft, orderFencing } from './fencing.ts';
import { judge } from './judge.ts';

const [a, b] = [nodeName('a'), nodeName('b')];

const fence: GraphAction = {
  kind: 'crm_event',
  id: 1,
  operation: 'stonith',
  operationKey: 'stonith-b-reboot',
  node: { name: 'b', uuid: '2' },
  attributes: [['CRM_meta_stonith_action', 'reboot']],
};

/** The DC `a`, with the fencing of `b` under way; `b` is in the cluster or not. */
function bench({ member }: { member: boolean }): Turn {
  const now = instant(1000);
  const graph = {
    id: 1,
    settings: { 'fencing-timeout': '60s' },
    synapses: [{ id: 0, priority: 0, actions: [fence], inputs: [] }],
  };
  const { walk } = advance(beginWalk(graph), { batch: 0, hasRoom: () => true });
  const turn: Turn = {
    state: { ...NOTHING_KNOWN, dc: a, directing: { ...newDirecting('run', now), walk } },
    effects: [],
    env: { now, node: { id: nodeId('1'), name: a }, random: new Random(1) },
    inbox: [],
  };
  see(turn, member);
  orderFencing(turn, fence);
  return turn;
}

function see(turn: Turn, member: boolean): void {
  const members = new Map([[a, nodeId('1')]]);
  if (member) members.set(b, nodeId('2'));
  update(turn, { view: { members, peers: new Set(members.keys()), away: new Map(), quorate: true } });
}

const directing = (turn: Turn): Directing => {
  assert.ok(turn.state.directing !== undefined);
  return turn.state.directing;
};

const phase = (turn: Turn): string => {
  const { walk } = directing(turn);
  return walk === undefined ? 'none' : phaseOf(walk, 1);
};

const done = { kind: 'fence-outcome', request: 1, target: b, ok: true } as const;
const failed = {
  kind: 'fence-outcome',
  request: 1,
  target: b,
  ok: false,
  refusal: 'failed',
  message: 'no',
} as const;

test('a lost node is down only when the fencer says so', () => {
  const turn = bench({ member: false });
  assert.deepEqual([phase(turn), [...directing(turn).wipe]], ['running', []]);
  noteFenceOutcome(turn, done);
  assert.deepEqual([phase(turn), [...directing(turn).wipe]], ['confirmed', ['b']]);
});

test('a target that is still seen is down all the same, until it is seen to leave', () => {
  const turn = bench({ member: true });
  noteFenceOutcome(turn, done);
  assert.deepEqual([...directing(turn).down], ['b']);
  noteTargetsLeft(turn, [b]);
  assert.deepEqual([...directing(turn).down], []);
});

test('what fencing wipes does not cut short the transition that ordered it, and does any other', () => {
  const wiped = (node: string) =>
    [
      { kind: 'history-gone', node, resource: 'r' },
      { kind: 'attributes', node },
    ] as const;
  const settled = (member: boolean): Turn => {
    const turn = bench({ member });
    clearDirecting(turn, 'wanted');
    return turn;
  };
  const lost = settled(false);
  noteFenceOutcome(lost, done);
  judge(lost, wiped('b'));
  assert.equal(directing(lost).wanted, undefined);
  for (const one of wiped('a')) {
    const turn = settled(false);
    judge(turn, [one]);
    assert.notEqual(directing(turn).wanted, undefined);
  }
  const back = settled(true);
  judge(back, wiped('b'));
  assert.notEqual(directing(back).wanted, undefined);
});

test('a target that left, came back and joined meanwhile is not taken for down', () => {
  const turn = bench({ member: true });
  noteTargetsLeft(turn, [b]);
  updateDirecting(turn, { joins: new Map([[b, { join: 2, phase: 'confirmed' }]]) });
  noteFenceOutcome(turn, done);
  assert.deepEqual(
    [phase(turn), [...directing(turn).down], [...directing(turn).wipe]],
    ['confirmed', [], []],
  );
});

test('a failure is tried again, up to the limit, and then something has to change', () => {
  const turn = bench({ member: false });
  noteFenceOutcome(turn, failed);
  assert.equal(phase(turn), 'failed');
  assert.equal(directing(turn).walk?.completion, 'restart');
  for (let count = 2; count <= 10; count += 1) {
    const request = turn.state.nextRequest;
    const { walk: _over, ...rest } = directing(turn);
    const { walk } = advance(
      beginWalk({
        id: count,
        settings: {},
        synapses: [{ id: 0, priority: 0, actions: [fence], inputs: [] }],
      }),
      { batch: 0, hasRoom: () => true },
    );
    update(turn, { directing: { ...rest, walk } });
    orderFencing(turn, fence);
    noteFenceOutcome(turn, { ...failed, request });
    assert.equal(directing(turn).walk?.completion, count < 10 ? 'restart' : 'wait', `attempt ${count}`);
  }
});

test('without a device the DC waits at once', () => {
  const turn = bench({ member: false });
  noteFenceOutcome(turn, { ...failed, refusal: 'no-device' });
  assert.equal(directing(turn).walk?.completion, 'wait');
});

test('fencing by others is believed of a node that is gone, and not of one that is here', () => {
  const ended = {
    kind: 'fencing-ended',
    id: 'x',
    target: b,
    action: 'off',
    ok: true,
    origin: a,
    client: 'stonith_admin',
    at: instant(1000),
  } as const;
  for (const member of [true, false]) {
    const turn = bench({ member });
    updateDirecting(turn, { fences: new Map() });
    noteFencing(turn, ended);
    assert.deepEqual([...directing(turn).wipe], member ? [] : ['b']);
  }
});

test('whoever hears of its own fencing ends at once', () => {
  const turn = bench({ member: true });
  noteFencing(turn, {
    kind: 'fencing-ended',
    id: 'x',
    target: a,
    action: 'reboot',
    ok: true,
    origin: b,
    client: 'pacemaker-controld',
    at: instant(1000),
  });
  assert.ok(turn.effects.some(({ kind }) => kind === 'panic'));
});
