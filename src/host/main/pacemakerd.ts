import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { exitNumber } from '../../core/model/exit-code.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { Log } from '../log.ts';
import { type CibDisk, Pacemakerd } from '../pacemakerd.ts';
import { readConfiguration } from './configuration.ts';
import { failLoudly, folderOfNode } from './process.ts';

const configuration = readConfiguration(folderOfNode());
const { node, places, logLevel } = configuration;
const log = new Log({ folder: places.log, node: node.name, daemon: 'pacemakerd', level: logLevel });
failLoudly(log);

const daemon = new Pacemakerd({
  configuration,
  log,
  disk: diskIn(places.cib),
  validate: () => [],
  leave: outcome => {
    process.exitCode = exitNumber(outcome === 'stopped' ? 'ok' : 'temporary-failure');
    // Replies that were sent are given the time to arrive; nothing else is left to do.
    setImmediate(() => process.exit());
  },
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => daemon.shutDown());
void daemon.start().then(() => log.write('notice', 'ready'));

function diskIn(folder: string): CibDisk {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const path = join(folder, 'cib.xml');
  return {
    load: () => {
      if (!existsSync(path)) return { problems: [] };
      const parsed = parseXml(readFileSync(path, 'utf8'));
      return parsed.ok ? { cib: parsed.root, problems: [] } : { problems: [parsed.message] };
    },
    store: async cib => {
      const beside = `${path}.new`;
      const file = openSync(beside, 'w', 0o600);
      writeSync(file, printXml(cib, { pretty: true }));
      fsyncSync(file);
      closeSync(file);
      renameSync(beside, path);
    },
  };
}
