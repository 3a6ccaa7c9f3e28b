/** Cluster options that the controller goes by, read from the CIB. */
import { type Duration, type Instant, instant, milliseconds } from '../../base/time.ts';
import { sectionOf } from '../../cib/document.ts';
import { unpackNvpairs } from '../../cib/nvpairs.ts';
import { parseBoolean } from '../../model/boolean.ts';
import { parseInterval } from '../../model/interval.ts';
import { type ClusterOptionName, clusterOption } from '../../model/options/registry.ts';
import type { XmlElement } from '../../xml/element.ts';

export interface Options {
  readonly dcDeadtime: Duration;
  readonly electionTimeout: Duration;
  readonly joinTimeout: Duration;
  readonly recheckInterval: Duration;
  readonly shutdownEscalation: Duration;
  readonly shutdownLock: boolean;
  /** How long a change is left to settle before the cluster acts on it. */
  readonly transitionDelay: Duration;
  readonly fencingEnabled: boolean;
  /** Nodes that nobody has seen are fenced before anything is done that they may be at. */
  readonly startupFencing: boolean;
  /** `no-quorum-policy=ignore`. */
  readonly ignoresQuorum: boolean;
  /** A failed start counts so much that the node is not tried again. */
  readonly startFailureIsFatal: boolean;
  readonly maxFencingAttempts: number;
  /** Actions at a time on one node; 0: no limit. */
  readonly nodeActionLimit: number;
}

export function readOptions(cib: XmlElement | undefined, now: Instant): Options {
  const section = cib === undefined ? undefined : sectionOf(cib, 'crm_config');
  const { values } = unpackNvpairs(section, {
    block: 'cluster_property_set',
    context: { now },
    first: 'cib-bootstrap-options',
  });
  const duration = (name: ClusterOptionName): Duration =>
    parseInterval(clusterOption(name, values) ?? '') ?? milliseconds(0);
  const count = (name: ClusterOptionName): number =>
    Math.max(0, Number.parseInt(clusterOption(name, values) ?? '0', 10) || 0);
  return {
    dcDeadtime: duration('dc-deadtime'),
    electionTimeout: duration('election-timeout'),
    joinTimeout: duration('join-integration-timeout'),
    recheckInterval: duration('cluster-recheck-interval'),
    shutdownEscalation: duration('shutdown-escalation'),
    shutdownLock: parseBoolean(clusterOption('shutdown-lock', values)) === true,
    transitionDelay: duration('transition-delay'),
    fencingEnabled: parseBoolean(clusterOption('fencing-enabled', values)) !== false,
    startupFencing: parseBoolean(clusterOption('startup-fencing', values)) !== false,
    ignoresQuorum: clusterOption('no-quorum-policy', values) === 'ignore',
    startFailureIsFatal: parseBoolean(clusterOption('start-failure-is-fatal', values)) !== false,
    maxFencingAttempts: count('fencing-max-attempts'),
    nodeActionLimit: count('node-action-limit'),
  };
}

export const DEFAULT_OPTIONS = readOptions(undefined, instant(0));
