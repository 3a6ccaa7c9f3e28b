/**
 * Bundles every daemon and command into one file each under `dist/`, which the launchers in `bin/` prefer: what a
 * command needs is read and compiled once, and V8's compiled code is kept beside it. A bundle is three files: the
 * program, the code of what a usual run of it calls, and a starter that puts the two together.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const EXAMPLE = 'mysql-cluster.crm';

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

/**
 * Not the runtime's own cache: that holds what was compiled before the program ran, hence none of its functions.
 * Code that was kept by another version of V8 is passed over.
 */
const STARTER = (name: string): string => `const { readFileSync } = require('node:fs');
const { Script, constants } = require('node:vm');
const folder = __dirname + '/program';
const filename = folder + '/${name}.cjs';
const read = (path, encoding) => { try { return readFileSync(path, encoding); } catch {} };
const script = new Script(read(filename, 'latin1'), {
  filename,
  cachedData: read(filename + '.code'),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const program = { exports: {} };
script.runInThisContext()(program.exports, require, program, filename, folder);
module.exports = script;
`;

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
    // The starter calls it as a function: to put that around the text there would copy all of it.
    banner: {
      js: `(function (exports, require, module, __filename, __dirname) {const __bundle = require('node:url').pathToFileURL(require('node:path').join(__dirname, '..', '${name}.cjs')).href;`,
    },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  writeFileSync(join(DIST, `${name}.cjs`), STARTER(name));
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(join(DIST, 'program'), { recursive: true });
await Promise.all(PROGRAMS.map(bundle));

/** What runs of a command are like, so far as they need no cluster: on the CIB of an example, as if it ran. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  cibadmin: ['-Q'],
  crm: ['status'],
  crm_attribute: ['-G', '-n', 'stonith-enabled'],
  crm_failcount: ['-G', '-r', 'res-Mysql', '-N', 'n1'],
  crm_mon: ['-1'],
  crm_node: ['-l'],
  crm_resource: ['-L'],
  crm_simulate: ['-L', '-S', '-s'],
  crm_standby: ['-G', '-N', 'n1'],
  crm_verify: ['-L'],
  crmadmin: ['-N'],
};

/** The options that `bin/launch` gives the engine for a command: compiled code holds only under the same. */
function commandOptions(): readonly string[] {
  const flags = /^ +\*\) flags='(.+)' ;;$/m.exec(readFileSync(join(ROOT, 'bin/launch'), 'utf8'))?.[1];
  if (flags === undefined) throw new Error('bin/launch names no flags for commands');
  return flags.split(' ');
}

function keepCode(): void {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  const file = join(folder, 'cib.xml');
  const options = commandOptions();
  const start = (program: readonly string[]) =>
    spawnSync(process.execPath, [...options, ...program], {
      env: { ...process.env, CIB_file: file },
      encoding: 'utf8',
    });
  const run = (name: string, ...words: readonly string[]) => start([join(DIST, `${name}.cjs`), ...words]);
  try {
    writeFileSync(file, run('cibadmin', '--empty').stdout);
    run('crm', 'configure', 'load', 'update', join(ROOT, 'docs/examples', EXAMPLE));
    run('crm_simulate', '-L', '--in-place', '--node-up=n1', '--node-up=n2');
    for (const { name } of [...tools, { name: 'crm' }]) {
      start([
        join(ROOT, 'scripts/keep-code.cjs'),
        join(DIST, `${name}.cjs`),
        ...(USUAL[name] ?? ['--version']),
      ]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

keepCode();
process.stdout.write(`${PROGRAMS.length} programs in ${DIST}\n`);
