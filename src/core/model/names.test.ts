import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutInstance } from './names.ts';

test('only a number at the end is the number of an instance', () => {
  assert.deepEqual(['web:1', 'web', 'a:b', 'a:1:12'].map(withoutInstance), ['web', 'web', 'a:b', 'a:1']);
});
