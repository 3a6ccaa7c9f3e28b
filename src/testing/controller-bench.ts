/** A small cluster whose decisions a test makes: what controllers carry out, and what they record of it. */
import assert from 'node:assert/strict';
import { sectionOf } from '../core/cib/document.ts';
import type { GraphAction, TransitionGraph } from '../core/transition/graph.ts';
import { attribute, childrenNamed, element, walk, type XmlElement } from '../core/xml/element.ts';
import { SmallCluster } from './small-cluster.ts';

/** Three nodes, and a scheduler that hands out the graphs it was given, then empty ones. */
export class Bench extends SmallCluster {
  readonly graphs: (readonly GraphAction[])[];
  decisions = 0;

  constructor() {
    const graphs: (readonly GraphAction[])[] = [];
    super(['a', 'b', 'c'], undefined, (_cib, transition) => {
      this.decisions += 1;
      return graphOf(transition, graphs.shift() ?? []);
    });
    this.graphs = graphs;
    this.run(3000);
  }

  /** The next decision is this one; a change of configuration brings it about. */
  carryOut(...actions: readonly GraphAction[]): void {
    this.graphs.push(actions);
    const set = element('cluster_property_set', { id: 'x' }, [
      element('nvpair', { id: 'x-n', name: 'stop-all-resources', value: 'false', n: this.decisions }),
    ]);
    const input = element('crm_config', {}, [set]);
    this.ask('a', { kind: 'cib', operation: 'modify', section: 'crm_config', input, allowCreate: true });
  }

  configureR(): void {
    const r = element('primitive', { id: 'r', class: 'ocf', provider: 'heartbeat', type: 'Dummy' });
    const input = element('resources', {}, [r]);
    this.ask('a', { kind: 'cib', operation: 'modify', section: 'resources', input, allowCreate: true });
    this.run(1000);
  }

  controller(name: string) {
    const state = this.node(name).supervisor?.controller;
    assert.ok(state !== undefined, `pacemakerd runs on ${name}`);
    return state;
  }

  cib(name = 'a'): XmlElement {
    const { cib } = this.controller(name);
    assert.ok(cib !== undefined);
    return cib;
  }

  /** `in_ccm crmd join expected` of a node, as `by` sees it. */
  nodeState(name: string, by = 'a'): string {
    const state = this.#stateOf(name, by);
    return state === undefined
      ? 'none'
      : ['in_ccm', 'crmd', 'join', 'expected'].map(key => attribute(state, key) ?? '-').join(' ');
  }

  /** Entries of history on a node: id, status:exit status. */
  history(name: string, by = 'a'): string[] {
    return this.entries(name, by).map(
      entry => `${attribute(entry, 'id')} ${attribute(entry, 'op-status')}:${attribute(entry, 'rc-code')}`,
    );
  }

  entries(name: string, by = 'a'): XmlElement[] {
    return this.#inStateOf(name, by, 'lrm_rsc_op');
  }

  attributes(name: string, by = 'a'): string[] {
    return this.#inStateOf(name, by, 'nvpair').map(
      one => `${attribute(one, 'name')}=${attribute(one, 'value')}`,
    );
  }

  #stateOf(name: string, by: string): XmlElement | undefined {
    const status = sectionOf(this.cib(by), 'status') ?? element('status');
    return childrenNamed(status, 'node_state').find(one => attribute(one, 'uname') === name);
  }

  #inStateOf(name: string, by: string, kind: string): XmlElement[] {
    const state = this.#stateOf(name, by);
    return state === undefined ? [] : [...walk(state)].filter(one => one.name === kind);
  }

  dcs(): string[] {
    return this.nodes.flatMap(({ name, supervisor }) =>
      supervisor?.controller.directing === undefined ? [] : [name],
    );
  }
}

function graphOf(id: number, actions: readonly GraphAction[]): TransitionGraph {
  const synapses = actions.map((action, at) => ({
    id: at,
    priority: 0,
    actions: [action],
    inputs: at === 0 ? [] : [{ kind: 'rsc_op' as const, id: at, attributes: {} }],
  }));
  return {
    id,
    settings: { 'cluster-delay': '60s', 'failed-start-offset': 'INFINITY', 'failed-stop-offset': 'INFINITY' },
    synapses,
  };
}

const IDS: Readonly<Record<string, string>> = { a: '1', b: '2', c: '3' };

/** An action on the resource `r`, numbered by its place in the graph from 1. */
export function action(
  id: number,
  node: string,
  operation: string,
  more: Readonly<Record<string, string>> = {},
) {
  const { interval = '0', ...others } = more;
  return {
    kind: 'rsc_op' as const,
    id,
    operation,
    operationKey: `r_${operation}_${interval}`,
    node: { name: node, uuid: IDS[node] ?? '' },
    resource: { id: 'r', class: 'ocf', provider: 'heartbeat', type: 'Dummy' },
    attributes: Object.entries({
      CRM_meta_timeout: '20000',
      CRM_meta_interval: interval,
      state: '/tmp/r',
      ...others,
    }),
  };
}

export const event = (id: number, node: string, operation: string): GraphAction => ({
  kind: 'crm_event',
  id,
  operation,
  operationKey: `${operation}-${node}`,
  node: { name: node, uuid: IDS[node] ?? '' },
  attributes: [],
});

/** What an agent's monitor finds after a start, and before. */
export const dummy = (running: Set<string>) => (node: string, _resource: string, what: string) => {
  if (what === 'start') running.add(node);
  if (what === 'stop') running.delete(node);
  return what === 'monitor' && !running.has(node) ? 7 : 0;
};

export const start = (node: string) => [
  action(1, node, 'start'),
  action(2, node, 'monitor', { interval: '10000' }),
];

/** A cluster in which `r` runs on `b` and is watched; where a node leaves `running`, the service there has ended. */
export function runningR(): { readonly bench: Bench; readonly running: Set<string> } {
  const bench = new Bench();
  const running = new Set<string>();
  bench.agent = dummy(running);
  bench.carryOut(...start('b'));
  bench.run(5000);
  return { bench, running };
}
