import { attribute, attributePairs, COMMENT, idOf, type XmlElement } from '../../core/xml/element.ts';
import { MEMBER } from './read-resource.ts';
import { named, quoted, type WriteContext, writeSet } from './write-attributes.ts';

const SET_WORDS: Readonly<Record<string, string>> = {
  instance_attributes: 'params',
  meta_attributes: 'meta',
  utilization: 'utilization',
};

/** `primitive` and `rsc_template`: the head and a section for each list and operation. */
export function writePrimitive(one: XmlElement, context: WriteContext): readonly string[] {
  const keyword = one.name === 'template' ? 'rsc_template' : 'primitive';
  const sections = [`${head(keyword, one, context)} ${agentWord(one)}`, ...description(one, context)];
  for (const part of one.children) {
    const word = SET_WORDS[part.name];
    if (word !== undefined) sections.push(writeSet(word, part, context));
    else if (part.name === 'operations') sections.push(...writeOperations(part, context));
  }
  return sections;
}

function agentWord(one: XmlElement): string {
  const template = attribute(one, 'template');
  if (template !== undefined) return `@${template}`;
  const [agentClass, provider, type] = ['class', 'provider', 'type'].map(name => attribute(one, name));
  if (agentClass === 'ocf' && provider === 'heartbeat') return `${type}`;
  return [agentClass, provider, type].filter(part => part !== undefined).join(':');
}

function writeOperations(operations: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const reference = attribute(operations, 'id-ref');
  const id = idOf(operations);
  const sections: string[] = [];
  if (reference !== undefined)
    sections.push(`${paint.keyword('operations')} $id-ref=${paint.reference(reference)}`);
  else if (id !== undefined) sections.push(`${paint.keyword('operations')} $id=${paint.reference(id)}`);
  for (const operation of operations.children) {
    if (operation.name === 'op') sections.push(...writeOperation(operation, context));
  }
  return sections;
}

export function writeOperation(operation: XmlElement, context: WriteContext): readonly string[] {
  const words = [context.paint.keyword('op'), attribute(operation, 'name') ?? ''];
  const id = idOf(operation);
  if (id !== undefined && context.referenced.has(id)) words.push(`$id=${context.paint.reference(id)}`);
  for (const [name, value] of attributePairs(operation)) {
    if (name !== 'id' && name !== 'name') words.push(named(name, value, context));
  }
  const sections = [words.join(' ')];
  for (const set of operation.children) {
    if (set.name === 'instance_attributes') sections.push(writeSet('op_params', set, context));
    else if (set.name === 'meta_attributes') sections.push(writeSet('op_meta', set, context));
  }
  return sections;
}

const CONTAINER_WORDS: Readonly<Record<string, string>> = { master: 'ms' };
const RESOURCES = ['primitive', 'group', 'clone', 'master', MEMBER];

const membersOf = (container: XmlElement): readonly XmlElement[] =>
  container.children.filter(one => RESOURCES.includes(one.name));

/** `group`, `clone` and `ms`. */
export function writeContainer(one: XmlElement, context: WriteContext): readonly string[] {
  const members = membersOf(one).map(member => context.paint.reference(idOf(member) ?? ''));
  const start = [head(CONTAINER_WORDS[one.name] ?? one.name, one, context), ...members].join(' ');
  const sets = one.children.flatMap(part => {
    const word = SET_WORDS[part.name];
    return word === undefined ? [] : [writeSet(word, part, context)];
  });
  return [start, ...description(one, context), ...sets];
}

export function writeBundle(one: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const sections = [head('bundle', one, context), ...description(one, context)];
  const members = membersOf(one);
  for (const part of one.children) {
    if (part.name === 'meta_attributes') sections.push(writeSet('meta', part, context));
    else if (part.name === 'network' || part.name === 'storage') sections.push(writePart(part, context));
    else if (part.name !== COMMENT && !members.includes(part)) {
      sections.push([paint.keyword(part.name), ...plain(part, context)].join(' '));
    }
  }
  for (const member of members) {
    sections.push(`${paint.keyword('primitive')} ${paint.reference(idOf(member) ?? '')}`);
  }
  return sections;
}

function writePart(part: XmlElement, context: WriteContext): string {
  const { paint } = context;
  const mappings = part.children.filter(one => one.name !== COMMENT);
  return [
    paint.keyword(part.name),
    ...plain(part, context),
    ...mappings.flatMap(one => [paint.keyword(one.name), ...plain(one, context)]),
  ].join(' ');
}

const plain = (part: XmlElement, context: WriteContext): readonly string[] =>
  [...attributePairs(part)].map(([name, value]) => named(name, value, context));

export const head = (keyword: string, one: XmlElement, { paint }: WriteContext): string =>
  `${paint.keyword(keyword)} ${paint.id(quotedId(idOf(one) ?? ''))}`;

/** Ids and names stand without quotes: the schema lets nothing in that would need them. */
const quotedId = (id: string): string => (/^[^\s"'\\{}()[\]]+$/.test(id) ? id : quoted(id));

export const description = (one: XmlElement, context: WriteContext): readonly string[] => {
  const text = attribute(one, 'description');
  return text === undefined ? [] : [named('description', text, context)];
};
