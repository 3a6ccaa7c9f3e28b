import { SaxesParser } from 'saxes';
import { COMMENT, type XmlElement } from './element.ts';

export type XmlParse =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly line: number; readonly message: string };

interface Open {
  readonly name: string;
  readonly attributes: string[];
  readonly children: XmlElement[];
  readonly line: number;
  text: string;
}

/**
 * Reads one XML document. Comments inside the root are kept in their places; processing instructions and the
 * document type are passed over; white space alone is no text.
 */
export function parseXml(source: string): XmlParse {
  const parser = new SaxesParser({ position: true });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let problem: { line: number; message: string } | undefined;
  parser.on('error', error => {
    problem ??= { line: parser.line, message: error.message.replace(/^\d+:\d+: /, '') };
  });
  parser.on('opentag', tag => {
    const attributes: string[] = [];
    for (const name in tag.attributes) attributes.push(name, tag.attributes[name] as string);
    open.push({ name: tag.name, attributes, children: [], line: parser.line, text: '' });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const finished = finish(closed);
    const parent = open.at(-1);
    if (parent === undefined) root = finished;
    else parent.children.push(finished);
  });
  const addText = (text: string) => {
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', text => {
    open.at(-1)?.children.push({ name: COMMENT, attributes: [], children: [], text, line: parser.line });
  });
  parser.write(source).close();
  if (problem !== undefined) return { ok: false, ...problem };
  if (root === undefined) return { ok: false, line: 1, message: 'no element found' };
  return { ok: true, root };
}

function finish({ name, attributes, children, line, text }: Open): XmlElement {
  return text.trim() === ''
    ? { name, attributes, children, line }
    : { name, attributes, children, text, line };
}
