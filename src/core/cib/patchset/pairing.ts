import { commonEnds } from '../../xml/edit.ts';
import { COMMENT, idOf, type XmlElement } from '../../xml/element.ts';
import { orderKept } from './order.ts';

/** What becomes of the children of one element. Positions count all children. */
export interface Pairing {
  /** Positions of old children that go, in an order in which each can be addressed when its turn comes. */
  readonly gone: readonly number[];
  /** Each new child, in order. */
  readonly fresh: readonly {
    readonly position: number;
    readonly element: XmlElement;
    /** The old child that it continues; absent: it is created. */
    readonly from?: XmlElement;
    readonly isMoved: boolean;
  }[];
}

/**
 * Pairs children by name and id. What could not be addressed without doubt (children of one name without ids, or
 * with equal ones; comments out of order) is not paired but made anew.
 */
export function pairChildren(before: readonly XmlElement[], after: readonly XmlElement[]): Pairing {
  const [start, end] = commonEnds(before, after);
  if (before.length === after.length && start + end + 1 === before.length) {
    const single = pairSingle(before, after, start);
    if (single !== undefined) return single;
  }
  const isWhole = [
    ...before.slice(start, before.length - end),
    ...after.slice(start, after.length - end),
  ].some(one => idOf(one) === undefined);
  // Children without ids may share their name with some in the common ends: then all must be looked at.
  return isWhole
    ? pairAll(before, after, 0)
    : pairAll(before.slice(start, before.length - end), after.slice(start, after.length - end), start);
}

/** Where one child alone differs, as nearly always: no more than that one is looked at, if it is the same one. */
function pairSingle(
  before: readonly XmlElement[],
  after: readonly XmlElement[],
  position: number,
): Pairing | undefined {
  const from = before[position] as XmlElement;
  const to = after[position] as XmlElement;
  if (from.name === COMMENT || keyOf(from) !== keyOf(to) || from.text !== to.text) return undefined;
  const isAlone =
    idOf(from) !== undefined || before.every((one, at) => at === position || one.name !== from.name);
  return isAlone ? { gone: [], fresh: [{ position, element: to, from, isMoved: false }] } : undefined;
}

function pairAll(before: readonly XmlElement[], after: readonly XmlElement[], offset: number): Pairing {
  const doubtful = new Set([...doubtfulNames(before), ...doubtfulNames(after)]);
  const places = new Map<string, number>();
  for (const [at, one] of before.entries()) {
    if (!doubtful.has(one.name)) places.set(keyOf(one), at);
  }
  const partners = after.map(one => (doubtful.has(one.name) ? undefined : places.get(keyOf(one))));
  for (const [at, partner] of partners.entries()) {
    if (partner !== undefined && before[partner]?.text !== after[at]?.text) partners[at] = undefined;
  }
  const staying = stayingOf(partners);
  const isPaired = (at: number): boolean =>
    partners[at] !== undefined && (after[at]?.name !== COMMENT || staying.has(at));
  const kept = new Set(partners.filter((_, at) => isPaired(at)));
  return {
    gone: inOrderOfDeletion(
      before,
      [...before.keys()].filter(at => !kept.has(at)),
    ).map(at => at + offset),
    fresh: after.map((one, at) => {
      const from = isPaired(at) ? before[partners[at] as number] : undefined;
      const place = { position: at + offset, element: one };
      return from === undefined
        ? { ...place, isMoved: false }
        : { ...place, from, isMoved: !staying.has(at) };
    }),
  };
}

/**
 * Comments first and from the last, as their positions count what stands before them; then what has an id; then
 * what has only its name, which would be mistaken for one with an id.
 */
function inOrderOfDeletion(children: readonly XmlElement[], gone: readonly number[]): readonly number[] {
  const rank = (at: number): number => {
    const one = children[at] as XmlElement;
    return one.name === COMMENT ? 0 : idOf(one) === undefined ? 2 : 1;
  };
  return gone.toReversed().sort((left, right) => rank(left) - rank(right));
}

function stayingOf(partners: readonly (number | undefined)[]): ReadonlySet<number> {
  const paired = [...partners.keys()].filter(at => partners[at] !== undefined);
  const order = orderKept(paired.map(at => partners[at] as number));
  return new Set([...order].map(at => paired[at] as number));
}

function doubtfulNames(children: readonly XmlElement[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const ids = new Map<string, number>();
  const names = new Map<string, number>();
  const doubtful = new Set<string>();
  for (const one of children) {
    const key = keyOf(one);
    if (seen.has(key)) doubtful.add(one.name);
    seen.add(key);
    if (one.name === COMMENT) continue;
    names.set(one.name, (names.get(one.name) ?? 0) + 1);
    if (idOf(one) !== undefined) ids.set(one.name, (ids.get(one.name) ?? 0) + 1);
  }
  for (const [name, count] of names) {
    if (count > 1 && ids.get(name) !== count) doubtful.add(name);
  }
  return doubtful;
}

const keyOf = (one: XmlElement): string =>
  one.name === COMMENT ? `!${one.text}` : `${one.name} ${idOf(one) ?? ''}`;
