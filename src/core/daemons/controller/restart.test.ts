import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, Bench, dummy, runningR } from '../../../testing/controller-bench.ts';
import { nodeName, resourceId } from '../../model/names.ts';
import { FEATURE_SET } from '../../model/version.ts';
import { element } from '../../xml/element.ts';
import { stateName } from './requests.ts';

test('pacemakerd may die and come back: nothing is started, stopped, fenced or lost', () => {
  const { bench, running } = runningR();
  bench.killSupervisor('b');
  bench.run(4000);
  assert.equal(bench.nodeState('b'), 'true online member member');
  // The service fails while nobody listens to the executor.
  running.clear();
  bench.run(5000);
  const did = [...bench.node('b').did];
  bench.startSupervisor('b');
  bench.run(3000);
  assert.equal(stateName(bench.controller('b')), 'S_NOT_DC');
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_monitor_10000 0:0', 'r_last_failure_0 0:7']);
  assert.ok(bench.attributes('b').includes('fail-count-r#monitor_10000=1'));
  assert.deepEqual(bench.node('b').did, did);
  assert.deepEqual(bench.node('b').executor?.unacknowledged, []);
});

test('what the executor tells after its listing and before history is reconciled is not lost', () => {
  const { bench } = runningR();
  bench.killSupervisor('b');
  bench.run(100);
  bench.startSupervisor('b');
  for (let waited = 0; bench.controller('b').local.listing === undefined; waited += 1) {
    assert.ok(waited < 1000);
    bench.run(1);
  }
  assert.notEqual(bench.controller('b').local.executor, 'ready');
  const [monitor] = bench.controller('b').local.listing?.recurring ?? [];
  assert.ok(monitor !== undefined);
  const times = { queuedAt: bench.now, startedAt: bench.now, endedAt: bench.now, changedAt: bench.now };
  const result = { result: 99, action: monitor, status: 0, exitStatus: 7, ...times } as const;
  bench.tell(bench.node('b'), { kind: 'executor-reply', reply: { kind: 'result', result } });
  bench.run(2000);
  assert.ok(bench.history('b').includes('r_last_failure_0 0:7'));
});

test('what is asked of a history that is not known yet is done once it is', () => {
  const { bench } = runningR();
  bench.killSupervisor('b');
  bench.run(100);
  bench.startSupervisor('b');
  assert.equal(bench.controller('b').local.history, undefined);
  const body = { kind: 'lrm_delete', resource: resourceId('r') } as const;
  bench.tell(bench.node('b'), { kind: 'message', from: nodeName('a'), message: { to: 'controller', body } });
  bench.run(2000);
  // It was forgotten: the monitor is gone, and the node looked for what runs.
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
});

test('a pacemakerd that stays away is lost when its grace is over, and no sooner', () => {
  const bench = new Bench();
  bench.killSupervisor('b');
  bench.run(9000);
  assert.equal(bench.nodeState('b'), 'true online member member');
  bench.run(3000);
  assert.equal(bench.nodeState('b'), 'true offline down member');
});

test('a lost executor takes its history with it, and what ran is looked at anew', () => {
  const { bench } = runningR();
  bench.killExecutor('b');
  bench.run(500);
  const before = bench.decisions;
  bench.startExecutor('b');
  bench.run(3000);
  // The monitor is gone; the node's own probe found the service where none was ordered to be.
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
  assert.ok(bench.decisions > before);
});

test('an order that the executor dies over is lost, not failed', () => {
  const bench = new Bench();
  bench.agent = () => undefined;
  bench.carryOut(action(1, 'b', 'start'));
  bench.run(1000);
  assert.deepEqual(bench.history('b'), ['r_last_0 -1:193']);
  bench.killExecutor('b');
  bench.agent = dummy(new Set());
  bench.startExecutor('b');
  bench.run(3000);
  // The node looked itself what became of it: nothing runs there.
  assert.deepEqual(bench.history('b'), ['r_last_0 0:7']);
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
  assert.deepEqual(bench.attributes('b'), [`#feature-set=${FEATURE_SET}`]);
});

test('history by which nothing runs of what the executor began passes for older than that', () => {
  const { bench } = runningR();
  bench.killSupervisor('b');
  bench.run(100);
  // As where the CIB of another part prevailed, in which b had stopped it before.
  const xpath = "//node_state[@uname='b']//lrm_resource[@id='r']";
  const entry = { id: 'r_last_0', operation: 'stop', operation_key: 'r_stop_0' };
  const stopped = element('lrm_rsc_op', {
    ...entry,
    'op-status': 0,
    'rc-code': 0,
    interval: 0,
    'call-id': 1,
  });
  const of = { id: 'r', class: 'ocf', provider: 'heartbeat', type: 'Dummy' };
  const input = element('lrm_resource', of, [stopped]);
  bench.ask('a', { kind: 'cib', operation: 'replace', xpath, input });
  bench.run(100);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0']);
  bench.startSupervisor('b');
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
  assert.deepEqual(bench.node('b').did.slice(-1), ['r monitor']);
});
