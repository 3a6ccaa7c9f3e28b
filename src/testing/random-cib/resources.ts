import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';
import { rule } from './rules.ts';

/** What constraints and histories must know of a drawn resource. */
export interface Drawn {
  readonly id: string;
  readonly promotable: boolean;
  /** Members that constraints may name, too. */
  readonly parts: readonly string[];
  /** What has a history. */
  readonly primitives: readonly string[];
}

export interface Configured {
  readonly elements: readonly XmlElement[];
  readonly drawn: readonly Drawn[];
  /** Nodes that are connections: remote nodes, and guests. */
  readonly remotes: readonly string[];
}

const ROLES = ['Started', 'Stopped'] as const;

function metaOf(draw: Draw): Readonly<Record<string, string | undefined>> {
  return {
    'target-role': draw.maybe(0.08, () => draw.pick(ROLES)),
    'is-managed': draw.maybe(0.05, () => 'false'),
    maintenance: draw.maybe(0.02, () => 'true'),
    priority: draw.maybe(0.15, () => draw.pick(['1', '5', '10', '-5'])),
    'resource-stickiness': draw.maybe(0.15, () => draw.pick(['0', '2', '200', 'INFINITY'])),
    'migration-threshold': draw.maybe(0.12, () => draw.pick(['1', '2', '5'])),
    'failure-timeout': draw.maybe(0.12, () => draw.pick(['30s', '10min', '1d'])),
    'multiple-active': draw.maybe(0.1, () =>
      draw.pick(['stop_start', 'stop_only', 'block', 'stop_unexpected']),
    ),
    'allow-migrate': draw.maybe(0.15, () => 'true'),
    critical: draw.maybe(0.07, () => 'false'),
    'restart-type': draw.maybe(0.04, () => 'restart'),
    requires: draw.maybe(0.06, () => draw.pick(['nothing', 'quorum', 'fencing', 'unfencing'])),
    'allow-unhealthy-nodes': draw.maybe(0.04, () => 'true'),
  };
}

function operations(draw: Draw, promotable: boolean): readonly XmlElement[] {
  const onFail = (): string | undefined =>
    draw.maybe(0.2, () =>
      draw.pick([
        'ignore',
        'block',
        'stop',
        'restart',
        'standby',
        'fence',
        ...(promotable ? ['demote'] : []),
      ]),
    );
  const op = (name: string, more: Record<string, string | undefined>): XmlElement =>
    element('op', { id: draw.id('op'), name, ...more });
  const list = [
    ...(draw.maybe(0.7, () => [op('monitor', { interval: '10s', 'on-fail': onFail() })]) ?? []),
    ...(draw.maybe(0.08, () => [op('monitor', { interval: '45s', role: 'Stopped' })]) ?? []),
    ...(promotable ? [op('monitor', { interval: '11s', role: 'Promoted', 'on-fail': onFail() })] : []),
    ...(draw.maybe(0.15, () => [op('start', { interval: '0s', timeout: '60s', 'on-fail': onFail() })]) ?? []),
    ...(draw.maybe(0.15, () => [
      op('stop', {
        interval: '0s',
        'on-fail': draw.maybe(0.6, () => draw.pick(['ignore', 'block', 'fence'])),
      }),
    ]) ?? []),
    ...(draw.maybe(0.05, () => [op('monitor', { interval: '20s', enabled: 'false' })]) ?? []),
    ...(draw.maybe(0.04, () => [
      op('monitor', { interval: '1h', 'interval-origin': '2026-01-01 00:30:00Z' }),
    ]) ?? []),
  ];
  return list.length === 0 ? [] : [element('operations', {}, list)];
}

const body = (draw: Draw, promotable: boolean): readonly XmlElement[] => [
  ...draw.set('meta_attributes', metaOf(draw)),
  ...draw.set('instance_attributes', { state: draw.maybe(0.3, () => `/run/${draw.pick(['a', 'b'])}`) }),
  ...(draw.maybe(0.06, () =>
    draw.set('instance_attributes', { fake: draw.pick(SITE_VALUES) }, rule(draw, { score: '10' })),
  ) ?? []),
  ...operations(draw, promotable),
  ...draw.set('utilization', { cpu: draw.maybe(0.15, () => draw.pick(['1', '2', '3'])) }),
];
const SITE_VALUES = ['one', 'two'] as const;

