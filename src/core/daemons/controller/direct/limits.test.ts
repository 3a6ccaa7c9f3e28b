import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../base/random.ts';
import { instant } from '../../../base/time.ts';
import { nodeId, nodeName } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { advance, beginWalk, confirm, type Walk } from '../../../transition/walk.ts';
import { element } from '../../../xml/element.ts';
import { type ControllerState, NOTHING_KNOWN, newDirecting } from '../state.ts';
import type { Turn } from '../turn.ts';
import { limitsFor } from './limits.ts';

const NODES = ['a', 'b'].map(nodeName);

/** The DC on `a`, with both nodes joined. */
function turn(change: Partial<ControllerState> = {}): Turn {
  const env = {
    now: instant(0),
    node: { id: nodeId('1'), name: nodeName('a') },
    random: new Random(1),
  };
  const joins = new Map(NODES.map(name => [name, { join: 1, phase: 'confirmed' as const }]));
  const view = {
    ...NOTHING_KNOWN.view,
    members: new Map(NODES.map((name, at) => [name, nodeId(String(at + 1))])),
    peers: new Set(NODES),
    quorate: true,
  };
  const directing = { ...newDirecting('run', env.now), joins };
  const state = { ...NOTHING_KNOWN, view, directing, ...change };
  return { state, effects: [], env, inbox: [] };
}

function action(id: number, node: string, operation: string, more: Partial<GraphAction> = {}): GraphAction {
  return {
    kind: 'rsc_op',
    id,
    operation,
    operationKey: `db_${operation}_0`,
    node: { name: node, uuid: node === 'a' ? '1' : '2' },
    resource: { id: 'db', class: 'ocf', provider: 'heartbeat', type: 'Stateful' },
    attributes: [],
    ...more,
  };
}

/** Actions that the graph does not order. */
const walkOf = (...actions: readonly GraphAction[]): Walk =>
  beginWalk({
    id: 1,
    settings: {},
    synapses: actions.map((one, at) => ({ id: at, priority: 0, actions: [one], inputs: [] })),
  });

const firedBy = (walk: Walk, of = turn()) => {
  const progress = advance(walk, limitsFor(of, walk, true));
  return { walk: progress.walk, ids: progress.fire.map(({ id }) => id) };
};

test('a copy is promoted once it is known of all others what they are', () => {
  const first = firedBy(walkOf(action(1, 'a', 'promote'), action(2, 'b', 'monitor')));
  assert.deepEqual(first.ids, [2]);
  assert.deepEqual(firedBy(first.walk).ids, []);
  assert.deepEqual(firedBy(confirm(first.walk, 2, { failed: false })).ids, [1]);
});

test('a promotion waits for no probe that may wait for it, nor for what is no probe of it', () => {
  const recurring = action(2, 'b', 'monitor', { attributes: [['CRM_meta_interval', '10000']] });
  const routed = action(3, 'r', 'monitor', { routerNode: 'b' });
  const other = action(4, 'b', 'monitor', {
    resource: { id: 'web', class: 'ocf', provider: 'heartbeat', type: 'Dummy' },
  });
  assert.deepEqual(firedBy(walkOf(action(1, 'a', 'promote'), recurring, routed, other)).ids, [1, 2, 3, 4]);
});

test('a node that is to leave is not let go before what is open there has ended', () => {
  const leave = action(1, 'b', 'do_shutdown', { kind: 'crm_event' });
  const first = firedBy(walkOf(leave, action(2, 'b', 'monitor'), action(3, 'a', 'monitor')));
  assert.deepEqual(first.ids, [2, 3]);
  assert.deepEqual(firedBy(confirm(first.walk, 2, { failed: false })).ids, [1]);
});

test('a node that is to leave is not let go while a resource is on its way there', () => {
  const departure = (status: number) =>
    element('lrm_rsc_op', { id: 'r_migrate_to_0', 'op-status': status, migrate_target: 'b' });
  const cib = (status: number) =>
    element('cib', {}, [
      element('status', {}, [
        element('node_state', { id: 1, uname: 'a' }, [
          element('lrm', {}, [
            element('lrm_resources', {}, [element('lrm_resource', { id: 'r' }, [departure(status)])]),
          ]),
        ]),
      ]),
    ]);
  const leave = action(1, 'b', 'do_shutdown', { kind: 'crm_event' });
  assert.deepEqual(firedBy(walkOf(leave), turn({ cib: cib(-1) })).ids, []);
  assert.deepEqual(firedBy(walkOf(leave), turn({ cib: cib(0) })).ids, [1]);
  const other = action(1, 'c', 'do_shutdown', { kind: 'crm_event' });
  assert.deepEqual(firedBy(walkOf(other), turn({ cib: cib(-1) })).ids, [1]);
});

test('without quorum nothing begins on a node of which a quorum may think that it is down', () => {
  const { view, options } = turn().state;
  const alone = { view: { ...view, quorate: false }, knownToQuorum: new Set([nodeName('a')]) };
  const there = action(4, 'a', 'migrate_to', { attributes: [['CRM_meta_migrate_target', 'b']] });
  const walk = walkOf(
    action(1, 'a', 'start'),
    action(2, 'b', 'start'),
    action(3, 'b', 'stop'),
    there,
    action(5, 'b', 'monitor'),
  );
  assert.deepEqual(firedBy(walk, turn(alone)).ids, [1, 3, 5]);
  const careless = { ...alone, options: { ...options, ignoresQuorum: true } };
  assert.deepEqual(firedBy(walk, turn(careless)).ids, [1, 2, 3, 4, 5]);
});
