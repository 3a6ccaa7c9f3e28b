import { parseScore } from '../model/score.ts';
import type { HealthOptions, NodePicture, Picture } from '../status/picture.ts';

export type Health = 'green' | 'yellow' | 'red';

/** The worst of a node's health attributes; green where health is not looked at. */
export function healthOf(node: NodePicture, { health }: Picture['options']): Health {
  let worst: Health = 'green';
  if (health.strategy === 'none') return worst;
  for (const [name, value] of node.attributes) {
    if (!name.startsWith('#health')) continue;
    const one = healthOfValue(value.toLowerCase(), health);
    if (one === 'red') return one;
    if (one === 'yellow') worst = one;
  }
  return worst;
}

function healthOfValue(value: string, scores: HealthOptions): Health {
  if (value === 'red' || value === 'yellow' || value === 'green') return value;
  const score = parseScore(value) ?? 0;
  return score <= scores.red ? 'red' : score <= scores.yellow ? 'yellow' : 'green';
}

/** `Node`, `RemoteNode`, `GuestNode`: the word before a node's name. */
export const nodeNoun = ({ kind }: NodePicture): string => NOUNS[kind];

const NOUNS = { cluster: 'Node', remote: 'RemoteNode', guest: 'GuestNode' } as const;

/** A node's state in words: `online`, `UNCLEAN (offline)`, `standby (with active resources)` … */
export function nodeState(node: NodePicture, picture: Picture): string {
  const health = healthOf(node, picture.options);
  const suffix = health === 'green' ? '' : ` (health is ${health.toUpperCase()})`;
  return bareState(node) + suffix;
}

function bareState(node: NodePicture): string {
  const { online, pending } = node;
  if (node.unclean) return `UNCLEAN (${online ? 'online' : pending ? 'pending' : 'offline'})`;
  if (pending) return 'pending';
  if (node.failStandby && online) return 'standby (on-fail)';
  if (node.standby) {
    if (!online) return 'OFFLINE (standby)';
    return node.running.length > 0 ? 'standby (with active resources)' : 'standby';
  }
  if (node.maintenance) return online ? 'maintenance' : 'OFFLINE (maintenance)';
  return online ? 'online' : 'OFFLINE';
}

/** Whether there is more to say of the node than whether it is online. */
export const isRemarkable = (node: NodePicture, picture: Picture): boolean =>
  node.unclean ||
  node.pending ||
  (node.failStandby && node.online) ||
  node.standby ||
  node.maintenance ||
  healthOf(node, picture.options) !== 'green';

/** A node's name; in detail with the host of a guest (`guest@host`) and with the id where that is another. */
export function displayName(node: NodePicture, { detail }: { readonly detail: boolean }): string {
  if (!detail) return node.name;
  const host = node.connection?.launcher?.activeOn[0]?.name ?? '';
  const name = node.kind === 'guest' ? `${node.name}@${host}` : node.name;
  return node.id === node.name ? name : `${name} (${node.id})`;
}
