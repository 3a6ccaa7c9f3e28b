import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failing, failCount } from './fail-counts.ts';

const resource = (more: Partial<Failing> = {}): Failing => ({
  id: 'web',
  flags: { unique: false, bundled: false },
  failureTimeout: 0,
  operations: [],
  launched: [],
  ...more,
});
const node = (attributes: Readonly<Record<string, string>>) => ({
  attributes: new Map(Object.entries(attributes)),
});
const NOW = { now: 1000, effective: true };

test('failures of all operations of a resource add up; the last one counts for the time', () => {
  const where = node({
    'fail-count-web#start_0': '2',
    'fail-count-web#monitor_10000': '1',
    'last-failure-web#start_0': '900',
    'last-failure-web#monitor_10000': '950',
    'fail-count-website#start_0': '7',
  });
  assert.deepEqual(failCount(resource(), where, NOW), { count: 3, lastFailure: 950 });
});

test('infinity stays infinity', () => {
  const where = node({ 'fail-count-web#start_0': 'INFINITY', 'fail-count-web#stop_0': '1' });
  assert.equal(failCount(resource(), where, NOW).count, 1_000_000);
});

test('an anonymous instance has the failures of all, a unique one only its own', () => {
  const where = node({ 'fail-count-web:0#start_0': '2', 'fail-count-web:1#start_0': '3' });
  assert.equal(failCount(resource({ id: 'web:0' }), where, NOW).count, 5);
  const unique = resource({ id: 'web:0', flags: { unique: true, bundled: false } });
  assert.equal(failCount(unique, where, NOW).count, 2);
});

test('failures older than the failure timeout count no more, unless they block', () => {
  const where = node({ 'fail-count-web#start_0': '2', 'last-failure-web#start_0': '900' });
  const forgiving = resource({ failureTimeout: 60_000 });
  assert.equal(failCount(forgiving, where, NOW).count, 0);
  assert.equal(failCount(forgiving, where, { ...NOW, now: 959 }).count, 2);
  assert.equal(failCount(forgiving, where, { ...NOW, blocks: true }).count, 2);
  assert.equal(failCount(forgiving, where, { ...NOW, effective: false }).count, 2);
});

test('a container fails with what it carries', () => {
  const where = node({ 'fail-count-guest#monitor_0': '4', 'fail-count-web#start_0': '1' });
  const container = resource({ launched: [resource({ id: 'guest' })] });
  assert.equal(failCount(container, where, { ...NOW, withLaunched: true }).count, 5);
  assert.equal(failCount(container, where, NOW).count, 1);
});
