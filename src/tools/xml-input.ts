import { readFileSync } from 'node:fs';
import { parseXml, type XmlParse } from '../core/xml/parse.ts';

export interface InputOptions {
  readonly 'xml-file': string | undefined;
  readonly 'xml-text': string | undefined;
  readonly 'xml-pipe': boolean;
}

export interface XmlInput {
  /** The file's name, or `Entity` where it has none: how libxml2 and those who read its messages call it. */
  readonly name: string;
  /** How Pacemaker's commands call it. */
  readonly place: string;
  readonly text: string;
  readonly parsed: XmlParse;
}

const STANDARD_INPUT = 0;

/** What was given to a command: a file before a text before standard input; `undefined` where nothing was. */
export function readInput(options: InputOptions): XmlInput | undefined {
  const { 'xml-file': file, 'xml-text': text, 'xml-pipe': isPiped } = options;
  if (file !== undefined) return input(file, file, () => readFileSync(file, 'utf8'));
  if (text !== undefined) return input('Entity', 'input string', () => text);
  return isPiped ? input('Entity', 'STDIN', () => readFileSync(STANDARD_INPUT, 'utf8')) : undefined;
}

function input(name: string, place: string, read: () => string): XmlInput {
  try {
    const text = read();
    return { name, place, text, parsed: parseXml(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, place, text: '', parsed: { ok: false, line: 0, message } };
  }
}
