/** Commands of `configure` that go by way of text or of single values: `filter`, `edit` and `set`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute, withAttribute, type XmlElement } from '../../core/xml/element.ts';
import { entriesOf, objectsOf, withEntries } from '../language/objects.ts';
import { PLAIN } from '../language/paint.ts';
import { removeObjects } from '../language/remove.ts';
import type { Command } from '../shell/command.ts';
import { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';
import { usualProvider } from './agents.ts';
import { openDraft, sayProblems } from './configure-commit.ts';
import { loadXml } from './configure-edit.ts';
import { textFor } from './configure-show.ts';
import { selectObjects } from './select.ts';

export const TEXT: Readonly<Record<string, Command>> = {
  edit: {
    usage: '[xml] [ID | changed …]',
    summary: 'change objects in an editor',
    help: 'The editor is $EDITOR, or vi. An object that is taken out of the text is deleted.',
    run: (session, { words }) => reshape(session, words.slice(1), text => edited(session, text)),
  },
  filter: {
    usage: 'PROGRAM [xml] [ID | changed …]',
    summary: 'change objects by a program that reads them and writes them anew',
    run: (session, { words }) => {
      const [, program, ...selection] = words;
      if (program === undefined) return session.error('usage: filter PROGRAM [xml] [ID …]');
      return reshape(session, selection, text => piped(session, program, text));
    },
  },
  set: {
    usage: 'ID.[OPERATION[INTERVAL].]NAME VALUE',
    summary: 'change one value of an object',
    help: 'The name is that of a parameter, a meta attribute or an attribute of the operation, where it is set already.',
    run: (session, { words }) => set(session, words.slice(1)),
  },
};

/** Gives the text of a selection to `change` and takes what comes back in its place. */
async function reshape(
  session: Session,
  words: readonly string[],
  change: (text: string) => Promise<string | undefined>,
): Promise<boolean> {
  const before = await textFor(session, words, { paint: PLAIN, hidesSecrets: false });
  const draft = await openDraft(session);
  if (before === undefined || draft === undefined) return false;
  const after = await change(before);
  if (after === undefined) return false;
  if (after === before) return true;
  const kept = draft.cib;
  const selection = selectObjects(draft, words[0] === 'xml' ? words.slice(1) : words);
  const asked = 'missing' in selection ? [] : [...selection.objects].map(object => object.id);
  const problems =
    words[0] === 'xml'
      ? loadXml(draft, after, 'edit')
      : draft.load(after, 'edit', type => usualProvider(session, type));
  if (problems.length > 0) return sayProblems(session, problems, 'the changed text');
  const gone = missingFrom(kept, after, asked);
  if (gone.length > 0) draft.cib = removeObjects(draft.cib, gone).cib;
  return true;
}

/** Objects of the selection that the new text does not define. */
function missingFrom(base: XmlElement, text: string, asked: readonly string[]): readonly string[] {
  const trial = new Draft(base);
  if (text.trimStart().startsWith('<')) loadXml(trial, text, 'replace');
  else trial.load(text, 'replace');
  const left = new Set(objectsOf(trial.cib).map(object => object.id));
  return asked.filter(id => !left.has(id));
}

function piped(session: Session, program: string, text: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', program], {
      env: session.environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', piece => {
      out += String(piece);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    child.on('error', fault => {
      session.error(`${program}: ${fault.message}`);
      resolve(undefined);
    });
    child.on('close', code => {
      if (code !== 0) session.error(`${program} ended with ${code}`);
      resolve(code === 0 ? out : undefined);
    });
  });
}

async function edited(session: Session, text: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'crm-'));
  const file = join(folder, 'configuration.crm');
  try {
    writeFileSync(file, text);
    const editor = session.environment.EDITOR ?? 'vi';
    const code = await new Promise<number | null>(resolve => {
      const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
      child.on('error', () => resolve(127));
      child.on('close', resolve);
    });
    if (code === 0) return readFileSync(file, 'utf8');
    session.error(`${editor} ended with ${code}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function set(session: Session, words: readonly string[]): Promise<boolean> {
  const [path, value] = words;
  const draft = await openDraft(session);
  if (path === undefined || value === undefined)
    return session.error('usage: set ID.[OPERATION[INTERVAL].]NAME VALUE');
  if (draft === undefined) return false;
  const parts = path.split('.');
  const name = parts.pop() ?? '';
  const id = parts.shift() ?? '';
  const object = objectsOf(draft.cib).find(one => one.id === id);
  if (object === undefined) return session.error(`there is no object ${id}`);
  const changed =
    parts.length === 0
      ? withPair(object.element, name, value)
      : withOperation(object.element, { operation: parts.join('.'), name, value });
  if (changed === undefined) return session.error(`${id} has no ${[...parts, name].join('.')}`);
  const entries = entriesOf(draft.cib).map(entry =>
    entry.kind === object.kind && entry.id === id ? { ...entry, element: changed } : entry,
  );
  draft.cib = withEntries(draft.cib, entries);
  return true;
}

/** The first value of that name in the lists of the object, set anew. */
function withPair(one: XmlElement, name: string, value: string): XmlElement | undefined {
  for (const [at, list] of one.children.entries()) {
    const place = list.children.findIndex(pair => pair.name === 'nvpair' && attribute(pair, 'name') === name);
    if (place < 0) continue;
    const pair = withAttribute(list.children[place] as XmlElement, 'value', value);
    return {
      ...one,
      children: one.children.with(at, { ...list, children: list.children.with(place, pair) }),
    };
  }
  return attribute(one, name) === undefined ? undefined : withAttribute(one, name, value);
}

function withOperation(
  one: XmlElement,
  { operation, name, value }: { readonly operation: string; readonly name: string; readonly value: string },
): XmlElement | undefined {
  const at = one.children.findIndex(part => part.name === 'operations');
  const operations = one.children[at];
  const place =
    operations?.children.findIndex(op => {
      const [called, interval] = [attribute(op, 'name') ?? '', attribute(op, 'interval') ?? ''];
      return operation === called || operation === called + interval || operation === `${called}.${interval}`;
    }) ?? -1;
  const found = operations?.children[place];
  if (operations === undefined || found === undefined) return undefined;
  const changed = withPair(found, name, value) ?? withAttribute(found, name, value);
  const list = { ...operations, children: operations.children.with(place, changed) };
  return { ...one, children: one.children.with(at, list) };
}
