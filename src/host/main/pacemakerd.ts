import { exitNumber } from '../../core/model/exit-code.ts';
import { CibFolder } from '../disk/cib-folder.ts';
import { Log } from '../log.ts';
import { Pacemakerd } from '../pacemakerd.ts';
import { loadSchemaValidator } from '../schema/schema-validator.ts';
import { readConfiguration } from './configuration.ts';
import { failLoudly, folderOfNode } from './process.ts';

const configuration = readConfiguration(folderOfNode());
const { node, places, logLevel } = configuration;
const log = new Log({ folder: places.log, node: node.name, daemon: 'pacemakerd', level: logLevel });
failLoudly(log);

async function main(): Promise<void> {
  const validator = await loadSchemaValidator();

  const daemon = new Pacemakerd({
    configuration,
    log,
    disk: new CibFolder(places.cib),
    validate: cib => validator.check(cib),
    leave: outcome => {
      process.exitCode = exitNumber(outcome === 'stopped' ? 'ok' : 'temporary-failure');
      // Replies that were sent are given the time to arrive; nothing else is left to do.
      setImmediate(() => process.exit());
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => daemon.shutDown());
  process.on('SIGHUP', () => daemon.handOver());
  await daemon.start();
  log.write('notice', 'ready');
}

void main();
