import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameTree, shareBranches } from '../../xml/edit.ts';
import { attribute, COMMENT, element, type XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { printXml } from '../../xml/print.ts';
import { applyPatchset } from './apply.ts';
import { createPatchset } from './create.ts';

const parsed = (source: string): XmlElement => {
  const result = parseXml(source);
  assert.ok(result.ok, source);
  return result.root;
};

const document = (inside: string, version = 'admin_epoch="0" epoch="5" num_updates="3"'): XmlElement =>
  parsed(`<cib ${version}>${inside}</cib>`);

const summary = (patchset: XmlElement | undefined): readonly string[] =>
  (patchset?.children ?? [])
    .filter(({ name }) => name === 'change')
    .map(change =>
      ['operation', 'path', 'position']
        .map(name => attribute(change, name))
        .filter(one => one !== undefined)
        .join(' '),
    );

const TABLE: readonly (readonly [what: string, before: string, after: string, changes: readonly string[]])[] =
  [
    ['nothing', '<a/>', '<a/>', []],
    ['an attribute', '<a id="1" x="1"/>', '<a id="1" x="2"/>', ["modify /cib/a[@id='1']"]],
    ['an attribute that goes', '<a id="1" x="1"/>', '<a id="1"/>', ["modify /cib/a[@id='1']"]],
    ['a new child', '<a/>', '<a><b id="1"/></a>', ['create /cib/a 0']],
    ['a child that goes', '<a><b id="1"/></a>', '<a/>', ["delete /cib/a/b[@id='1']"]],
    [
      'one that moves',
      '<b id="1"/><b id="2"/><b id="3"/>',
      '<b id="3"/><b id="1"/><b id="2"/>',
      ["move /cib/b[@id='3'] 0"],
    ],
    [
      'a comment that goes',
      '<a><!--x--><b id="1"/><!--y--></a>',
      '<a><b id="1"/></a>',
      ['delete /cib/a/comment 2', 'delete /cib/a/comment 0'],
    ],
    [
      'a comment that moves',
      '<a><!--x--><b id="1"/></a>',
      '<a><b id="1"/><!--x--></a>',
      ["move /cib/a/b[@id='1'] 0"],
    ],
    [
      'elements that look alike',
      '<a><b x="1"/><b x="2"/></a>',
      '<a><b x="2"/></a>',
      ['delete /cib/a/b', 'delete /cib/a/b', 'create /cib/a 0'],
    ],
    [
      'text',
      '<a><b id="1">x</b></a>',
      '<a><b id="1">y</b></a>',
      ["delete /cib/a/b[@id='1']", 'create /cib/a 0'],
    ],
  ];

for (const [what, before, after, changes] of TABLE) {
  test(`a patchset tells of ${what}`, () => {
    const patchset = createPatchset(document(before), document(after));
    assert.deepEqual(summary(patchset), changes);
    const result = patchset === undefined ? document(before) : applyPatchset(document(before), patchset);
    assert.ok(!('refusal' in result) && sameTree(result, document(after)));
  });
}

test('a patchset applies to its own source only', () => {
  const at = (epoch: number, inside: string) =>
    document(inside, `admin_epoch="0" epoch="${epoch}" num_updates="0"`);
  const patchset = createPatchset(at(5, '<a x="1"/>'), at(6, '<a x="2"/>'));
  assert.ok(patchset);
  const refusal = (cib: XmlElement) => {
    const result = applyPatchset(cib, patchset);
    return 'refusal' in result ? result.refusal : 'applied';
  };
  assert.equal(refusal(at(4, '<a x="1"/>')), 'diff-resync');
  assert.equal(refusal(at(5, '<a x="1"/>')), 'applied');
  assert.equal(refusal(at(6, '<a x="1"/>')), 'old-data');
  assert.equal(refusal(at(5, '<b x="1"/>')), 'diff-failed');
});

test('a result without the digest that was promised is refused', () => {
  const patchset = createPatchset(document('<a x="1"/>'), document('<a x="2"/>'), { withDigest: true });
  assert.ok(patchset);
  assert.ok(!('refusal' in applyPatchset(document('<a x="1"/>'), patchset)));
  const other = applyPatchset(document('<a x="1"/><b/>'), patchset);
  assert.ok('refusal' in other && other.refusal === 'diff-failed');
});

test('without versions a patchset keeps those of the document', () => {
  const after = document('<a x="2"/>', 'admin_epoch="0" epoch="9" num_updates="0"');
  const patchset = createPatchset(document('<a x="1"/>'), after, { withoutVersions: true });
  assert.ok(patchset);
  const result = applyPatchset(document('<a x="1"/>', 'admin_epoch="1" epoch="1" num_updates="1"'), patchset);
  assert.ok(!('refusal' in result));
  assert.equal(attribute(result, 'epoch'), '1');
  assert.equal(attribute(result.children[0] as XmlElement, 'x'), '2');
});

const tree = (depth: number): fc.Arbitrary<XmlElement> =>
  fc
    .record({
      name: fc.constantFrom('a', 'b', COMMENT),
      id: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      x: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
      children: depth === 0 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 4 }),
    })
    .map(({ name, id, x, children }) =>
      name === COMMENT ? element(COMMENT, {}, [], x ?? 'c') : element(name, { id, x }, children),
    );

const documents = fc
  .array(tree(2), { maxLength: 6 })
  .map(children =>
    element('cib', { admin_epoch: 0, epoch: 1, num_updates: 0 }, [element('configuration', {}, children)]),
  );

test('between any two documents a patchset leads from one to the other', () => {
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      const patchset = createPatchset(before, shareBranches(before, after));
      if (patchset === undefined) {
        assert.ok(sameTree(before, after));
        return;
      }
      const read = parsed(printXml(patchset));
      const result = applyPatchset(before, read);
      assert.ok(!('refusal' in result), JSON.stringify(result));
      assert.equal(printXml(result), printXml(after));
    }),
    { numRuns: 2000 },
  );
});
