import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeId, nodeName } from '../../core/model/names.ts';
import { BusClient } from './bus-client.ts';
import { Hub } from './hub.ts';
import type { Votes } from './quorum.ts';
import type { LinkRole, View } from './wire.ts';

/** What a node heard, in order: views as `members/peers` with `!` where quorate, messages as `from:payload`. */
class Ear {
  readonly heard: string[] = [];
  readonly #wanted = new Map<string, () => void>();

  note(text: string): void {
    this.heard.push(text);
    this.#wanted.get(text)?.();
  }

  until(text: string): Promise<void> {
    if (this.heard.includes(text)) return Promise.resolve();
    return new Promise(done => void this.#wanted.set(text, done));
  }
}

const described = ({ members, peers, quorate }: View): string =>
  `${members.map(({ name }) => name).join('')}/${peers.join('')}${quorate ? '!' : ''}`;

const votesOf = (...names: readonly string[]): Votes => ({
  nodes: names.map(name => ({ name: nodeName(name) })),
});

interface HubOptions {
  readonly votes?: Votes;
  readonly settle?: number;
}

const newHub = ({ votes = votesOf('a', 'b', 'c'), settle = 0 }: HubOptions = {}): Hub =>
  new Hub({ votes, patience: 5000, settle, log: () => undefined });

async function withHub(
  body: (join: (name: string, role?: LinkRole) => [BusClient, Ear], hub: Hub, path: string) => Promise<void>,
  { clientPatience = 0, ...options }: HubOptions & { readonly clientPatience?: number } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'bus-'));
  const path = join(folder, 'bus.socket');
  const hub = newHub(options);
  await hub.listen(path);
  const clients: BusClient[] = [];
  try {
    await body(
      (name, role = 'peer') => {
        const ear = new Ear();
        const client = new BusClient({
          path,
          role,
          patience: clientPatience,
          node: { id: nodeId(name), name: nodeName(name) },
          listener: {
            view: view => ear.note(described(view)),
            message: (from, payload) => ear.note(`${from}:${payload}`),
          },
        });
        clients.push(client);
        return [client, ear];
      },
      hub,
      path,
    );
  } finally {
    for (const client of clients) client.close();
    hub.close();
    rmSync(folder, { recursive: true });
  }
}

test('all peers hear every message in the same order, their own included', () =>
  withHub(async join => {
    const [a, hearsA] = join('a');
    const [b, hearsB] = join('b');
    await Promise.all([hearsA.until('ab/ab!'), hearsB.until('ab/ab!')]);
    for (let at = 0; at < 50; at += 1) {
      a.multicast(`a${at}`);
      b.multicast(`b${at}`);
    }
    a.send(nodeName('b'), 'only b');
    a.multicast('end');
    b.multicast('end');
    await Promise.all([hearsA, hearsB].flatMap(ear => [ear.until('a:end'), ear.until('b:end')]));
    const messages = (ear: Ear) => ear.heard.filter(text => text.includes(':') && text !== 'a:only b');
    assert.deepEqual(messages(hearsA), messages(hearsB));
    assert.equal(messages(hearsA).length, 102);
    assert.ok(hearsB.heard.includes('a:only b'));
    assert.ok(!hearsA.heard.includes('a:only b'));
  }));

test('a node whose pacemakerd is gone is a member as long as its executor is there', () =>
  withHub(async join => {
    const [, hearsA] = join('a');
    const [b] = join('b');
    const [presence] = join('b', 'presence');
    await hearsA.until('ab/ab!');
    b.close();
    await hearsA.until('ab/a!');
    presence.close();
    await hearsA.until('a/a');
  }));

/** A process of a node that joins, and from then on neither reads, answers nor ends. */
function mute(path: string, name: string, role: LinkRole): Socket {
  const socket = connect(path);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`join ${JSON.stringify({ node: { id: name, name }, role })}\n`);
  return socket;
}

