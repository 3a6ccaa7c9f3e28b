import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ActionKind, TransitionGraph } from './graph.ts';
import { abort, advance, beginWalk, confirm, type Limits, type Walk } from './walk.ts';

/** Each line: number, inputs, and what it is: `p` for a pseudo event, `!` for a priority of 100. */
function graph(script: string): TransitionGraph {
  const synapses = script
    .trim()
    .split('\n')
    .map((line, at) => {
      const [id = '', inputs = '', flags = ''] = line.trim().split(' ');
      const kind: ActionKind = flags.includes('p') ? 'pseudo_event' : 'rsc_op';
      return {
        id: at,
        priority: flags.includes('!') ? 100 : 0,
        actions: [
          { kind, id: Number(id), operation: 'start', operationKey: `r${id}_start_0`, attributes: [] },
        ],
        inputs: inputs
          .split(',')
          .filter(input => /\d/.test(input))
          .map(input => ({ kind: 'rsc_op' as const, id: Number(input), attributes: {} })),
      };
    });
  return { id: 1, settings: {}, synapses };
}

const free: Limits = { batch: 0, hasRoom: () => true };
const fired = (walk: Walk, limits: Limits = free) => {
  const progress = advance(walk, limits);
  return [progress.walk, progress.fire.map(({ id }) => id).join(), progress.verdict] as const;
};

test('an action begins when all its inputs have ended well, pseudo events at once', () => {
  const [first, one] = fired(beginWalk(graph('1 -\n2 1 p\n3 2,4\n4 -')));
  assert.equal(one, '1,4');
  const [second, two, active] = fired(confirm(first, 1, { failed: false }));
  assert.deepEqual([two, active], ['', 'active']);
  const [third, three] = fired(confirm(second, 4, { failed: false }));
  assert.equal(three, '3');
  assert.equal(fired(confirm(third, 3, { failed: false }))[2], 'complete');
});

test('what depends on a failure never begins', () => {
  const [first] = fired(beginWalk(graph('1 -\n2 1')));
  const [, fire, verdict] = fired(confirm(first, 1, { failed: true }));
  assert.deepEqual([fire, verdict], ['', 'incomplete']);
});

test('nothing begins after an action that is not in the graph, and what ends does not wait for it', () => {
  const [first] = fired(beginWalk(graph('1 -\n2 1,9\n3 2')));
  const [, fire, verdict] = fired(confirm(first, 1, { failed: false }));
  assert.deepEqual([fire, verdict], ['', 'incomplete']);
  const { synapses, ...rest } = graph('1 9');
  const stops = synapses.map(synapse => ({
    ...synapse,
    actions: synapse.actions.map(one => ({ ...one, operation: 'stop' })),
  }));
  assert.equal(fired(beginWalk({ ...rest, synapses: stops }))[1], '1');
});

test('a copy that is started and not promoted is not watched as promoted', () => {
  const resource = { id: 'db', class: 'ocf', provider: 'heartbeat', type: 'Stateful' };
  const node = { name: 'a', uuid: '1' };
  const promoted = ['CRM_meta_op_target_rc', '8'] as const;
  const of = (...operations: readonly string[]): TransitionGraph => ({
    id: 1,
    settings: {},
    synapses: operations.map((operation, at) => {
      const attributes = operation === 'monitor' ? [promoted] : [];
      const action = { id: at + 1, operation, operationKey: `db_${operation}`, node, resource, attributes };
      return { id: at, priority: 0, actions: [{ kind: 'rsc_op' as const, ...action }], inputs: [] };
    }),
  });
  assert.equal(fired(beginWalk(of('start', 'monitor')))[1], '1');
  assert.equal(fired(beginWalk(of('start', 'promote', 'monitor')))[1], '1,2,3');
  assert.equal(fired(beginWalk(of('monitor')))[1], '1');
});

test('an abort lets what is urgent begin and waits for what runs', () => {
  const [first] = fired(beginWalk(graph('1 -\n2 1\n3 1 !')));
  const aborted = abort(first, { priority: 50, completion: 'restart', reason: 'test' });
  assert.equal(fired(aborted)[2], 'active');
  const [, fire] = fired(confirm(aborted, 1, { failed: false }));
  assert.equal(fire, '3');
});

test('the stronger abort holds', () => {
  const walk = beginWalk(graph('1 -'));
  const once = abort(walk, { priority: 100, completion: 'wait', reason: 'first' });
  const twice = abort(once, { priority: 10, completion: 'restart', reason: 'second' });
  assert.deepEqual([twice.abortPriority, twice.completion, twice.reason], [100, 'restart', 'first']);
});

test('the limits hold, and a walk that waits for room is not over', () => {
  const [first, fire] = fired(beginWalk(graph('1 -\n2 -\n3 -')), { ...free, batch: 2 });
  assert.equal(fire, '1,2');
  assert.equal(fired(confirm(first, 1, { failed: false }), { ...free, batch: 2 })[1], '3');
  const [, none, verdict] = fired(beginWalk(graph('1 -')), { ...free, hasRoom: () => false });
  assert.deepEqual([none, verdict], ['', 'active']);
});

test('every graph without a cycle is walked to its end, each action once, in order', () => {
  const inputs = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(inputs, fc.integer({ min: 0, max: 4 }), (drawn, batch) => {
      const lines = drawn.map((of, at) => `${at + 1} ${of.filter(one => one > 0 && one <= at).join()}`);
      let walk = beginWalk(graph(lines.join('\n')));
      const ended: number[] = [];
      const running: number[] = [];
      for (let turn = 0; turn < 100; turn += 1) {
        const progress = advance(walk, { ...free, batch });
        for (const { id } of progress.fire) {
          const wanted = (drawn[id - 1] ?? []).filter(one => one > 0 && one < id);
          assert.ok(wanted.every(one => ended.includes(one)));
          running.push(id);
        }
        assert.ok(batch === 0 || running.length <= batch);
        if (progress.verdict === 'complete') break;
        const id = running.shift();
        assert.ok(id !== undefined, 'something runs until the end');
        ended.push(id);
        walk = confirm(progress.walk, id, { failed: false });
      }
      assert.deepEqual(
        [...ended].sort((left, right) => left - right),
        drawn.map((_, at) => at + 1),
      );
    }),
  );
});
