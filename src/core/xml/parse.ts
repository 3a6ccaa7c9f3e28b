/**
 * Reads XML 1.0 into the immutable tree. It is our own because a profile said so: with a library this was the
 * larger part of what a command spends on a document of ten megabytes. A library (saxes) judges it in the tests.
 *
 * Names are compared with those of the last element of that name before they are cut out of the source: elements
 * of a CIB are alike, so nearly every name is found, and shared, without a look-up.
 */
import { COMMENT, type XmlElement } from './element.ts';
import { hasForbiddenCharacter, isSpace, Reader, XmlProblem } from './reader.ts';
import { readText, readValue } from './values.ts';

export type XmlParse =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly line: number; readonly message: string };

/**
 * Reads one document. Comments inside the root are kept in their places; processing instructions and the
 * document type are passed over; white space alone is no text. An element's line is that where its start tag ends.
 */
export function parseXml(source: string): XmlParse {
  try {
    return { ok: true, root: readDocument(new Reader(source)) };
  } catch (problem) {
    if (!(problem instanceof XmlProblem)) throw problem;
    return { ok: false, line: problem.line, message: problem.message };
  } finally {
    // What is left in it would keep the source alive.
    scratch.length = 0;
  }
}

/** An element whose end tag has not come yet. */
interface Open {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly children: XmlElement[];
  readonly line: number;
  text: string;
}

/** What elements of one name looked like so far. */
interface Shape {
  /** The element's name: one string for all. */
  readonly element: string;
  /** The attribute's name that was last found in each position. */
  readonly names: string[];
  /** Positions of different elements share a name, so that each element must be looked at for repetition. */
  repeats: boolean;
}

type Shapes = Map<string, Shape>;

const LESS = 60;
const SLASH = 47;
const GREATER = 62;
const EQUALS = 61;
const NOTHING: readonly XmlElement[] = [];

function readDocument(from: Reader): XmlElement {
  skipOutside(from, 'before');
  if (from.source.charCodeAt(from.at) !== LESS) from.fail('no element found');
  const root = readTree(from);
  skipOutside(from, 'after');
  if (from.at < from.source.length) from.fail('something stands after the root element');
  return root;
}

/** Passes over white space, comments, processing instructions and, before the root, the document type. */
function skipOutside(from: Reader, side: 'before' | 'after'): void {
  for (;;) {
    from.skipSpace();
    if (from.source.startsWith('<?', from.at)) skipInstruction(from);
    else if (from.source.startsWith('<!--', from.at)) readComment(from);
    else if (side === 'before' && from.source.startsWith('<!DOCTYPE', from.at)) skipDocumentType(from);
    else return;
  }
}

function readTree(from: Reader): XmlElement {
  const shapes: Shapes = new Map();
  const open: Open[] = [];
  for (;;) {
    const parent = open.at(-1);
    const closed =
      parent === undefined ? readStart(from, open, shapes) : readNext(from, parent, open, shapes);
    if (closed === undefined) continue;
    const above = open.at(-1);
    if (above === undefined) return closed;
    above.children.push(closed);
  }
}

/** Takes the next tag, text or comment inside `parent`; returns an element that is complete now. */
function readNext(from: Reader, parent: Open, open: Open[], shapes: Shapes): XmlElement | undefined {
  const { source } = from;
  const tag = source.indexOf('<', from.at);
  if (tag === -1) {
    from.at = source.length;
    from.fail(`the element ${parent.name} is not ended`);
  }
  if (tag > from.at) addText(from, parent, tag);
  if (source.charCodeAt(tag + 1) === SLASH) return readEnd(from, open);
  if (source.startsWith('<!--', tag)) {
    const line = from.line();
    parent.children.push({ name: COMMENT, attributes: [], children: [], text: readComment(from), line });
  } else if (source.startsWith('<![CDATA[', tag)) {
    from.at += 9;
    const text = from.upTo(']]>', 'a CDATA section');
    if (hasForbiddenCharacter(text)) from.fail('a character that XML forbids');
    parent.text += text.replace(/\r\n?/g, '\n');
  } else if (source.startsWith('<?', tag)) {
    skipInstruction(from);
  } else {
    return readStart(from, open, shapes);
  }
  return undefined;
}

function addText(from: Reader, parent: Open, end: number): void {
  const { source } = from;
  let at = from.at;
  while (at < end && isSpace(source.charCodeAt(at))) at += 1;
  // Nearly always it is only the indentation of the next tag.
  if (at < end) parent.text += readText(source.slice(from.at, end), from);
  from.at = end;
}

