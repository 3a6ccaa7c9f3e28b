/** Attribute values and character data: references resolved, white space and line ends as XML prescribes. */
import { hasForbiddenCharacter, isXmlCharacter, type Reader } from './reader.ts';

const QUOTE = 34;
const APOSTROPHE = 39;
const AMPERSAND = 38;
const LESS = 60;

/** Reads a quoted value; the reader stands on the quotation mark. */
export function readValue(from: Reader): string {
  const { source } = from;
  const quote = source.charCodeAt(from.at);
  if (quote !== QUOTE && quote !== APOSTROPHE)
    from.fail('the value of an attribute is not in quotation marks');
  const start = from.at + 1;
  let at = start;
  let plain = true;
  for (; ; at += 1) {
    const code = source.charCodeAt(at);
    if (code === quote) break;
    if (code > AMPERSAND && code < 0xd800 && code !== LESS) continue;
    if (code === LESS || Number.isNaN(code)) {
      from.at = at;
      from.fail(
        code === LESS ? "'<' in the value of an attribute" : 'the value of an attribute is not ended',
      );
    }
    if (code < 32 || code === AMPERSAND || code >= 0xd800) plain = false;
  }
  from.at = at + 1;
  const value = source.slice(start, at);
  return plain ? value : resolve(value.replace(/\r\n|[\t\n\r]/g, ' '), from);
}

/** Character data between tags, as it counts. */
export function readText(raw: string, from: Reader): string {
  if (raw.includes(']]>')) from.fail("']]>' in text");
  return resolve(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw, from);
}

const REFERENCE = /&([^;&\s]*);?/g;

function resolve(raw: string, from: Reader): string {
  if (hasForbiddenCharacter(raw)) from.fail('a character that XML forbids');
  if (!raw.includes('&')) return raw;
  return raw.replace(REFERENCE, whole => character(whole) ?? from.fail(`'${whole}' is not a reference`));
}

const NAMED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function character(reference: string): string | undefined {
  if (Object.hasOwn(NAMED, reference)) return NAMED[reference];
  const [, hexadecimal, decimal] = /^&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));$/.exec(reference) ?? [];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}