const agent = (promotable: boolean) => ({
  class: 'ocf',
  provider: 'pacemaker',
  type: promotable ? 'Stateful' : 'Dummy',
});

function primitive(draw: Draw, options: { readonly promotable?: boolean; readonly template?: string }) {
  const { promotable = false, template } = options;
  const id = draw.id('rsc');
  const what = template === undefined ? agent(promotable) : { template };
  return { id, element: element('primitive', { id, ...what }, body(draw, promotable)) };
}

function group(draw: Draw) {
  const id = draw.id('grp');
  const members = draw.several(1, 3, () => primitive(draw, {}));
  const meta = draw.set('meta_attributes', {
    ...(draw.chance(0.4) ? metaOf(draw) : {}),
    ordered: draw.maybe(0.08, () => 'false'),
    collocated: draw.maybe(0.08, () => 'false'),
  });
  return {
    id,
    parts: members.map(one => one.id),
    element: element('group', { id }, [...meta, ...members.map(one => one.element)]),
  };
}

function clone(draw: Draw, promotable: boolean): { readonly element: XmlElement; readonly drawn: Drawn } {
  const id = draw.id('cln');
  const inner = draw.chance(0.3) ? group(draw) : { ...primitive(draw, { promotable }), parts: [] };
  const meta = draw.set('meta_attributes', {
    'clone-max': draw.maybe(0.3, () => draw.pick(['1', '2', '3', '0'])),
    'clone-node-max': draw.maybe(0.12, () => '2'),
    'clone-min': draw.maybe(0.1, () => draw.pick(['1', '2'])),
    interleave: draw.maybe(0.4, () => draw.boolean()),
    ordered: draw.maybe(0.15, () => 'true'),
    notify: draw.maybe(0.15, () => 'true'),
    'globally-unique': draw.maybe(0.15, () => 'true'),
    promotable: promotable ? 'true' : undefined,
    'promoted-max': promotable ? draw.maybe(0.2, () => draw.pick(['0', '1', '2'])) : undefined,
    'promoted-node-max': promotable ? draw.maybe(0.05, () => '2') : undefined,
    'target-role': draw.maybe(0.06, () =>
      draw.pick(promotable ? ['Stopped', 'Unpromoted', 'Promoted'] : ROLES),
    ),
    ...(draw.chance(0.15) ? metaOf(draw) : {}),
  });
  return {
    element: element('clone', { id }, [...meta, inner.element]),
    drawn: {
      id,
      promotable,
      parts: [inner.id, ...inner.parts],
      primitives: inner.parts.length > 0 ? inner.parts : [inner.id],
    },
  };
}

const within = (primitives: readonly string[]) => ({ parts: primitives, primitives });

function bundle(draw: Draw): { readonly element: XmlElement; readonly drawn: Drawn } {
  const id = draw.id('bnd');
  const promotable = draw.chance(0.4);
  const container = element(draw.pick(['docker', 'podman']), {
    image: 'registry/service:1',
    replicas: draw.pick(['1', '2', '3']),
    'replicas-per-host': draw.maybe(0.15, () => '2'),
    'promoted-max': promotable ? '1' : undefined,
    options: draw.maybe(0.2, () => '--privileged'),
    network: draw.maybe(0.2, () => 'host'),
  });
  const inside = draw.chance(0.75) ? primitive(draw, { promotable }) : undefined;
  const network = element(
    'network',
    {
      'ip-range-start': draw.maybe(0.6, () => '192.168.122.131'),
      'control-port': inside === undefined ? undefined : draw.maybe(0.9, () => '3121'),
      'host-interface': draw.maybe(0.3, () => 'eth0'),
    },
    draw.several(0, 1, () => element('port-mapping', { id: draw.id('port'), port: '80' })),
  );
  const storage = element('storage', {}, [
    element('storage-mapping', {
      id: draw.id('map'),
      ...draw.pick([{ 'source-dir': '/srv' }, { 'source-dir-root': '/srv/logs' }]),
      'target-dir': '/data',
    }),
  ]);
  const meta = draw.set('meta_attributes', {
    'target-role': draw.maybe(0.08, () => draw.pick(ROLES)),
    'is-managed': draw.maybe(0.05, () => 'false'),
  });
  return {
    element: element('bundle', { id }, [
      ...meta,
      container,
      network,
      ...(draw.chance(0.4) ? [storage] : []),
      ...(inside === undefined ? [] : [inside.element]),
    ]),
    drawn: { id, promotable, ...within(inside === undefined ? [] : [inside.id]) },
  };
}

