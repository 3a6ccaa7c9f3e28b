import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../core/base/random.ts';
import type { SupervisorEvent } from '../../core/daemons/contract.ts';
import type { PeerMessage } from '../../core/messages/peer.ts';
import { nodeId, nodeName } from '../../core/model/names.ts';
import { EventQueue } from './event-queue.ts';
import { Network } from './network.ts';

const COUNT = 5;
/** The network looks at none of a message but who sent it. */
const message = (label: string) => ({ to: 'test', body: { kind: label } }) as unknown as PeerMessage;
const labelOf = (event: SupervisorEvent): string =>
  event.kind === 'message' ? event.message.body.kind : 'membership';

interface Trial {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly heard: SupervisorEvent[][];
}

function begin(seed: number): Trial {
  const queue = new EventQueue();
  const heard: SupervisorEvent[][] = [...Array(COUNT)].map(() => []);
  const network = new Network({
    queue,
    random: new Random(seed),
    members: [...Array(COUNT).keys()].map(at => ({
      id: nodeId(String(at + 1)),
      name: nodeName(`n${at + 1}`),
    })),
    times: { base: 1, jitter: 20, slowShare: 0.1, slow: 300, token: 1000, merge: 200 },
    deliver: (node, event) => heard[node]?.push(event),
    note: () => {},
  });
  for (let node = 0; node < COUNT; node += 1) {
    network.powerOn(node);
    network.join(node);
  }
  run(queue, 2000);
  return { queue, network, heard };
}

function run(queue: EventQueue, duration: number): void {
  let over = false;
  queue.after(duration, () => {
    over = true;
  });
  while (!over && queue.advance());
}

function trouble(seed: number): Trial & { readonly sent: readonly string[][] } {
  const trial = begin(seed);
  const random = new Random(seed ^ 0xabc);
  const sent: string[][] = [...Array(COUNT)].map(() => []);
  for (let round = 0; round < 150; round += 1) {
    const node = random.below(COUNT);
    const label = `${round} of n${node + 1}`;
    sent[node]?.push(label);
    trial.network.multicast(node, message(label));
    if (random.chance(0.05)) trial.network.partition([...Array(COUNT)].map(() => random.below(2)));
    if (random.chance(0.05)) trial.network.heal();
    if (random.chance(0.03)) {
      trial.network.freeze(node);
      trial.queue.after(random.within(10, 4000), () => trial.network.thaw(node));
    }
    run(trial.queue, random.within(1, 300));
  }
  trial.network.heal();
  run(trial.queue, 20_000);
  return { ...trial, sent };
}

/** What each node heard between two changes of membership, by the second of them. */
function stretches(heard: readonly SupervisorEvent[]): Map<SupervisorEvent, readonly string[]> {
  const found = new Map<SupervisorEvent, readonly string[]>();
  let stretch: string[] = [];
  for (const event of heard) {
    if (event.kind === 'membership') {
      found.set(event, stretch);
      stretch = [];
    } else stretch.push(labelOf(event));
  }
  return found;
}

const SEEDS = [...Array(40).keys()];

test('what a node sends comes back to it, once and in order, whatever breaks meanwhile', () => {
  for (const seed of SEEDS) {
    const { heard, sent } = trouble(seed);
    heard.forEach((events, node) => {
      const own = events.map(labelOf).filter(label => label.endsWith(`of n${node + 1}`));
      assert.deepEqual(own, sent[node], `seed ${seed}`);
    });
  }
});

test('nodes that go on together heard the same messages in the same order before', () => {
  let compared = 0;
  for (const seed of SEEDS) {
    const { heard } = trouble(seed);
    const all = heard.map(stretches);
    const orders = heard.map(events => events.filter(({ kind }) => kind === 'membership'));
    for (let left = 0; left < COUNT; left += 1) {
      for (let right = left + 1; right < COUNT; right += 1) {
        for (const [at, event] of (orders[left] ?? []).entries()) {
          const there = orders[right]?.indexOf(event) ?? -1;
          if (there < 1 || at < 1 || orders[left]?.[at - 1] !== orders[right]?.[there - 1]) continue;
          compared += 1;
          assert.deepEqual(all[left]?.get(event), all[right]?.get(event), `seed ${seed}`);
        }
      }
    }
  }
  assert.ok(compared > 100, `only ${compared} stretches were comparable`);
});

test('all end in one ring that has quorum', () => {
  for (const seed of SEEDS) {
    const { heard } = trouble(seed);
    const last = heard.map(events => events.findLast(({ kind }) => kind === 'membership'));
    assert.equal(new Set(last).size, 1);
    assert.ok(last[0]?.kind === 'membership' && last[0].quorate && last[0].peers.length === COUNT);
  }
});

test('a minority has no quorum and hears nothing of the others', () => {
  const { queue, network, heard } = begin(1);
  network.partition([0, 0, 0, 1, 1]);
  run(queue, 2000);
  const before = heard.map(({ length }) => length);
  network.multicast(0, message('to the majority'));
  run(queue, 1000);
  const news = heard.map((events, node) => events.slice(before[node]).map(labelOf));
  assert.deepEqual(news, [['to the majority'], ['to the majority'], ['to the majority'], [], []]);
  const quorate = heard.map(events => {
    const last = events.findLast(event => event.kind === 'membership');
    return last?.kind === 'membership' && last.quorate;
  });
  assert.deepEqual(quorate, [true, true, true, false, false]);
});

test('a node that was away for less than anybody notices is seen to go before it is there again', () => {
  const { queue, network, heard } = begin(1);
  const before = heard.map(({ length }) => length);
  network.powerOff(4);
  network.powerOn(4);
  network.join(4);
  run(queue, 5000);
  const views = heard[0]
    ?.slice(before[0])
    .map(event => (event.kind === 'membership' ? event.peers.length : 0));
  assert.deepEqual(views, [COUNT - 1, COUNT]);
});

test('a pacemakerd that restarted while its ring stood still is seen to go, and its node to stay', () => {
  const { queue, network, heard } = begin(2);
  const before = heard.map(({ length }) => length);
  network.freeze(0);
  network.leave(4);
  network.join(4);
  network.thaw(0);
  run(queue, 5000);
  const views = heard[1]
    ?.slice(before[1])
    .map(event => (event.kind === 'membership' ? [event.members.length, event.peers.length] : []));
  assert.deepEqual(views, [
    [COUNT, COUNT - 1],
    [COUNT, COUNT],
  ]);
});
