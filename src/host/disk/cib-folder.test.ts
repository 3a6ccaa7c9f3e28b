import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyCib } from '../../core/cib/empty.ts';
import { attribute } from '../../core/xml/element.ts';
import { CibFolder } from './cib-folder.ts';

const withFolder = async (use: (path: string) => void | Promise<void>): Promise<void> => {
  const path = mkdtempSync(join(tmpdir(), 'cib-folder-'));
  try {
    await use(join(path, 'cib'));
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
};

const epochOf = (path: string): string | undefined => {
  const { cib } = new CibFolder(path).load();
  return cib && attribute(cib, 'epoch');
};

test('what is stored is loaded, and the files are for the cluster alone', () =>
  withFolder(async path => {
    const folder = new CibFolder(path);
    assert.deepEqual(folder.load(), { problems: [] });
    await Promise.all([1, 2, 3].map(epoch => folder.store(emptyCib({ epoch }), { term: 5, writes: epoch })));
    assert.deepEqual(new CibFolder(path).load().lineage, { term: 5, writes: 3 });
    assert.equal(epochOf(path), '3');
    assert.equal(statSync(join(path, 'cib.xml')).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(path, 'cib.last'), 'utf8'), '2');
  }));

test('an altered file is put aside and the cluster goes on from a backup', () =>
  withFolder(async path => {
    const folder = new CibFolder(path);
    folder.load();
    for (const epoch of [1, 2, 3]) await folder.store(emptyCib({ epoch }), { term: 0, writes: 0 });
    writeFileSync(join(path, 'cib.xml'), '<cib/>');
    const again = new CibFolder(path);
    const { cib, problems } = again.load();
    assert.equal(cib && attribute(cib, 'epoch'), '2');
    assert.match(problems.join(), /altered or is torn/);
    await again.store(emptyCib({ epoch: 4 }), { term: 0, writes: 0 });
    assert.equal(epochOf(path), '4');
    assert.equal(readFileSync(join(path, 'cib.auto.1/cib.xml'), 'utf8'), '<cib/>');
  }));

test('a folder that cannot be written to is an error of the store', () =>
  withFolder(async path => {
    const folder = new CibFolder(path);
    folder.load();
    rmSync(path, { recursive: true });
    await assert.rejects(folder.store(emptyCib(), { term: 0, writes: 0 }), { code: 'ENOENT' });
  }));

test('whatever is killed while it writes, what it acknowledged is there', () =>
  withFolder(async path => {
    const script = new URL('../../../bench/cib-crash.ts', import.meta.url).pathname;
    const output = execFileSync(process.execPath, [script, '--kills', '8', '--dir', path], {
      encoding: 'utf8',
    });
    assert.match(output, /^8 kills, \d+ writes acknowledged, 0 lost/m);
  }));
