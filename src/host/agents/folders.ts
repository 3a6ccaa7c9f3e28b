import { join } from 'node:path';
import type { AgentFolders } from './resolve.ts';

/** Where agents are looked for on this host, besides those that ship with the project in `root`. */
export const agentFolders = (
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): AgentFolders => ({
  ocfRoot: environment.OCF_ROOT ?? '/usr/lib/ocf',
  own: join(root, 'agents'),
  initScripts: '/etc/init.d',
  fence: ['/usr/sbin'],
});
