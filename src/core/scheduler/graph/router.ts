import type { Action, Node } from '../model.ts';
import { currentNode } from '../tree.ts';

const UNDOES: ReadonlySet<string> = new Set(['cancel', 'stop', 'demote', 'migrate_from', 'migrate_to']);

/** The cluster node through which an action on a remote or guest node is carried out: of a connection that moves, its old or its new host. */
export function routerOf(action: Action): Node | undefined {
  const connection = action.node?.connection;
  if (action.task === 'stonith' || action.node === undefined || connection === undefined) return undefined;
  if (action.node.facts.kind === 'cluster') return undefined;
  const before = currentNode(connection);
  const after = connection.assigned;
  if (before === undefined || after === undefined || before === after) return before ?? after;
  const task = action.task === 'notify' ? (action.meta.get('notify_operation') ?? '') : action.task;
  const isUnderWay = connection.launcher === undefined && connection.migration !== undefined;
  return UNDOES.has(task) && !isUnderWay ? before : after;
}
