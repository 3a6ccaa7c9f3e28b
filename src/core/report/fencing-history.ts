import { type Instant, instant } from '../base/time.ts';
import { printDate } from '../model/iso8601.ts';
import { attribute, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import { timestamp } from './history-words.ts';
import { type Outline, section } from './outline.ts';
import type { View } from './view.ts';

export type FencingState = 'pending' | 'success' | 'failed';

export interface FencingEvent {
  readonly target: string;
  readonly action: string;
  readonly state: FencingState;
  readonly client: string;
  readonly origin: string;
  /** Who did it, or tried to last. */
  readonly delegate?: string;
  readonly completed?: Instant;
  readonly reason?: string;
}

/** What the fencer answers when asked for its history: a `fence_event` element for each. */
export function readFencingHistory(answer: XmlElement | undefined): readonly FencingEvent[] {
  return answer === undefined ? [] : childrenNamed(answer, 'fence_event').map(readEvent).sort(compareEvents);
}

function readEvent(event: XmlElement): FencingEvent {
  const text = (name: string) => attribute(event, name) ?? '';
  const status = text('status');
  const completed = Number(text('completed'));
  const delegate = attribute(event, 'delegate');
  const reason = attribute(event, 'exit-reason');
  return {
    target: text('target'),
    action: text('action'),
    state: status === 'success' || status === 'failed' ? status : 'pending',
    client: text('client'),
    origin: text('origin'),
    ...(delegate === undefined ? {} : { delegate }),
    ...(completed > 0 ? { completed: instant(completed * 1000) } : {}),
    ...(reason === undefined || reason === '' ? {} : { reason }),
  };
}

/** What is under way first, then the newest. */
function compareEvents(left: FencingEvent, right: FencingEvent): number {
  const rank = ({ state }: FencingEvent) => (state === 'pending' ? 0 : 1);
  return rank(left) - rank(right) || (right.completed ?? 0) - (left.completed ?? 0);
}

/** Of several alike (target, action, state, who asked for it) only the newest. */
export function newestOfEach(events: readonly FencingEvent[]): readonly FencingEvent[] {
  const seen = new Set<string>();
  return events.filter(({ target, action, state, client, origin, delegate }) => {
    const key = JSON.stringify([target, action, state, client, origin, delegate]);
    const isNew = state === 'pending' || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** One list, or one each for what failed and what is under way. */
export function fencingOutline(
  events: readonly FencingEvent[],
  states: ReadonlySet<FencingState>,
  { detail }: View,
): readonly Outline[] {
  const shown = events.filter(({ state }) => states.has(state));
  if (shown.length === 0) return [];
  if (states.has('success'))
    return [
      section(
        'Fencing History',
        shown.map(one => eventLine(one, detail)),
      ),
    ];
  const list = (heading: string, state: FencingState) => {
    const of = shown.filter(one => one.state === state);
    return of.length === 0
      ? []
      : [
          section(
            heading,
            of.map(one => eventLine(one, detail)),
          ),
        ];
  };
  return [...list('Failed Fencing Actions', 'failed'), ...list('Pending Fencing Actions', 'pending')];
}

function eventLine(event: FencingEvent, detail: boolean): string {
  const { target, action, state, client, origin, delegate, completed, reason } = event;
  if (state === 'pending') return `${action} of ${target} pending: client=${client}, origin=${origin}`;
  const by = delegate === undefined ? [] : [`delegate=${delegate}`];
  const when = completed === undefined ? '' : printDate(completed);
  const parts = [
    ...by,
    `client=${client}`,
    `origin=${origin}`,
    ...(state === 'failed' ? [`last-failed='${when}'`] : [`completed='${when}'`]),
  ];
  const outcome = state === 'success' ? 'successful' : `failed${reason === undefined ? '' : ` (${reason})`}`;
  if (detail) return `${action} of ${target} ${outcome}: ${parts.join(', ')}`;
  const who = delegate === undefined ? '' : ` by ${delegate}`;
  const at = completed === undefined ? '' : ` at ${timestamp(completed)}`;
  return `${action} of ${target}${who} for ${client}@${origin} ${outcome}${at}`;
}

/** The `fence_history` element. */
export function fencingElement(events: readonly FencingEvent[]): XmlElement {
  return element(
    'fence_history',
    { status: 0 },
    events.map(({ target, action, state, client, origin, delegate, completed, reason }) =>
      element('fence_event', {
        status: state,
        'exit-reason': reason,
        delegate,
        action,
        target,
        client,
        origin,
        completed: completed === undefined ? undefined : printDate(completed),
      }),
    ),
  );
}
