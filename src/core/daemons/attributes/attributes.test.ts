import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../base/random.ts';
import { type Instant, instant, seconds } from '../../base/time.ts';
import type { AttributeMessage } from '../../messages/attributes.ts';
import { decodeAttributeMessage, encodeAttributeMessage } from '../../messages/attributes-codec.ts';
import type { AttributeRequest } from '../../messages/client.ts';
import { type NodeName, nodeId, nodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { printXml } from '../../xml/print.ts';
import * as attributes from './attributes.ts';

/** Attribute managers on a bus that orders what they say within each partition. */
class Bus {
  readonly states = new Map<NodeName, attributes.State>();
  readonly queues = new Map<string, { from: NodeName; message: AttributeMessage }[]>();
  partitions: NodeName[][] = [];
  readonly did: string[] = [];
  now: Instant = instant(0);

  join(...partitions: string[][]): void {
    this.partitions = partitions.map(nodes => nodes.map(nodeName).toSorted());
    const pending = [...this.queues.values()].flat();
    this.queues.clear();
    for (const { from, message } of pending) this.send(from, message);
    for (const nodes of this.partitions) {
      const members = nodes.map(name => ({ id: nodeId(name.slice(1)), name }));
      for (const node of nodes) {
        this.tell(node, { kind: 'membership', members, peers: nodes, quorate: true, expectedVotes: 3 });
      }
    }
  }

  /** The node's pacemakerd goes away and comes back empty, while the node stays. What it did not get out is lost. */
  restart(name: string): void {
    for (const [key, queue] of this.queues) {
      this.queues.set(
        key,
        queue.filter(({ from }) => from !== name),
      );
    }
    const nodes = this.partitions.find(one => one.includes(nodeName(name))) ?? [];
    this.states.delete(nodeName(name));
    for (const peers of [nodes.filter(node => node !== name), nodes]) {
      const members = nodes.map(node => ({ id: nodeId(node.slice(1)), name: node }));
      for (const node of peers) {
        this.tell(node, { kind: 'membership', members, peers, quorate: true, expectedVotes: 3 });
      }
    }
  }

  tell(node: NodeName, event: attributes.Event): void {
    this.now = instant(this.now + 1);
    const env = { now: this.now, node: { id: nodeId(node.slice(1)), name: node }, random: new Random(1) };
    const [state, effects] = attributes.step(this.states.get(node) ?? attributes.initial, event, env);
    this.states.set(node, state);
    for (const effect of effects) this.perform(node, effect);
  }

  perform(node: NodeName, effect: attributes.Effect): void {
    switch (effect.kind) {
      case 'multicast': {
        const { message } = effect;
        assert.ok(message.to === 'attributes');
        this.send(node, throughXml(message.body));
        return;
      }
      case 'reply':
        this.did.push(`${node} answers ${effect.request} ${effect.reply.ok ? 'ok' : effect.reply.refusal}`);
        return;
      case 'tell-cib':
        assert.ok(effect.body.kind === 'cib-write');
        this.did.push(`${node} ${spoken(effect.body.body)}`);
        return;
    }
  }

  send(from: NodeName, message: AttributeMessage): void {
    const key = (this.partitions.find(nodes => nodes.includes(from)) ?? [from]).join();
    this.queues.set(key, [...(this.queues.get(key) ?? []), { from, message }]);
  }

  /** Delivers the next message of each partition to all its nodes. */
  deliver(): boolean {
    let any = false;
    for (const nodes of this.partitions) {
      const queue = this.queues.get(nodes.join()) ?? [];
      const next = queue.shift();
      if (next === undefined) continue;
      any = true;
      for (const node of nodes) this.tell(node, { kind: 'message', from: next.from, body: next.message });
    }
    return any;
  }

  settle(): void {
    while (this.deliver());
  }

  ask(node: string, body: Omit<AttributeRequest, 'kind'>): void {
    const identity = { user: 'root', groups: [] };
    const request = { kind: 'client-request', client: 1, request: 1, identity } as const;
    this.tell(nodeName(node), { ...request, body: { kind: 'attribute', ...body } });
  }

  values(node: string): Record<string, string> {
    const table = this.states.get(nodeName(node))?.table ?? new Map();
    const found: Record<string, string> = {};
    for (const [name, known] of table) {
      for (const [host, value] of known.values) found[`${name}@${host}`] = value;
    }
    return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}

function throughXml(message: AttributeMessage): AttributeMessage {
  const parsed = parseXml(printXml(encodeAttributeMessage(message)));
  assert.ok(parsed.ok);
  const read = decodeAttributeMessage(parsed.root);
  assert.deepEqual(read, message);
  return read ?? message;
}

function spoken(body: { operation: string; xpath?: string; input?: XmlElement }): string {
  return `${body.operation} ${body.xpath ?? printXml(body.input ?? { name: '', attributes: [], children: [] })}`;
}

const cib = (text: string): XmlElement => {
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  return parsed.root;
};
const EMPTY = cib('<cib><configuration><nodes/></configuration><status/></cib>');

function withCib(bus: Bus, node: string, after: XmlElement): void {
  bus.tell(nodeName(node), { kind: 'cib-changed', after });
  bus.tell(nodeName(node), { kind: 'cib-agreed', agreed: true });
}

test('an update reaches every node, and its client hears when it has', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  bus.ask('n1', { operation: 'update', name: 'ping', value: '100' });
  assert.deepEqual(bus.did, []);
  bus.settle();
  assert.deepEqual(bus.did, ['n1 answers 1 ok']);
  assert.deepEqual(bus.values('n2'), { 'ping@n1': '100' });
});

test('counts of two nodes add up', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  const request = { operation: 'update', name: 'fail-count-web', node: nodeName('n1') } as const;
  bus.ask('n1', { ...request, value: 'value++' });
  bus.ask('n2', { ...request, value: 'value+=5' });
  bus.settle();
  assert.deepEqual(bus.values('n1'), { 'fail-count-web@n1': '6' });
  bus.ask('n1', { ...request, value: 'INFINITY' });
  bus.ask('n1', { ...request, value: 'value++' });
  bus.settle();
  assert.deepEqual(bus.values('n2'), { 'fail-count-web@n1': '1000000' });
});

