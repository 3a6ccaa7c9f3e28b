import { type OrderOrigin, type SingleOrderOrigin, singleOrigins } from '../origins.ts';
import type { Edit } from './edit.ts';
import type { Reason } from './reason.ts';

/** How one action came to stand before another, in words. */
export function orderWords(origin: OrderOrigin): string {
  return singleOrigins(origin).map(wordsOf).join('; ');
}

function wordsOf(origin: SingleOrderOrigin): string {
  if (typeof origin === 'string') return RULES[origin];
  if (origin.kind === 'colocation') {
    return origin.constraint === undefined
      ? `${origin.dependent.id} and ${origin.primary.id} depend on each other for their place`
      : `colocation constraint ${origin.constraint}`;
  }
  const set = origin.set === undefined ? '' : `, set ${origin.set}`;
  return `order constraint ${origin.constraint}${set}`;
}

/** Changes that take an order away: its constraint can be deleted, a rule of the field cannot. */
export function orderUndo(origin: OrderOrigin): readonly Edit[] {
  return singleOrigins(origin).flatMap(one => {
    if (typeof one === 'string' || one.constraint === undefined) return [];
    return [{ kind: 'delete-constraint', constraint: one.constraint } as const];
  });
}

/** A reason with what it owes to an order added. */
export function ofOrigin(origin: OrderOrigin, reason: Reason): readonly Reason[] {
  const constraint = singleOrigins(origin).find(one => typeof one !== 'string')?.constraint;
  const text = `${reason.text} (${orderWords(origin)})`;
  return [{ ...reason, text, ...(constraint === undefined ? {} : { constraint }), undo: orderUndo(origin) }];
}

const RULES: Readonly<Record<Extract<SingleOrderOrigin, string>, string>> = {
  'stop-before-start': 'a stop comes before the start in a restart',
  'roles-in-turn': 'a resource takes its roles one after the other',
  'forget-before-probe': 'what is known is forgotten before it is looked for anew',
  'probe-before-change': 'a resource is looked for before anything is done that its state bears upon',
  'guest-settles-first': 'what runs in a guest waits until it is known what becomes of the guest',
  'room-before-use': 'what leaves a node makes room for what comes',
  'container-first': 'a container starts before, and stops after, what it carries',
  'connection-first': 'the connection to a remote node comes before what is done there',
  'connection-last': 'what is done on a remote node comes before its connection ends',
  'group-order': 'members of a group start in order and stop in reverse',
  'group-bounds': 'the group begins before its members and is complete after them',
  'clone-order': 'instances of an ordered clone follow one another',
  'clone-bounds': 'the clone begins before its instances and is complete after them',
  'promotion-order': 'a clone is demoted and stopped before it is started and promoted',
  'bundle-bounds': 'the bundle begins before its replicas and is complete after them',
  'address-before-container': "a replica's address is up before its container",
  'recurring-after-start': 'a recurring operation begins after the start',
  'recurring-follows-role': 'recurring operations change with the role',
  notification: 'instances that asked for it are told before and after',
  'migration-steps': 'the steps of a live migration',
  'reload-instead': 'a restart makes the reload unnecessary',
  'forget-between': 'what is known is forgotten between a stop and the next start',
  'unfencing-first': 'a node is unfenced before it uses what needs that',
  'fencing-first': 'a node is fenced before what may have been on it starts',
  'fencing-is-stop': 'fencing a node stops what was on it',
  'fencing-in-turn': 'nodes are fenced one at a time',
  'dc-last': 'the DC goes last',
  'stop-before-shutdown': 'resources stop before their node shuts down',
  'failures-after-fencing': 'failures of a connection are forgotten after its node was fenced',
  'failures-before-reconnect': 'failures of a connection are forgotten before it is made anew',
};
