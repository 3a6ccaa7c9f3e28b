/** The CIB with which a simulated cluster begins. */
import { element, type XmlElement } from '../core/xml/element.ts';
import type { ConstraintSpec, PrimitiveSpec, ResourceSpec, Settings } from './settings.ts';
import type { Allowance } from './world/truth.ts';

export const nodeNameOf = (number: number): string => `n${number}`;

export function configurationOf(settings: Settings): XmlElement {
  const nodes = [...Array(settings.nodes).keys()].map(at => at + 1);
  return element('cib', { 'validate-with': 'pacemaker-3.9', admin_epoch: 0, epoch: 1, num_updates: 0 }, [
    element('configuration', {}, [
      element('crm_config', {}, [options(settings)]),
      element(
        'nodes',
        {},
        nodes.map(number => nodeElement(settings, number)),
      ),
      element('resources', {}, [...settings.resources.map(resourceElement), ...devices(settings, nodes)]),
      element('constraints', {}, settings.constraints.map(constraintElement)),
      ...topology(settings, nodes),
    ]),
    element('status'),
  ]);
}

const nvpair = (set: string, name: string, value: string | number | boolean): XmlElement =>
  element('nvpair', { id: `${set}-${name}`, name, value });

function options({ noQuorumPolicy, fencingAction }: Settings): XmlElement {
  const set = 'cib-bootstrap-options';
  return element('cluster_property_set', { id: set }, [
    nvpair(set, 'no-quorum-policy', noQuorumPolicy === 'fence' ? 'suicide' : noQuorumPolicy),
    nvpair(set, 'stonith-enabled', true),
    nvpair(set, 'stonith-action', fencingAction),
  ]);
}

/** Promotion scores stand in for what an agent would set: the same nodes are preferred all the time. */
function nodeElement({ resources, nodes }: Settings, number: number): XmlElement {
  const set = `nodes-${number}`;
  const scores = resources
    .filter(({ kind }) => kind === 'promotable')
    .map(resource => (resource.kind === 'promotable' ? resource.child.id : resource.id))
    .map(child => nvpair(set, `master-${child}`, 10 * (nodes - number + 1)));
  return element('node', { id: number, uname: nodeNameOf(number) }, [
    ...(scores.length > 0 ? [element('instance_attributes', { id: set }, scores)] : []),
  ]);
}

function resourceElement(spec: ResourceSpec): XmlElement {
  switch (spec.kind) {
    case 'primitive':
      return primitive(spec, []);
    case 'group':
      return element(
        'group',
        { id: spec.id },
        spec.members.map(member => primitive(member, [])),
      );
    case 'clone': {
      const meta = cloneMeta(spec.id, spec.max, spec.notify, [['interleave', spec.interleave]]);
      return element('clone', { id: spec.id }, [meta, primitive(spec.child, [])]);
    }
    case 'promotable': {
      const meta = cloneMeta(spec.id, spec.max, spec.notify, [['promotable', true]]);
      return element('clone', { id: spec.id }, [meta, primitive(spec.child, ['Promoted', 'Unpromoted'])]);
    }
  }
}

function cloneMeta(
  id: string,
  max: number | undefined,
  notify: boolean,
  more: readonly (readonly [string, boolean])[],
): XmlElement {
  const set = `${id}-meta`;
  return element('meta_attributes', { id: set }, [
    ...more.map(([name, value]) => nvpair(set, name, value)),
    ...(max === undefined ? [] : [nvpair(set, 'clone-max', max)]),
    ...(notify ? [nvpair(set, 'notify', true)] : []),
  ]);
}

