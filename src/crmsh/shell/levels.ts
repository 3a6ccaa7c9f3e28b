/** The levels of the shell: their names, and where each is loaded from when it is first entered. */
import type { Level } from './command.ts';

export interface LevelEntry {
  readonly summary: string;
  readonly aliases: readonly string[];
  readonly load: () => Promise<Level>;
}

export const LEVELS: Readonly<Record<string, LevelEntry>> = {
  cib: {
    summary: 'shadow configurations',
    aliases: [],
    load: async () => (await import('../commands/cib.ts')).CIB_LEVEL,
  },
  cluster: {
    summary: 'the cluster as a whole',
    aliases: [],
    load: async () => (await import('../commands/cluster.ts')).CLUSTER_LEVEL,
  },
  configure: {
    summary: 'the configuration of the cluster',
    aliases: [],
    load: async () => (await import('../commands/configure.ts')).CONFIGURE_LEVEL,
  },
  node: {
    summary: 'the nodes',
    aliases: [],
    load: async () => (await import('../commands/node.ts')).NODE_LEVEL,
  },
  options: {
    summary: 'settings of this shell',
    aliases: [],
    load: async () => (await import('../commands/options.ts')).OPTIONS_LEVEL,
  },
  ra: {
    summary: 'resource agents',
    aliases: [],
    load: async () => (await import('../commands/agents.ts')).AGENTS_LEVEL,
  },
  resource: {
    summary: 'the resources',
    aliases: ['rsc'],
    load: async () => (await import('../commands/resource.ts')).RESOURCE_LEVEL,
  },
};

export const ROOT = 'root';

export async function loadLevel(name: string): Promise<Level> {
  const entry = LEVELS[name];
  return entry === undefined ? (await import('../commands/root.ts')).ROOT_LEVEL : entry.load();
}
