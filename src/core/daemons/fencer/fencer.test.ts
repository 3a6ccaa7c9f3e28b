import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../base/random.ts';
import { type Instant, instant, milliseconds } from '../../base/time.ts';
import type { FencingAction } from '../../messages/client.ts';
import type { ExecutorAction } from '../../messages/executor.ts';
import type { FencerMessage } from '../../messages/fencer.ts';
import { decodeFencerMessage, encodeFencerMessage } from '../../messages/fencer-codec.ts';
import { type NodeName, nodeId, nodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { printXml } from '../../xml/print.ts';
import type { DevicePlacement } from '../contract.ts';
import * as fencer from './fencer.ts';

const METADATA =
  '<resource-agent name="fence_x"><parameters><parameter name="plug"/></parameters><actions><action name="on"/>' +
  '<action name="off"/><action name="reboot"/><action name="list"/></actions></resource-agent>';

const xml = (text: string): XmlElement => {
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  return parsed.root;
};

/** Fencers on one ordered bus, each with an executor that does what the test says. */
class Room {
  readonly states = new Map<NodeName, fencer.State>();
  readonly queue: { from: NodeName; to?: NodeName; message: FencerMessage }[] = [];
  readonly running: { node: NodeName; action: ExecutorAction }[] = [];
  readonly did: string[] = [];
  nodes: NodeName[] = [];
  now: Instant = instant(1000);
  devices: DevicePlacement = [
    { id: 'switch', agent: 'fence_x', parameters: { pcmk_host_list: 'n1 n2 n3', secret: 's' } },
  ];
  cib = xml('<cib><configuration><nodes/></configuration><status/></cib>');

  constructor(settings: { devices?: DevicePlacement; cib?: string } = {}) {
    if (settings.devices !== undefined) this.devices = settings.devices;
    if (settings.cib !== undefined) this.cib = xml(settings.cib);
    this.join(['n1', 'n2', 'n3']);
    for (const node of this.nodes) {
      this.tell(node, { kind: 'executor-connected' });
      this.tell(node, { kind: 'cib-changed', after: this.cib });
    }
    this.settle();
  }

  join(names: readonly string[]): void {
    this.nodes = names.map(nodeName);
    const members = this.nodes.map(name => ({ id: nodeId(name.slice(1)), name }));
    for (const node of this.nodes) {
      this.tell(node, { kind: 'membership', members, peers: this.nodes, quorate: true, expectedVotes: 3 });
    }
  }

  tell(node: NodeName, event: fencer.Event): void {
    const env = { now: this.now, node: { id: nodeId(node.slice(1)), name: node }, random: new Random(1) };
    const [state, effects] = fencer.step(this.states.get(node) ?? fencer.initial, event, env);
    this.states.set(node, state);
    for (const effect of effects) this.perform(node, effect);
  }

  perform(node: NodeName, effect: fencer.Effect): void {
    switch (effect.kind) {
      case 'multicast':
      case 'send': {
        assert.ok(effect.message.to === 'fencer');
        const message = throughXml(effect.message.body);
        this.queue.push({ from: node, message, ...(effect.kind === 'send' ? { to: effect.to } : {}) });
        return;
      }
      case 'compute-device-placement':
        this.tell(node, {
          kind: 'device-placement-computed',
          effect: effect.effect,
          placement: this.devices,
        });
        return;
      case 'ask-executor':
        this.execute(node, effect.request);
        return;
      case 'tell-controller': {
        const { body } = effect;
        this.did.push(`${node} outcome ${body.request} ${body.ok ? 'ok' : body.refusal}`);
        return;
      }
      case 'reply':
        this.did.push(`${node} reply ${effect.reply.ok ? 'ok' : effect.reply.refusal}`);
        return;
      case 'announce':
        if (effect.body.kind !== 'fencing-ended') return;
        this.did.push(`${node} ended ${effect.body.action} ${effect.body.target} ${effect.body.ok}`);
        return;
    }
  }

  execute(node: NodeName, request: Extract<fencer.Effect, { kind: 'ask-executor' }>['request']): void {
    if (request.kind === 'metadata') {
      const reply = { kind: 'metadata', asker: 'fencer', request: request.request, xml: METADATA } as const;
      this.tell(node, { kind: 'executor-reply', reply });
    } else if (request.kind === 'execute') {
      this.running.push({ node, action: request.action });
    }
  }

  settle(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const { from, to, message } = next;
      for (const node of to === undefined ? this.nodes : this.nodes.filter(one => one === to)) {
        this.tell(node, { kind: 'message', from, body: message });
      }
    }
  }

  until(end: number): void {
    for (;;) {
      const due = this.nodes
        .map(node => ({ node, at: fencer.deadline(this.states.get(node) ?? fencer.initial) }))
        .filter(({ at }) => at !== undefined && at <= end)
        .sort((left, right) => Number(left.at) - Number(right.at))[0];
      if (due?.at === undefined) break;
      this.now = instant(Math.max(this.now, due.at));
      this.tell(due.node, { kind: 'tick' });
      this.settle();
    }
    this.now = instant(end);
  }

  order(
    node: string,
    target: string,
    { action = 'reboot', request = 1 }: { action?: FencingAction; request?: number } = {},
  ): void {
    const timeout = milliseconds(60_000);
    this.tell(nodeName(node), { kind: 'fence', request, target: nodeName(target), action, timeout });
    this.settle();
  }

  /** Ends the oldest run of an agent. */
  end(exitStatus: number, output = ''): void {
    const run = this.running.shift();
    assert.ok(run !== undefined, 'an agent runs');
    const times = { queuedAt: this.now, startedAt: this.now, endedAt: this.now };
    const result = { result: 1, action: run.action, status: 0, exitStatus, output, ...times } as const;
    if (this.nodes.includes(run.node))
      this.tell(run.node, { kind: 'executor-reply', reply: { kind: 'result', result } });
    this.settle();
  }

  runs(): string[] {
    return this.running.map(({ node, action }) =>
      `${node} ${action.resource} ${action.operation} ${action.parameters.plug ?? ''}`.trim(),
    );
  }

  look(): string[] {
    return this.did.splice(0);
  }
}

