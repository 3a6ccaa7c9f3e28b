import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { instant } from '../../core/base/time.ts';
import { element } from '../../core/xml/element.ts';
import { InputSeries } from './input-series.ts';

const cib = (epoch: number) => element('cib', { epoch, num_updates: 0, admin_epoch: 0 });

function inFolder(
  body: (folder: string, save: (epoch: number, ...more: Parameters<Save>) => string) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
  const series = new InputSeries(join(folder, 'pengine'));
  try {
    body(join(folder, 'pengine'), (epoch, problems = [], options = {}) =>
      String(
        series
          .save({
            cib: cib(epoch),
            now: instant(90_000),
            problems,
            options: new Map(Object.entries(options)),
          })
          ?.replace(/^.*\//, '')
          .replace(/\.\w+$/, ''),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Save = (problems?: readonly string[], options?: Readonly<Record<string, string>>) => void;

const textOf = (path: string): string =>
  path.endsWith('.bz2')
    ? spawnSync('bzip2', ['-dc', path], { encoding: 'utf8' }).stdout
    : readFileSync(path, 'utf8');

test('what was decided on is kept by how it went, with the time at which that was', () =>
  inFolder((folder, save) => {
    assert.equal(save(1), 'pe-input-0');
    assert.equal(save(2), 'pe-input-1');
    assert.equal(save(2), 'pe-input-1', 'the same again is there already');
    assert.equal(save(3, ['warning: unclean']), 'pe-warn-0');
    assert.equal(save(4, ['warning: one', 'error: another']), 'pe-error-0');
    const [first = ''] = readdirSync(folder).filter(name => name.startsWith('pe-input-0'));
    assert.match(textOf(join(folder, first)), /<cib epoch="1" .*execution-date="90"\/>/);
  }));

test('a series begins anew when it holds as many as it may, and goes on where a former process was', () =>
  inFolder((folder, save) => {
    const two = { 'pe-input-series-max': '2' };
    assert.deepEqual(
      [1, 2, 3, 4].map(epoch => save(epoch, [], two)),
      ['pe-input-0', 'pe-input-1', 'pe-input-0', 'pe-input-1'],
    );
    assert.equal(readdirSync(folder).length, 3, 'two documents, and the number of the next');
    const next = new InputSeries(folder);
    const path = next.save({ cib: cib(9), now: instant(0), problems: [], options: new Map() });
    assert.match(path ?? '', /pe-input-2\./);
    assert.equal(save(5, [], { 'pe-input-series-max': '0' }), 'undefined', 'none is to be kept');
  }));
