import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../../xml/parse.ts';
import { checkReferences } from './references.ts';

const problemsIn = (inside: string, schema = 'pacemaker-3.9'): readonly string[] => {
  const parsed = parseXml(
    `<cib validate-with="${schema}"><configuration>\n${inside}</configuration><status><a id="x"/><b id="x"/></status></cib>`,
  );
  assert.ok(parsed.ok);
  return checkReferences(parsed.root).map(({ line, element, message }) => `${line} ${element}: ${message}`);
};

const TABLE: readonly (readonly [what: string, inside: string, problems: readonly string[]])[] = [
  ['ids that are all different', '<a id="1"/><b id="2"/>', []],
  ['an id given twice', '<a id="x"/>\n<b id="x"/>', ['3 x: ID x already defined']],
  ['a node named as a resource', '<node id="x"/><primitive id="x"/>', []],
  ['a constraint on a resource that is there', '<primitive id="a"/><rsc_location id="l" rsc="a"/>', []],
  [
    'a constraint on nothing',
    '<rsc_location id="l" rsc="zz"/>',
    ['2 l: IDREF attribute rsc references an unknown ID "zz"'],
  ],
  [
    'a set of something missing',
    '<resource_set id="s"><resource_ref id="zz"/></resource_set>',
    ['2 s: IDREF attribute id references an unknown ID "zz"'],
  ],
  [
    'a resource named twice in sets',
    '<p id="a"/><s id="s"><resource_ref id="a"/></s><s id="t"><resource_ref id="a"/></s>',
    [],
  ],
  [
    'a template that is missing',
    '<primitive id="a" template="t"/>',
    ['2 a: IDREF attribute template references an unknown ID "t"'],
  ],
  ['operations of another', '<operations id="o"/><operations id-ref="o"/>', []],
  [
    'operations of something else',
    '<nvpair id="o"/><primitive id="p"><operations id-ref="o"/></primitive>',
    ['2 p: id-ref of operations leads to a nvpair, "o"'],
  ],
];

for (const [what, inside, problems] of TABLE) {
  test(what, () => assert.deepEqual(problemsIn(inside), problems));
}

test('nothing is checked without validation', () => {
  assert.deepEqual(problemsIn('<a id="x"/><b id="x"/>', 'none'), []);
});
