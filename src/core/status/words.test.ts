import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareNames, parseInteger, parseInterval } from './words.ts';

test('numbers within names compare by value, letters without case', () => {
  assert.deepEqual(['node10', 'Node2', 'node1', 'node'].sort(compareNames), [
    'node',
    'node1',
    'Node2',
    'node10',
  ]);
});

test('an integer is what a text begins with', () => {
  assert.deepEqual(['12', ' 7x', '-3', 'x', ''].map(parseInteger), [12, 7, -3, undefined, undefined]);
});

test('an interval without a unit is in seconds; what cannot be read is none', () => {
  assert.deepEqual(
    ['10', '10s', '2min', '500ms', 'often', undefined].map(parseInterval),
    [10_000, 10_000, 120_000, 500, 0, 0],
  );
});

test('names that begin alike compare by what follows, their numbers as a whole', () => {
  const sorted = ['n1', 'n1a', 'n01', 'n2', 'n12', 'n12-3', 'n12-20', 'n123'];
  assert.deepEqual([...sorted].reverse().sort(compareNames), sorted);
  assert.equal(compareNames('Node7', 'node7'), 0);
});
