/**
 * A cluster of many remote nodes, all of whose resources run where they should: beyond what the generator in the
 * conformance folder makes. Without probes at start, for the history tells of each resource on one node only.
 */
import { milliseconds } from '../src/core/base/time.ts';
import { operationDigests } from '../src/core/cib/digest.ts';
import { type AttributeInit, element, type XmlElement } from '../src/core/xml/element.ts';
import { printXml } from '../src/core/xml/print.ts';

export interface RemoteCluster {
  readonly hosts: number;
  readonly remotes: number;
  readonly resources: number;
}

const ENGINE = 'f3a1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d';

interface Planned {
  readonly id: string;
  readonly type: 'Dummy' | 'remote';
  readonly parameters: Readonly<Record<string, string>>;
}

function primitive({ id, type, parameters }: Planned): XmlElement {
  const pairs = Object.entries(parameters).map(([name, value]) =>
    element('nvpair', { id: `${id}-${name}`, name, value }),
  );
  return element('primitive', { id, class: 'ocf', provider: 'pacemaker', type }, [
    element('instance_attributes', { id: `${id}-params` }, pairs),
    element('operations', {}, [
      element('op', { id: `${id}-monitor`, name: 'monitor', interval: '10s', timeout: '20s' }),
    ]),
  ]);
}

function history({ id, type, parameters }: Planned, node: string, call: number): XmlElement {
  const entry = (task: string, interval: number, at: number): XmlElement => {
    const key = `${id}_${task}_${interval}`;
    const digests = operationDigests({ parameters, interval: milliseconds(interval), timeout: '20000' });
    const common: AttributeInit = {
      operation_key: key,
      operation: task,
      crm_feature_set: '3.16.1',
      'transition-key': `${at}:1:0:${ENGINE}`,
      'transition-magic': `0:0;${at}:1:0:${ENGINE}`,
    };
    return element('lrm_rsc_op', {
      id: interval === 0 ? `${id}_last_0` : key,
      ...common,
      on_node: node,
      'call-id': at,
      'rc-code': 0,
      'op-status': 0,
      interval,
      'last-rc-change': 1_700_000_000 + at,
      'op-digest': digests.all,
    });
  };
  return element('lrm_resource', { id, class: 'ocf', provider: 'pacemaker', type }, [
    entry('start', 0, call),
    entry('monitor', 10_000, call + 1),
  ]);
}

function state(node: AttributeInit, id: string, histories: readonly XmlElement[]): XmlElement {
  return element('node_state', node, [element('lrm', { id }, [element('lrm_resources', {}, histories)])]);
}

/** The document, as text. */
export function remoteCib({ hosts, remotes, resources }: RemoteCluster): string {
  const option = (name: string, value: string): XmlElement =>
    element('nvpair', { id: `opt-${name}`, name, value });
  const connections = Array.from({ length: remotes }, (_, at): Planned => {
    const id = `remote${at + 1}`;
    return {
      id,
      type: 'remote',
      parameters: { reconnect_interval: '60s', server: `10.0.${at >> 8}.${at & 255}` },
    };
  });
  const services = Array.from({ length: resources }, (_, at): Planned => {
    return { id: `rsc${at}`, type: 'Dummy', parameters: { state: `/run/rsc${at}.state` } };
  });
  const every = <T>(all: readonly T[], places: number, place: number): readonly T[] =>
    all.filter((_, at) => at % places === place);
  const states = Array.from({ length: hosts }, (_, at) => {
    const uname = `node${at + 1}`;
    const up = { id: at + 1, uname, in_ccm: true, crmd: 'online', join: 'member', expected: 'member' };
    const here = every(connections, hosts, at);
    return state(
      up,
      String(at + 1),
      here.map((one, call) => history(one, uname, call * 2 + 1)),
    );
  });
  const remoteStates = connections.map(({ id }, at) => {
    const here = every(services, remotes, at);
    const up = { remote_node: true, id, uname: id, in_ccm: true, node_fenced: 0 };
    return state(
      up,
      id,
      here.map((one, call) => history(one, id, call * 2 + 1)),
    );
  });
  const properties = [option('stonith-enabled', 'false'), option('enable-startup-probes', 'false')];
  const nodes = Array.from({ length: hosts }, (_, at) =>
    element('node', { id: at + 1, uname: `node${at + 1}` }),
  );
  const cib = element(
    'cib',
    {
      crm_feature_set: '3.16.1',
      'validate-with': 'pacemaker-3.9',
      epoch: 1,
      num_updates: 0,
      admin_epoch: 0,
      'have-quorum': 1,
      'dc-uuid': 1,
    },
    [
      element('configuration', {}, [
        element('crm_config', {}, [element('cluster_property_set', { id: 'options' }, properties)]),
        element('nodes', {}, nodes),
        element('resources', {}, [...connections, ...services].map(primitive)),
        element('constraints'),
        element('rsc_defaults', {}, [
          element('meta_attributes', { id: 'defaults' }, [
            element('nvpair', { id: 'defaults-stickiness', name: 'resource-stickiness', value: 1 }),
          ]),
        ]),
      ]),
      element('status', {}, [...states, ...remoteStates]),
    ],
  );
  return printXml(cib, { pretty: true });
}
