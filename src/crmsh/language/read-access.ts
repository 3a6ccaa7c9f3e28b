/** Who may do what: roles, users, and whom to alert. */
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { permissionShortcut } from './permission.ts';
import { readAttributeSet, SET_KEYWORDS } from './read-attributes.ts';
import { takeNamed } from './terms.ts';

const KINDS = ['read', 'write', 'deny'];

/** `role ID [description=…] {read|write|deny} [ID:] [description=…] SELECTOR …`. */
export function readRole(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const description = takeNamed(cursor, 'description');
  const permissions: XmlElement[] = [];
  while (!cursor.done) {
    const kind = cursor.takeKeyword(...KINDS);
    if (kind === undefined) cursor.fail('expected read, write or deny');
    else permissions.push(...readPermissions(cursor, kind));
  }
  return element('acl_role', { id, description }, permissions);
}

interface Selected {
  xpath?: string;
  reference?: string;
  type?: string;
  attribute?: string;
}

/** One `read|write|deny` may name a path, an object and a type: each becomes a permission of its own. */
function readPermissions(cursor: Cursor, kind: string): readonly XmlElement[] {
  const id = isId(cursor) ? cursor.next('an id').slice(0, -1) : undefined;
  const description = takeNamed(cursor, 'description');
  const selected: Selected = {};
  const start = cursor.peek();
  while (!cursor.done && !KINDS.includes(cursor.keyword() ?? '')) readSelector(cursor, selected);
  const { xpath, reference, type, attribute } = selected;
  const parts = [
    xpath === undefined ? undefined : { xpath },
    reference === undefined ? undefined : { reference },
    type === undefined ? undefined : { 'object-type': type, attribute },
  ].filter(part => part !== undefined);
  if (start === undefined || parts.length === 0) cursor.fail('expected what the permission is about');
  if (attribute !== undefined && type === undefined) cursor.failBefore('attribute: goes with type: only');
  return parts.map((part, at) =>
    element('acl_permission', { kind, id: at === 0 ? id : undefined, description, ...part }),
  );
}

/** A word such as `meta:` is no id when it begins a selector; only a word that ends in a colon can be one. */
const isId = (cursor: Cursor): boolean => /^[^:]+:$/.test(cursor.peek() ?? '');

function readSelector(cursor: Cursor, selected: Selected): void {
  const word = cursor.next('a selector');
  const [, key = '', rest] = /^([^:]+)(?::(.*))?$/s.exec(word) ?? [];
  switch (key.toLowerCase()) {
    case 'xpath':
      selected.xpath = rest ?? '';
      return;
    case 'ref':
      selected.reference = rest ?? '';
      return;
    case 'type':
    case 'tag':
      selected.type = rest ?? '';
      return;
    case 'attr':
    case 'attribute':
      selected.attribute = rest ?? '';
      return;
    default: {
      const xpath = permissionShortcut(word);
      if (xpath === undefined) cursor.failBefore('this selects nothing');
      else selected.xpath = xpath;
    }
  }
}

/** `user ID role:R …` (`acl_user`), and `acl_target` and `acl_group ID ROLE …`. */
export function readSubject(cursor: Cursor, name: string): XmlElement {
  const id = cursor.id();
  const roles: XmlElement[] = [];
  while (!cursor.done) {
    const word = cursor.next('a role');
    if (name !== 'acl_user') roles.push(element('role', { id: word }));
    else {
      const role = /^role:(.+)$/.exec(word)?.[1];
      if (role === undefined) cursor.failBefore('expected role:NAME');
      roles.push(element('role_ref', { id: role }));
    }
  }
  return element(name, { id }, roles);
}

const ALERT_ENDS = ['attributes', 'meta', 'select', 'to', '}', '{'];

/** `alert ID PATH [attributes …] [meta …] [select …] [to { RECIPIENT [attributes …] [meta …] }] …`. */
export function readAlert(cursor: Cursor): XmlElement {
  const id = cursor.id();
  const path = cursor.next('the path of the agent');
  const description = takeNamed(cursor, 'description');
  const children: XmlElement[] = [];
  let recipients = 0;
  while (!cursor.done) {
    const keyword = cursor.takeKeyword('attributes', 'meta', 'select', 'to');
    if (keyword === undefined) cursor.fail('expected attributes, meta, select or to');
    else if (keyword === 'select') children.push(readSelect(cursor));
    else if (keyword === 'to') children.push(readRecipient(cursor, `${id}-recipient-${++recipients}`));
    else children.push(readAttributeSet(cursor, SET_KEYWORDS[keyword] as string, ALERT_ENDS));
  }
  return element('alert', { id, path, description }, children);
}

const SELECTED = ['nodes', 'fencing', 'resources', 'attributes'];

function readSelect(cursor: Cursor): XmlElement {
  const selected: XmlElement[] = [];
  for (;;) {
    // `attributes name=value` begins the parameters of the agent; `attributes` or `attributes {` is a selection.
    const isParameters = cursor.keyword() === 'attributes' && /=/.test(cursor.peek(1) ?? '');
    const keyword = isParameters ? undefined : cursor.takeKeyword(...SELECTED);
    if (keyword === undefined) break;
    const names: XmlElement[] = [];
    if (keyword === 'attributes' && cursor.take(/^\{$/) !== undefined) {
      while (cursor.take(/^\}$/) === undefined) names.push(element('attribute', { name: cursor.next('}') }));
    }
    selected.push(element(`select_${keyword}`, {}, names));
  }
  if (selected.length === 0) cursor.fail(`expected one of ${SELECTED.join(', ')}`);
  return element('select', {}, selected);
}

/** Without braces, attributes that follow belong to the recipient. */
function readRecipient(cursor: Cursor, id: string): XmlElement {
  const braced = cursor.take(/^\{$/) !== undefined;
  const own = cursor.take(/^\$id=(.+)$/)?.[1];
  const value = cursor.next('the recipient');
  const description = takeNamed(cursor, 'description');
  const sets: XmlElement[] = [];
  for (
    let word = cursor.takeKeyword('attributes', 'meta');
    word;
    word = cursor.takeKeyword('attributes', 'meta')
  ) {
    sets.push(readAttributeSet(cursor, SET_KEYWORDS[word] as string, ALERT_ENDS));
  }
  if (braced && cursor.take(/^\}$/) === undefined) cursor.fail('expected }');
  return element('recipient', { id: own ?? id, description, value }, sets);
}
