import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { attributePairs, COMMENT, type XmlElement } from '../xml/element.ts';
import { parametersForDigest, type RecordedOperation } from './operation-parameters.ts';

/** 32 hexadecimal digits of an MD5 sum, as they stand in `cib.xml.sig` and in `op-digest`. */
const md5Of = (text: string): string => bytesToHex(md5(utf8ToBytes(text)));

/**
 * How a special character stands in the text that is summed. Ours is the form of the release whose peers and
 * tools we work with; that of Pacemaker 3 is known too.
 */
type DigestForm = 'pacemaker-2' | 'pacemaker-3';

/** Digest of the file `cib.xml`, as in `cib.xml.sig` (Pacemaker's digest "v1": a space before, a line end after). */
export const digestOnDisk = (cib: XmlElement, form: DigestForm = 'pacemaker-2'): string =>
  md5Of(` ${textForDigest(cib, form)}\n`);

/** Digest that goes with a document or patchset between nodes ("v2"). */
export const digestOnWire = (cib: XmlElement, form: DigestForm = 'pacemaker-2'): string =>
  md5Of(textForDigest(cib, form, BOOKKEEPING));

/** Whether a `.sig` belongs to the document, whichever version of Pacemaker wrote it. */
export const matchesDigestOnDisk = (cib: XmlElement, digest: string): boolean =>
  digestOnDisk(cib) === digest || digestOnDisk(cib, 'pacemaker-3') === digest;

/** The same for what comes from a peer. */
export const matchesDigestOnWire = (cib: XmlElement, digest: string): boolean =>
  digestOnWire(cib) === digest || digestOnWire(cib, 'pacemaker-3') === digest;

export const digestOfParameters = (parameters: Readonly<Record<string, string>>): string =>
  digestOfValues(new Map(Object.entries(parameters)));

/** Digest of a list of parameters, whatever their order: that of an element `parameters` on disk. */
export function digestOfValues(values: ReadonlyMap<string, string>): string {
  const names = [...values.keys()];
  if (names.length > 1) names.sort(byCodePoint);
  let plain = '';
  for (const name of names) plain += `${name}\0${values.get(name)}\0`;
  const known = digests.get(plain);
  if (known !== undefined) return known;
  let text = '';
  for (const name of names) text += ` ${name}="${escapeAsIn2(values.get(name) as string)}"`;
  const made = md5Of(` <parameters${text}/>\n`);
  if (digests.size >= REMEMBERED) digests.clear();
  digests.set(plain, made);
  return made;
}

/** By names and values: instances are alike, and the same operations are asked about again and again. */
const digests = new Map<string, string>();
const REMEMBERED = 50_000;

export interface OperationDigests {
  /** `op-digest`: all parameters. */
  readonly all: string;
  /** `op-secure-digest`: without the private ones. */
  readonly nonprivate: string;
  /** `op-restart-digest`: only those whose change needs a restart. */
  readonly nonreloadable: string;
}

/** The three digests that go into an operation's history and that tell, later, whether its definition changed. */
export function operationDigests(operation: RecordedOperation): OperationDigests {
  const { all, nonprivate, nonreloadable } = parametersForDigest(operation);
  return {
    all: digestOfParameters(all),
    nonprivate: digestOfParameters(nonprivate),
    nonreloadable: digestOfParameters(nonreloadable),
  };
}

/** Attributes of who wrote last and when: they say nothing of what a document means. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'origin',
  'cib-last-written',
  'update-origin',
  'update-client',
  'update-user',
  'crm-debug-origin',
]);

const NONE: ReadonlySet<string> = new Set();

function textForDigest(one: XmlElement, form: DigestForm, leftOut = NONE): string {
  const out: string[] = [];
  printInto(out, one, form === 'pacemaker-3' ? escapeAsIn3 : escapeAsIn2, leftOut);
  return out.join('');
}

function printInto(
  out: string[],
  one: XmlElement,
  escaped: (value: string) => string,
  leftOut: ReadonlySet<string>,
): void {
  if (one.name === COMMENT) {
    out.push('<!--', one.text ?? '', '-->');
    return;
  }
  out.push('<', one.name);
  for (const [name, value] of attributePairs(one)) {
    if (!leftOut.has(name)) out.push(' ', name, '="', escaped(value), '"');
  }
  if (one.children.length === 0 && one.text === undefined) {
    out.push('/>');
    return;
  }
  out.push('>');
  if (one.text !== undefined) out.push(escaped(one.text));
  for (const below of one.children) printInto(out, below, escaped, leftOut);
  out.push('</', one.name, '>');
}

const ESCAPES_IN_3: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const SPECIAL_IN_3 = /[&<>"\u0000-\u001f\u007f]/g;

const escapeAsIn3 = (value: string): string =>
  value.replace(
    SPECIAL_IN_3,
    found => ESCAPES_IN_3[found] ?? `&#x${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')};`,
  );

const ESCAPES_IN_2: Readonly<Record<string, string>> = {
  ...ESCAPES_IN_3,
  "'": '&apos;',
  '\t': '    ',
  '\n': '\\n',
  '\r': '\\r',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const SPECIAL_IN_2 = /[&<>"'\u0000-\u001f\u007f]/g;

const escapeAsIn2 = (value: string): string =>
  value.search(SPECIAL_IN_2) === -1
    ? value
    : value.replace(
        SPECIAL_IN_2,
        found => ESCAPES_IN_2[found] ?? `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`,
      );

const byCodePoint = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
