/**
 * What one changed attribute costs: the write on three nodes in one order, the patchset, and its notification,
 * with all messages as text. The same with documents of other sizes shows how much of it grows with the document.
 *
 *   node bench/cib.ts [--elements 1000,10000,100000] [--rounds 300]
 */
import { parseArgs } from 'node:util';
import { Random } from '../src/core/base/random.ts';
import { instant } from '../src/core/base/time.ts';
import { emptyCib } from '../src/core/cib/empty.ts';
import * as manager from '../src/core/daemons/cib-manager/cib-manager.ts';
import type { CibRequest } from '../src/core/messages/client.ts';
import { decodePeer, encodePeer } from '../src/core/messages/peer-codec.ts';
import { nodeId, nodeName } from '../src/core/model/names.ts';
import { element, walk, type XmlElement } from '../src/core/xml/element.ts';
import { parseXml } from '../src/core/xml/parse.ts';
import { printXml } from '../src/core/xml/print.ts';

/** Elements of one primitive below. */
const PER_PRIMITIVE = 10;

const primitive = (at: number): XmlElement =>
  element('primitive', { id: `p${at}`, class: 'ocf', provider: 'heartbeat', type: 'Dummy' }, [
    element('meta_attributes', { id: `p${at}-m` }, [
      element('nvpair', { id: `p${at}-m-r`, name: 'target-role', value: 'Started' }),
      element('nvpair', { id: `p${at}-m-p`, name: 'priority', value: 0 }),
    ]),
    element('instance_attributes', { id: `p${at}-i` }, [
      element('nvpair', { id: `p${at}-i-s`, name: 'state', value: `/run/p${at}` }),
      element('nvpair', { id: `p${at}-i-f`, name: 'fake', value: 'x' }),
    ]),
    element('operations', {}, [
      element('op', { id: `p${at}-o-m`, name: 'monitor', interval: '10s', timeout: '20s' }),
      element('op', { id: `p${at}-o-s`, name: 'start', interval: '0s', timeout: '40s' }),
    ]),
  ]);

function document(elements: number): XmlElement {
  const primitives = Array.from({ length: Math.round(elements / PER_PRIMITIVE) }, (_, at) => primitive(at));
  const cib = emptyCib({ epoch: 1 });
  return {
    ...cib,
    children: cib.children.map(one => ({
      ...one,
      children: one.children.map(section =>
        section.name === 'resources' ? { ...section, children: primitives } : section,
      ),
    })),
  };
}

interface Node {
  readonly name: ReturnType<typeof nodeName>;
  state: manager.State;
  readonly inbox: { readonly from: ReturnType<typeof nodeName>; readonly text: string }[];
}

/** Three managers, and between them nothing but text. */
class Cluster {
  readonly nodes: readonly Node[] = ['a', 'b', 'c'].map(name => ({
    name: nodeName(name),
    state: manager.initial,
    inbox: [],
  }));
  readonly #random = new Random(1);
  answers = 0;
  notified = 0;
  bytes = 0;

  constructor(cib: XmlElement) {
    for (const node of this.nodes) this.step(node, { kind: 'started', cib, problems: [] });
    const members = this.nodes.map(({ name }) => ({ id: nodeId(name), name }));
    const peers = this.nodes.map(({ name }) => name);
    for (const node of this.nodes) {
      this.step(node, { kind: 'membership', members, peers, quorate: true, expectedVotes: 3 });
    }
    this.settle();
  }

  request(body: CibRequest, request: number): void {
    const identity = { user: 'root', groups: [] };
    this.step(this.nodes[1] as Node, { kind: 'client-request', client: 1, request, identity, body });
    this.settle();
  }

  step(node: Node, event: manager.Event): void {
    const env = {
      now: instant(0),
      node: { id: nodeId(node.name), name: node.name },
      random: this.#random,
      validate: () => [],
    };
    const [state, effects] = manager.step(node.state, event, env);
    node.state = state;
    for (const effect of effects) this.#perform(node, effect);
  }

  #perform(node: Node, effect: manager.Effect): void {
    if (effect.kind === 'multicast' || effect.kind === 'send') {
      const text = printXml(encodePeer(effect.message));
      this.bytes += text.length;
      for (const to of this.nodes) {
        if (effect.kind === 'multicast' || effect.to === to.name) to.inbox.push({ from: node.name, text });
      }
    } else if (effect.kind === 'store-cib') {
      this.#stores.push(() => this.step(node, { kind: 'cib-stored', effect: effect.effect }));
    } else if (effect.kind === 'publish') {
      this.notified += printXml(effect.body).length;
    } else if (effect.kind === 'reply') {
      this.answers += effect.reply.ok ? 1 : 0;
    }
  }

  readonly #stores: (() => void)[] = [];

  settle(): void {
    for (;;) {
      const node = this.nodes.find(({ inbox }) => inbox.length > 0);
      if (node === undefined) {
        const store = this.#stores.shift();
        if (store === undefined) return;
        store();
        continue;
      }
      const envelope = node.inbox.shift();
      const parsed = parseXml(envelope?.text ?? '');
      const message = parsed.ok ? decodePeer(parsed.root) : undefined;
      if (envelope !== undefined && message?.to === 'cib') {
        this.step(node, { kind: 'message', from: envelope.from, body: message.body });
      }
    }
  }
}

function measure(elements: number, rounds: number): void {
  const cib = document(elements);
  const count = [...walk(cib)].length;
  const cluster = new Cluster(cib);
  const primitives = Math.round(elements / PER_PRIMITIVE);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = `p${(round * 7919) % primitives}-m-p`;
    const body: CibRequest = {
      kind: 'cib',
      operation: 'modify',
      section: 'resources',
      input: element('nvpair', { id, value: round + 1 }),
    };
    const start = performance.now();
    cluster.request(body, round);
    times.push(performance.now() - start);
  }
  if (cluster.answers !== rounds) throw new Error(`${rounds - cluster.answers} writes were not answered`);
  times.sort((left, right) => left - right);
  const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] as number).toFixed(2);
  const perWrite = (total: number): string => (total / rounds).toFixed(0);
  console.log(
    `${String(count).padStart(7)} elements (${(printXml(cib).length / 1e6).toFixed(2)} MB): ` +
      `median ${at(0.5)} ms, 95% ${at(0.95)} ms, worst ${at(1)} ms; ` +
      `${perWrite(cluster.bytes)} bytes of messages, ${perWrite(cluster.notified)} of notifications a write`,
  );
}

const { values } = parseArgs({
  options: {
    elements: { type: 'string', default: '1000,10000,100000' },
    rounds: { type: 'string', default: '300' },
  },
});
for (const elements of values.elements.split(',')) measure(Number(elements), Number(values.rounds));
