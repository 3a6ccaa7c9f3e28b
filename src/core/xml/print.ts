import { COMMENT, type XmlElement } from './element.ts';

export interface PrintOptions {
  /** Indent by two spaces a level and end lines; otherwise all stands on one line. */
  readonly pretty?: boolean;
  readonly declaration?: boolean;
}

/** XML text of an element, without a line end after it unless `pretty`. */
export function printXml(
  root: XmlElement,
  { pretty = false, declaration = false }: PrintOptions = {},
): string {
  const out: string[] = declaration ? [`<?xml version="1.0"?>${pretty ? '\n' : ''}`] : [];
  printInto(out, root, pretty ? 0 : undefined);
  return out.join('');
}

function printInto(out: string[], one: XmlElement, depth: number | undefined): void {
  const indent = depth === undefined ? '' : '  '.repeat(depth);
  const end = depth === undefined ? '' : '\n';
  if (one.name === COMMENT) {
    out.push(indent, '<!--', one.text ?? '', '-->', end);
    return;
  }
  out.push(indent, '<', one.name);
  for (let at = 0; at < one.attributes.length; at += 2) {
    out.push(' ', one.attributes[at] as string, '="', escapeXml(one.attributes[at + 1] as string), '"');
  }
  if (one.children.length === 0 && one.text === undefined) {
    out.push('/>', end);
    return;
  }
  out.push('>', one.text === undefined ? '' : escapeXmlText(one.text));
  if (one.children.length > 0) {
    out.push(end);
    for (const below of one.children) printInto(out, below, depth === undefined ? undefined : depth + 1);
    out.push(indent);
  }
  out.push('</', one.name, '>', end);
}

const SPECIAL = /[&<>"\t\n\r]/;
const SPECIALS = /[&<>"\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** An attribute value as it stands between double quotes. */
export const escapeXml = (value: string): string =>
  SPECIAL.test(value) ? value.replace(SPECIALS, found => ESCAPES[found] as string) : value;

const escapeXmlText = (value: string): string => value.replace(/[&<>]/g, found => ESCAPES[found] as string);
