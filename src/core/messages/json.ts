/** JSON in which an XML element travels as text: how messages are written to sockets, one to a line. */
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';

/** The one key of the object that stands for an element. */
const XML = '<>';

export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** One line of text, without its end. Lines that elements were read from are not kept. */
export const encodeMessage = (message: unknown): string =>
  JSON.stringify(message, (_, value: unknown) => (isElement(value) ? { [XML]: printXml(value) } : value));

export function decodeMessage(text: string): Decoded {
  let problem: string | undefined;
  const revive = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !(XML in value)) return value;
    const source = value[XML];
    const parsed = parseXml(typeof source === 'string' ? source : '');
    if (parsed.ok) return parsed.root;
    problem ??= `line ${parsed.line} of an element: ${parsed.message}`;
    return undefined;
  };
  try {
    const value: unknown = JSON.parse(text, revive);
    return problem === undefined ? { ok: true, value } : { ok: false, problem };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, problem: error.message };
  }
}

const isElement = (value: unknown): value is XmlElement =>
  typeof value === 'object' &&
  value !== null &&
  'attributes' in value &&
  Array.isArray(value.attributes) &&
  'children' in value &&
  'name' in value;
