/** A place in a source text, and what is the matter with it. */

/** Thrown within the parser only: `parseXml` turns it into its result. */
export class XmlProblem extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Where the reading stands. What is looked for ahead of it is looked for once: places are asked for in ascending order. */
export class Reader {
  readonly source: string;
  at: number;
  #line = 1;
  #lineEnd = -1;
  #tag = -1;
  #special = -1;

  constructor(source: string) {
    this.source = source;
    this.at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineEnd = this.#next('\n', 0);
  }

  /** Line of the present place. */
  line(): number {
    while (this.#lineEnd < this.at) {
      this.#line += 1;
      this.#lineEnd = this.#next('\n', this.#lineEnd + 1);
    }
    return this.#line;
  }

  /** Where the next `<` stands; the end of the source where there is none. */
  nextTag(): number {
    if (this.#tag < this.at) this.#tag = this.#next('<', this.at);
    return this.#tag;
  }

  /** How far there is nothing that may not stand in a value, or stands there for something else. */
  plainUntil(): number {
    this.line();
    if (this.#special < this.at) this.#special = this.#nextSpecial();
    return Math.min(this.nextTag(), this.#lineEnd, this.#special);
  }

  #next(what: string, from: number): number {
    const found = this.source.indexOf(what, from);
    return found === -1 ? this.source.length : found;
  }

  #nextSpecial(): number {
    SPECIAL.lastIndex = this.at;
    return SPECIAL.test(this.source) ? SPECIAL.lastIndex - 1 : this.source.length;
  }

  fail(message: string): never {
    throw new XmlProblem(message, this.line());
  }

  skipSpace(): void {
    while (isSpace(this.source.charCodeAt(this.at))) this.at += 1;
  }

  /** Goes behind the next occurrence of `end`; what stands before it is returned. */
  upTo(end: string, what: string): string {
    const found = this.source.indexOf(end, this.at);
    if (found === -1) {
      this.at = this.source.length;
      this.fail(`${what} is not ended`);
    }
    const before = this.source.slice(this.at, found);
    this.at = found + end.length;
    return before;
  }

  startsWith(what: string): boolean {
    return this.source.startsWith(what, this.at);
  }

  /** Whether it starts with that, and the name at its end does not go on. */
  startsWithName(what: string): boolean {
    return (
      this.source.startsWith(what, this.at) && !isNameCode(this.source.charCodeAt(this.at + what.length))
    );
  }

  /** What looks like a name here; the reader stays. */
  nameLike(): string {
    let end = this.at;
    while (isNameCode(this.source.charCodeAt(end))) end += 1;
    return this.source.slice(this.at, end);
  }

  /** Goes behind a name and returns it. */
  name(): string {
    const name = this.nameLike();
    if (!NAME.test(name)) this.fail(name === '' ? 'a name is missing' : `'${name}' is not a name`);
    this.at += name.length;
    return name;
  }
}

/** References, white space that counts as a blank, what may be forbidden. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const SPECIAL = /[&\u0000-\u0009\u000b-\u001f\ud800-\uffff]/g;

/** Tab, line feed, carriage return, space. */
export const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12);

/** Whatever may stand in a name, and all beyond ASCII, which `NAME` judges. */
const isNameCode = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 58) ||
  code === 95 ||
  code === 45 ||
  code === 46 ||
  code >= 128;

const START =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const NAME = new RegExp(`^[${START}][${START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*$`, 'u');

/** Whether a character may stand in a document at all. */
export const isXmlCharacter = (code: number): boolean =>
  code >= 0x20
    ? code < 0xd800 || (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code <= 0x10ffff)
    : code === 9 || code === 10 || code === 13;

// Tab, line feed and carriage return may stand; a surrogate only as one of a pair.
const FORBIDDEN = /[\p{Cc}--[\t\n\r\u{7f}-\u{9f}]]|[\p{Cs}\u{FFFE}\u{FFFF}]/v;

export const hasForbiddenCharacter = (text: string): boolean => FORBIDDEN.test(text);
