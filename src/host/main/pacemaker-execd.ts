import { join } from 'node:path';
import { exitNumber } from '../../core/model/exit-code.ts';
import { Agents } from '../agents/agents.ts';
import { agentFolders } from '../agents/folders.ts';
import { ExecutorDaemon } from '../executor-daemon.ts';
import { Log } from '../log.ts';
import { readConfiguration } from './configuration.ts';
import { failLoudly, folderOfNode } from './process.ts';
import { projectFolder } from './project.ts';

const configuration = readConfiguration(folderOfNode());
const { node, places, logLevel } = configuration;
const log = new Log({ folder: places.log, node: node.name, daemon: 'pacemaker-execd', level: logLevel });
failLoudly(log);

const root = projectFolder();
const daemon = new ExecutorDaemon({
  configuration,
  log,
  agents: post =>
    new Agents({
      folders: agentFolders(root, process.env),
      commands: join(root, 'bin'),
      run: places.run,
      ledger: join(places.run, 'actions'),
      environment: process.env,
      post,
    }),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    log.write('notice', `leaving: ${signal}`);
    daemon.stop();
    process.exit(exitNumber('ok'));
  });
}
void daemon.start().then(() => log.write('notice', 'ready'));
