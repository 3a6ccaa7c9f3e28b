import type { Instant } from '../base/time.ts';
import { parseInterval } from '../model/interval.ts';
import { printTimestamp } from '../model/iso8601.ts';
import { clusterOption } from '../model/options/registry.ts';
import type { Picture } from '../status/picture.ts';
import { attribute, element, type XmlElement } from '../xml/element.ts';
import { displayName } from './node-words.ts';
import { featureSetOf } from './node-xml.ts';
import { countInstances, type InstanceCounts } from './status-text.ts';

/** Parts of the summary that can be shown or left out each by itself. */
export type SummaryPart = 'stack' | 'dc' | 'times' | 'counts' | 'options';

export interface SummaryOptions {
  readonly parts: ReadonlySet<SummaryPart>;
  readonly now: Instant;
  readonly detail: boolean;
  readonly quiet: boolean;
  /** State of pacemakerd in words, where a cluster was asked. */
  readonly daemonState?: string | undefined;
}

const stackOf = (picture: Picture): string =>
  picture.options.values.get('cluster-infrastructure') ?? 'unknown';
const versionOf = (picture: Picture): string | undefined => picture.options.values.get('dc-version');

function isMixed(picture: Picture): boolean {
  const sets = new Set(picture.nodes.flatMap(node => featureSetOf(node) ?? []));
  return sets.size > 1;
}

/** The lines of `Cluster Summary`. */
export function summaryLines(picture: Picture, options: SummaryOptions): readonly string[] {
  const { parts, now, quiet } = options;
  const lines: string[] = [];
  if (parts.has('stack')) lines.push(stackLine(picture, options));
  if (parts.has('dc')) lines.push(dcLine(picture, options));
  if (parts.has('times') && !quiet) {
    lines.push(`Last updated: ${printTimestamp(now)}`, `Last change:  ${lastChangeWords(picture)}`);
  }
  if (parts.has('counts')) lines.push(...countLines(picture));
  if (parts.has('options')) lines.push(...optionLines(picture));
  return lines;
}

const stackLine = (picture: Picture, { daemonState }: SummaryOptions): string =>
  `Stack: ${stackOf(picture)}${daemonState === undefined ? '' : ` (${daemonState})`}`;

function dcLine(picture: Picture, { detail }: SummaryOptions): string {
  const { dc, quorate } = picture;
  if (dc === undefined) return 'Current DC: NONE';
  const mixed = isMixed(picture) ? 'MIXED-VERSION ' : '';
  const name = displayName(dc, { detail });
  const quorum = quorate ? 'with' : 'WITHOUT';
  const version = versionOf(picture) ?? 'unknown';
  return `Current DC: ${name} (version ${version}) - ${mixed}partition ${quorum} quorum`;
}

function lastChangeWords({ cib }: Picture): string {
  const part = (word: string, name: string) => {
    const value = attribute(cib, name);
    return value === undefined ? '' : ` ${word} ${value}`;
  };
  return [
    attribute(cib, 'cib-last-written') ?? '',
    part('by', 'update-user'),
    part('via', 'update-client'),
    part('on', 'update-origin'),
  ].join('');
}

function countLines(picture: Picture): readonly string[] {
  const { length } = picture.nodes;
  return [
    `${length} node${length === 1 ? '' : 's'} configured`,
    countWords(countInstances(picture.resources)),
  ];
}

/** How many instances there are, and of how many somebody or something keeps the cluster's hands off. */
function countWords({ total, disabled, blocked }: InstanceCounts): string {
  const words = `${total} resource instance${total === 1 ? '' : 's'} configured`;
  if (disabled === 0 && blocked === 0) return words;
  const parts = [
    ...(disabled > 0 ? [`${disabled} DISABLED`] : []),
    ...(blocked > 0 ? [`${blocked} BLOCKED from further action due to failure`] : []),
  ];
  return blocked > 0 && disabled > 0
    ? `${words} (${disabled} DISABLED, ${blocked} BLOCKED from further action due to failure)`
    : `${words} (${parts.join(', ')})`;
}

const QUORUM_WORDS = {
  freeze: 'Freeze resources',
  stop: 'Stop ALL resources',
  demote: 'Demote promotable resources and stop all other resources',
  ignore: 'Ignore',
  fence: 'Suicide',
} as const;

function optionLines({ options }: Picture): readonly string[] {
  return [
    `STONITH of failed nodes ${options.fencingEnabled ? 'enabled' : 'disabled'}`,
    `Cluster is ${options.symmetric ? '' : 'a'}symmetric`,
    `No quorum policy: ${QUORUM_WORDS[options.noQuorumPolicy]}`,
    ...(options.stopAll ? ['Resource management: STOPPED (all resources are to be stopped)'] : []),
  ];
}

/** What stands out between the summary and the nodes while the cluster keeps its hands off. */
export function maintenanceText({ options }: Picture): string | undefined {
  if (options.maintenanceMode) {
    return [
      '              *** Resource management is DISABLED ***\n',
      '  The cluster will not attempt to start, stop or recover services\n',
    ].join('');
  }
  if (!options.stopAll) return undefined;
  return [
    '    *** Resource management is DISABLED ***\n',
    '  The cluster will keep all resources stopped\n',
  ].join('');
}

/** The `summary` element. */
export function summaryElement(picture: Picture, options: SummaryOptions): XmlElement {
  const { parts, now } = options;
  const children: XmlElement[] = [];
  if (parts.has('stack')) {
    children.push(element('stack', { type: stackOf(picture) }));
  }
  if (parts.has('dc')) children.push(dcElement(picture));
  if (parts.has('times')) {
    const of = (name: string) => attribute(picture.cib, name) ?? '';
    children.push(
      element('last_update', { time: printTimestamp(now) }),
      element('last_change', {
        time: of('cib-last-written'),
        user: of('update-user'),
        client: of('update-client'),
        origin: of('update-origin'),
      }),
    );
  }
  if (parts.has('counts')) {
    const { total, disabled, blocked } = countInstances(picture.resources);
    children.push(
      element('nodes_configured', { number: picture.nodes.length }),
      element('resources_configured', { number: total, disabled, blocked }),
    );
  }
  if (parts.has('options')) children.push(optionsElement(picture));
  return element('summary', {}, children);
}

function dcElement(picture: Picture): XmlElement {
  const { dc, quorate } = picture;
  if (dc === undefined) return element('current_dc', { present: false });
  return element('current_dc', {
    present: true,
    version: versionOf(picture) ?? '',
    name: dc.name,
    id: dc.id,
    with_quorum: quorate,
    mixed_version: isMixed(picture),
  });
}

function optionsElement({ options }: Picture): XmlElement {
  const length = (name: 'fencing-timeout' | 'priority-fencing-delay') =>
    parseInterval(clusterOption(name, options.values) ?? '0') ?? 0;
  return element('cluster_options', {
    'stonith-enabled': options.fencingEnabled,
    'symmetric-cluster': options.symmetric,
    'no-quorum-policy': options.noQuorumPolicy === 'fence' ? 'suicide' : options.noQuorumPolicy,
    'maintenance-mode': options.maintenanceMode,
    'stop-all-resources': options.stopAll,
    'stonith-timeout-ms': length('fencing-timeout'),
    'priority-fencing-delay-ms': length('priority-fencing-delay'),
  });
}
