import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '../base/time.ts';
import { parseBoolean } from './boolean.ts';
import { parseInterval, parseMilliseconds, printInterval } from './interval.ts';

const INTERVALS: readonly (readonly [string, number | undefined])[] = [
  ['10', 10_000],
  [' 10 s', 10_000],
  ['10seconds', 10_000],
  ['10SEC', 10_000],
  ['500ms', 500],
  ['500msec', 500],
  ['2500us', 2],
  ['1m', 60_000],
  ['2 min', 120_000],
  ['1h', 3_600_000],
  ['1hr', 3_600_000],
  ['PT5M', 300_000],
  ['P1D', 86_400_000],
  ['P2W', 14 * 86_400_000],
  ['0', 0],
  ['-1', undefined],
  ['10x', undefined],
  ['s', undefined],
  ['', undefined],
];

for (const [text, expected] of INTERVALS) {
  test(`the interval '${text}' is ${expected} ms`, () => assert.equal(parseInterval(text), expected));
}

test('a length of time may be negative where an interval may not', () => {
  assert.equal(parseMilliseconds('-5s'), -5000);
  assert.equal(parseInterval('-5s'), undefined);
});

test('an interval is printed in its largest units, where it is more than one of them', () => {
  assert.equal(printInterval(milliseconds(0)), '0s');
  assert.equal(printInterval(milliseconds(140)), '140ms');
  assert.equal(printInterval(milliseconds(10_000)), '10s');
  assert.equal(printInterval(milliseconds(60_000)), '60s');
  assert.equal(printInterval(milliseconds(20_003)), '20.003s');
  assert.equal(printInterval(milliseconds(5_400_000)), '1h30m');
  assert.equal(printInterval(milliseconds(90_061_001)), '1d1h1m1.001s');
});

test('truth has ten spellings', () => {
  assert.deepEqual(['1', 'YES', 'y', 'on', 'True'].map(parseBoolean), [true, true, true, true, true]);
  assert.deepEqual(['0', 'No', 'n', 'OFF', 'false'].map(parseBoolean), Array(5).fill(false));
  assert.deepEqual(['', 'maybe', undefined].map(parseBoolean), [undefined, undefined, undefined]);
});
