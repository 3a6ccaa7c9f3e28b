import { attribute, COMMENT, childrenNamed, idOf, type XmlElement } from '../../core/xml/element.ts';
import { shortcutOf } from './permission.ts';
import {
  alwaysQuoted,
  named,
  pairWords,
  quoted,
  ruleSections,
  type WriteContext,
  writeSet,
} from './write-attributes.ts';
import { description, head } from './write-resource.ts';

export function writeNode(one: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const id = idOf(one);
  const uname = attribute(one, 'uname') ?? '';
  const type = attribute(one, 'type');
  const words = [paint.keyword('node')];
  if (id !== undefined && id !== uname) words.push(`${id}:`);
  words.push(`${paint.id(uname)}${type === undefined ? '' : `:${type}`}`);
  const sections = [words.join(' '), ...description(one, context)];
  for (const set of one.children) {
    if (set.name === 'instance_attributes') sections.push(writeSet('attributes', set, context));
    else if (set.name === 'utilization') sections.push(writeSet('utilization', set, context));
  }
  return sections;
}

export function writeDefaults(keyword: string, set: XmlElement, context: WriteContext): readonly string[] {
  const start = `${context.paint.keyword(keyword)} ${context.paint.id(idOf(set) ?? '')}:`;
  return [start, ...ruleSections(set, context), ...pairWords(set, context)];
}

export const writeTag = (one: XmlElement, context: WriteContext): readonly string[] => [
  [
    head('tag', one, context),
    ...childrenNamed(one, 'obj_ref').map(ref => context.paint.reference(idOf(ref) ?? '')),
  ].join(' '),
];

interface Levels {
  readonly target: string;
  readonly node: boolean;
  readonly devices: string[];
}

/** Levels that are the same for every node are written once, without a target. */
export function writeTopology(one: XmlElement, context: WriteContext): readonly string[] {
  const targets: Levels[] = [];
  for (const level of childrenNamed(one, 'fencing-level')) {
    const target = targetOf(level);
    const node = attribute(level, 'target') !== undefined;
    const last = targets.find(known => known.target === target);
    const devices = context.paint.reference(attribute(level, 'devices') ?? '');
    if (last === undefined) targets.push({ target, node, devices: [devices] });
    else last.devices.push(devices);
  }
  const keyword = context.paint.keyword('fencing_topology');
  const [first, ...others] = targets;
  if (first === undefined) return [keyword];
  const list = first.devices.join(' ');
  const uniform = targets.every(target => target.node && target.devices.join(' ') === list);
  const covered = targets.map(target => target.target.slice(0, -1)).sort();
  if (uniform && covered.join(' ') === [...context.nodes].sort().join(' ')) return [`${keyword} ${list}`];
  const parts = targets.map(target => `${target.target} ${target.devices.join(' ')}`);
  return others.length === 0 && !first.node ? [`${keyword} ${parts.join(' ')}`] : [keyword, ...parts];
}

function targetOf(level: XmlElement): string {
  const pattern = attribute(level, 'target-pattern');
  if (pattern !== undefined) return `pattern:${pattern}`;
  const name = attribute(level, 'target-attribute');
  if (name !== undefined) return `attr:${name}=${attribute(level, 'target-value') ?? ''}`;
  return `${attribute(level, 'target') ?? ''}:`;
}

export function writeRole(one: XmlElement, context: WriteContext): readonly string[] {
  const sections = [head('role', one, context), ...description(one, context)];
  for (const permission of childrenNamed(one, 'acl_permission')) {
    const words = [context.paint.keyword(attribute(permission, 'kind') ?? '')];
    const text = attribute(permission, 'description');
    if (text !== undefined) words.push(named('description', text, context));
    words.push(...selectors(permission));
    sections.push(words.join(' '));
  }
  return sections;
}

function selectors(permission: XmlElement): readonly string[] {
  const words: string[] = [];
  const xpath = attribute(permission, 'xpath');
  if (xpath !== undefined) words.push(shortcutOf(xpath) ?? `xpath:${alwaysQuoted(xpath)}`);
  for (const [word, name] of [
    ['ref', 'reference'],
    ['attr', 'attribute'],
    ['type', 'object-type'],
  ] as const) {
    const value = attribute(permission, name);
    if (value !== undefined) words.push(`${word}:${quoted(value)}`);
  }
  return words;
}

export function writeSubject(keyword: string, one: XmlElement, context: WriteContext): readonly string[] {
  const roles = one.children.filter(role => role.name === 'role' || role.name === 'role_ref');
  const prefix = keyword === 'user' ? 'role:' : '';
  return [
    head(keyword, one, context),
    ...roles.map(role => `${prefix}${context.paint.reference(idOf(role) ?? '')}`),
  ];
}

export function writeAlert(one: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const sections = [`${head('alert', one, context)} ${alwaysQuoted(attribute(one, 'path') ?? '')}`];
  sections.push(...description(one, context));
  const parts = one.children.filter(part => part.name !== COMMENT);
  parts.forEach((part, at) => {
    if (part.name === 'select') sections.push(writeSelect(part, context));
    else if (part.name === 'recipient') {
      const follows = parts[at + 1]?.name.endsWith('_attributes') ?? false;
      sections.push(`${paint.keyword('to')} ${writeRecipient(part, follows, context)}`);
    } else sections.push(writeSet(part.name === 'meta_attributes' ? 'meta' : 'attributes', part, context));
  });
  return sections;
}

function writeSelect(select: XmlElement, context: WriteContext): string {
  const words = select.children.map(part => {
    const names = childrenNamed(part, 'attribute').map(one => quoted(attribute(one, 'name') ?? ''));
    const kind = part.name.replace(/^select_/, '');
    return names.length === 0 ? kind : `${kind} { ${names.join(' ')} }`;
  });
  return [context.paint.keyword('select'), ...words].join(' ');
}

function writeRecipient(recipient: XmlElement, isFollowed: boolean, context: WriteContext): string {
  const sets = recipient.children
    .filter(part => part.name !== COMMENT)
    .map(part => writeSet(part.name === 'meta_attributes' ? 'meta' : 'attributes', part, context));
  const words = [quoted(attribute(recipient, 'value') ?? ''), ...description(recipient, context), ...sets];
  return words.length > 1 || isFollowed ? `{ ${words.join(' ')} }` : words.join(' ');
}
