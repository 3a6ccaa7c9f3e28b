import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, Bench, dummy, event, runningR, start } from '../../../testing/controller-bench.ts';
import { nodeId, nodeName, resourceId } from '../../model/names.ts';
import { FEATURE_SET } from '../../model/version.ts';
import { attribute, element, walk } from '../../xml/element.ts';
import { stateName } from './requests.ts';

test('nodes that start together have one DC, all joined, without waiting for anybody', () => {
  const bench = new Bench();
  assert.deepEqual(bench.dcs(), ['a']);
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
  assert.equal(stateName(bench.controller('b')), 'S_NOT_DC');
  for (const name of ['a', 'b', 'c']) {
    assert.equal(bench.nodeState(name), 'true online member member');
    assert.deepEqual(bench.attributes(name), [`#feature-set=${FEATURE_SET}`]);
  }
  assert.equal(attribute(bench.cib(), 'have-quorum'), '1');
  assert.equal(attribute(bench.cib(), 'dc-uuid'), '1');
});

test('what is carried out is recorded as Pacemaker records it', () => {
  const { bench } = runningR();
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_monitor_10000 0:0']);
  const [entry] = bench.entries('b');
  assert.ok(entry !== undefined);
  const told = Object.fromEntries(
    ['operation_key', 'operation', 'call-id', 'interval', 'on_node', 'op-digest', 'crm_feature_set'].map(
      name => [name, attribute(entry, name)],
    ),
  );
  assert.deepEqual(told, {
    operation_key: 'r_start_0',
    operation: 'start',
    'call-id': '1',
    interval: '0',
    on_node: 'b',
    // md5sum of ` <parameters state="/tmp/r"/>` and a line end, as Pacemaker computes it.
    'op-digest': '9c1aa23d678ac709af5dbf48b122a630',
    crm_feature_set: '3.16.1',
  });
  assert.match(attribute(entry, 'transition-magic') ?? '', /^0:0;1:\d+:0:[0-9a-f-]{36}$/);
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
  assert.deepEqual(bench.node('b').executor?.unacknowledged, []);
});

test('after a transition it is looked again, until nothing is left to do or too many ask for more in a row', () => {
  const bench = new Bench();
  bench.agent = dummy(new Set());
  const before = bench.decisions;
  bench.carryOut(...start('b'));
  bench.graphs.push([action(1, 'c', 'start')]);
  bench.run(5000);
  assert.deepEqual(bench.history('c'), ['r_last_0 0:0']);
  assert.equal(bench.decisions - before, 3, 'both, and one that finds nothing');
  bench.graphs.push(...[...Array(20).keys()].map(() => [action(1, 'c', 'start')]));
  bench.carryOut(action(1, 'c', 'start'));
  bench.run(60_000);
  assert.equal(bench.decisions - before, 3 + 1 + 5);
});

