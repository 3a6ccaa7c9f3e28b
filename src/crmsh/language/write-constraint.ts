import { attribute, childrenNamed, idOf, type XmlElement } from '../../core/xml/element.ts';
import { scoreWord } from './terms.ts';
import { named, ruleSections, type WriteContext } from './write-attributes.ts';
import { head } from './write-resource.ts';

export function writeLocation(one: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const words = [head('location', one, context), subjectOf(one, context)];
  for (const name of ['role', 'resource-discovery']) {
    const value = attribute(one, name);
    if (value !== undefined) words.push(named(name, value, context));
  }
  const node = attribute(one, 'node');
  const score = attribute(one, 'score');
  if (score !== undefined) words.push(`${paint.score(scoreWord(score))}:`);
  if (node !== undefined) words.push(paint.reference(node));
  return [words.join(' '), ...ruleSections(one, context)];
}

function subjectOf(one: XmlElement, context: WriteContext): string {
  const pattern = attribute(one, 'rsc-pattern');
  if (pattern !== undefined) return `/${pattern}/`;
  const rsc = attribute(one, 'rsc');
  if (rsc !== undefined) return context.paint.reference(rsc);
  return `{ ${writeSets(one, 'role', context)} }`;
}

export function writeColocation(one: XmlElement, context: WriteContext): readonly string[] {
  const words = [head('colocation', one, context)];
  const score = attribute(one, 'score');
  if (score !== undefined) words.push(`${context.paint.score(scoreWord(score))}:`);
  words.push(
    writePairOrSets(one, context, {
      first: 'rsc',
      firstQualifier: 'rsc-role',
      second: 'with-rsc',
      secondQualifier: 'with-rsc-role',
      qualifier: 'role',
    }),
  );
  for (const name of ['node-attribute', 'influence']) {
    const value = attribute(one, name);
    if (value !== undefined) words.push(named(name, value, context));
  }
  return [words.join(' ')];
}

export function writeOrder(one: XmlElement, context: WriteContext): readonly string[] {
  const words = [head('order', one, context)];
  const kind = attribute(one, 'kind');
  const score = attribute(one, 'score');
  if (kind !== undefined) words.push(`${context.paint.score(kind)}:`);
  else if (score !== undefined) words.push(`${context.paint.score(scoreWord(score))}:`);
  words.push(
    writePairOrSets(one, context, {
      first: 'first',
      firstQualifier: 'first-action',
      second: 'then',
      secondQualifier: 'then-action',
      qualifier: 'action',
    }),
  );
  const symmetrical = attribute(one, 'symmetrical');
  if (symmetrical !== undefined) words.push(named('symmetrical', symmetrical, context));
  return [words.join(' ')];
}

export function writeTicket(one: XmlElement, context: WriteContext): readonly string[] {
  const { paint } = context;
  const words = [head('rsc_ticket', one, context), `${paint.score(attribute(one, 'ticket') ?? '')}:`];
  const rsc = attribute(one, 'rsc');
  words.push(
    rsc === undefined ? writeSets(one, 'role', context) : qualified(rsc, attribute(one, 'rsc-role'), context),
  );
  const policy = attribute(one, 'loss-policy');
  if (policy !== undefined) words.push(named('loss-policy', policy, context));
  return [words.join(' ')];
}

interface PairNames {
  readonly first: string;
  readonly firstQualifier: string;
  readonly second: string;
  readonly secondQualifier: string;
  readonly qualifier: 'role' | 'action';
}

function writePairOrSets(one: XmlElement, context: WriteContext, names: PairNames): string {
  const first = attribute(one, names.first);
  const second = attribute(one, names.second);
  if (first === undefined || second === undefined) return writeSets(one, names.qualifier, context);
  return [
    qualified(first, attribute(one, names.firstQualifier), context),
    qualified(second, attribute(one, names.secondQualifier), context),
  ].join(' ');
}

const qualified = (id: string, qualifier: string | undefined, { paint }: WriteContext): string =>
  `${paint.reference(id)}${qualifier === undefined ? '' : `:${qualifier}`}`;

/** A set that stands without brackets is joined to one before it of the same qualifier: then brackets say more. */
function writeSets(one: XmlElement, qualifier: 'role' | 'action', context: WriteContext): string {
  const sets = childrenNamed(one, 'resource_set');
  const written: string[] = [];
  let before: string | undefined;
  for (const set of sets) {
    const shape = shapeOf(set);
    const word = attribute(set, qualifier) ?? '';
    const members = set.children.map(member =>
      qualified(idOf(member) ?? '', attribute(set, qualifier), context),
    );
    const lone = sets.length === 1 && one.name !== 'rsc_ticket';
    // Two resources without brackets would be no set.
    const isPair = lone && members.length === 2;
    if (shape === 'sequence' && before !== word && !isPair) {
      written.push(members.join(' '));
      before = word;
    } else {
      const [open, close] = shape === 'any' || shape === 'any-sequence' ? '[]' : '()';
      const explicit = shape === 'any-sequence' || shape === 'sequence' ? ['sequential=true'] : [];
      written.push(`${open} ${[...members, ...explicit].join(' ')} ${close}`);
      before = undefined;
    }
  }
  return written.join(' ');
}

function shapeOf(set: XmlElement): 'sequence' | 'parallel' | 'any' | 'any-sequence' {
  const sequential = attribute(set, 'sequential') !== 'false';
  if (attribute(set, 'require-all') === 'false') return sequential ? 'any-sequence' : 'any';
  return sequential ? 'sequence' : 'parallel';
}
