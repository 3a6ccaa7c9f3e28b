/**
 * Bundles every daemon and command into one file each under `dist/`, which the launchers in `bin/` prefer: what a
 * command needs is read and compiled once, and V8's compiled code is kept beside it. A bundle is two files: the
 * program, and a starter that turns the cache on before it reads the program.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** Native or with files of their own: these stay packages. */
const EXTERNAL = ['koffi', 'libxml2-wasm', '@jellybrick/dbus-next', 'esbuild'];

interface Program {
  readonly name: string;
  /** What starts it. */
  readonly source: string;
}

const tools = readdirSync(join(ROOT, 'src/tools'))
  .filter(file => isTool(file))
  .map((file): Program => {
    const stem = basename(file, '.ts');
    const name = stem === 'crmadmin' || stem === 'cibadmin' ? stem : stem.replace('-', '_');
    const source = `import { main } from './src/tools/tool.ts'; import { tool } from './src/tools/${file}'; void main(tool);`;
    return { name, source };
  });

const PROGRAMS: readonly Program[] = [
  ...tools,
  ...['pacemakerd', 'pacemaker-execd', 'pacemaker-bus'].map(name => ({
    name,
    source: `import './src/host/main/${name}.ts';`,
  })),
  { name: 'scheduler-worker', source: `import './src/host/scheduler/scheduler-worker.ts';` },
  { name: 'crm', source: `import './src/crmsh/main.ts';` },
  { name: 'pacemaker-demo', source: `import './src/demo/main.ts';` },
  { name: 'fence-bus', source: `import './src/demo/fence-bus.ts';` },
  { name: 'web-server', source: `import './src/demo/web-server.ts';` },
];

/** A file of `src/tools` that is a command: the launchers know it by a link of its name. */
function isTool(file: string): boolean {
  const links = readdirSync(join(ROOT, 'bin'));
  const stem = basename(file, '.ts');
  return file.endsWith('.ts') && (links.includes(stem) || links.includes(stem.replace('-', '_')));
}

const STARTER = (name: string): string =>
  `require('node:module').enableCompileCache(require('node:path').join(__dirname, 'cache'));\nrequire('./program/${name}.cjs');\n`;

async function bundle({ name, source }: Program): Promise<void> {
  await build({
    stdin: { contents: source, resolveDir: ROOT, sourcefile: `${name}.ts`, loader: 'ts' },
    outfile: join(DIST, 'program', `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    external: EXTERNAL,
    // A program stands one folder deeper than its starter, which is the file that others know.
    define: {
      'import.meta.main': 'false',
      'import.meta.url': '__bundle',
      'import.meta.dirname': '__dirname',
    },
    banner: {
      js: `const __bundle = require('node:url').pathToFileURL(require('node:path').join(__dirname, '..', '${name}.cjs')).href;`,
    },
    logLevel: 'warning',
  });
  writeFileSync(join(DIST, `${name}.cjs`), STARTER(name));
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(join(DIST, 'program'), { recursive: true });
await Promise.all(PROGRAMS.map(bundle));
// The first run of each command fills the cache for all that follow, whoever runs them.
for (const { name } of [...tools, { name: 'crm' }])
  spawnSync(process.execPath, [join(DIST, `${name}.cjs`), '--version']);
process.stdout.write(`${PROGRAMS.length} programs in ${DIST}\n`);
