import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../base/random.ts';
import { instant } from '../../base/time.ts';
import { versionOf } from '../../cib/document.ts';
import { emptyCib } from '../../cib/empty.ts';
import { fingerprintOf } from '../../cib/fingerprint.ts';
import type { Lineage } from '../../cib/lineage.ts';
import type { CibRequest, ClientReply } from '../../messages/client.ts';
import type { PeerMessage } from '../../messages/peer.ts';
import { type NodeName, nodeId, nodeName } from '../../model/names.ts';
import { element, withAttribute, type XmlElement } from '../../xml/element.ts';
import { select } from '../../xml/select.ts';
import * as manager from './cib-manager.ts';

interface Envelope {
  readonly from: NodeName;
  readonly to?: NodeName;
  readonly message: PeerMessage;
}

interface Disk {
  readonly cib?: XmlElement;
  readonly lineage?: Lineage;
}

interface Node {
  readonly name: NodeName;
  state: manager.State;
  isUp: boolean;
  disk: Disk;
  /** Stores under way. */
  stores: { readonly effect: number; readonly disk: Disk }[];
  /** What is still to be delivered, in the order of its partition. */
  inbox: Envelope[];
}

const IDENTITY = { user: 'root', groups: [], name: 'test' };
const VOTES = 5;

/** Nodes in partitions; each partition has one order of messages, which its nodes hear at their own pace. */
class World {
  readonly random: Random;
  readonly nodes: readonly Node[];
  readonly replies = new Map<number, ClientReply>();
  /** Requests that a node answered while it saw a quorum. */
  readonly promised = new Set<number>();
  partitions: (readonly NodeName[])[];
  now = 1_000_000;
  /** Quorum counts hosts that are up, whether their pacemakerd runs or not. */
  quorumOfHosts = false;

  constructor(seed: number, count = VOTES) {
    this.random = new Random(seed);
    this.nodes = Array.from({ length: count }, (_, at) => ({
      name: nodeName(`n${at + 1}`),
      state: manager.initial,
      isUp: false,
      disk: {},
      stores: [],
      inbox: [],
    }));
    this.partitions = [this.nodes.map(({ name }) => name)];
  }

  node(name: NodeName): Node {
    const found = this.nodes.find(one => one.name === name);
    assert.ok(found);
    return found;
  }

  partitionOf(name: NodeName): readonly NodeName[] {
    return (this.partitions.find(one => one.includes(name)) ?? []).filter(one => this.node(one).isUp).sort();
  }

  step(node: Node, event: manager.Event): void {
    this.now += 1;
    const env = {
      now: instant(this.now),
      node: { id: nodeId(node.name), name: node.name },
      random: this.random,
      validate: () => [],
    };
    const [state, effects] = manager.step(node.state, event, env);
    node.state = state;
    for (const effect of effects) this.perform(node, effect);
  }

  perform(node: Node, effect: manager.Effect): void {
    if (effect.kind === 'multicast') {
      for (const to of this.partitionOf(node.name)) {
        this.node(to).inbox.push({ from: node.name, message: effect.message });
      }
    } else if (effect.kind === 'send') {
      const there = this.partitionOf(node.name).find(one => one === effect.to);
      if (there !== undefined)
        this.node(there).inbox.push({ from: node.name, to: there, message: effect.message });
    } else if (effect.kind === 'store-cib') {
      node.stores.push({ effect: effect.effect, disk: { cib: effect.cib, lineage: effect.lineage } });
    } else if (effect.kind === 'reply') {
      assert.ok(!this.replies.has(effect.request), 'a request is answered once');
      this.replies.set(effect.request, effect.reply);
      if (effect.reply.ok && node.state.view.quorate) this.promised.add(effect.request);
    }
  }

  deliver(node: Node): void {
    const envelope = node.inbox.shift();
    if (envelope === undefined || envelope.message.to !== 'cib') return;
    this.step(node, { kind: 'message', from: envelope.from, body: envelope.message.body });
  }

  finishStore(node: Node): void {
    const store = node.stores.shift();
    if (store === undefined) return;
    node.disk = store.disk;
    this.step(node, { kind: 'cib-stored', effect: store.effect });
  }

