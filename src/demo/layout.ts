/** What the demo's state folder holds: the bus, the control socket, what nodes share, and a folder a node. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../core/model/names.ts';
import { nodeName } from '../core/model/names.ts';

export interface Layout {
  readonly folder: string;
  readonly nodes: readonly NodeName[];
}

/** The nodes of the talk's cluster first; whoever wants more gets more baskets. */
const NAMES = [
  'pannier',
  'punnet',
  'hamper',
  'creel',
  'trug',
  'bushel',
  'corbeil',
  'skep',
  'wicker',
] as const;
export const MOST_NODES = NAMES.length;

export const nodeNames = (count: number): readonly NodeName[] => NAMES.slice(0, count).map(nodeName);

export const nodeFolder = ({ folder }: Pick<Layout, 'folder'>, node: NodeName): string => join(folder, node);
export const controlSocket = ({ folder }: Pick<Layout, 'folder'>): string => join(folder, 'control.socket');
export const busSocket = ({ folder }: Pick<Layout, 'folder'>): string => join(folder, 'bus.socket');
/** What stands for storage that all nodes reach. */
export const sharedFolder = ({ folder }: Pick<Layout, 'folder'>): string => join(folder, 'shared');

/** Where the demo's service is to be reached. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A loopback address of the folder's own, so that demos in several folders do not get into each other's way. */
export function addressOf({ folder }: Pick<Layout, 'folder'>): string {
  const [second = 0, third = 0, fourth = 0] = createHash('sha256').update(folder).digest();
  return `127.${1 + (second % 254)}.${third}.${1 + (fourth % 254)}`;
}

/** Writes the configuration of the bus and of each node; what an earlier demo left in their places goes. */
export function layOut(layout: Layout): void {
  const { folder, nodes } = layout;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const votes = nodes.map(name => ({ name }));
  const bus = { nodes: votes, twoNode: nodes.length === 2 };
  writeFileSync(join(folder, 'bus.json'), `${JSON.stringify(bus, null, 2)}\n`);
  rmSync(sharedFolder(layout), { recursive: true, force: true });
  mkdirSync(sharedFolder(layout));
  for (const [at, name] of nodes.entries()) {
    const own = nodeFolder(layout, name);
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own);
    const file = { name, id: String(at + 1), bus: '../bus.socket', panic: 'end-processes' };
    writeFileSync(join(own, 'node.json'), `${JSON.stringify(file, null, 2)}\n`);
  }
}