/** A start tag: an empty element is complete with it, another is put on `open`. */
function readStart(from: Reader, open: Open[], shapes: Shapes): XmlElement | undefined {
  from.at += 1;
  const shape = readElementName(from, shapes);
  const name = shape.element;
  const attributes = readAttributes(from, shape);
  const empty = from.source.charCodeAt(from.at) === SLASH;
  if (empty) from.at += 1;
  if (from.source.charCodeAt(from.at) !== GREATER) from.fail(`the start tag of ${name} is not ended`);
  const line = from.line();
  from.at += 1;
  if (empty) return { name, attributes, children: NOTHING, line };
  open.push({ name, attributes, children: [], line, text: '' });
  return undefined;
}

function readElementName(from: Reader, shapes: Shapes): Shape {
  const known = shapes.get(from.nameLike());
  if (known !== undefined) {
    from.at += known.element.length;
    return known;
  }
  const shape: Shape = { element: from.name(), names: [], repeats: false };
  shapes.set(shape.element, shape);
  return shape;
}

/** Where attributes are gathered: what is kept is a copy of the right length. */
const scratch: string[] = [];

function readAttributes(from: Reader, shape: Shape): readonly string[] {
  const { source } = from;
  const { names } = shape;
  const attributes = scratch;
  let count = 0;
  for (; ; count += 1) {
    const before = from.at;
    from.skipSpace();
    const code = source.charCodeAt(from.at);
    if (code === GREATER || code === SLASH || from.at >= source.length) break;
    if (from.at === before) from.fail('white space is missing before an attribute');
    const name = readAttributeName(from, names[count]);
    if (name !== names[count]) {
      names[count] = name;
      shape.repeats = new Set(names).size !== names.length;
      failOnRepeated(from, [...attributes.slice(0, count * 2), name]);
    }
    attributes[count * 2] = name;
    attributes[count * 2 + 1] = readValue(from);
  }
  const read = attributes.slice(0, count * 2);
  if (shape.repeats) failOnRepeated(from, read);
  return read;
}

function failOnRepeated(from: Reader, attributes: readonly string[]): void {
  const names = attributes.filter((_, at) => at % 2 === 0);
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) from.fail(`attribute ${repeated} twice`);
}

/** Goes behind `name=` with white space as it comes, and returns the name. */
function readAttributeName(from: Reader, expected: string | undefined): string {
  const { source } = from;
  if (expected !== undefined && source.charCodeAt(from.at + expected.length) === EQUALS) {
    if (source.startsWith(expected, from.at)) {
      from.at += expected.length + 1;
      from.skipSpace();
      return expected;
    }
  }
  const name = from.name();
  from.skipSpace();
  if (source.charCodeAt(from.at) !== EQUALS) from.fail(`attribute ${name} has no value`);
  from.at += 1;
  from.skipSpace();
  return name;
}

function readEnd(from: Reader, open: Open[]): XmlElement {
  const { name, attributes, children, line, text } = open.pop() as Open;
  from.at += 2;
  if (from.nameLike() !== name) from.fail(`the element ${name} is ended by ${from.name()}`);
  from.at += name.length;
  from.skipSpace();
  if (from.source.charCodeAt(from.at) !== GREATER) from.fail(`the end tag of ${name} is not ended`);
  from.at += 1;
  return text.trim() === ''
    ? { name, attributes, children, line }
    : { name, attributes, children, text, line };
}

function readComment(from: Reader): string {
  from.at += 4;
  const text = from.upTo('-->', 'a comment');
  if (text.includes('--') || text.endsWith('-')) from.fail("'--' in a comment");
  if (hasForbiddenCharacter(text)) from.fail('a character that XML forbids');
  return text;
}

function skipInstruction(from: Reader): void {
  const atTheStart = from.at === 0;
  from.at += 2;
  if (from.name().toLowerCase() === 'xml' && !atTheStart)
    from.fail('an XML declaration that is not at the start');
  from.upTo('?>', 'a processing instruction');
}

/** Its declarations are not looked at: no entity but the five of XML is known. */
function skipDocumentType(from: Reader): void {
  const subset = from.source.indexOf('[', from.at);
  const end = from.source.indexOf('>', from.at);
  if (subset !== -1 && subset < end) from.upTo(']', 'the document type');
  from.upTo('>', 'the document type');
}
