import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { inputPath, readCases } from '../corpus/cases.ts';
import { decide } from './decide.ts';

const CASES = 10;
const NOW = Date.UTC(2026, 5, 1);
/** A browser that hangs is no browser. */
const PATIENCE_MS = 120_000;

const browser = ['chromium', 'chromium-browser'].find(name => spawnSync(name, ['--version']).status === 0);

/** The scheduler as a script of a page. A module of Node's among its imports fails the build. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'decide.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'scheduler',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Ten cases from all over the corpus. */
function sources(): readonly string[] {
  const cases = readCases();
  return Array.from({ length: CASES }, (_, at) => {
    const name = cases[Math.floor((at * cases.length) / CASES)]?.name ?? '';
    return readFileSync(inputPath(name), 'utf8');
  });
}

const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const page = (script: string, documents: readonly string[]): string =>
  `<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>${script.replaceAll('</script', '<\\/script')}</script>
<script>
const made = ${inScript(documents)}.map(source => scheduler.decide(source, ${NOW}));
const bytes = new TextEncoder().encode(JSON.stringify(made));
document.getElementById('out').textContent = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
</script>`;

/** The page's document after its scripts ran. */
function shown(command: string, file: string, folder: string): Promise<string> {
  const child = spawn(
    command,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--dump-dom',
      pathToFileURL(file).href,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE_MS },
  );
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(pieces).toString('utf8')));
  });
}

test('the scheduler is a script without anything of Node', async () => {
  const script = await bundled();
  assert.doesNotMatch(script, /\brequire\("|from "node:/);
});

test('ten cases are decided in a browser to the byte as here', {
  skip: browser === undefined && 'no chromium is installed (Debian: package chromium)',
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  try {
    const documents = sources();
    const file = join(folder, 'page.html');
    writeFileSync(file, page(await bundled(), documents));
    const document = await shown(browser ?? '', file, folder);
    const encoded = /<pre id="out">([^<]*)<\/pre>/.exec(document)?.[1] ?? '';
    const there: readonly string[] = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8') || '[]');
    assert.deepEqual(
      there,
      documents.map(source => decide(source, NOW)),
    );
    assert.equal(there.length, CASES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