const failure = (identity: string, at: number) =>
  ({
    kind: 'failure',
    node: nodeName('n1'),
    what: 'web#monitor_10000',
    identity,
    count: 'value++',
    at,
  }) as const;
const counts = (bus: Bus, node: string) => {
  const values = bus.values(node);
  return ['fail-count', 'last-failure'].map(name => values[`${name}-web#monitor_10000@n1`]);
};

test('a failure counts once, whoever tells of it and in whichever order, though its count be cleared', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  for (const node of ['n1', 'n2']) bus.tell(nodeName(node), failure('first', 100));
  bus.settle();
  assert.deepEqual(counts(bus, 'n1'), ['1', '100']);
  for (const one of [failure('second', 101), failure('first', 102)]) bus.tell(nodeName('n2'), one);
  bus.settle();
  assert.deepEqual(counts(bus, 'n1'), ['2', '101']);
  bus.ask('n1', { operation: 'delete', pattern: '^(fail-count|last-failure)-web#', node: 'all' });
  bus.tell(nodeName('n1'), failure('second', 103));
  bus.settle();
  assert.deepEqual(counts(bus, 'n2'), [undefined, undefined]);
  bus.tell(nodeName('n1'), failure('third', 104));
  bus.settle();
  assert.deepEqual(counts(bus, 'n2'), ['1', '104']);
});

test('a failure that is not to be counted is told of and not counted later either', () => {
  const bus = new Bus();
  bus.join(['n1']);
  const { count: _, ...ignored } = failure('first', 100);
  bus.tell(nodeName('n1'), ignored);
  bus.tell(nodeName('n1'), failure('first', 101));
  bus.settle();
  assert.deepEqual(counts(bus, 'n1'), [undefined, '100']);
});

test('where parts meet, what one of them has counted does not count again', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2', 'n3']);
  bus.settle();
  bus.join(['n1'], ['n2', 'n3']);
  bus.tell(nodeName('n1'), failure('first', 100));
  bus.settle();
  bus.join(['n1', 'n2', 'n3']);
  bus.tell(nodeName('n2'), failure('first', 105));
  bus.settle();
  for (const node of ['n1', 'n2', 'n3']) assert.deepEqual(counts(bus, node), ['1', '100']);
  bus.restart('n1');
  bus.settle();
  bus.tell(nodeName('n1'), failure('first', 110));
  bus.settle();
  for (const node of ['n1', 'n2', 'n3']) assert.deepEqual(counts(bus, node), ['1', '100']);
});

test('a pattern clears what it matches on all nodes, and says so where nothing does', () => {
  const bus = new Bus();
  bus.join(['n1']);
  bus.ask('n1', { operation: 'update', name: 'fail-count-web#monitor_10000', value: '2' });
  bus.ask('n1', { operation: 'update', name: 'fail-count-db#start_0', value: '1' });
  bus.ask('n1', { operation: 'delete', pattern: '^(fail-count|last-failure)-web#', node: 'all' });
  bus.ask('n1', { operation: 'delete', pattern: '^nothing$', node: 'all' });
  bus.settle();
  assert.deepEqual(bus.values('n1'), { 'fail-count-db#start_0@n1': '1' });
  assert.equal(bus.did.at(-1), 'n1 answers 1 no-such-object');
});

test('a node that joins learns what the others know, also what is said meanwhile', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  bus.ask('n1', { operation: 'update', name: 'a', value: '1' });
  bus.settle();
  bus.join(['n1', 'n2', 'n3']);
  bus.ask('n2', { operation: 'update', name: 'a', value: '2' });
  bus.settle();
  assert.deepEqual(bus.values('n3'), { 'a@n1': '1', 'a@n2': '2' });
});

