import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, Bench, dummy } from '../../../../testing/controller-bench.ts';
import { element } from '../../../xml/element.ts';

const LEAVE = { CRM_meta_migrate_source: 'b', CRM_meta_migrate_target: 'c' };
const leave = action(1, 'b', 'migrate_to', LEAVE);
const probe = (node: string) => action(1, node, 'monitor', { CRM_meta_op_target_rc: '7' });

/** `r` runs on `b`, `c` has been probed, and agents that let it go take until their time is over. */
function running(): { readonly bench: Bench; readonly runs: Set<string> } {
  const bench = new Bench();
  bench.configureR();
  const runs = new Set<string>();
  const agent = dummy(runs);
  bench.agent = (node, resource, what) => (what === 'migrate_to' ? undefined : agent(node, resource, what));
  bench.carryOut(action(1, 'b', 'start'), action(2, 'c', 'monitor', { CRM_meta_op_target_rc: '7' }));
  bench.run(5000);
  return { bench, runs };
}

test('a resource is let go once its target expects it', () => {
  const { bench } = running();
  const { agent } = bench;
  let told: readonly string[] | undefined;
  bench.agent = (node, resource, what) => {
    if (what === 'migrate_to') told = bench.history('c', 'b');
    return agent(node, resource, what);
  };
  bench.carryOut(leave);
  bench.run(2000);
  assert.deepEqual(told, ['r_last_0 0:7', 'r_migrate_from_0 -1:193']);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_migrate_to_0 -1:193']);
});

test('where the target does not answer nothing is let go, and history does not tell of it', () => {
  const { bench } = running();
  bench.killExecutor('c');
  bench.carryOut(leave);
  bench.run(29_000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_migrate_to_0 -1:193']);
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0']);
  assert.ok(!bench.node('b').did.includes('r migrate_to'));
});

test('a target that does not hear of the departure any more forgets what it knows', () => {
  const { bench } = running();
  bench.carryOut(leave);
  bench.run(2000);
  bench.killSupervisor('b');
  bench.killExecutor('b');
  bench.startExecutor('b');
  bench.startSupervisor('b');
  bench.run(5000);
  assert.deepEqual(bench.history('c'), []);
});

test('of what is not configured any more nothing stays but that it may have arrived', () => {
  const { bench } = running();
  bench.carryOut(leave);
  bench.run(2000);
  const input = element('primitive', { id: 'r' });
  bench.ask('a', { kind: 'cib', operation: 'delete', section: 'resources', input });
  bench.killSupervisor('b');
  bench.killExecutor('b');
  bench.startExecutor('b');
  bench.startSupervisor('b');
  bench.run(5000);
  assert.deepEqual(bench.history('c'), ['r_migrate_from_0 -1:193']);
  bench.carryOut(action(1, 'c', 'stop'));
  bench.run(5000);
  assert.deepEqual(bench.history('c'), ['r_last_0 0:0']);
});

test('what is forgotten while it is on its way is told of and expected all the same', () => {
  const { bench } = running();
  bench.carryOut(leave);
  bench.run(2000);
  bench.ask('a', { kind: 'controller', operation: 'refresh' });
  bench.run(1000);
  assert.deepEqual(bench.history('b'), ['r_migrate_to_0 -1:193']);
  assert.deepEqual(bench.history('c'), ['r_migrate_from_0 -1:193']);
  bench.killSupervisor('b');
  bench.startSupervisor('b');
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_migrate_to_0 -1:193']);
  assert.deepEqual(bench.history('c'), ['r_migrate_from_0 -1:193']);
});

test('what was told while it was on its way is forgotten when that has ended', () => {
  const { bench } = running();
  bench.carryOut(leave);
  bench.run(2000);
  bench.killSupervisor('a');
  bench.graphs.push([probe('c')]);
  bench.run(15_000);
  assert.deepEqual(bench.history('c', 'b'), ['r_last_0 0:7', 'r_migrate_from_0 -1:193']);
  bench.run(10_000);
  assert.deepEqual(bench.history('b', 'b'), ['r_last_0 0:0', 'r_migrate_to_0 2:1']);
  assert.deepEqual(bench.history('c', 'b'), []);
});

test('what is told after the departure has ended settles it', () => {
  const { bench } = running();
  bench.agent = (_node, _resource, what) => (what === 'monitor' ? 7 : 0);
  bench.carryOut(leave, action(2, 'c', 'migrate_from', LEAVE), action(3, 'b', 'stop'));
  bench.run(5000);
  assert.deepEqual(bench.history('c'), ['r_last_0 0:7', 'r_migrate_from_0 0:0']);
  assert.deepEqual([...bench.controller('c').local.arrivals.expected], []);
  bench.killSupervisor('b');
  bench.killExecutor('b');
  bench.startExecutor('b');
  bench.startSupervisor('b');
  bench.run(5000);
  assert.deepEqual(bench.history('c'), ['r_last_0 0:7', 'r_migrate_from_0 0:0']);
});
