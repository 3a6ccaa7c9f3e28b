import { type Instant, instant } from '../../base/time.ts';
import {
  addCalendarDuration,
  type CalendarDuration,
  type CalendarTime,
  calendarDuration,
  calendarTime,
  parseDate,
} from '../../model/iso8601.ts';
import { attribute, child, type XmlElement } from '../../xml/element.ts';
import { type Judgement, judgement, satisfiedIf, type Verdict } from './context.ts';

const secondAfter = (at: Instant): Instant => instant(at + 1000);

/** Judges a `date_expression` in whole seconds. */
export function evaluateDateExpression(expression: XmlElement, now: Instant): Judgement {
  const moment = instant(Math.floor(now / 1000) * 1000);
  const start = dateOf(expression, 'start');
  const end = dateOf(expression, 'end');
  if (start === 'invalid' || end === 'invalid') return judgement('invalid');
  switch ((attribute(expression, 'operation') ?? 'in_range').toLowerCase()) {
    case 'gt':
      if (start === undefined) return judgement('invalid');
      return moment > start ? judgement('satisfied') : judgement('before', secondAfter(start));
    case 'lt':
      if (end === undefined) return judgement('invalid');
      return moment < end ? judgement('satisfied', end) : judgement('after');
    case 'in_range':
      return evaluateRange(moment, start, end ?? endByDuration(expression, start));
    case 'date_spec': {
      const spec = child(expression, 'date_spec');
      return spec === undefined ? judgement('invalid') : evaluateDateSpec(spec, moment);
    }
    default:
      return judgement('invalid');
  }
}

function dateOf(expression: XmlElement, name: 'start' | 'end'): Instant | 'invalid' | undefined {
  const text = attribute(expression, name);
  return text === undefined ? undefined : (parseDate(text) ?? 'invalid');
}

/** Both ends belong to the range; either may be open, not both. */
function evaluateRange(
  moment: Instant,
  start: Instant | undefined,
  end: Instant | 'invalid' | undefined,
): Judgement {
  if (end === 'invalid' || (start === undefined && end === undefined)) return judgement('invalid');
  if (start !== undefined && moment < start) return judgement('before', start);
  if (end === undefined) return judgement('satisfied');
  return moment > end ? judgement('after') : judgement('satisfied', secondAfter(end));
}

const DURATION_PARTS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

function endByDuration(expression: XmlElement, start: Instant | undefined): Instant | 'invalid' | undefined {
  const duration = child(expression, 'duration');
  if (duration === undefined || start === undefined) return undefined;
  const parts: Partial<Record<keyof CalendarDuration, number>> = {};
  for (const part of DURATION_PARTS) {
    const text = attribute(duration, part);
    if (text === undefined) continue;
    if (!/^\s*[+-]?\d+\s*$/.test(text)) return 'invalid';
    parts[part] = Number(text);
  }
  return addCalendarDuration(start, calendarDuration(parts));
}

const SPEC_PARTS: readonly (keyof CalendarTime)[] = [
  'years',
  'months',
  'monthdays',
  'hours',
  'minutes',
  'seconds',
  'yeardays',
  'weekyears',
  'weeks',
  'weekdays',
];

/**
 * A moment fits where each part that is given fits. `yearsdays`, as one shell spells `yeardays`, is read too:
 * Pacemaker passes over it and lets such a rule match on every day.
 */
function evaluateDateSpec(spec: XmlElement, moment: Instant): Judgement {
  const time = calendarTime(moment);
  for (const part of SPEC_PARTS) {
    const text = attribute(spec, part) ?? (part === 'yeardays' ? attribute(spec, 'yearsdays') : undefined);
    if (text === undefined) continue;
    const verdict = evaluateSpecRange(text, time[part]);
    if (verdict !== 'satisfied') return judgement(verdict);
  }
  return satisfiedIf(true);
}

/** `5`, `5-`, `-5`, `5-7`. */
function evaluateSpecRange(text: string, value: number): Verdict {
  const match = /^(\d*)(-?)(\d*)$/.exec(text);
  if (match === null) return 'invalid';
  const [, low = '', dash = '', high = ''] = match;
  if (low === '' && high === '') return 'invalid';
  if (low !== '' && value < Number(low)) return 'before';
  const top = dash === '' ? low : high;
  return top !== '' && value > Number(top) ? 'after' : 'satisfied';
}