test('a failure is counted once and ends what depends on it', () => {
  const bench = new Bench();
  bench.agent = (_node, _resource, what) => (what === 'start' ? 1 : 0);
  bench.carryOut(...start('b'));
  bench.run(5000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:1', 'r_last_failure_0 0:1']);
  assert.ok(!bench.node('b').did.includes('r monitor'));
  const counts = bench.attributes('b').filter(one => one.startsWith('fail-count'));
  assert.deepEqual(counts, ['fail-count-r#start_0=INFINITY']);
});

test('a monitor that fails counts up and leaves the record of its success', () => {
  const { bench, running } = runningR();
  running.clear();
  const before = bench.decisions;
  bench.run(12_000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_monitor_10000 0:0', 'r_last_failure_0 0:7']);
  assert.ok(bench.attributes('b').includes('fail-count-r#monitor_10000=1'));
  assert.ok(bench.decisions > before);
});

test('a lost node is written down as gone and still expected, and the rest goes on', () => {
  const bench = new Bench();
  bench.killNode('c');
  bench.run(3000);
  assert.equal(bench.nodeState('c'), 'false offline down member');
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
  bench.startNode('c');
  bench.run(3000);
  assert.equal(bench.nodeState('c'), 'true online member member');
});

test('when the DC dies another takes office, and what the old one ordered is news to it', () => {
  const bench = new Bench();
  bench.agent = dummy(new Set());
  bench.carryOut(...start('b'));
  bench.run(400);
  bench.killNode('a');
  bench.run(5000);
  assert.deepEqual(bench.dcs(), ['b']);
  assert.equal(bench.nodeState('a', 'b'), 'false offline down member');
  assert.equal(attribute(bench.cib('b'), 'dc-uuid'), '2');
  assert.equal(stateName(bench.controller('b')), 'S_IDLE');
});

test('a node that leaves in good order asks, is let go, and is expected to be away', () => {
  const bench = new Bench();
  bench.graphs.push([event(1, 'c', 'do_shutdown')]);
  bench.tell(bench.node('c'), { kind: 'shut-down' });
  bench.run(3000);
  assert.ok(bench.log.includes('c exit: the DC lets this node go'));
  assert.equal(bench.nodeState('c'), 'false offline down down');
  assert.deepEqual(bench.attributes('c'), []);
});

test('the DC leaves in good order, too', () => {
  const bench = new Bench();
  bench.graphs.push([event(1, 'a', 'do_shutdown')]);
  bench.tell(bench.node('a'), { kind: 'shut-down' });
  bench.run(5000);
  assert.deepEqual(bench.dcs(), ['b']);
  assert.equal(bench.nodeState('a', 'b'), 'false offline down down');
});

test('a refresh makes the node forget and the DC decide anew', () => {
  const bench = new Bench();
  bench.agent = dummy(new Set());
  bench.configureR();
  bench.carryOut(...start('b'));
  bench.run(5000);
  const before = bench.decisions;
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), []);
  assert.ok(bench.decisions > before);
});

test('what still runs and is not configured any more is looked for by its node after a refresh', () => {
  const { bench } = runningR();
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
  bench.carryOut(action(1, 'b', 'stop'));
  bench.run(3000);
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), []);
});

test('what was refreshed and then deleted before anybody probed it is looked for by its node', () => {
  const bench = new Bench();
  bench.agent = dummy(new Set());
  bench.configureR();
  bench.carryOut(...start('b'));
  bench.run(5000);
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), []);
  bench.ask('a', { kind: 'cib', operation: 'delete', xpath: "//primitive[@id='r']" });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
});

test('what may run after a start that failed is looked for by its node when it is forgotten and not configured', () => {
  const bench = new Bench();
  bench.agent = (_node, _resource, what) => (what === 'start' ? 1 : 0);
  bench.carryOut(action(1, 'b', 'start'));
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:1', 'r_last_failure_0 0:1']);
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0', 'r_last_failure_0 0:0']);
});

test('a node answers for itself when another is asked about it, unless it is not there', () => {
  const bench = new Bench();
  const stateOf = (node: string): string | undefined => {
    bench.replies.length = 0;
    bench.ask('b', { kind: 'controller', operation: 'ping', node: nodeName(node) });
    bench.run(1000);
    const [reply] = bench.replies;
    return reply?.ok && reply.output !== undefined ? attribute(reply.output, 'state') : undefined;
  };
  assert.deepEqual(['a', 'b', 'c', 'z'].map(stateOf), ['S_IDLE', 'S_NOT_DC', 'S_NOT_DC', undefined]);
});

test('a refresh in the middle of a transition leaves the DC waiting for nothing', () => {
  const bench = new Bench();
  const running = new Set<string>();
  const agent = dummy(running);
  // A monitor that takes its time: its resource is forgotten before anything is heard of it.
  bench.agent = (node, resource, what) =>
    what === 'monitor' && running.has(node) ? undefined : agent(node, resource, what);
  bench.carryOut(...start('b'));
  bench.run(1000);
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(3000);
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
});

test('a refresh forgets nothing of a node that was lost and is not fenced', () => {
  const { bench } = runningR();
  bench.killNode('b');
  bench.run(1000);
  const before = bench.history('b');
  bench.ask('c', { kind: 'controller', operation: 'refresh' });
  bench.run(1000);
  assert.ok(before.length > 0);
  assert.deepEqual(bench.history('b'), before);
});