function throughXml(message: FencerMessage): FencerMessage {
  const parsed = parseXml(printXml(encodeFencerMessage(message)));
  assert.ok(parsed.ok);
  const read = decodeFencerMessage(parsed.root);
  assert.deepEqual(read, message);
  return read ?? message;
}

test('a node is fenced by one peer, the asker hears of it, and all announce it once', () => {
  const room = new Room();
  room.order('n1', 'n3');
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  assert.deepEqual(room.look(), []);
  room.end(0);
  assert.deepEqual(room.look(), [
    'n1 ended reboot n3 true',
    'n1 outcome 1 ok',
    'n2 ended reboot n3 true',
    'n3 ended reboot n3 true',
  ]);
});

test('a device is tried twice, then by another peer, and by the target itself last', () => {
  const room = new Room();
  room.order('n1', 'n2');
  const tried = [];
  while (room.running.length > 0) {
    tried.push(...room.runs());
    room.end(1);
  }
  assert.deepEqual(
    tried,
    ['n1', 'n1', 'n3', 'n3', 'n2', 'n2'].map(node => `${node} switch reboot n2`),
  );
  assert.ok(room.look().includes('n1 outcome 1 failed'));
});

test('without a device the asker hears that there is none', () => {
  const room = new Room({ devices: [] });
  room.order('n1', 'n3');
  room.until(20_000);
  assert.ok(room.look().includes('n1 outcome 1 no-device'));
});

test('requests for the same at the same time are one', () => {
  const room = new Room();
  room.order('n1', 'n3');
  room.order('n2', 'n3', { request: 7 });
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  room.end(0);
  const outcomes = room.look().filter(line => line.includes('outcome'));
  assert.deepEqual(outcomes, ['n1 outcome 1 ok', 'n2 outcome 7 ok']);
  for (const state of room.states.values()) assert.equal(state.operations.size, 0);
});

test('a target that came back meanwhile is fenced anew', () => {
  const room = new Room();
  room.join(['n1', 'n2']);
  room.order('n1', 'n3');
  room.join(['n1', 'n2', 'n3']);
  room.order('n1', 'n3', { request: 2 });
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  room.end(0);
  assert.deepEqual(
    room.look().filter(line => line.includes('outcome')),
    ['n1 outcome 1 ok'],
  );
  assert.equal(room.running.length, 1);
  room.end(0);
  assert.deepEqual(
    room.look().filter(line => line.includes('outcome')),
    ['n1 outcome 2 ok'],
  );
});

test('a peer that goes away while it runs a device is replaced by another', () => {
  const room = new Room();
  room.order('n1', 'n1', { action: 'off' });
  assert.deepEqual(room.runs(), ['n2 switch off n1']);
  room.join(['n1', 'n3']);
  room.settle();
  assert.deepEqual(room.runs(), ['n2 switch off n1', 'n3 switch off n1']);
});

