/** The state of the cluster in one line, for monitoring: `CLUSTER OK: …` or `CLUSTER WARN: …`. */
import type { Picture } from '../status/picture.ts';
import { countInstances } from './status-text.ts';

export interface SimpleStatus {
  readonly isFine: boolean;
  readonly line: string;
}

export function simpleStatus(picture: Picture): SimpleStatus {
  const { nodes, dc } = picture;
  const offline = nodes.filter(({ online }) => !online).map(({ name }) => `offline node: ${name}`);
  const warnings = [
    ...(dc === undefined ? ['No DC'] : []),
    ...(offline.length > 0 ? [offline.join(' ')] : []),
  ];
  if (warnings.length > 0) return { isFine: false, line: `CLUSTER WARN: ${warnings.join(', ')}` };
  const standby = nodes.filter(one => one.standby).length;
  const maintenance = nodes.filter(one => !one.standby && one.maintenance).length;
  const online = nodes.length - standby - maintenance;
  const parts = [
    `${counted(online, 'node')} online`,
    ...(standby > 0 ? [counted(standby, 'standby node')] : []),
    ...(maintenance > 0 ? [counted(maintenance, 'maintenance node')] : []),
    `${counted(countInstances(picture.resources).total, 'resource instance')} configured`,
  ];
  return { isFine: true, line: `CLUSTER OK: ${parts.join(', ')}` };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
