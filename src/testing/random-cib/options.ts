import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';
import { defaultsRule } from './rules.ts';

export function clusterOptions(draw: Draw, { fencing }: { readonly fencing: boolean }): XmlElement {
  const rare = <T>(value: () => T): T | undefined => draw.maybe(0.06, value);
  const values = {
    'stonith-enabled': fencing ? 'true' : 'false',
    'no-quorum-policy': draw.maybe(0.35, () => draw.pick(['stop', 'freeze', 'ignore', 'demote', 'suicide'])),
    'symmetric-cluster': draw.maybe(0.12, () => 'false'),
    'placement-strategy': draw.maybe(0.2, () => draw.pick(['utilization', 'minimal', 'balanced'])),
    'node-health-strategy': draw.maybe(0.12, () =>
      draw.pick(['migrate-on-red', 'only-green', 'progressive', 'custom']),
    ),
    'node-health-base': rare(() => draw.pick(['10', '-10'])),
    'node-health-yellow': rare(() => '-20'),
    'stop-all-resources': draw.maybe(0.02, () => 'true'),
    'maintenance-mode': draw.maybe(0.04, () => 'true'),
    'startup-fencing': rare(() => 'false'),
    'stonith-action': rare(() => draw.pick(['off', 'reboot'])),
    'concurrent-fencing': rare(() => draw.boolean()),
    'enable-startup-probes': rare(() => 'false'),
    'start-failure-is-fatal': draw.maybe(0.15, () => 'false'),
    'stop-orphan-resources': rare(() => 'false'),
    'stop-orphan-actions': rare(() => 'false'),
    'shutdown-lock': draw.maybe(0.1, () => 'true'),
    'shutdown-lock-limit': rare(() => draw.pick(['5min', '2h'])),
    'priority-fencing-delay': rare(() => '15s'),
    'stonith-watchdog-timeout': rare(() => '10s'),
    'have-watchdog': rare(() => 'true'),
    'batch-limit': rare(() => '5'),
    'cluster-delay': rare(() => '120s'),
    'remove-after-stop': draw.maybe(0.02, () => 'true'),
  };
  return element('crm_config', {}, draw.set('cluster_property_set', values));
}

export function defaults(draw: Draw): readonly XmlElement[] {
  const resource = [
    ...draw.set('meta_attributes', {
      'resource-stickiness': draw.maybe(0.3, () => draw.pick(['1', '10', '100', 'INFINITY', '-5'])),
      'migration-threshold': draw.maybe(0.2, () => draw.pick(['1', '2', '3'])),
      'failure-timeout': draw.maybe(0.1, () => draw.pick(['60s', '1h'])),
    }),
    ...(draw.maybe(0.08, () =>
      draw.set('meta_attributes', { priority: '7', 'allow-migrate': 'true' }, defaultsRule(draw, 'resource')),
    ) ?? []),
  ];
  const operation = [
    ...draw.set('meta_attributes', {
      timeout: draw.maybe(0.2, () => '30s'),
      'record-pending': draw.maybe(0.05, () => 'false'),
    }),
    ...(draw.maybe(0.08, () =>
      draw.set(
        'meta_attributes',
        { timeout: '40s', 'on-fail': draw.pick(['ignore', 'stop', 'standby']) },
        defaultsRule(draw, 'operation'),
      ),
    ) ?? []),
  ];
  return [element('rsc_defaults', {}, resource), element('op_defaults', {}, operation)];
}
