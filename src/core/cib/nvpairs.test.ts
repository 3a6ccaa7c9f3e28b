import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../base/assert.ts';
import { instant } from '../base/time.ts';
import { parseDate } from '../model/iso8601.ts';
import { parseXml } from '../xml/parse.ts';
import { idIndex } from './id-index.ts';
import { type UnpackOptions, unpackNvpairs } from './nvpairs.ts';

function unpack(inside: string, options: Partial<UnpackOptions> = {}) {
  const parsed = parseXml(
    `<cib><configuration>${'<r id="outer">'}${inside}</r><set id="shared"/></configuration></cib>`,
  );
  assert.ok(parsed.ok);
  const outer = defined(parsed.root.children[0]?.children[0], 'outer element');
  const now = defined(parseDate('2024-05-15'), 'now');
  return unpackNvpairs(outer, {
    block: 'meta_attributes',
    context: { now },
    ids: idIndex(parsed.root),
    ...options,
  });
}

const set = (id: string, pairs: Record<string, string>, attributes = '', rule = '') => {
  const inside = Object.entries(pairs).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return `<meta_attributes id="${id}" ${attributes}>${rule}${inside.join('')}</meta_attributes>`;
};
const values = (inside: string, options?: Partial<UnpackOptions>) =>
  Object.fromEntries(unpack(inside, options).values);

test('of two sets the one with the higher score wins, then the last; in a set the first value', () => {
  assert.deepEqual(values(set('a', { x: '1' }) + set('b', { x: '2', y: '2' })), { x: '2', y: '2' });
  assert.deepEqual(values(set('a', { x: '1' }) + set('b', { x: '2' }, 'score="5"')), { x: '2' });
  assert.deepEqual(values(set('a', { x: '1' }, 'score="-INFINITY"') + set('b', { x: '2' }, 'score="-5"')), {
    x: '2',
  });
});

test('the set that is to be first wins over any score', () => {
  const sets = set('a', { x: '1' }, 'score="INFINITY"') + set('b', { x: '2' });
  assert.deepEqual(values(sets, { first: 'b' }), { x: '2' });
});

test('a set whose rule does not hold is left out, and the next change is known', () => {
  const rule = '<rule id="r"><date_expression id="d" operation="gt" start="2024-05-16"/></rule>';
  const unpacked = unpack(set('a', { x: '1' }, 'score="9"', rule) + set('b', { x: '2' }));
  assert.deepEqual(Object.fromEntries(unpacked.values), { x: '2' });
  assert.equal(unpacked.nextChange, instant(Date.UTC(2024, 4, 16, 0, 0, 1)));
});

test('sets and pairs may be references', () => {
  const sets = `${set('a', { x: '1' })}<other><meta_attributes id-ref="a"/></other>`;
  assert.deepEqual(
    values(`${sets}<meta_attributes id="b"><nvpair id-ref="a-x" name="y"/></meta_attributes>`),
    {
      x: '1',
      y: '1',
    },
  );
});

test('a reference to a set elsewhere brings its pairs and its score', () => {
  const parsed = parseXml(
    `<cib><configuration><p id="p">${set('a', { x: '1' }, 'score="7"')}</p>
     <p id="q">${set('b', { x: '2' }, 'score="5"')}<meta_attributes id-ref="a"/></p></configuration></cib>`,
  );
  assert.ok(parsed.ok);
  const second = defined(parsed.root.children[0]?.children[1], 'second element');
  const { values } = unpackNvpairs(second, {
    block: 'meta_attributes',
    context: { now: instant(0) },
    ids: idIndex(parsed.root),
  });
  assert.deepEqual(Object.fromEntries(values), { x: '1' });
});

test('values that are set already win, and #default unsets', () => {
  const over = new Map([
    ['x', '0'],
    ['z', '0'],
  ]);
  assert.deepEqual(values(set('a', { x: '1', y: '1', z: '#default' }), { over }), { x: '0', y: '1' });
  assert.deepEqual(over.size, 2);
});
