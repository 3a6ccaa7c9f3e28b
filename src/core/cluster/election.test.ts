import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instant, milliseconds, seconds } from '../base/time.ts';
import { type NodeName, nodeName } from '../model/names.ts';
import * as election from './election.ts';

/** Nodes that elect over a network that delivers in total order, a node's own votes included. */
class Bench {
  readonly states = new Map<NodeName, election.State>();
  readonly winners: NodeName[] = [];
  readonly wire: { readonly from: NodeName; readonly effect: election.Effect }[] = [];
  readonly uptimes: ReadonlyMap<NodeName, number>;
  readonly features: ReadonlyMap<NodeName, string>;
  readonly silent = new Set<NodeName>();
  now = 0;

  constructor(nodes: readonly { name: string; uptime: number; features?: string }[]) {
    this.uptimes = new Map(nodes.map(({ name, uptime }) => [nodeName(name), uptime]));
    this.features = new Map(nodes.map(({ name, features }) => [nodeName(name), features ?? '3.16.1']));
    for (const name of this.uptimes.keys()) this.states.set(name, election.initial);
  }

  tell(name: NodeName, event: election.Event): void {
    if (this.silent.has(name)) return;
    const env: election.Env = {
      now: instant(this.now),
      self: name,
      credentials: {
        featureSet: this.features.get(name) ?? '',
        uptime: milliseconds((this.uptimes.get(name) ?? 0) + this.now),
      },
      peers: new Set(this.states.keys()),
      timeout: seconds(120),
    };
    const [state, effects] = election.step(this.states.get(name) ?? election.initial, event, env);
    this.states.set(name, state);
    for (const effect of effects) {
      if (effect.kind === 'won') this.winners.push(name);
      else this.wire.push({ from: name, effect });
    }
  }

  /** Delivers all that is on the wire, each message some time after the one before. */
  settle(): void {
    for (let count = 0; ; count += 1) {
      const sent = this.wire.shift();
      if (sent === undefined) return;
      assert.ok(count < 1000, 'the election ends');
      this.now += 130;
      const { from, effect } = sent;
      for (const name of this.states.keys()) {
        if (effect.kind === 'vote') this.tell(name, { ...effect, from });
        else if (effect.kind === 'no-vote' && effect.to === name) {
          this.tell(name, { kind: 'no-vote', from, owner: name, round: effect.round });
        }
      }
    }
  }
}

const cases = [
  {
    title: 'the longest uptime wins',
    nodes: [
      { name: 'a', uptime: 1000 },
      { name: 'b', uptime: 9000 },
      { name: 'c', uptime: 4000 },
    ],
    winner: 'b',
  },
  {
    title: 'among equals the first name wins',
    nodes: [
      { name: 'b', uptime: 5100 },
      { name: 'a', uptime: 5000 },
    ],
    winner: 'a',
  },
  {
    title: 'the oldest feature set wins over any uptime',
    nodes: [
      { name: 'a', uptime: 90_000, features: '3.16.1' },
      { name: 'b', uptime: 1000, features: '3.9.0' },
    ],
    winner: 'b',
  },
  { title: 'a node alone wins at once', nodes: [{ name: 'a', uptime: 0 }], winner: 'a' },
];

for (const { title, nodes, winner } of cases) {
  test(title, () => {
    for (const { name } of nodes) {
      const bench = new Bench(nodes);
      bench.tell(nodeName(name), { kind: 'begin' });
      bench.settle();
      assert.deepEqual(bench.winners, [winner], `begun by ${name}`);
    }
  });
}

test('whoever begins, and however close they are, one wins', () => {
  const node = fc.record({ uptime: fc.integer({ min: 0, max: 3000 }), begins: fc.boolean() });
  fc.assert(
    fc.property(fc.array(node, { minLength: 1, maxLength: 7 }), drawn => {
      const nodes = drawn.map((one, at) => ({ ...one, name: `n${at}` }));
      const bench = new Bench(nodes);
      for (const { name, begins } of nodes) {
        if (begins || name === 'n0') bench.tell(nodeName(name), { kind: 'begin' });
      }
      bench.settle();
      assert.equal(bench.winners.length, 1);
    }),
  );
});

test('a peer that says nothing is waited for until the time-out, and no longer', () => {
  const bench = new Bench([
    { name: 'a', uptime: 0 },
    { name: 'b', uptime: 0 },
  ]);
  bench.silent.add(nodeName('b'));
  bench.tell(nodeName('a'), { kind: 'begin' });
  bench.settle();
  assert.deepEqual(bench.winners, []);
  bench.now = 120_000;
  bench.tell(nodeName('a'), { kind: 'tick' });
  assert.deepEqual(bench.winners, ['a']);
});

test('feature sets compare by number', () => {
  assert.ok(election.compareFeatureSets('3.9.0', '3.16.1') < 0);
  assert.equal(election.compareFeatureSets('3.16', '3.16.0'), 0);
});