function remote(draw: Draw): XmlElement {
  const id = draw.id('remote');
  return element('primitive', { id, class: 'ocf', provider: 'pacemaker', type: 'remote' }, [
    ...draw.set('meta_attributes', { 'resource-stickiness': draw.maybe(0.1, () => '10') }),
    ...draw.set('instance_attributes', {
      server: draw.maybe(0.5, () => 'host.example'),
      reconnect_interval: draw.maybe(0.25, () => '60s'),
    }),
    element('operations', {}, [element('op', { id: draw.id('op'), name: 'monitor', interval: '15s' })]),
  ]);
}

function guest(draw: Draw): { readonly element: XmlElement; readonly id: string; readonly node: string } {
  const id = draw.id('vm');
  const node = draw.id('guest');
  return {
    id,
    node,
    element: element('primitive', { id, class: 'ocf', provider: 'heartbeat', type: 'VirtualDomain' }, [
      ...draw.set('meta_attributes', { ...metaOf(draw), 'remote-node': node }),
      ...operations(draw, false),
    ]),
  };
}

function devices(draw: Draw): readonly XmlElement[] {
  const names = draw.several(1, 2, () => draw.id('fence'));
  return names.map(id =>
    element('primitive', { id, class: 'stonith', type: 'fence_dummy' }, [
      ...draw.set('meta_attributes', {
        provides: draw.maybe(0.2, () => 'unfencing'),
        'target-role': draw.maybe(0.05, () => 'Stopped'),
      }),
      ...draw.set('instance_attributes', { pcmk_host_list: draw.maybe(0.5, () => 'node1 node2 node3') }),
      ...(draw.maybe(0.3, () => [
        element('operations', {}, [element('op', { id: draw.id('op'), name: 'monitor', interval: '60s' })]),
      ]) ?? []),
    ]),
  );
}

/** The whole `resources` section. */
export function resources(draw: Draw, { fencing }: { readonly fencing: boolean }): Configured {
  const elements: XmlElement[] = [];
  const drawn: Drawn[] = [];
  const remotes: string[] = [];
  if (fencing) elements.push(...devices(draw));
  const template = draw.maybe(0.12, () => draw.id('template'));
  if (template !== undefined) {
    elements.push(element('template', { id: template, ...agent(false) }, body(draw, false)));
  }
  const plain = (id: string, parts: readonly string[] = []): Drawn => ({
    id,
    promotable: false,
    parts,
    primitives: parts.length > 0 ? parts : [id],
  });
  for (let left = draw.within(1, 5); left > 0; left -= 1) {
    const kind = draw.below(100);
    if (kind < 42) {
      const use = template !== undefined && draw.chance(0.5) ? { template } : {};
      const made = primitive(draw, use);
      elements.push(made.element);
      drawn.push(plain(made.id));
    } else if (kind < 57) {
      const made = group(draw);
      elements.push(made.element);
      drawn.push(plain(made.id, made.parts));
    } else if (kind < 86) {
      const made = clone(draw, kind >= 71);
      elements.push(made.element);
      drawn.push(made.drawn);
    } else if (kind < 93) {
      const made = bundle(draw);
      elements.push(made.element);
      drawn.push(made.drawn);
    } else if (kind < 97) {
      const made = remote(draw);
      elements.push(made);
      remotes.push(made.attributes[1] as string);
    } else {
      const made = guest(draw);
      elements.push(made.element);
      drawn.push(plain(made.id));
      remotes.push(made.node);
    }
  }
  return { elements, drawn, remotes };
}