test('a peer at the last step says the result where the conductor is gone', () => {
  const room = new Room();
  room.order('n3', 'n3');
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  room.join(['n1', 'n2']);
  room.settle();
  room.order('n2', 'n3', { request: 5 });
  room.end(0);
  assert.deepEqual(room.look(), ['n1 ended reboot n3 true', 'n2 ended reboot n3 true', 'n2 outcome 5 ok']);
});

const TOPOLOGY =
  '<cib><configuration><nodes/><fencing-topology>' +
  '<fencing-level id="l1" target="n3" index="1" devices="a,b"/><fencing-level id="l2" target-pattern="n." index="1" devices="c"/>' +
  '<fencing-level id="l3" target="n3" index="2" devices="c"/></fencing-topology></configuration><status/></cib>';
const THREE = ['a', 'b', 'c'].map(id => ({ id, agent: 'fence_x', parameters: { pcmk_host_check: 'none' } }));

test('a reboot by several devices is off by all, then on by all, whose failure does not matter', () => {
  const room = new Room({ devices: THREE, cib: TOPOLOGY });
  room.order('n1', 'n3');
  const tried = [];
  for (const status of [0, 0, 1, 1, 1, 1, 0]) {
    tried.push(...room.runs());
    room.end(status);
  }
  assert.deepEqual(tried, [
    'n1 a off n3',
    'n1 b off n3',
    'n1 a on n3',
    'n1 a on n3',
    'n2 a on n3',
    'n2 a on n3',
    'n3 a on n3',
  ]);
  while (room.running.length > 0) room.end(0);
  assert.ok(room.look().includes('n1 outcome 1 ok'));
});

test('a level that fails is followed by the next', () => {
  const room = new Room({ devices: THREE, cib: TOPOLOGY });
  room.order('n1', 'n3');
  for (let count = 0; count < 6; count += 1) room.end(1);
  assert.deepEqual(room.runs(), ['n1 c reboot n3']);
});

test('an agent that lists is asked which nodes it knows, by their names on the device', () => {
  const devices = [
    {
      id: 'dyn',
      agent: 'fence_x',
      parameters: { pcmk_host_map: 'n3:port-9', pcmk_host_check: 'dynamic-list' },
    },
  ];
  const room = new Room({ devices });
  room.order('n1', 'n3');
  assert.deepEqual(room.runs(), ['n1 dyn list', 'n2 dyn list', 'n3 dyn list']);
  for (let count = 0; count < 3; count += 1) room.end(0, 'port-9,\nport-8,\n');
  assert.deepEqual(room.runs(), ['n1 dyn reboot port-9']);
});

test('delays are kept, and an action limit makes others wait', () => {
  const parameters = { pcmk_host_list: 'n2 n3', pcmk_delay_base: 'n2:5s;n3:0s' };
  const room = new Room({ devices: [{ id: 'switch', agent: 'fence_x', parameters }] });
  room.order('n1', 'n2');
  room.order('n1', 'n3', { request: 2 });
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  room.until(8000);
  assert.deepEqual(room.runs(), ['n1 switch reboot n3']);
  room.end(0);
  assert.deepEqual(room.runs(), ['n1 switch reboot n2']);
});

test("a person's word ends what is under way", () => {
  const room = new Room();
  room.order('n1', 'n3');
  const identity = { user: 'root', groups: [] };
  room.tell(nodeName('n2'), {
    ...{ kind: 'client-request', client: 1, request: 1, identity },
    body: { kind: 'fencer', operation: 'confirm', target: nodeName('n3') },
  });
  room.settle();
  assert.ok(room.look().includes('n1 outcome 1 ok'));
});

test('an executor that is lost makes its runs fail, and they go to another peer', () => {
  const room = new Room();
  room.order('n1', 'n3');
  room.tell(nodeName('n1'), { kind: 'executor-lost' });
  room.settle();
  assert.deepEqual(room.runs().slice(1), ['n2 switch reboot n3']);
});

test('who joins learns what was fenced before', () => {
  const room = new Room();
  room.join(['n1', 'n2']);
  room.order('n1', 'n3');
  room.end(0);
  room.states.delete(nodeName('n3'));
  room.join(['n1', 'n2', 'n3']);
  room.settle();
  assert.equal(room.states.get(nodeName('n3'))?.history.length, 1);
});
