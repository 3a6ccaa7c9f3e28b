/** Orders of the DC that may not begin yet: there is no executor, or nobody expects what is to be let go. */
import { type Instant, later, seconds } from '../../../base/time.ts';
import type { ResourceOrder } from '../../../messages/controller.ts';
import type { WaitingOrder } from '../state.ts';
import { type Turn, updateLocal } from '../turn.ts';
import { prepareDeparture, takeBackDeparture } from './departures.ts';
import { acknowledge, carryOut, timeoutOf } from './orders.ts';

/** An order waits this much longer than its own time-out. */
const PATIENCE = seconds(10);

export function takeOrder(turn: Turn, order: ResourceOrder): void {
  const one: WaitingOrder = { order, until: patience(turn, order), departure: 'to-tell' };
  updateLocal(turn, { waiting: [...turn.state.local.waiting, one] });
  takeWaitingOrders(turn);
}

const patience = ({ env }: Turn, order: ResourceOrder): Instant =>
  later(later(env.now, timeoutOf(order)), PATIENCE);

export function takeWaitingOrders(turn: Turn): void {
  const { executor, history, waiting } = turn.state.local;
  if (executor !== 'ready' || history === undefined || waiting.length === 0) return;
  updateLocal(turn, { waiting: [] });
  const left = waiting.flatMap(one => tryToBegin(turn, one));
  updateLocal(turn, { waiting: [...left, ...turn.state.local.waiting] });
}

/** What is left to wait for. */
function tryToBegin(turn: Turn, one: WaitingOrder): readonly WaitingOrder[] {
  const { order } = one;
  const departure =
    order.operation === 'migrate_to' ? prepareDeparture(turn, order, one.departure) : 'may-begin';
  switch (departure) {
    case 'may-begin':
      carryOut(turn, order);
      return [];
    case 'void':
      giveUp(turn, one, 'its target does not expect it');
      return [];
    default:
      return [{ ...one, departure }];
  }
}

/** Orders whose DC is no more. */
export function dropWaitingOrders(turn: Turn): void {
  for (const { order } of turn.state.local.waiting) takeBackDeparture(turn, order);
  updateLocal(turn, { waiting: [] });
}

export function giveUpWaitingOrders(turn: Turn): void {
  const { waiting, executor } = turn.state.local;
  const late = waiting.filter(({ until }) => until <= turn.env.now);
  if (late.length === 0) return;
  updateLocal(turn, { waiting: waiting.filter(({ until }) => until > turn.env.now) });
  const reason = executor === 'ready' ? 'its target does not expect it' : 'there is no executor';
  for (const one of late) giveUp(turn, one, reason);
}

function giveUp(turn: Turn, { order }: WaitingOrder, reason: string): void {
  takeBackDeparture(turn, order);
  acknowledge(turn, order.transitionKey, { kind: 'lost', reason });
}
