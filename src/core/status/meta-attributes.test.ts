import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetaAttributes } from './meta-attributes.ts';

test('what is set for one resource is its own, and what is common stays as it was', () => {
  const common = new Map([
    ['priority', '1'],
    ['clone-max', '2'],
  ]);
  const [one, other] = [new MetaAttributes(common), new MetaAttributes(common)];
  one.set('clone-max', '3');
  one.set('clone', '0');
  one.set('clone', '1');
  assert.deepEqual(Object.fromEntries(one), { clone: '1', 'clone-max': '3', priority: '1' });
  assert.deepEqual(
    ['clone', 'clone-max', 'priority', 'x'].map(name => one.get(name)),
    ['1', '3', '1', undefined],
  );
  assert.deepEqual(
    ['clone', 'priority'].map(name => other.has(name)),
    [false, true],
  );
  assert.equal(other.get('clone-max'), '2');
});
