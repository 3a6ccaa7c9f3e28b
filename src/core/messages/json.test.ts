import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element } from '../xml/element.ts';
import { printXml } from '../xml/print.ts';
import { decodeMessage, encodeMessage } from './json.ts';

test('elements travel as text, wherever they stand, on one line', () => {
  const message = { kind: 'cib', input: element('a', { b: 'x\ny' }, [element('c')]), list: [element('d')] };
  const line = encodeMessage(message);
  assert.ok(!line.includes('\n'));
  const decoded = decodeMessage(line);
  assert.ok(decoded.ok);
  const { input, list } = decoded.value as typeof message;
  assert.equal(printXml(input), '<a b="x&#10;y"><c/></a>');
  assert.equal(list[0]?.name, 'd');
});

test('what is no JSON, or holds no XML where it should, is a problem and no exception', () => {
  assert.ok(!decodeMessage('{').ok);
  assert.ok(!decodeMessage('{"input":{"<>":"<a>"}}').ok);
});
