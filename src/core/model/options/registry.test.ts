import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OptionScope } from './definition.ts';
import { clusterOption, isValidOption, OPTIONS, optionNamed, readOption } from './registry.ts';

const SCOPES = Object.keys(OPTIONS) as OptionScope[];
const written = (values: Record<string, string>) => new Map(Object.entries(values));

test('no name or alias stands for two options of one scope', () => {
  for (const scope of SCOPES) {
    const names = OPTIONS[scope].flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
    assert.deepEqual(names, [...new Set(names)]);
  }
});

test('every default is a valid value, every choice has its values, every summary is one line', () => {
  for (const option of SCOPES.flatMap(scope => OPTIONS[scope])) {
    if (option.default !== undefined) assert.ok(isValidOption(option, option.default), option.name);
    assert.equal(option.type === 'choice', option.values !== undefined, option.name);
    assert.match(option.summary, /^\S[^\n]+[^.\s]$/, option.name);
  }
});

test('an option is found by its older name, and the newer wins', () => {
  assert.equal(optionNamed('cluster', 'stonith-enabled')?.name, 'fencing-enabled');
  assert.equal(clusterOption('fencing-enabled', written({})), 'true');
  assert.deepEqual(readOption('cluster', 'fencing-enabled', written({ 'stonith-enabled': 'no' })), {
    value: 'no',
    alias: 'stonith-enabled',
  });
  const both = written({ 'stonith-enabled': 'no', 'fencing-enabled': 'yes' });
  assert.deepEqual(readOption('cluster', 'fencing-enabled', both), { value: 'yes' });
});

test('a value of the wrong type gives way to the default', () => {
  for (const [name, value, expected] of [
    ['no-quorum-policy', 'whatever', 'stop'],
    ['symmetric-cluster', 'perhaps', 'true'],
    ['cluster-delay', 'soon', '60s'],
    ['load-threshold', '80', '80%'],
    ['batch-limit', 'many', '0'],
    ['node-health-red', 'blue', '-INFINITY'],
  ] as const) {
    assert.deepEqual(readOption('cluster', name, written({ [name]: value })), {
      value: expected,
      rejected: value,
    });
  }
});

test('a value of the right type is taken as written', () => {
  for (const [name, value] of [
    ['no-quorum-policy', 'Freeze'],
    ['fencing-watchdog-timeout', '-1'],
    ['cluster-delay', 'PT90S'],
    ['node-health-red', '-10'],
    ['batch-limit', '-1'],
    ['cluster-name', ''],
  ] as const) {
    assert.deepEqual(readOption('cluster', name, written({ [name]: value })), { value });
  }
});

test('what the registry does not know is as written', () => {
  assert.deepEqual(readOption('cluster', 'my-own', written({ 'my-own': '1' })), { value: '1' });
});