for (const { role, together, without } of [
  { role: 'peer', together: 'ab/ab!', without: 'a/a' },
  { role: 'presence', together: 'ab/a!', without: 'a/a' },
] as const) {
  test(`whose former ${role} was not noticed to be gone is seen to go before it is seen to come`, () =>
    withHub(async (join, _hub, path) => {
      const [a, hearsA] = join('a');
      const former = mute(path, 'b', role);
      try {
        await hearsA.until(together);
        hearsA.heard.length = 0;
        join('b', role);
        await hearsA.until(together);
        a.multicast('end');
        await hearsA.until('a:end');
        assert.deepEqual(hearsA.heard, [without, together, 'a:end']);
      } finally {
        former.destroy();
      }
    }));
}

test('groups of a partition do not see or hear each other, until it heals', () =>
  withHub(async (join, hub) => {
    const [a, hearsA] = join('a');
    const [, hearsB] = join('b');
    const [, hearsC] = join('c');
    await Promise.all([hearsA, hearsB, hearsC].map(ear => ear.until('abc/abc!')));
    hub.partition([[nodeName('a')], [nodeName('b'), nodeName('c')]]);
    await Promise.all([hearsA.until('a/a'), hearsB.until('bc/bc!')]);
    a.multicast('alone');
    await hearsA.until('a:alone');
    hearsA.heard.length = 0;
    hub.partition([]);
    await hearsA.until('abc/abc!');
    assert.ok(!hearsB.heard.includes('a:alone'));
  }));

test('while the hub is away a node is alone, without quorum, and hears itself', () =>
  withHub(async (join, hub) => {
    const [a, hearsA] = join('a');
    join('b');
    await hearsA.until('ab/ab!');
    hearsA.heard.length = 0;
    hub.close();
    await hearsA.until('a/a');
    a.multicast('still here');
    await hearsA.until('a:still here');
  }));

const PATIENT = 60_000;

test('a hub that is started again finds its nodes together, each of which was alone for no time', () =>
  withHub(
    async (join, hub, path) => {
      const [a, hearsA] = join('a');
      const [, hearsB] = join('b');
      await Promise.all([hearsA.until('ab/ab!'), hearsB.until('ab/ab!')]);
      for (const ear of [hearsA, hearsB]) ear.heard.length = 0;
      const onlooker = connect(path);
      await once(onlooker, 'connect');
      hub.close();
      // Its connection is the hub's last: when it has ended, the others know that theirs have.
      await once(onlooker.resume(), 'close');
      await nextTurn();
      a.multicast('to nobody');
      const next = newHub({ votes: votesOf('a', 'b'), settle: PATIENT });
      await next.listen(path);
      try {
        await Promise.all([hearsA.until('ab/ab!'), hearsB.until('ab/ab!')]);
        assert.deepEqual(hearsA.heard, ['ab/a', 'a:to nobody', 'ab/ab!']);
        assert.deepEqual(hearsB.heard, ['ab/b', 'ab/ab!']);
      } finally {
        next.close();
      }
    },
    { clientPatience: PATIENT },
  ));

test('a hub waits for all nodes before it says who is there, but not for ever', () =>
  withHub(
    async join => {
      const [, hearsA] = join('a');
      const [, hearsB] = join('b');
      await Promise.all([hearsA.until('ab/ab!'), hearsB.until('ab/ab!')]);
      assert.deepEqual([hearsA.heard, hearsB.heard], [['ab/ab!'], ['ab/ab!']]);
    },
    { settle: 500 },
  ));

test('of two nodes one alone is a quorum, once both were there', () =>
  withHub(
    async join => {
      const [, hearsA] = join('a');
      await hearsA.until('a/a');
      const [b] = join('b');
      await hearsA.until('ab/ab!');
      b.close();
      await hearsA.until('a/a!');
      assert.deepEqual(hearsA.heard, ['a/a', 'ab/ab!', 'a/a!']);
    },
    { votes: { ...votesOf('a', 'b'), twoNode: true } },
  ));