  /** Nodes that were together hear the same before the view changes, though not all that was on its way. */
  changeView(change: () => void): void {
    const before = new Map(this.nodes.map(({ name }) => [name, this.partitionOf(name)]));
    change();
    const hasChanged = (name: NodeName) => this.partitionOf(name).join(' ') !== before.get(name)?.join(' ');
    const changed = this.nodes.filter(({ name, isUp }) => isUp && hasChanged(name));
    for (const old of new Set(before.values())) {
      for (const fresh of this.partitions) {
        this.flush(changed.filter(({ name }) => old.includes(name) && fresh.includes(name)));
      }
    }
    for (const node of changed) node.inbox = [];
    for (const node of changed) this.tellView(node);
  }

  breakApart(partitions: (readonly NodeName[])[]): void {
    this.changeView(() => {
      this.partitions = partitions;
    });
  }

  /** The nodes get as far as the one of them that is furthest, or further, but all equally far. */
  flush(nodes: readonly Node[]): void {
    if (nodes.length === 0) return;
    const least = Math.min(...nodes.map(({ inbox }) => multicasts(inbox)));
    const left = this.random.below(least + 1);
    for (const node of nodes) while (multicasts(node.inbox) > left) this.deliver(node);
  }

  tellView(node: Node): void {
    const peers = this.partitionOf(node.name);
    const members = peers.map(name => ({ id: nodeId(name), name }));
    const quorate = this.quorumOfHosts || peers.length * 2 > this.nodes.length;
    this.step(node, { kind: 'membership', members, peers, quorate, expectedVotes: this.nodes.length });
  }

  start(node: Node): void {
    node.state = manager.initial;
    node.inbox = [];
    this.step(node, { kind: 'started', ...node.disk, problems: [] });
    this.changeView(() => {
      node.isUp = true;
    });
  }

  kill(node: Node): void {
    node.stores = [];
    node.inbox = [];
    this.changeView(() => {
      node.isUp = false;
    });
  }

  request(node: Node, request: number, body: CibRequest): void {
    this.step(node, { kind: 'client-request', client: 1, request, identity: IDENTITY, body });
  }

  settleMessages(): void {
    while (this.nodes.some(({ inbox }) => inbox.length > 0))
      for (const node of this.nodes) this.deliver(node);
  }

  /** Until nothing is left to do. */
  settle(): void {
    for (let rounds = 0; rounds < 10_000; rounds += 1) {
      const busy = this.nodes.filter(
        ({ isUp, inbox, stores }) => isUp && (inbox.length > 0 || stores.length > 0),
      );
      if (busy.length === 0) return;
      const node = this.random.pick(busy);
      if (node.inbox.length > 0 && (node.stores.length === 0 || this.random.chance(0.7))) this.deliver(node);
      else this.finishStore(node);
    }
    assert.fail('the nodes never come to rest');
  }
}

const multicasts = (inbox: readonly Envelope[]): number => inbox.filter(({ to }) => to === undefined).length;

const addNode = (id: string): CibRequest => ({
  kind: 'cib',
  operation: 'create',
  section: 'nodes',
  input: element('node', { id, uname: id }),
});

const addStatus = (id: string): CibRequest => ({
  kind: 'cib',
  operation: 'create',
  section: 'status',
  input: element('node_state', { id }),
});

const has = (cib: XmlElement | undefined, xpath: string): boolean => {
  const selection = select(cib ?? element('cib'), xpath);
  return selection.ok && selection.matches.length > 0;
};

function running(seed: number, count = 3): World {
  const world = new World(seed, count);
  for (const node of world.nodes) world.start(node);
  world.settle();
  return world;
}

const first = (world: World): Node => world.nodes[0] as Node;

const assertAlike = (world: World, what = 'all nodes have the same CIB'): void => {
  const prints = new Set(
    world.nodes.filter(({ isUp }) => isUp).map(({ state }) => fingerprintOf(state.cib ?? emptyCib())),
  );
  assert.equal(prints.size, 1, what);
};

