import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { LARGE_FILES, LARGE_FUNCTIONS } from './exceptions.ts';
import { functionsOf } from './functions.ts';
import { DAEMONS, LAYERS, PACKAGES } from './layers.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()
  .map(name => ({ path: name, text: readFileSync(join(ROOT, 'src', name), 'utf8') }));
const sources = files.filter(({ path }) => !path.endsWith('.test.ts'));

const FILE_LINES = 500;
const FUNCTION_LINES = 70;

/** The room of a path under `src`. */
function roomOf(path: string): string {
  const folder = dirname(path);
  if (folder.startsWith(`${DAEMONS}/`) && LAYERS[folder.split('/').slice(0, 3).join('/')] === undefined) {
    return folder.split('/').slice(0, 3).join('/');
  }
  const parts = folder.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const room = parts.slice(0, length).join('/');
    if (LAYERS[room] !== undefined) return room;
  }
  return folder;
}

const allowedIn = (room: string): readonly string[] | undefined =>
  LAYERS[room] ?? (room.startsWith(`${DAEMONS}/`) ? LAYERS[DAEMONS] : undefined);

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  return (allowedIn(from) ?? []).some(
    room =>
      room === to || (room === 'core/*' && to.startsWith('core/')) || (to === DAEMONS && room === DAEMONS),
  );
}

const IMPORT = /^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;
const importsOf = (text: string): string[] =>
  [...text.matchAll(IMPORT)].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? '');

test('a room imports only what the table of layers allows', () => {
  const wrong: string[] = [];
  for (const { path, text } of sources) {
    const room = roomOf(path);
    if (allowedIn(room) === undefined) wrong.push(`${path}: its room ${room} is not in the table`);
    for (const target of importsOf(text)) {
      if (target.startsWith('.')) {
        const to = roomOf(relative(join(ROOT, 'src'), join(ROOT, 'src', dirname(path), target)));
        if (!mayImport(room, to)) wrong.push(`${path}: ${room} may not import ${to}`);
      } else if (room.startsWith('core/') || room === 'crmsh/language') {
        const packages = PACKAGES[room] ?? [];
        if (!packages.some(name => target === name || target.startsWith(`${name}/`))) {
          wrong.push(`${path}: ${room} may not import the package ${target}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
});

const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\basync\b|\bawait\b|\bsetTimeout\b|\bsetInterval\b|\blocaleCompare\b|\bPromise\b|'node:/;

test('core names no clock, no chance, no promise and no socket', () => {
  const wrong = sources
    .filter(({ path }) => path.startsWith('core/') || path.startsWith('crmsh/language/'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => {
        const code = line.replace(/^\s*(\*|\/\/|\/\*).*/, '').replace(/\s\/\/ .*/, '');
        return IMPURE.test(code) ? [`${path}:${at + 1}: ${line.trim()}`] : [];
      }),
    );
  assert.deepEqual(wrong, []);
});

test('a file stays under its size', () => {
  const large = files
    .filter(({ path, text }) => text.split('\n').length > FILE_LINES && !LARGE_FILES.includes(path))
    .map(({ path, text }) => `${path}: ${text.split('\n').length} lines`);
  assert.deepEqual(large, []);
});

test('a function stays under its size', () => {
  const large = sources.flatMap(({ path, text }) =>
    functionsOf(text)
      .filter(({ lines, name }) => lines > FUNCTION_LINES && !LARGE_FUNCTIONS.includes(`${path}:${name}`))
      .map(({ name, lines }) => `${path}: ${name} has ${lines} lines`),
  );
  assert.deepEqual(large, []);
});

test('the lists of exceptions name only what still needs them', () => {
  const stale = [
    ...LARGE_FILES.filter(
      path => (files.find(file => file.path === path)?.text.split('\n').length ?? 0) <= FILE_LINES,
    ),
    ...LARGE_FUNCTIONS.filter(entry => {
      const [path, name] = entry.split(':');
      const file = files.find(one => one.path === path);
      return !functionsOf(file?.text ?? '').some(one => one.name === name && one.lines > FUNCTION_LINES);
    }),
  ];
  assert.deepEqual(stale, []);
});

const BANNED = /\b(?:TODO|FIXME|XXX|HACK)\b|\benum [A-Z]|\bnot implemented\b|@ts-ignore|\bas any\b/;

test('no banned words', () => {
  const found = files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (BANNED.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(found, []);
});
