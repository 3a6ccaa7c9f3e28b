import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { md5 } from './md5.ts';

const judged = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

test('sums of texts are those that the RFC gives', () => {
  assert.equal(md5(''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(md5('message digest'), 'f96b697d7cb7938d525a2f31aaf161d0');
});

test('texts of every length about that of a block are summed', () => {
  for (let length = 0; length < 200; length += 1) {
    const text = 'x'.repeat(length);
    assert.equal(md5(text), judged(text), String(length));
  }
});

test('any text is summed, halves of pairs included', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => assert.equal(md5(text), judged(text))));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 90 }), codes => {
      const text = String.fromCharCode(...codes);
      assert.equal(md5(text), judged(text));
    }),
  );
});
