import { writeFile } from 'node:fs/promises';
import { child, element, withChildren, type XmlElement } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';
import { hideValues } from '../language/hidden.ts';
import {
  type CrmObject,
  entriesOf,
  isConstraint,
  isContainer,
  memberIds,
  withEntries,
} from '../language/objects.ts';
import { type Paint, PLAIN } from '../language/paint.ts';
import { showConfiguration } from '../language/show.ts';
import type { Command } from '../shell/command.ts';
import type { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';
import { openDraft } from './configure-commit.ts';
import { selectObjects } from './select.ts';

const SELECTION = `Objects are named by their ids (* and ? stand for letters), or by
  changed     what is not committed yet
  type:T      all of a kind, such as primitive, location, node
  tag:T       what the tag T names
  related:ID  the object and all that refers to it
  obscure:G   hides the values of parameters whose name matches G; passw* are hidden always
A text with hidden values can be loaded again: the values stay. "save" hides nothing.`;

export const SHOWING: Readonly<Record<string, Command>> = {
  show: {
    usage: '[xml] [ID | changed | type:T | tag:T | related:ID | obscure:GLOB …]',
    summary: 'print the configuration, or some of its objects',
    help: SELECTION,
    run: (session, { words }) => show(session, words.slice(1)),
    complete: async session => {
      const draft = await openDraft(session);
      const ids = draft === undefined ? [] : selectedIds(draft);
      return ['xml', 'changed', 'type:', 'tag:', 'related:', 'obscure:', ...ids];
    },
  },
  save: {
    usage: '[xml] [ID …] FILE',
    summary: 'write the configuration, or some of its objects, to a file',
    help: SELECTION,
    run: (session, { words }) => save(session, words.slice(1)),
  },
};

const selectedIds = (draft: Draft): readonly string[] => {
  const selection = selectObjects(draft, []);
  return 'missing' in selection ? [] : [...selection.objects].map(object => object.id);
};

/** Hidden whenever the configuration is printed; a text with hidden values loads, and keeps them. */
const SECRETS = [/^passw/];

async function show(session: Session, words: readonly string[]): Promise<boolean> {
  const text = await textFor(session, words, { paint: session.paint, hidesSecrets: true });
  if (text === undefined) return false;
  session.out(text);
  return true;
}

async function save(session: Session, words: readonly string[]): Promise<boolean> {
  const file = words.at(-1);
  if (file === undefined || file === 'xml') return session.error('save needs the name of a file');
  const text = await textFor(session, words.slice(0, -1), { paint: PLAIN, hidesSecrets: false });
  if (text === undefined) return false;
  try {
    await writeFile(file, text);
    return true;
  } catch (fault) {
    return session.error(`${file}: ${(fault as Error).message}`);
  }
}

/** Constraints, tags and tickets that name the resource. */
export async function showConstraints(session: Session, id: string): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const selection = selectObjects(draft, [`related:${id}`]);
  const related = 'missing' in selection ? [] : [...selection.objects];
  session.draft = undefined;
  if (!related.some(object => object.id === id)) return session.error(`there is no resource ${id}`);
  const ids = new Set(related.filter(object => isConstraint(object.kind)).map(object => object.id));
  session.out(showConfiguration(draft.cib, { paint: session.paint, only: object => ids.has(object.id) }));
  return true;
}

/** The text of what the words select, or nothing after the reason has been said. */
export async function textFor(
  session: Session,
  words: readonly string[],
  { paint, hidesSecrets }: { readonly paint: Paint; readonly hidesSecrets: boolean },
): Promise<string | undefined> {
  const draft = await openDraft(session);
  if (draft === undefined) return undefined;
  const isXml = words[0] === 'xml';
  const selection = selectObjects(draft, isXml ? words.slice(1) : words);
  if ('missing' in selection) {
    for (const id of selection.missing) session.error(`there is no object ${id}`);
    return undefined;
  }
  const isAll = words.every(word => word === 'xml' || word.startsWith('obscure:'));
  const globs = [...selection.obscured, ...(hidesSecrets ? SECRETS : [])];
  const cib = hideValues(draft.cib, name => globs.some(glob => glob.test(name)));
  const ids = new Set([...selection.objects].map(object => `${object.kind} ${object.id}`));
  const only = (object: CrmObject) => isAll || ids.has(`${object.kind} ${object.id}`);
  return isXml
    ? xmlOf(cib, only)
    : showConfiguration(cib, { paint, only, sorted: session.options.sortElements });
}

/** The configuration with only these objects, containers with their members; status is not configuration. */
function xmlOf(cib: XmlElement, only: (object: CrmObject) => boolean): string {
  const entries = entriesOf(cib);
  const wanted = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'other' || !only(entry)) continue;
    wanted.add(entry.id);
    if (isContainer(entry.kind)) for (const id of memberIds(entry)) wanted.add(id);
  }
  // Members come after their containers: what a wanted container holds is wanted in turn.
  for (const entry of entries) {
    if (entry.kind !== 'other' && wanted.has(entry.id)) for (const id of memberIds(entry)) wanted.add(id);
  }
  const left = withEntries(
    cib,
    entries.filter(entry => entry.kind === 'other' || wanted.has(entry.id)),
  );
  const configuration = child(left, 'configuration') ?? element('configuration');
  const shown = withChildren(left, [configuration]);
  return `<?xml version="1.0" ?>\n${printXml(shown, { pretty: true })}`;
}
