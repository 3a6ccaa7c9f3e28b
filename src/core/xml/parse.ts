/**
 * Reads XML 1.0 into the immutable tree. It is our own because a profile said so: with a library this was the
 * larger part of what a command spends on a document of ten megabytes. A library (saxes) judges it in the tests.
 */
import { COMMENT, type XmlElement } from './element.ts';
import { hasForbiddenCharacter, isSpace, Reader, XmlProblem } from './reader.ts';
import { forgetIfTooMany, knownTag, learnTag, type Place, type Shape, type Tag } from './tags.ts';
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
  }
}

/** What a tree is read with. */
interface Reading {
  readonly from: Reader;
  /** Elements that are complete while their parents are not: the last are those in the innermost parent. */
  readonly done: XmlElement[];
  /** Values of the tag that is being read. */
  readonly values: string[];
  /** Behind the tag that was read last. */
  place: Place;
  depth: number;
}

/** How deep elements may stand in one another: whatever walks a document must come to its end. */
const DEEPEST = 256;

const LESS = 60;
const SLASH = 47;
const GREATER = 62;
const EQUALS = 61;
const EXCLAMATION = 33;
const QUESTION = 63;
const NOTHING: readonly XmlElement[] = [];

function readDocument(from: Reader): XmlElement {
  skipOutside(from, 'before');
  if (from.source.charCodeAt(from.at) !== LESS) from.fail('no element found');
  forgetIfTooMany();
  const root = readElement({ from, done: [], values: [], place: { next: undefined }, depth: 0 });
  skipOutside(from, 'after');
  if (from.at < from.source.length) from.fail('something stands after the root element');
  return root;
}

/** Passes over white space, comments, processing instructions and, before the root, the document type. */
function skipOutside(from: Reader, side: 'before' | 'after'): void {
  for (;;) {
    from.skipSpace();
    if (from.startsWith('<?')) skipInstruction(from);
    else if (from.startsWith('<!--')) readComment(from);
    else if (side === 'before' && from.startsWith('<!DOCTYPE')) skipDocumentType(from);
    else return;
  }
}

/** Reads the element that begins here, with all that is in it. */
function readElement(reading: Reading): XmlElement {
  const { from, done } = reading;
  const tag = readTag(reading);
  const { name, shape } = tag;
  const attributes = readAttributes(reading, shape);
  const empty = from.source.charCodeAt(from.at) === SLASH;
  if (empty) from.at += 1;
  if (from.source.charCodeAt(from.at) !== GREATER) from.fail(`the start tag of ${name} is not ended`);
  const line = from.line();
  from.at += 1;
  if (empty) return { name, attributes, children: NOTHING, line };
  const first = done.length;
  const text = readInside(reading, name);
  reading.place = tag.end;
  const children = done.splice(first);
  return text === '' || text.trim() === ''
    ? { name, attributes, children, line }
    : { name, attributes, children, text, line };
}

/** Goes behind the name of a tag. */
function readTag(reading: Reading): Tag {
  const { from } = reading;
  const { next } = reading.place;
  if (next !== undefined && from.startsWithName(next.opening)) {
    from.at += next.opening.length;
    reading.place = next;
    return next;
  }
  from.at += 1;
  const known = knownTag(from.nameLike());
  const tag = known ?? learnTag(from.name());
  if (known !== undefined) from.at += known.name.length;
  reading.place.next = tag;
  reading.place = tag;
  return tag;
}

function readAttributes(reading: Reading, start: Shape): readonly string[] {
  const { from, values } = reading;
  const { source } = from;
  let shape = start;
  let plain = from.plainUntil();
  let count = 0;
  for (; ; count += 1) {
    const known = shape.after(source, from.at);
    const next = known ?? readName(from, shape);
    if (next === undefined) break;
    shape = next;
    if (known !== undefined) from.at += known.opening.length - 1;
    const end = known === undefined ? -1 : source.indexOf('"', from.at + 1);
    if (end !== -1 && end < plain) {
      values[count] = source.slice(from.at + 1, end);
      from.at = end + 1;
    } else {
      values[count] = readValue(from);
      plain = from.plainUntil();
    }
  }
  const attributes = shape.form.slice();
  for (let at = 0; at < count; at += 1) attributes[at * 2 + 1] = values[at] as string;
  return attributes;
}

/** Goes behind `name=`, with white space as it comes; `undefined` where no attribute stands. */
function readName(from: Reader, before: Shape): Shape | undefined {
  const start = from.at;
  from.skipSpace();
  const code = from.source.charCodeAt(from.at);
  if (code === GREATER || code === SLASH || from.at >= from.source.length) return undefined;
  if (from.at === start) from.fail('white space is missing before an attribute');
  const known = before.with(from.nameLike());
  const name = known?.name ?? from.name();
  if (known !== undefined) from.at += name.length;
  from.skipSpace();
  if (from.source.charCodeAt(from.at) !== EQUALS) from.fail(`attribute ${name} has no value`);
  from.at += 1;
  from.skipSpace();
  return known ?? before.learn(name) ?? from.fail(`attribute ${name} twice`);
}

/** Reads all up to the end of the element; its elements and comments are `done`, the text is returned. */
function readInside(reading: Reading, name: string): string {
  const { from, done } = reading;
  const { source } = from;
  reading.depth += 1;
  if (reading.depth > DEEPEST) from.fail(`elements are nested more than ${DEEPEST} deep`);
  let text = '';
  for (;;) {
    const tag = from.nextTag();
    if (tag === source.length) {
      from.at = tag;
      from.fail(`the element ${name} is not ended`);
    }
    if (tag > from.at) text += textUpTo(from, tag);
    const code = source.charCodeAt(tag + 1);
    if (code === SLASH) break;
    if (code === EXCLAMATION || code === QUESTION) text += readSpecial(reading);
    else done.push(readElement(reading));
  }
  readEnd(from, name);
  reading.depth -= 1;
  return text;
}

function textUpTo(from: Reader, end: number): string {
  const { source } = from;
  let { at } = from;
  while (at < end && isSpace(source.charCodeAt(at))) at += 1;
  // Nearly always it is only the indentation of the next tag.
  const text = at < end ? readText(source.slice(from.at, end), from) : '';
  from.at = end;
  return text;
}

/** A comment is `done`, an instruction passed over; the text of a CDATA section is returned. */
function readSpecial(reading: Reading): string {
  const { from, done } = reading;
  if (from.startsWith('<!--')) {
    const line = from.line();
    done.push({ name: COMMENT, attributes: [], children: [], text: readComment(from), line });
  } else if (from.startsWith('<![CDATA[')) {
    from.at += 9;
    const text = from.upTo(']]>', 'a CDATA section');
    if (hasForbiddenCharacter(text)) from.fail('a character that XML forbids');
    return text.replace(/\r\n?/g, '\n');
  } else if (from.startsWith('<?')) {
    skipInstruction(from);
  } else {
    done.push(readElement(reading));
  }
  return '';
}

function readEnd(from: Reader, name: string): void {
  from.at += 2;
  if (!from.startsWithName(name)) from.fail(`the element ${name} is ended by ${from.name()}`);
  from.at += name.length;
  from.skipSpace();
  if (from.source.charCodeAt(from.at) !== GREATER) from.fail(`the end tag of ${name} is not ended`);
  from.at += 1;
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
