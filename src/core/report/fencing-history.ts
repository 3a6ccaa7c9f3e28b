import { type Instant, instant } from '../base/time.ts';
import { printDate } from '../model/iso8601.ts';
import { attribute, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import { type Outline, section } from './outline.ts';

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

/**
 * One list, or one each for what failed and what is under way. `whole`: nothing was left out, so that no entry
 * speaks for several.
 */
export function fencingOutline(
  events: readonly FencingEvent[],
  states: ReadonlySet<FencingState>,
  { whole }: { readonly whole: boolean },
): readonly Outline[] {
  const shown = events.filter(({ state }) => states.has(state));
  if (shown.length === 0) return [];
  const lines = (of: readonly FencingEvent[]) => of.map(one => eventLine(one, whole));
  if (states.has('success')) return [section('Fencing History', lines(shown))];
  const list = (heading: string, state: FencingState) => {
    const of = shown.filter(one => one.state === state);
    return of.length === 0 ? [] : [section(heading, lines(of))];
  };
  return [...list('Failed Fencing Actions', 'failed'), ...list('Pending Fencing Actions', 'pending')];
}

const ACTION_WORDS: Readonly<Record<string, string>> = { on: 'unfencing', off: 'turning off' };
const STATE_WORDS = { pending: 'pending', success: 'successful', failed: 'failed' } as const;

/** One line; with `detail` everything that is known. */
export function eventLine(event: FencingEvent, whole: boolean): string {
  const { target, action, state, client, origin, delegate, completed, reason } = event;
  const when = whole ? 'completed' : `last-${STATE_WORDS[state]}`;
  const parts = [
    ...(delegate === undefined ? [] : [`delegate=${delegate}`]),
    `client=${client}`,
    `origin=${origin}`,
    ...(completed === undefined ? [] : [`${when}='${printDate(completed)}'`]),
  ];
  const why = reason === undefined ? '' : ` (${reason})`;
  return `${ACTION_WORDS[action] ?? action} of ${target} ${STATE_WORDS[state]}${why}: ${parts.join(', ')}`;
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