test('a recurring operation is cancelled and leaves history', () => {
  const { bench } = runningR();
  const cancel = action(1, 'b', 'cancel', { interval: '10000', CRM_meta_operation: 'monitor' });
  bench.carryOut(cancel);
  bench.run(3000);
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0']);
  assert.equal(stateName(bench.controller('a')), 'S_IDLE');
});

test('a resource is stopped with what it was started with', () => {
  const { bench } = runningR();
  const [started] = bench.entries('b');
  bench.carryOut(action(1, 'b', 'stop', { state: '/tmp/other' }));
  bench.run(3000);
  const [stopped, ...others] = bench.entries('b');
  assert.ok(started !== undefined && stopped !== undefined);
  assert.equal(attribute(stopped, 'operation'), 'stop');
  assert.equal(attribute(stopped, 'op-digest'), attribute(started, 'op-digest'));
  assert.deepEqual(others, []);
});

test('a failure that the DC dies over is counted by the next one, once', () => {
  const { bench, running } = runningR();
  running.clear();
  for (let waited = 0; !bench.history('b', 'b').includes('r_last_failure_0 0:7'); waited += 1) {
    assert.ok(waited < 20_000);
    bench.run(1);
  }
  const counts = () => bench.attributes('b', 'b').filter(one => one.startsWith('fail-count'));
  assert.deepEqual(counts(), []);
  bench.killNode('a');
  bench.run(5000);
  assert.deepEqual(counts(), ['fail-count-r#monitor_10000=1']);
});

test('what was ordered last stays under way though an order before it ends', () => {
  const bench = new Bench();
  bench.agent = () => undefined;
  const order = (operation: string, id: number) => {
    const { attributes, ...of } = action(id, 'b', operation);
    const node = { name: nodeName('b'), id: nodeId('2') };
    const resource = { ...of.resource, id: resourceId('r') };
    const transitionKey = `${id}:1:0:an-earlier-dc`;
    const body = { ...of, node, resource, transitionKey, attributes: Object.fromEntries(attributes) };
    const message = { to: 'controller', body: { kind: 'lrm_invoke', order: body } } as const;
    bench.tell(bench.node('b'), { kind: 'message', from: nodeName('a'), message });
  };
  const end = (operation: string) => {
    const all = [...bench.controller('b').local.running.values()];
    const ended = all.find(one => one.operation === operation);
    assert.ok(ended !== undefined);
    const times = { queuedAt: bench.now, startedAt: bench.now, endedAt: bench.now };
    const result = { result: ended.call + 100, action: ended, status: 0, exitStatus: 0, ...times } as const;
    bench.tell(bench.node('b'), { kind: 'executor-reply', reply: { kind: 'result', result } });
    bench.run(1000);
  };
  order('stop', 1);
  order('start', 2);
  end('stop');
  assert.deepEqual(bench.history('b'), ['r_last_0 -1:193', 'r_stop_0 0:0']);
  end('start');
  assert.deepEqual(bench.history('b'), ['r_last_0 0:0']);
});

test('a resource that is stopped for a shutdown is reserved for its node, if that is wanted', () => {
  const bench = new Bench();
  bench.agent = dummy(new Set());
  const pair = element('nvpair', { id: 'l-l', name: 'shutdown-lock', value: 'true' });
  const input = element('crm_config', {}, [element('cluster_property_set', { id: 'l' }, [pair])]);
  bench.ask('a', { kind: 'cib', operation: 'modify', section: 'crm_config', input, allowCreate: true });
  bench.carryOut(...start('b'));
  bench.run(5000);
  bench.tell(bench.node('b'), { kind: 'shut-down' });
  bench.run(1000);
  bench.carryOut(action(1, 'b', 'stop'), event(2, 'b', 'do_shutdown'));
  bench.run(3000);
  const lock = () =>
    [...walk(bench.cib())]
      .filter(one => one.name === 'lrm_resource')
      .map(one => attribute(one, 'shutdown-lock'));
  const [since] = lock();
  assert.match(since ?? '', /^\d{10}$/);
  bench.startNode('b');
  bench.run(3000);
  assert.deepEqual(lock(), [since]);
  bench.carryOut(...start('b'));
  bench.run(3000);
  assert.deepEqual(lock(), [undefined]);
});
