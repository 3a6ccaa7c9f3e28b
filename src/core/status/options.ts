import { type Duration, milliseconds } from '../base/time.ts';
import { parseBoolean } from '../model/boolean.ts';
import { parseScore, type Score, ZERO } from '../model/score.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import type { ClusterOptions, HealthOptions, PlacementStrategy, QuorumPolicy } from './picture.ts';
import { isTrue, parseInterval } from './words.ts';

/** Older names that are still read. */
const ALIASES: Readonly<Record<string, string>> = {
  'fencing-enabled': 'stonith-enabled',
  'fencing-action': 'stonith-action',
  'fencing-timeout': 'stonith-timeout',
  'fencing-watchdog-timeout': 'stonith-watchdog-timeout',
  'fencing-max-attempts': 'stonith-max-attempts',
  'stop-removed-resources': 'stop-orphan-resources',
  'cancel-removed-actions': 'stop-orphan-actions',
};

/** Cluster options with defaults filled in. `quorate` decides what `fence` comes to without quorum. */
export function readOptions(
  context: RuleReader,
  cib: XmlElement,
  config: XmlElement | undefined,
  quorate: boolean,
): ClusterOptions {
  const values = new Map<string, string>();
  readAttributeSets(context, config, 'cluster_property_set', values, {}, 'cib-bootstrap-options');
  const text = (name: string): string | undefined => values.get(name) ?? values.get(ALIASES[name] ?? name);
  const flag = (name: string, otherwise: boolean): boolean => parseBoolean(text(name)) ?? otherwise;
  const span = (name: string, otherwise: number): Duration =>
    milliseconds(text(name) === undefined ? otherwise : parseInterval(text(name)));
  const fencingEnabled = flag('fencing-enabled', true);
  return {
    values,
    noQuorumPolicy: quorumPolicy(text('no-quorum-policy'), {
      fencingEnabled,
      mayPanic: quorate || isTrue(attribute(cib, 'no-quorum-panic')),
    }),
    fencingEnabled,
    fencingAction: fencing(text('fencing-action')),
    fencingTimeout: span('fencing-timeout', 60_000),
    priorityFencingDelay: span('priority-fencing-delay', 0),
    concurrentFencing: flag('concurrent-fencing', true),
    startupFencing: fencingEnabled && flag('startup-fencing', true),
    haveWatchdog: flag('have-watchdog', false),
    haveFencing: flag('have-watchdog', false),
    symmetric: flag('symmetric-cluster', true),
    maintenanceMode: flag('maintenance-mode', false),
    stopAll: flag('stop-all-resources', false),
    stopRemovedResources: flag('stop-removed-resources', true),
    cancelRemovedActions: flag('cancel-removed-actions', true),
    startFailureIsFatal: flag('start-failure-is-fatal', true),
    probes: flag('enable-startup-probes', true),
    placementStrategy: placement(text('placement-strategy')),
    shutdownLock: flag('shutdown-lock', false),
    shutdownLockLimit: span('shutdown-lock-limit', 0),
    nodePendingTimeout: span('node-pending-timeout', 0),
    fenceRemoteWithoutQuorum: flag('fence-remote-without-quorum', false),
    unfencing: wantsUnfencing(cib),
    clusterDelay: text('cluster-delay') ?? '60s',
    health: readHealth(text),
  };
}

/** `poweroff` is an old word for `off`; what is no fencing action is as if it were not there. */
const fencing = (text: string | undefined): string =>
  text === 'off' || text === 'poweroff' ? 'off' : 'reboot';

function quorumPolicy(
  text: string | undefined,
  { fencingEnabled, mayPanic }: { readonly fencingEnabled: boolean; readonly mayPanic: boolean },
): QuorumPolicy {
  switch (text?.toLowerCase()) {
    case 'ignore':
      return 'ignore';
    case 'freeze':
      return 'freeze';
    case 'demote':
      return 'demote';
    case 'fence':
    case 'suicide':
      return fencingEnabled && mayPanic ? 'fence' : 'stop';
    default:
      return 'stop';
  }
}

function placement(text: string | undefined): PlacementStrategy {
  const lower = text?.toLowerCase();
  return lower === 'utilization' || lower === 'minimal' || lower === 'balanced' ? lower : 'default';
}

function readHealth(text: (name: string) => string | undefined): HealthOptions {
  const score = (name: string, otherwise: string): Score => parseHealth(text(name) ?? otherwise);
  const never = parseHealth('-INFINITY');
  const base = score('node-health-base', '0');
  switch (text('node-health-strategy')?.toLowerCase()) {
    case 'migrate-on-red':
      return { strategy: 'migrate-on-red', base: ZERO, green: ZERO, yellow: ZERO, red: never };
    case 'only-green':
      return { strategy: 'only-green', base: ZERO, green: ZERO, yellow: never, red: never };
    case 'progressive':
    case 'custom':
      return {
        strategy: text('node-health-strategy')?.toLowerCase() === 'custom' ? 'custom' : 'progressive',
        base,
        green: score('node-health-green', '0'),
        yellow: score('node-health-yellow', '0'),
        red: score('node-health-red', '-INFINITY'),
      };
    default:
      return { strategy: 'none', base: ZERO, green: ZERO, yellow: ZERO, red: ZERO };
  }
}

const parseHealth = (text: string): Score => parseScore(text) ?? ZERO;

/** Some resource or default says that a node must be unfenced before it may run things. */
function wantsUnfencing(cib: XmlElement): boolean {
  for (const configuration of cib.children) {
    if (configuration.name !== 'configuration') continue;
    for (const section of configuration.children) {
      if (section.name !== 'resources' && section.name !== 'rsc_defaults') continue;
      if (section.children.some(mentionsUnfencing)) return true;
    }
  }
  return false;
}

const mentions = new WeakMap<XmlElement, boolean>();

/** Looked up once for each resource: it is the same in each document until it changes. */
function mentionsUnfencing(resource: XmlElement): boolean {
  const known = mentions.get(resource);
  if (known !== undefined) return known;
  const made = isWishForUnfencing(resource);
  mentions.set(resource, made);
  return made;
}

function isWishForUnfencing(one: XmlElement): boolean {
  if (one.name === 'nvpair' && attribute(one, 'value') === 'unfencing') {
    const name = attribute(one, 'name');
    if (name === 'provides' || name === 'requires') return true;
  }
  return one.children.some(isWishForUnfencing);
}