/** Also used for resources that are added while the cluster runs. */
export function primitive(spec: PrimitiveSpec, roles: readonly string[]): XmlElement {
  const { id } = spec;
  const meta = `${id}-meta`;
  const monitors = roles.length === 0 ? [undefined] : roles;
  // A demotion takes the promoted monitor's on-fail, and who has failed demotions ignored gets two promoted copies.
  const demote = element('op', { id: `${id}-demote`, name: 'demote', interval: '0', 'on-fail': 'restart' });
  return element('primitive', { id, class: 'ocf', provider: 'sim', type: 'Service' }, [
    element('instance_attributes', { id: `${id}-params` }, [nvpair(`${id}-params`, 'setting', 'a')]),
    element('meta_attributes', { id: meta }, [
      nvpair(meta, 'resource-stickiness', spec.stickiness),
      ...(spec.migratable ? [nvpair(meta, 'allow-migrate', true)] : []),
      ...(spec.migrationThreshold > 0 ? [nvpair(meta, 'migration-threshold', spec.migrationThreshold)] : []),
    ]),
    element('operations', {}, [
      ...monitors.map((role, at) =>
        element('op', {
          id: `${id}-monitor-${at}`,
          name: 'monitor',
          interval: `${spec.monitor + at * 1000}ms`,
          timeout: '20s',
          role,
          'on-fail': spec.onFail,
        }),
      ),
      ...(roles.includes('Promoted') && spec.onFail === 'ignore' ? [demote] : []),
    ]),
  ]);
}

function device(id: string, targets: readonly string[]): XmlElement {
  const set = `${id}-params`;
  return element('primitive', { id, class: 'stonith', type: 'fence_sim' }, [
    element('instance_attributes', { id: set }, [
      nvpair(set, 'pcmk_host_list', targets.join(' ')),
      nvpair(set, 'pcmk_host_check', 'static-list'),
    ]),
    element('meta_attributes', { id: `${id}-meta` }, [nvpair(`${id}-meta`, 'resource-stickiness', 1)]),
  ]);
}

function devices({ fenceDevices }: Settings, nodes: readonly number[]): readonly XmlElement[] {
  const all = nodes.map(nodeNameOf);
  switch (fenceDevices) {
    case 'one':
      return [device('fencing', all)];
    case 'two-levels':
      return [device('fencing-a', all), device('fencing-b', all)];
    case 'per-node':
      return all.map(name => device(`fencing-${name}`, [name]));
  }
}

function topology({ fenceDevices }: Settings, nodes: readonly number[]): readonly XmlElement[] {
  if (fenceDevices !== 'two-levels') return [];
  const levels = nodes.flatMap(number =>
    ['fencing-a', 'fencing-b'].map((devices, at) =>
      element('fencing-level', {
        id: `level-${number}-${at + 1}`,
        target: nodeNameOf(number),
        index: at + 1,
        devices,
      }),
    ),
  );
  return [element('fencing-topology', {}, levels)];
}

function constraintElement({ kind, first, second, score }: ConstraintSpec, at: number): XmlElement {
  const id = `${kind}-${at}`;
  switch (kind) {
    case 'location':
      return element('rsc_location', { id, rsc: first, node: nodeNameOf(Number(second)), score });
    case 'colocation':
      return element('rsc_colocation', { id, rsc: second, 'with-rsc': first, score });
    case 'order':
      return element(
        'rsc_order',
        Object.fromEntries([
          ['id', id],
          ['first', first],
          ['then', second],
          ['kind', score === 'INFINITY' ? 'Mandatory' : 'Optional'],
        ]),
      );
  }
}

/** How many copies of each service the configuration allows. */
export function allowancesOf({ resources, nodes }: Settings): ReadonlyMap<string, Allowance> {
  const allowances = new Map<string, Allowance>();
  const one: Allowance = { copies: 1, promoted: 0 };
  for (const resource of resources) {
    switch (resource.kind) {
      case 'primitive':
        allowances.set(resource.id, one);
        break;
      case 'group':
        for (const { id } of resource.members) allowances.set(id, one);
        break;
      case 'clone':
        allowances.set(resource.child.id, { copies: resource.max ?? nodes, promoted: 0 });
        break;
      case 'promotable':
        allowances.set(resource.child.id, { copies: resource.max ?? nodes, promoted: 1 });
        break;
    }
  }
  return allowances;
}
