import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { element, type XmlElement } from './element.ts';
import { printXml } from './print.ts';
import { select } from './select.ts';

/** Every element has its own number, so that what two programs find can be compared. */
function numbered(from: XmlElement): XmlElement {
  let next = 0;
  const number = (one: XmlElement): XmlElement => {
    next += 1;
    return { ...one, attributes: ['n', String(next), ...one.attributes], children: one.children.map(number) };
  };
  return number(from);
}

const tree = (depth: number): fc.Arbitrary<XmlElement> =>
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c'),
      x: fc.option(fc.constantFrom('1', '2', 'ab'), { nil: undefined }),
      children: depth === 0 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 3 }),
    })
    .map(({ name, x, children }) => element(name, { x }, children));

const name = fc.constantFrom('a', 'b', 'c', '*');

const predicate: fc.Arbitrary<string> = fc.constantFrom(
  "@x='1'",
  "@x!='1'",
  '@x',
  'not(@x)',
  "@x='1' or @x='2'",
  "@x='1' and ../a",
  'a',
  'b/c',
  '1',
  '2',
  'last()',
  'position()=2',
  'position()<last()',
  "contains(@x,'a')",
  "starts-with(@x,'1')",
  'count(*)=2',
  "count(.//*[@x='1']) > 0",
  '@x>1',
  'string-length(@x)=2',
  "name()='a'",
  'ancestor::b',
  'following-sibling::*[1]/@x',
  'self::a|self::b',
);

const step = fc
  .record({
    axis: fc.constantFrom(
      '',
      '',
      '',
      'descendant::',
      'ancestor::',
      'ancestor-or-self::',
      'following-sibling::',
      'preceding-sibling::',
      'self::',
      'parent::',
      'descendant-or-self::',
    ),
    name,
    predicates: fc.array(predicate, { maxLength: 2 }),
  })
  .map(parts => `${parts.axis}${parts.name}${parts.predicates.map(one => `[${one}]`).join('')}`);

const path = fc
  .array(
    fc.record({
      slash: fc.constantFrom('/', '//'),
      step: fc.oneof({ weight: 8, arbitrary: step }, fc.constant('..'), fc.constant('.')),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map(steps => steps.map(({ slash, step: one }) => `${slash}${one}`).join(''));

const xpath = fc.oneof(
  { weight: 5, arbitrary: path },
  fc.tuple(path, path).map(([left, right]) => `${left}|${right}`),
  fc.tuple(path, predicate).map(([inside, outside]) => `(${inside})[${outside}]`),
);

test('what is found is what libxml2 finds', () => {
  fc.assert(
    fc.property(tree(4), xpath, (drawn, expression) => {
      const root = numbered(drawn);
      const numbers = `(${expression})[self::*]/@n`;
      const selection = select(root, numbers);
      assert.ok(selection.ok, `${expression}: ${selection.ok || selection.message}`);
      const document = XmlDocument.fromString(printXml(root));
      try {
        const theirs = document.find(numbers).map(node => node.content);
        const ours = selection.matches.map(({ attribute }) => attribute?.value);
        assert.deepEqual(ours, theirs, `${expression} in ${printXml(root)}`);
      } finally {
        document.dispose();
      }
    }),
    { numRuns: 600 },
  );
});
