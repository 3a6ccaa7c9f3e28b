/** What changes the table: an update, a failure, or that a node is gone. */
import { assert } from '../../base/assert.ts';
import type { Instant } from '../../base/time.ts';
import type { AttributeFailure, AttributePurge, AttributeUpdate } from '../../messages/attributes.ts';
import { type Applied, applyPurge, applyUpdate, type Table } from './table.ts';

export function apply(
  table: Table,
  said: AttributeUpdate | AttributeFailure | AttributePurge,
  now: Instant,
): Applied {
  switch (said.kind) {
    case 'update':
      return applyUpdate(table, said, now);
    case 'failure':
      return applyFailure(table, said, now);
    case 'purge':
      return applyPurge(table, said.node);
  }
}

/** Older ones than these nobody tells of any more: a node's history has the last failure of an operation alone. */
const REMEMBERED_FAILURES = 10;

export const remembered = (identities: readonly string[]): readonly string[] =>
  [...new Set(identities)].slice(-REMEMBERED_FAILURES);

function applyFailure(table: Table, failure: AttributeFailure, now: Instant): Applied {
  const { node, what, identity, count, at } = failure;
  const name = `last-failure-${what}`;
  const nothing: Applied = { table, changes: [] };
  const known = table.get(name)?.failures.get(node) ?? [];
  if (known.includes(identity)) return nothing;
  const write = (to: Table, name: string, value: string) =>
    applyUpdate(to, { kind: 'update', operation: 'update', names: { name }, node, value }, now);
  const counted = count === undefined ? nothing : write(table, `fail-count-${what}`, count);
  const told = write(counted.table, name, String(at));
  const attribute = told.table.get(name);
  assert(attribute !== undefined, `${name} has a value`);
  const failures = new Map(attribute.failures).set(node, remembered([...known, identity]));
  return {
    table: new Map(told.table).set(name, { ...attribute, failures }),
    changes: [...counted.changes, ...told.changes],
  };
}
