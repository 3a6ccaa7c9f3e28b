/** Which objects a command is about: ids, `changed`, `type:T`, `tag:T`, `related:ID`. */
import { attribute, attributePairs, idOf, walk } from '../../core/xml/element.ts';
import { type CrmObject, memberIds, objectsOf } from '../language/objects.ts';
import type { Draft } from '../shell/draft.ts';

export type Selection =
  | { readonly objects: ReadonlySet<CrmObject>; readonly obscured: readonly RegExp[] }
  | { readonly missing: readonly string[] };

/** Without a word: everything. */
export function selectObjects(draft: Draft, words: readonly string[]): Selection {
  const all = objectsOf(draft.cib);
  const obscured = words.filter(word => word.startsWith('obscure:')).map(word => globOf(word.slice(8)));
  const asked = words.filter(word => !word.startsWith('obscure:'));
  if (asked.length === 0) return { objects: new Set(all), obscured };
  const found = new Set<CrmObject>();
  const missing: string[] = [];
  const selected = (word: string): readonly CrmObject[] => {
    const some = matching(draft, all, word);
    if (some.length === 0 && !/^(changed|type:.*|related:.*|tag:.*)$/.test(word)) missing.push(word);
    return some;
  };
  // Words add up; `and` between two of them leaves what both select.
  for (let at = 0; at < asked.length; at++) {
    let some = selected(asked[at] as string);
    while (asked[at + 1] === 'and' && asked[at + 2] !== undefined) {
      at += 2;
      const more = selected(asked[at] as string);
      some = some.filter(object => more.includes(object));
    }
    for (const object of some) found.add(object);
  }
  return missing.length > 0 ? { missing } : { objects: found, obscured };
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  template: 'rsc_template',
  master: 'ms',
  acl_role: 'role',
};

function matching(draft: Draft, all: readonly CrmObject[], word: string): readonly CrmObject[] {
  if (word === 'changed') {
    const changed = new Set(draft.changed().map(object => object.id));
    return all.filter(object => changed.has(object.id));
  }
  const [, key, value = ''] = /^(type|tag|related):(.*)$/.exec(word) ?? [];
  if (key === 'type') return all.filter(object => object.kind === (KIND_WORDS[value] ?? value));
  if (key === 'tag') return tagged(all, value);
  if (key === 'related') return all.filter(object => isRelated(object, value));
  if (/[*?]/.test(word)) {
    const glob = globOf(word);
    return all.filter(object => glob.test(object.id));
  }
  return all.filter(object => object.id === word);
}

function tagged(all: readonly CrmObject[], tag: string): readonly CrmObject[] {
  const found = all.find(object => object.kind === 'tag' && object.id === tag);
  const ids = (found?.element.children ?? []).map(one => idOf(one));
  return all.filter(object => ids.includes(object.id));
}

/** The object itself, and those that name it. */
function isRelated(object: CrmObject, id: string): boolean {
  if (object.id === id || memberIds(object).includes(id)) return true;
  const names = ['rsc', 'with-rsc', 'first', 'then', 'node', 'template', 'target'];
  for (const part of walk(object.element)) {
    for (const [name, value] of attributePairs(part)) if (names.includes(name) && value === id) return true;
    if ((part.name === 'resource_ref' || part.name === 'obj_ref') && idOf(part) === id) return true;
    if (part.name === 'expression' && attribute(part, 'value') === id) return true;
    if (part.name === 'fencing-level' && attribute(part, 'devices')?.split(',').includes(id)) return true;
  }
  return false;
}

const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
