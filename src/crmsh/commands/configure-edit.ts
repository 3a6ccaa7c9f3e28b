import { readFile } from 'node:fs/promises';
import { attribute, element, withAttribute, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { applyStatements, type LoadMethod } from '../language/edit.ts';
import { memberIds, objectsOf } from '../language/objects.ts';
import type { ReadStatement } from '../language/read.ts';
import { changeGroup, eraseObjects, removeObjects, renameObject } from '../language/remove.ts';
import type { SyntaxProblem } from '../language/split.ts';
import type { Command } from '../shell/command.ts';
import type { Draft } from '../shell/draft.ts';
import type { Session } from '../shell/session.ts';
import { usualProvider } from './agents.ts';
import { openDraft, sayProblems } from './configure-commit.ts';
import { runningOn } from './running.ts';

const METHODS: readonly LoadMethod[] = ['replace', 'update', 'push'];

export const EDITING: Readonly<Record<string, Command>> = {
  load: {
    usage: '[xml] {replace | update | push} {FILE | URL | -}',
    summary: 'take in a configuration, or a part of one',
    help: `replace puts it in the place of the whole configuration (nodes stay), update changes and adds what it
names, push is like replace but keeps the properties that it does not name. With "-" it is read from
standard input. A fault is reported with its line, and then nothing is taken in.`,
    run: (session, { words }) => load(session, words.slice(1)),
    complete: (_, words) =>
      words.length === 1 ? ['xml', ...METHODS] : words.at(-1) === 'xml' ? METHODS : [],
  },
  delete: {
    usage: '[--force] ID …',
    summary: 'delete objects, with the constraints that name them',
    help: 'Members of a group or clone that is deleted stay. A resource that runs is deleted with --force only.',
    aliases: ['remove', 'rm'],
    run: (session, { words }) => remove(session, words.slice(1)),
    complete: ids,
  },
  rename: {
    usage: 'OLD NEW',
    summary: 'give an object another id, in all that refers to it',
    run: async (session, { words }) => {
      const [, from, to, ...more] = words;
      if (from === undefined || to === undefined || more.length > 0)
        return session.error('usage: rename OLD NEW');
      return edit(session, async draft => {
        const busy = await runningOn(session, [from]);
        if (busy.length > 0 && !session.options.force)
          return { problem: `${from} is running: stop it first` };
        return renameObject(draft.cib, { from, to });
      });
    },
    complete: ids,
  },
  erase: {
    usage: '[nodes]',
    summary: 'empty the configuration, and of nodes too if that is said',
    run: (session, { words }) =>
      edit(session, draft => ({ cib: eraseObjects(draft.cib, { nodes: words[1] === 'nodes' }) })),
  },
  refresh: {
    usage: '',
    summary: 'forget all changes that are not committed',
    run: session => {
      session.draft = undefined;
      return true;
    },
  },
  modgroup: {
    usage: 'GROUP {add RSC [after RSC | before RSC] | remove RSC}',
    summary: 'change the members of a group',
    run: (session, { words }) => modifyGroup(session, words.slice(1)),
    complete: ids,
  },
  schema: {
    usage: '[SCHEMA]',
    summary: 'show or set the schema that the configuration is written for',
    run: async (session, { words }) => {
      const draft = await openDraft(session);
      if (draft === undefined) return false;
      const [, schema] = words;
      if (schema === undefined) session.line(attribute(draft.cib, 'validate-with') ?? 'none');
      else draft.cib = withAttribute(draft.cib, 'validate-with', schema);
      return true;
    },
  },
};

async function ids(session: Session): Promise<readonly string[]> {
  const draft = await openDraft(session);
  return draft === undefined ? [] : objectsOf(draft.cib).map(object => object.id);
}

type Change = { readonly cib: XmlElement } | { readonly problem: string };

async function edit(session: Session, change: (draft: Draft) => Change | Promise<Change>): Promise<boolean> {
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const changed = await change(draft);
  if ('problem' in changed) return session.error(changed.problem);
  draft.cib = changed.cib;
  return true;
}

async function load(session: Session, words: readonly string[]): Promise<boolean> {
  const isXml = words[0] === 'xml';
  const [word, given] = isXml ? words.slice(1) : words;
  const method = METHODS.find(one => one === word);
  // `load FILE` alone is an update, as it has always been.
  const source = method === undefined && given === undefined ? word : given;
  if (source === undefined)
    return session.error('usage: load [xml] {replace | update | push} {FILE | URL | -}');
  if (method === undefined && given !== undefined) return session.error(`load knows no method ${word}`);
  const draft = await openDraft(session);
  const text = draft === undefined ? undefined : await read(session, source);
  if (draft === undefined || text === undefined) return false;
  const looksLikeXml = isXml || text.trimStart().startsWith('<');
  const problems = looksLikeXml
    ? loadXml(draft, text, method ?? 'update')
    : draft.load(text, method ?? 'update', type => usualProvider(session, type));
  return sayProblems(session, problems, source);
}

async function read(session: Session, source: string): Promise<string | undefined> {
  try {
    if (source === '-') return await session.surroundings.readStandardInput();
    if (!/^https?:/.test(source)) return await readFile(source.replace(/^file:(\/\/)?/, ''), 'utf8');
    const response = await fetch(source);
    if (response.ok) return await response.text();
    session.error(`${source}: ${response.status} ${response.statusText}`);
  } catch (fault) {
    session.error(`${source}: ${(fault as Error).message}`);
  }
  return undefined;
}

const SECTIONS_WITH_OBJECTS = ['crm_config', 'nodes', 'resources', 'constraints', 'tags', 'acls', 'alerts'];

/** A whole CIB, its configuration, a section or one object. */
export function loadXml(draft: Draft, text: string, method: LoadMethod): readonly SyntaxProblem[] {
  const parsed = parseXml(text);
  if (!parsed.ok) return [{ line: parsed.line, message: parsed.message }];
  const statements: ReadStatement[] = [];
  const collect = (one: XmlElement) => {
    if (one.name === 'cib') one.children.filter(part => part.name === 'configuration').forEach(collect);
    else if (one.name === 'configuration' || SECTIONS_WITH_OBJECTS.includes(one.name))
      one.children.forEach(collect);
    else if (!one.name.startsWith('#')) statements.push({ element: one, line: one.line ?? 1 });
  };
  collect(parsed.root);
  const edited = applyStatements(draft.cib, statements, method);
  if (edited.problems.length === 0) draft.cib = edited.cib;
  return edited.problems;
}

async function remove(session: Session, words: readonly string[]): Promise<boolean> {
  const force = session.options.force || words.includes('--force') || words.includes('-f');
  const names = words.filter(word => !word.startsWith('-'));
  if (names.length === 0) return session.error('usage: delete [--force] ID …');
  const draft = await openDraft(session);
  if (draft === undefined) return false;
  const busy = force ? [] : await runningOn(session, names);
  for (const { resource, node } of busy)
    session.error(`${resource} is running on ${node}: stop it first, or use --force`);
  if (busy.length > 0) return false;
  const removed = removeObjects(draft.cib, names);
  for (const id of removed.missing) session.error(`there is no object ${id}`);
  if (removed.missing.length > 0) return false;
  for (const { kind, id } of removed.along) session.inform(`${kind} ${id} is deleted too`);
  draft.cib = removed.cib;
  return true;
}

async function modifyGroup(session: Session, words: readonly string[]): Promise<boolean> {
  const [group, verb, resource, side, other] = words;
  if (group === undefined || resource === undefined || (verb !== 'add' && verb !== 'remove')) {
    return session.error('usage: modgroup GROUP {add RSC [after RSC | before RSC] | remove RSC}');
  }
  return edit(session, draft => {
    if (verb === 'remove') return changeGroup(draft.cib, group, { remove: resource });
    const found = objectsOf(draft.cib).find(object => object.kind === 'group' && object.id === group);
    const members = memberIds(found ?? { kind: 'group', id: group, element: element('group') });
    if (side === undefined) return changeGroup(draft.cib, group, { add: resource, at: members.length });
    const at = members.indexOf(other ?? '');
    if (at < 0 || (side !== 'after' && side !== 'before'))
      return { problem: `${other} is no member of ${group}` };
    return changeGroup(draft.cib, group, { add: resource, at: side === 'after' ? at + 1 : at });
  });
}
