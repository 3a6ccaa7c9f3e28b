import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, withChildren } from '../xml/element.ts';
import { nodeHistory, rememberHistories } from './recorded.ts';

const history = (id: string) =>
  element('lrm_resource', { id, class: 'ocf', provider: 'p', type: 't' }, [
    element('lrm_rsc_op', { id: `${id}_last_0`, operation: 'start', 'rc-code': 0, 'op-status': 0 }),
  ]);

test('of a document that follows another only the histories that changed are read again', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(history);
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  const list = element('lrm_resources', {}, [a, b, c]);
  const first = nodeHistory(list, 'n');
  rememberHistories(new Map([['n', first]]));
  const next = nodeHistory(withChildren(list, [a, history('b'), c, history('d')]), 'n');
  assert.deepEqual(
    next.all.map(one => first.all.includes(one)),
    [true, false, true, false],
  );
  const without = nodeHistory(withChildren(list, [b, c]), 'n');
  assert.deepEqual(without.all, first.all.slice(1));
  assert.equal(without.all[0], first.all[1]);
  assert.equal(nodeHistory(list, 'n'), first);
});