test('nodes that start agree, and a write reaches all and is answered once a majority stored it', () => {
  const world = running(1);
  world.request(first(world), 7, addNode('x'));
  world.settleMessages();
  assert.equal(world.replies.size, 0, 'no disk has it');
  world.finishStore(first(world));
  world.settleMessages();
  assert.equal(world.replies.size, 0, 'one disk of three has it');
  world.finishStore(world.nodes[1] as Node);
  world.settleMessages();
  assert.deepEqual(world.replies.get(7), { ok: true });
  world.settle();
  assertAlike(world);
  assert.deepEqual(versionOf(first(world).state.cib ?? emptyCib()), {
    adminEpoch: 0,
    epoch: 1,
    numUpdates: 0,
  });
});

test('a write of status is answered without a disk', () => {
  const world = running(2);
  world.request(first(world), 7, addStatus('x'));
  world.settleMessages();
  assert.deepEqual(world.replies.get(7), { ok: true });
  assert.ok(world.nodes.every(({ stores }) => stores.length === 0));
});

test('a refused write is answered with its reason and changes nothing', () => {
  const world = running(3);
  world.request(first(world), 1, {
    kind: 'cib',
    operation: 'modify',
    input: element('node', { id: 'none' }),
  });
  world.settle();
  assert.deepEqual(world.replies.get(1), {
    ok: false,
    refusal: 'no-such-object',
    message: 'No such device or address',
  });
});

test('a node that was away for a while is caught up by a patchset', () => {
  const world = running(4);
  const [, , third] = world.nodes as readonly [Node, Node, Node];
  world.breakApart([world.nodes.slice(0, 2).map(({ name }) => name), [third.name]]);
  world.settle();
  world.request(first(world), 1, addNode('x'));
  world.settle();
  const kinds: string[] = [];
  const perform = world.perform.bind(world);
  world.perform = (node, effect) => {
    if (effect.kind === 'send' && effect.message.to === 'cib') kinds.push(effect.message.body.kind);
    perform(node, effect);
  };
  world.breakApart([world.nodes.map(({ name }) => name)]);
  world.settle();
  assert.deepEqual(
    kinds.filter(kind => kind === 'document' || kind === 'patchset'),
    ['patchset'],
  );
  assertAlike(world);
  assert.ok(has(third.state.cib, "//node[@id='x']"));
});

test('a minority that counted its epoch higher loses against what the majority wrote', () => {
  const world = running(5);
  const [, , third] = world.nodes as readonly [Node, Node, Node];
  world.breakApart([world.nodes.slice(0, 2).map(({ name }) => name), [third.name]]);
  world.settle();
  world.request(first(world), 1, addNode('kept'));
  for (let count = 0; count < 9; count += 1) world.request(third, 10 + count, addNode(`lost${count}`));
  world.settle();
  // All lose power, and the minority's node is back before a node of the majority.
  for (const node of world.nodes) world.kill(node);
  world.partitions = [world.nodes.map(({ name }) => name)];
  world.start(third);
  world.settle();
  world.start(first(world));
  world.settle();
  assert.ok(has(third.state.cib, "//node[@id='kept']"));
  assert.ok(!has(third.state.cib, "//node[@id='lost0']"));
});

test('a node that was alone among nodes without a CIB manager does not win over what a majority has', () => {
  const world = running(7);
  const [, , third] = world.nodes as readonly [Node, Node, Node];
  world.kill(third);
  world.request(first(world), 1, addNode('kept'));
  world.settle();
  for (const node of world.nodes) if (node.isUp) world.kill(node);
  // The hosts are all up, so there is quorum, but no other pacemakerd.
  world.quorumOfHosts = true;
  world.start(third);
  world.settle();
  world.request(third, 2, addNode('alone'));
  world.settle();
  for (const node of world.nodes) if (!node.isUp) world.start(node);
  world.settle();
  assertAlike(world);
  assert.ok(has(third.state.cib, "//node[@id='kept']"));
});

