/**
 * Resource sets: `a b` in a row are one set as long as their role (or action) stays the same, `( … )` is a set
 * whose members are independent, `[ … ]` one of which any member will do.
 */
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { Cursor } from './cursor.ts';
import { isAction, NAME_VALUE, roleOf, truthOf } from './terms.ts';

export interface SetMember {
  readonly id: string;
  /** What followed the colon: a role or an action. */
  readonly qualifier?: string;
}

interface Part {
  readonly bracket: '' | '(' | '[';
  readonly members: SetMember[];
  sequential?: boolean;
  requireAll?: boolean;
}

export interface SetParts {
  readonly parts: readonly Part[];
  /** `name=value` words after the sets that say something about the whole constraint. */
  readonly attributes: Readonly<Record<string, string>>;
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** Reads members and sets up to `end` or the end of the statement. */
export function readSetParts(cursor: Cursor, attributeNames: readonly string[], end?: string): SetParts {
  const parts: Part[] = [];
  const attributes: Record<string, string> = {};
  while (!cursor.done && cursor.peek() !== end) {
    const bracket = cursor.take(/^[([]$/)?.[0];
    if (bracket !== undefined) parts.push(readBracketed(cursor, bracket as '(' | '['));
    else if (takeSetting(cursor, { part: parts.at(-1), attributeNames, attributes })) continue;
    else {
      const last = parts.at(-1);
      if (last?.bracket === '') last.members.push(readMember(cursor));
      else parts.push({ bracket: '', members: [readMember(cursor)] });
    }
  }
  return { parts, attributes };
}

function readBracketed(cursor: Cursor, bracket: '(' | '['): Part {
  const part: Part = { bracket, members: [] };
  const close = CLOSES[bracket] as string;
  while (cursor.peek() !== close) {
    if (cursor.done) cursor.fail(`the set is not closed: expected ${close}`);
    if (!takeSetting(cursor, { part, attributeNames: [], attributes: {} }))
      part.members.push(readMember(cursor));
  }
  if (part.members.length === 0) cursor.fail('the set is empty');
  cursor.skip();
  return part;
}

function readMember(cursor: Cursor): SetMember {
  const word = cursor.next('a resource');
  if (!/^[^\s(){}[\]:]+(:\w+)?$/.test(word)) cursor.failBefore('expected a resource');
  const colon = word.indexOf(':');
  return colon < 0 ? { id: word } : { id: word.slice(0, colon), qualifier: word.slice(colon + 1) };
}

/** Takes `name=value`, about the set or about the whole constraint. */
function takeSetting(
  cursor: Cursor,
  into: {
    readonly part: Part | undefined;
    readonly attributeNames: readonly string[];
    readonly attributes: Record<string, string>;
  },
): boolean {
  const found = cursor.take(NAME_VALUE);
  if (found === undefined) return false;
  const [, name = '', value = ''] = found;
  const isSetting = name === 'sequential' || name === 'require-all';
  if (isSetting && into.part !== undefined) {
    const truth = truthOf(value);
    if (truth === undefined) cursor.failBefore('expected true or false');
    else if (name === 'sequential') into.part.sequential = truth;
    else into.part.requireAll = truth;
  } else if (into.attributeNames.includes(name)) into.attributes[name] = value;
  else cursor.failBefore('this attribute is not known here');
  return true;
}
/** Two plain resources, where a constraint needs no sets. */
export function simplePair(parts: readonly Part[]): readonly [SetMember, SetMember] | undefined {
  const [only, ...others] = parts;
  if (only === undefined || others.length > 0 || only.bracket !== '' || only.members.length !== 2)
    return undefined;
  if (only.sequential !== undefined || only.requireAll !== undefined) return undefined;
  return [only.members[0] as SetMember, only.members[1] as SetMember];
}

/** The `resource_set` elements: each part is cut where the role or action changes. */
export function setElements(parts: readonly Part[], qualifier: 'role' | 'action'): readonly XmlElement[] {
  const sets: XmlElement[] = [];
  for (const part of parts) {
    const requireAll = part.requireAll ?? part.bracket !== '[';
    const sequential = part.sequential ?? part.bracket === '';
    for (const run of runsOf(part.members)) {
      sets.push(
        element(
          'resource_set',
          {
            'require-all': requireAll ? undefined : false,
            sequential: sequential ? undefined : false,
            [qualifier]: run.qualifier === undefined ? undefined : qualifierOf(run.qualifier),
          },
          run.members.map(({ id }) => element('resource_ref', { id })),
        ),
      );
    }
  }
  return sets;
}

export const qualifierOf = (word: string): string => (isAction(word) ? word.toLowerCase() : roleOf(word));

function runsOf(members: readonly SetMember[]): readonly { qualifier?: string; members: SetMember[] }[] {
  const runs: { qualifier?: string; members: SetMember[] }[] = [];
  for (const member of members) {
    const last = runs.at(-1);
    if (last !== undefined && last.qualifier === member.qualifier) last.members.push(member);
    else {
      runs.push(
        member.qualifier === undefined
          ? { members: [member] }
          : { qualifier: member.qualifier, members: [member] },
      );
    }
  }
  return runs;
}