test('a node that left has no values, one that came back keeps those of its own side', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2', 'n3']);
  bus.settle();
  bus.ask('n1', { operation: 'update', name: 'a', value: '1' });
  bus.ask('n3', { operation: 'update', name: 'a', value: '3' });
  bus.settle();
  bus.join(['n1', 'n2'], ['n3']);
  assert.deepEqual(bus.values('n1'), { 'a@n1': '1' });
  bus.join(['n1', 'n2', 'n3']);
  bus.settle();
  assert.deepEqual(bus.values('n2'), { 'a@n1': '1', 'a@n3': '3' });
});

test('values of a node outlive its pacemakerd', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  bus.ask('n2', { operation: 'update', name: 'master-db', value: '10' });
  bus.settle();
  bus.restart('n2');
  bus.settle();
  assert.deepEqual(bus.values('n2'), { 'master-db@n2': '10' });
});

test('the first peer writes what the CIB does not say, and takes away what nobody says', () => {
  const bus = new Bus();
  bus.join(['n1', 'n2']);
  bus.settle();
  withCib(bus, 'n1', EMPTY);
  withCib(bus, 'n2', EMPTY);
  bus.ask('n2', { operation: 'update', name: '#health-disk', value: 'red' });
  bus.ask('n2', { operation: 'update', name: 'secret', value: 'x', private: true });
  bus.settle();
  const status =
    '<status><node_state id="2" uname="n2"><transient_attributes id="2"><instance_attributes id="status-2">' +
    '<nvpair id="status-2-.health-disk" name="#health-disk" value="red"/></instance_attributes>' +
    '</transient_attributes></node_state></status>';
  assert.deepEqual(bus.did.splice(0), [`n1 modify ${status}`, 'n2 answers 1 ok', 'n2 answers 1 ok']);
  const after = cib(`<cib><configuration><nodes/></configuration>${status}</cib>`);
  const [request = 0] = bus.states.get(nodeName('n1'))?.writing ?? [];
  bus.tell(nodeName('n1'), { kind: 'cib-changed', after });
  bus.tell(nodeName('n1'), { kind: 'cib-written', request, outcome: { ok: true } });
  assert.deepEqual(bus.did.splice(0), []);
  bus.ask('n1', { operation: 'delete', name: '#health-disk', node: nodeName('n2') });
  bus.settle();
  assert.deepEqual(bus.did.splice(0), [
    'n1 answers 1 ok',
    "n1 delete /cib/status/node_state[@id='2']/transient_attributes",
  ]);
});

test('dampening holds a change back until it has passed, and a new dampening lets it go', () => {
  const bus = new Bus();
  bus.join(['n1']);
  withCib(bus, 'n1', EMPTY);
  bus.ask('n1', { operation: 'update', name: 'ping', value: '1', dampening: seconds(5) });
  bus.settle();
  assert.deepEqual(bus.did.splice(0), ['n1 answers 1 ok']);
  bus.now = instant(4000);
  bus.ask('n1', { operation: 'update', name: 'ping', value: '2' });
  bus.settle();
  bus.now = instant(5000);
  bus.tell(nodeName('n1'), { kind: 'tick' });
  assert.deepEqual(bus.did.splice(0), ['n1 answers 1 ok']);
  bus.ask('n1', { operation: 'update-delay', name: 'ping', dampening: seconds(1) });
  bus.settle();
  assert.match(bus.did[1] ?? '', /modify .*name="ping" value="2"/);
});

type Happening =
  | { readonly kind: 'update'; readonly node: string; readonly of: string; readonly value: string }
  | { readonly kind: 'deliver' }
  | { readonly kind: 'split'; readonly left: readonly string[] }
  | { readonly kind: 'restart'; readonly node: string };

const ALL = ['n1', 'n2', 'n3', 'n4'];

function happen(bus: Bus, one: Happening): void {
  switch (one.kind) {
    case 'update':
      bus.ask(one.node, { operation: 'update', name: 'a', node: nodeName(one.of), value: one.value });
      return;
    case 'deliver':
      bus.deliver();
      return;
    case 'split':
      bus.join(...[one.left, ALL.filter(node => !one.left.includes(node))].map(nodes => [...nodes]));
      return;
    case 'restart':
      bus.restart(one.node);
      return;
  }
}

test('whatever is said, and whoever meets whom: in the end all know the same', () => {
  const node = fc.constantFrom(...ALL);
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({
      kind: fc.constant('update' as const),
      node,
      of: node,
      value: fc.constantFrom('value++', 'x', 'y'),
    }),
    fc.record({ kind: fc.constant('deliver' as const) }),
    fc.record({ kind: fc.constant('split' as const), left: fc.subarray(ALL) }),
    fc.record({ kind: fc.constant('restart' as const), node }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), happenings => {
      const bus = new Bus();
      bus.join(ALL);
      for (const one of happenings) happen(bus, one);
      bus.join(ALL);
      bus.settle();
      for (const name of ALL) {
        assert.equal(bus.states.get(nodeName(name))?.merge, undefined);
        assert.deepEqual(bus.values(name), bus.values('n1'));
      }
    }),
    { numRuns: 500 },
  );
});