test('a node whose CIB went astray is found out and brought back', () => {
  const world = running(8);
  const [coordinator, , third] = world.nodes as readonly [Node, Node, Node];
  world.request(coordinator, 1, addNode('x'));
  world.settle();
  const { state } = third;
  const astray = withAttribute(state.cib ?? emptyCib(), 'dc-uuid', 'wrong');
  const history = state.history.map((one, at) =>
    at === state.history.length - 1 ? { ...one, cib: astray } : one,
  );
  third.state = { ...state, cib: astray, history };
  world.now += 61_000;
  assert.ok((manager.deadline(coordinator.state) ?? Number.POSITIVE_INFINITY) <= world.now);
  world.step(coordinator, { kind: 'tick' });
  world.settle();
  assertAlike(world);
  assert.ok(!has(third.state.cib, '/cib[@dc-uuid]'), 'what most have is what holds');
});

test('a patchset that does not lead where it should is answered with the whole document', () => {
  const world = running(9);
  const [, , third] = world.nodes as readonly [Node, Node, Node];
  world.breakApart([world.nodes.slice(0, 2).map(({ name }) => name), [third.name]]);
  world.settle();
  world.request(first(world), 1, addNode('x'));
  world.settle();
  const perform = world.perform.bind(world);
  world.perform = (node, effect) => {
    if (effect.kind !== 'send' || effect.message.to !== 'cib' || effect.message.body.kind !== 'patchset') {
      perform(node, effect);
      return;
    }
    const body = { ...effect.message.body, patchset: element('diff', { format: 2 }) };
    perform(node, { ...effect, message: { to: 'cib', body } });
  };
  world.breakApart([world.nodes.map(({ name }) => name)]);
  world.settle();
  assertAlike(world);
  assert.ok(has(third.state.cib, "//node[@id='x']"));
});

test('an administrator who raises admin_epoch on one node overrules all', () => {
  const world = running(6);
  const [, , third] = world.nodes as readonly [Node, Node, Node];
  world.kill(third);
  world.settle();
  world.request(first(world), 1, addNode('x'));
  world.settle();
  third.disk = { cib: emptyCib({ adminEpoch: 1 }) };
  world.start(third);
  world.settle();
  assertAlike(world);
  assert.ok(!has(first(world).state.cib, "//node[@id='x']"));
});

test('whatever breaks, no write that a quorate partition answered is lost, and all nodes end alike', () => {
  for (let seed = 1; seed <= 150; seed += 1) runSeed(seed);
});

/** Chance decides what happens; what was answered within a quorate partition must be there in the end. */
function runSeed(seed: number): void {
  const world = new World(seed);
  for (const node of world.nodes) world.start(node);
  for (let at = 1; at <= 120; at += 1) act(world, at);
  world.breakApart([world.nodes.map(({ name }) => name)]);
  for (const node of world.nodes) if (!node.isUp) world.start(node);
  world.settle();
  assertAlike(world, `seed ${seed}: all nodes have the same CIB`);
  for (const request of world.promised) {
    assert.ok(has(first(world).state.cib, `//node[@id='x${request}']`), `seed ${seed}: x${request} is lost`);
  }
}

function act(world: World, at: number): void {
  const { random } = world;
  const node = random.pick(world.nodes);
  const dice = random.below(100);
  if (dice < 40) {
    if (node.isUp) world.request(node, at, addNode(`x${at}`));
  } else if (dice < 55) {
    const names = random.shuffle(world.nodes.map(({ name }) => name));
    const cut = random.below(VOTES);
    world.breakApart([names.slice(0, cut), names.slice(cut)].filter(({ length }) => length > 0));
  } else if (dice < 62) {
    toggle(world, node);
  } else if (dice < 70) {
    world.settle();
  } else {
    for (let count = random.below(30); count > 0; count -= 1) {
      const one = random.pick(world.nodes);
      if (one.isUp && random.chance(0.6)) world.deliver(one);
      else if (one.isUp) world.finishStore(one);
    }
  }
}

function toggle(world: World, node: Node): void {
  if (!node.isUp) world.start(node);
  else if (world.nodes.filter(({ isUp }) => isUp).length > 1) world.kill(node);
}
