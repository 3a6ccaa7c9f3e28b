import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { attribute, COMMENT, child, element, withAttribute, type XmlElement } from './element.ts';
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

/** What the library makes of it: the root's text form, or undefined where it refuses. */
function judged(source: string): string | undefined {
  const parser = new SaxesParser();
  let refused = false;
  parser.on('error', () => {
    refused = true;
  });
  const open: { name: string; attributes: string[]; children: XmlElement[]; text: string }[] = [
    { name: '', attributes: [], children: [], text: '' },
  ];
  parser.on('opentag', ({ name, attributes }) =>
    open.push({ name, attributes: Object.entries(attributes).flat() as string[], children: [], text: '' }),
  );
  parser.on('closetag', () => {
    const { text, ...closed } = open.pop() as (typeof open)[0];
    open.at(-1)?.children.push(text.trim() === '' ? closed : { ...closed, text });
  });
  const add = (text: string) => {
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += text;
  };
  parser.on('text', text => add(text.trim() === '' ? '' : text));
  parser.on('cdata', add);
  parser.on('comment', text => {
    if (open.length > 1) open.at(-1)?.children.push({ name: COMMENT, attributes: [], children: [], text });
  });
  parser.write(source).close();
  const root = open[0]?.children[0];
  return refused || root === undefined ? undefined : printXml(root);
}

const same = (source: string) => {
  const ours = parseXml(source);
  assert.equal(ours.ok ? printXml(ours.root) : undefined, judged(source), JSON.stringify(source));
};

const TRICKY = [
  '<a/>',
  ' <?xml version="1.0"?><a/>',
  '<?xml version="1.0"?>\n<!-- c --><a/><!-- d --> ',
  '<!DOCTYPE a><a/>',
  '<a b=\'"\' c = "\'"/>',
  '<a b="1" b="2"/>',
  '<r><a b="1" c="2"/><a c="1" b="2"/><a b="1" b="2"/></r>',
  '<r><a b="1" c="2"/><a c="1" c="2"/></r>',
  '<a b=1/>',
  '<a b/>',
  '<a b="1"c="2"/>',
  '<a b="x\ty\nz\r\nw"/>',
  '<a>x\r\ny\rz</a>',
  '<a b="&#10;&#x41;&amp;&lt;&gt;&quot;&apos;"/>',
  '<a b="&nbsp;"/>',
  '<a b="&"/>',
  '<a b="&amp"/>',
  '<a b="&#0;"/>',
  '<a b="&#xD800;"/>',
  '<a b="<"/>',
  '<a b=">"/>',
  '<a>]]></a>',
  '<a><![CDATA[<&]]>x</a>',
  '<a><![CDATA[x</a>',
  '<a><!-- -- --></a>',
  '<a><!-- x ---></a>',
  '<a><?p q?></a>',
  '<a>x<b/>y</a>',
  '<a></b>',
  '<a></a >',
  '<a',
  '<a>',
  '<a/',
  '<a / >',
  '<a/><b/>',
  '<a/>x',
  'x<a/>',
  '',
  '<1a/>',
  '<é ü="ä"/>',
  '<a b="😀">😀</a>',
  '<a:b c:d="e" xmlns:a="u" xmlns:c="v"/>',
  '< a/>',
  '<a>&#x1F600;</a>',
  '<a b="\u0001"/>',
  '<a>\u0001</a>',
  '<a b="\uFFFE"/>',
];

for (const source of TRICKY) {
  test(`reads as the library does: ${JSON.stringify(source)}`, () => same(source));
}

test('what fragments of XML make in any order is read, or refused, as the library does', () => {
  const pieces = fc.constantFrom(
    '<a>',
    '</a>',
    '<b/>',
    '<a b="1">',
    '<a b="1" c="2">',
    "'",
    '"',
    '&amp;',
    '&',
    '<!-- x -->',
    '<![CDATA[',
    ']]>',
    ' ',
    '\n',
    'text',
    '<?p ?>',
    '=',
    '<',
    '>',
    '/>',
    'b="2"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), inside => same(`<r>${inside.join('')}</r>`)),
    { numRuns: 2000 },
  );
});

const nested = (depth: number) => `${'<a>'.repeat(depth)}\n${'</a>'.repeat(depth)}`;

test('elements may stand in one another 256 deep', () => {
  same(nested(256));
  const result = parseXml(nested(257));
  assert.deepEqual(result, { ok: false, line: 1, message: 'elements are nested more than 256 deep' });
});

test('what one document looked like does not change how the next is read', () => {
  const [two, one] = ['<cib a="1" long-attribute-name="2"/>', '<cib long-attribute-name="1"/>'].map(parsed);
  assert.deepEqual(one?.attributes, ['long-attribute-name', '1']);
  assert.deepEqual(two?.attributes, ['a', '1', 'long-attribute-name', '2']);
});

test('a value that cannot be cut out as it stands is read among others that can', () => {
  same('<r>\n<a b="1" c="x&amp;y" d="z"/>\n<a b="1"\n c="2"\td=\'3\'/>\r\n<a b="ä" c="😀" d="&#9;"/>\n</r>');
});
