import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attribute, child, element, withAttribute, type XmlElement } from './element.ts';
import { parseXml } from './parse.ts';
import { printXml } from './print.ts';

const parsed = (source: string): XmlElement => {
  const result = parseXml(source);
  assert.ok(result.ok, 'is well-formed');
  return result.root;
};

test('what is parsed prints as it was', () => {
  const source = '<cib epoch="1"><a id="x&amp;y"/><!-- why --><b>text</b></cib>';
  assert.equal(printXml(parsed(source)), source);
});

test('a malformed document is refused with its line', () => {
  const result = parseXml('<cib>\n<a>\n</cib>');
  assert.ok(!result.ok);
  assert.equal(result.line, 3);
});

test('every attribute value survives printing and parsing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), value => {
      assert.equal(attribute(parsed(printXml(element('a', { value }))), 'value'), value);
    }),
  );
});

test('an edit shares what it does not touch', () => {
  const before = parsed('<a x="1" y="2"><b/></a>');
  const after = withAttribute(before, 'x', '3');
  assert.equal(printXml(after), '<a x="3" y="2"><b/></a>');
  assert.equal(child(after, 'b'), child(before, 'b'));
  assert.equal(withAttribute(before, 'x', '1'), before);
});
