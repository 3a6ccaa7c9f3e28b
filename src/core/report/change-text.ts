import { compareRoles } from '../model/role.ts';
import type { Change } from '../scheduler/schedule.ts';

/**
 * The transition summary, a line each, resources in columns. What is left as it is has no line, nor has a
 * shutdown, which somebody asked for.
 */
export function changeLines(changes: readonly Change[]): readonly string[] {
  const shown = changes.filter(({ word }) => word !== 'Leave' && word !== 'Shutdown');
  const details = new Map(shown.map(change => [change, detailOf(change)]));
  const resources = shown.filter(({ resource }) => resource !== undefined);
  const nameWidth = widthOf(resources.map(({ subject }) => subject));
  const detailWidth = Math.max(0, ...resources.map(change => details.get(change)?.length ?? 0));
  return shown.map(change =>
    change.resource === undefined
      ? nodeLine(change)
      : [
          `${change.word.padEnd(8)}   ${change.subject.padEnd(nameWidth)}   `,
          `( ${(details.get(change) ?? '').padStart(Math.max(detailWidth, 5))} )${reasonOf(change)}`,
        ].join(''),
  );
}

function widthOf(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map(name => name.length));
  return longest > 5 ? longest + 2 : 5;
}

function nodeLine(change: Change): string {
  const { reason } = change;
  return `${nodeTask(change)} ${nodeOf(change)}${reason === undefined ? '' : ` '${reason}'`}`;
}

export const nodeTask = ({ word, fencing }: Change): string =>
  word === 'Fence' ? `Fence (${fencing ?? 'reboot'})` : word;

/** The node, and of a guest the resource that carries it. */
export function nodeOf({ subject, node }: Change): string {
  const carrier = node?.connection?.launcher?.id;
  return carrier === undefined ? subject : `${subject} (resource: ${carrier})`;
}

function reasonOf({ reason, blocked }: Change): string {
  if (reason === undefined) return blocked ? '  blocked' : '';
  return `  due to ${reason}${blocked ? ' (blocked)' : ''}`;
}

/** From where to where, and from which role to which where roles go beyond started and stopped. */
function detailOf({ from, to, fromRole = 'Unknown', toRole = 'Unknown' }: Change): string {
  const withRole = compareRoles(fromRole, 'Started') > 0 || compareRoles(toRole, 'Unpromoted') > 0;
  const sameRole = fromRole === toRole;
  if (to === undefined) return withRole ? `${fromRole} ${from}` : `${from}`;
  if (from === undefined || from === to) {
    if (!withRole) return to;
    return sameRole ? `${fromRole} ${to}` : `${fromRole} -> ${toRole} ${to}`;
  }
  if (!withRole) return `${from} -> ${to}`;
  return sameRole ? `${from} -> ${to} ${fromRole}` : `${fromRole} ${from} -> ${toRole} ${to}`;
}
