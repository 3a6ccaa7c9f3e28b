import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BUGS } from './bugs/bugs.ts';
import { run } from './run.ts';

const pinned = readFileSync(new URL('seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => /^\d/.test(line))
  .map(line => Number.parseInt(line, 10));

/** Seeds nobody has chosen for anything. */
const FRESH = { first: 100_001, count: 60 };
const REPLAYED = 4;
/** Bugs that one of so many seeds shows at the latest; all of them are tried by `npm run sim -- --bugs`. */
const QUICK: Readonly<Record<string, number>> = {
  'fence-too-early': 20,
  'double-dispatch': 10,
  'stop-faked': 20,
  'message-twice': 10,
  'failure-swallowed': 40,
  'two-dcs': 60,
};

function expectWhole(seed: number): void {
  const { broken } = run({ seed });
  assert.equal(broken, undefined, `seed ${seed}: ${broken?.checker}: ${broken?.text}`);
}

test('seeds that once failed do so no more', () => {
  for (const seed of pinned) expectWhole(seed);
});

test('fresh seeds hold', () => {
  for (let seed = FRESH.first; seed < FRESH.first + FRESH.count; seed += 1) expectWhole(seed);
});

test('a seed replays to the byte', () => {
  for (let seed = 1; seed <= REPLAYED; seed += 1) {
    const lines: string[] = [];
    const first = run({ seed, print: line => lines.push(line) });
    const again: string[] = [];
    const second = run({ seed, print: line => again.push(line) });
    assert.deepEqual(second, first);
    assert.equal(again.join('\n'), lines.join('\n'));
    assert.notEqual(run({ seed: seed + REPLAYED }).digest, first.digest);
  }
});

for (const [name, seeds] of Object.entries(QUICK)) {
  test(`the bug ${name} is noticed`, () => {
    const bug = BUGS.find(one => one.name === name);
    assert.ok(bug);
    const noticed = [...Array(seeds).keys()].some(at => run({ seed: at + 1, bug }).broken !== undefined);
    assert.ok(noticed, `none of ${seeds} seeds notices it`);
  });
}
