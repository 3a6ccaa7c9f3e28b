/**
 * The pairs of crm syntax and XML in the conformance data: each must hold in its direction. A pair that does not
 * stands in EXCEPTIONS with its reason; the list may only shrink.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { attribute, COMMENT, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { identify } from './identify.ts';
import { type Paint, PLAIN } from './paint.ts';
import { readConfiguration } from './read.ts';
import { MEMBER } from './read-resource.ts';
import { writeAsXml, writeObject } from './write.ts';
import { quoted } from './write-attributes.ts';

const EXCEPTIONS: Readonly<Record<string, string>> = {};

const DATA =
  process.env.PACEMAKER_CONFORMANCE ?? new URL('../../../../shared/conformance', import.meta.url).pathname;
const FILE = `${DATA}/crm-syntax/pairs.jsonl`;

interface Pair {
  readonly cli: string | readonly string[];
  readonly xml: string;
  readonly dir: 'cli2xml' | 'cli2xml-raw' | 'xml2cli';
}

const pairs: readonly Pair[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Pair)
  : [];

const parsed = (xml: string): XmlElement => {
  const result = parseXml(xml);
  assert.ok(result.ok, xml);
  return result.root;
};

/** Pairs without comment lines got their comments apart from the text. */
const withoutComments = (one: XmlElement): XmlElement => ({
  ...one,
  children: one.children.filter(part => part.name !== COMMENT),
});

/** Defaults are read with the section around them; some pairs show the set alone. */
const unwrapped = (one: XmlElement, like: XmlElement): XmlElement =>
  like.name === 'meta_attributes' ? (one.children[0] ?? one) : one;

/** Some pairs name nodes that only their context knew: the targets of the levels are those nodes. */
const targetsOf = (one: XmlElement): readonly string[] => [
  ...new Set(one.children.map(level => attribute(level, 'target')).filter(target => target !== undefined)),
];

const resolved = (one: XmlElement, from: XmlElement): XmlElement => ({
  ...one,
  children: one.children.map(part =>
    part.name === MEMBER
      ? ([...walk(from)].find(known => known.name !== MEMBER && idOf(known) === idOf(part)) ?? part)
      : part,
  ),
});

const textOf = ({ cli }: Pair): string => (typeof cli === 'string' ? cli : cli.map(quoted).join(' '));

/** Single words such as `node1:` need no quotes; `quoted` gave them some, which changes nothing. */
function readPair(pair: Pair, expected: XmlElement): XmlElement {
  const { statements, problems } = readConfiguration(textOf(pair), { nodes: targetsOf(expected) });
  assert.deepEqual(problems, []);
  assert.equal(statements.length, 1);
  return (statements[0] as (typeof statements)[0]).element;
}

const formerOf = new Map(pairs.filter(pair => pair.dir === 'xml2cli').map(pair => [textOf(pair), pair.xml]));

function holdsToXml(pair: Pair): void {
  const whole = parsed(pair.xml);
  const expected = textOf(pair).startsWith('#') ? whole : withoutComments(whole);
  const read = resolved(readPair(pair, whole), whole);
  if (pair.dir === 'cli2xml-raw') {
    assert.equal(printXml(read), printXml(expected));
    return;
  }
  // The ids must come out of nothing, or else from the element that stood there before.
  const taken = idOf(read) === undefined ? [] : [idOf(read) as string];
  const fresh = printXml(unwrapped(identify(read, { taken: new Set(taken) }), expected));
  const former = formerOf.get(textOf(pair));
  if (former === undefined || fresh === printXml(expected)) {
    assert.equal(fresh, printXml(expected));
    return;
  }
  const kept = identify(read, { old: parsed(former), taken: new Set(taken) });
  assert.equal(printXml(kept), printXml(expected));
}

const COLOURS: Paint = {
  ...PLAIN,
  keyword: word => `\${YELLOW}${word}\${NORMAL}`,
  id: word => `\${NORMAL}${word}\${NORMAL}`,
};

function holdsToText(pair: Pair): void {
  const text = textOf(pair);
  const one = parsed(pair.xml);
  const context = {
    referenced: new Set<string>(),
    nodes: text.includes(':') ? [] : targetsOf(one),
    paint: /YELLOW/.test(text) ? COLOURS : PLAIN,
  };
  const layout = / \\\n/.test(text) || text.startsWith('#') ? 'lines' : 'line';
  const keyword = /^\S+/.exec(text)?.[0] as string;
  const isXml = /^(\$\{YELLOW\})?xml/.test(text);
  const written = isXml
    ? writeAsXml(one, context, 'line')
    : writeObject(one, context, { layout, defaults: keyword });
  const single = text.startsWith('#') ? writeObject(one, context, { layout: 'line' }) : undefined;
  assert.ok(written === text || single === text, `${written}\n≠\n${text}`);
}

test('every pair of crm syntax and XML holds in its direction', { skip: pairs.length === 0 }, () => {
  const failed: string[] = [];
  const healed: string[] = [];
  for (const pair of pairs) {
    const name = `${pair.dir} ${textOf(pair)}`;
    let fault: string | undefined;
    try {
      if (pair.dir === 'xml2cli') holdsToText(pair);
      else holdsToXml(pair);
    } catch (error) {
      fault = (error as Error).message;
    }
    if (fault !== undefined && !(name in EXCEPTIONS)) failed.push(`${name}\n${fault}`);
    if (fault === undefined && name in EXCEPTIONS) healed.push(name);
  }
  assert.deepEqual(healed, [], 'these hold now: take them from the list of exceptions');
  assert.equal(failed.length, 0, `${failed.length} of ${pairs.length}:\n${failed.join('\n\n')}`);
});
