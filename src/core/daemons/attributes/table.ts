/** Values by attribute and node, and how an update changes them: the same on every node that applies the same. */
import { type Duration, type Instant, later, milliseconds } from '../../base/time.ts';
import type { AttributeState, AttributeUpdate } from '../../messages/attributes.ts';
import type { NodeName } from '../../model/names.ts';
import { INFINITY, parseScore, score } from '../../model/score.ts';

export interface Attribute {
  readonly set?: string;
  /** Never written to the CIB. */
  readonly private: boolean;
  readonly dampening: Duration;
  readonly values: ReadonlyMap<NodeName, string>;
  /** Of `last-failure-…`: identities of the failures that it has told of, the latest last, though it be deleted since. */
  readonly failures: ReadonlyMap<NodeName, readonly string[]>;
  /** Until then a change waits for further ones before it is written. */
  readonly heldUntil?: Instant;
}

export type Table = ReadonlyMap<string, Attribute>;

export interface Change {
  readonly name: string;
  readonly node: NodeName;
  /** Absent: deleted. */
  readonly value?: string;
}

export interface Applied {
  readonly table: Table;
  readonly changes: readonly Change[];
  /** What the asker should hear, if it did not work. */
  readonly problem?: string;
}

export function applyUpdate(table: Table, update: AttributeUpdate, now: Instant): Applied {
  const { names } = update;
  if ('name' in names) return applyTo(table, names.name, update, now);
  const pattern = regularExpression(names.pattern);
  if (pattern === undefined) return unchanged(table, `'${names.pattern}' is no regular expression`);
  const matching = [...table.keys()].filter(name => pattern.test(name));
  if (matching.length === 0) return unchanged(table, `no attribute matches '${names.pattern}'`);
  let applied: Applied = { table, changes: [] };
  for (const name of matching) {
    const next = applyTo(applied.table, name, update, now);
    applied = { table: next.table, changes: [...applied.changes, ...next.changes] };
  }
  return applied;
}

const unchanged = (table: Table, problem?: string): Applied => ({
  table,
  changes: [],
  ...(problem === undefined ? {} : { problem }),
});

export function regularExpression(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

function applyTo(table: Table, name: string, update: AttributeUpdate, now: Instant): Applied {
  const known = table.get(name);
  if (known === undefined && (update.operation === 'delete' || update.operation === 'update-delay')) {
    return unchanged(table, `there is no attribute '${name}'`);
  }
  const before = known ?? created(update);
  const dampened = withDampening(before, update);
  const nodes = update.node === undefined ? [...before.values.keys()] : [update.node];
  const changes = nodes.flatMap(node => changeOf(before, update, { name, node }));
  const after = changes.reduce(withValue, dampened);
  if (after === known) return unchanged(table);
  // A new dampening wants what is there to be written at once; a new value waits for its dampening.
  const { heldUntil: _, ...free } = after;
  const hurries = known !== undefined && dampened !== before;
  const holds = changes.length > 0 && !hurries && after.dampening > 0;
  const kept = holds
    ? { ...free, heldUntil: later(now, after.dampening) }
    : changes.length > 0 || hurries
      ? free
      : after;
  return { table: new Map(table).set(name, kept), changes };
}

const created = ({ set, dampening, ...update }: AttributeUpdate): Attribute => ({
  ...(set === undefined ? {} : { set }),
  private: update.private === true,
  dampening: dampening ?? milliseconds(0),
  values: new Map(),
  failures: new Map(),
});

function withDampening(of: Attribute, { operation, dampening }: AttributeUpdate): Attribute {
  if (dampening === undefined || dampening === of.dampening) return of;
  return operation === 'update-both' || operation === 'update-delay' ? { ...of, dampening } : of;
}

function changeOf(
  { values }: Attribute,
  { operation, value }: AttributeUpdate,
  { name, node }: { readonly name: string; readonly node: NodeName },
): readonly Change[] {
  if (operation === 'update-delay') return [];
  const before = values.get(node);
  const after = operation === 'delete' || value === undefined ? undefined : evaluated(value, before);
  if (after === before) return [];
  return [after === undefined ? { name, node } : { name, node, value: after }];
}

function withValue(of: Attribute, { node, value }: Change): Attribute {
  const values = new Map(of.values);
  if (value === undefined) values.delete(node);
  else values.set(node, value);
  return { ...of, values };
}

const COUNT = /^(?:value)?(?:(\+\+)|\+=(\d+))$/;

/** `value++` and `value+=5` count up from what is there, up to INFINITY; anything else is the value itself. */
function evaluated(value: string, before: string | undefined): string {
  const [, increment, amount] = COUNT.exec(value) ?? [];
  if (increment === undefined && amount === undefined) return value;
  const from = parseScore(before ?? '0') ?? 0;
  return String(Math.min(score(from + Number(amount ?? 1)), INFINITY));
}

/** Takes all values of a node away. */
export function applyPurge(table: Table, node: NodeName): Applied {
  const changes: Change[] = [];
  const purged = new Map(table);
  for (const [name, known] of table) {
    if (!known.values.has(node) && !known.failures.has(node)) continue;
    if (known.values.has(node)) changes.push({ name, node });
    const { heldUntil: _, ...free } = withValue(known, { name, node });
    const failures = new Map(known.failures);
    failures.delete(node);
    purged.set(name, { ...free, failures });
  }
  return { table: purged, changes };
}

export function released(table: Table): Table {
  const free = new Map<string, Attribute>();
  for (const [name, { heldUntil: _, ...known }] of table) free.set(name, known);
  return free;
}

/** Without the holds that are over; the same table where none is. */
export function withoutOverdue(table: Table, now: Instant): Table {
  const overdue = [...table].filter(([, { heldUntil }]) => heldUntil !== undefined && heldUntil <= now);
  if (overdue.length === 0) return table;
  const free = new Map(table);
  for (const [name, { heldUntil: _, ...known }] of overdue) free.set(name, known);
  return free;
}

export const snapshotOf = (table: Table): AttributeState[] =>
  [...table].map(([name, { heldUntil: _, values, failures, ...known }]) => ({
    name,
    ...known,
    values: [...values],
    failures: [...failures],
  }));
