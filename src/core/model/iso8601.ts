/**
 * Dates, times and durations as Pacemaker reads them: ISO 8601 calendar, ordinal and week dates, basic or
 * extended, the time after a `T` or a blank, the zone behind it, with or without a blank before.
 *
 * Where no zone is written, UTC holds. Instants are whole seconds here.
 */
import { type Duration, type Instant, instant, seconds } from '../base/time.ts';

const DAY = 86_400;

/** A length of time whose months and years depend on where it begins. Negative parts count back. */
export interface CalendarDuration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** The names that an instant has in UTC. Weeks and week days are ISO 8601's: Monday is 1. */
export interface CalendarTime {
  readonly years: number;
  readonly months: number;
  readonly monthdays: number;
  readonly yeardays: number;
  readonly weekyears: number;
  readonly weeks: number;
  readonly weekdays: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const fromSeconds = (count: number): Instant => instant(count * 1000);
const secondsOf = (at: Instant): number => Math.floor(at / 1000);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

/** Days from 1970-01-01 to the given day, counted in the Gregorian calendar. */
const dayNumber = (year: number, month: number, day: number): number =>
  Math.round(Date.UTC(2000 + (year % 400), month - 1, day) / (DAY * 1000)) +
  146_097 * ((year - (2000 + (year % 400))) / 400);

/** 1 for Monday to 7 for Sunday. 1970-01-01 was a Thursday. */
const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Day number of the Monday of week 1, the week that holds January 4. */
function firstMonday(year: number): number {
  const fourth = dayNumber(year, 1, 4);
  return fourth - (weekday(fourth) - 1);
}

export function calendarTime(at: Instant): CalendarTime {
  const date = new Date(secondsOf(at) * 1000);
  const years = date.getUTCFullYear();
  const months = date.getUTCMonth() + 1;
  const monthdays = date.getUTCDate();
  const today = dayNumber(years, months, monthdays);
  const weekyears =
    today < firstMonday(years) ? years - 1 : today >= firstMonday(years + 1) ? years + 1 : years;
  return {
    years,
    months,
    monthdays,
    yeardays: today - dayNumber(years, 1, 1) + 1,
    weekyears,
    weeks: Math.floor((today - firstMonday(weekyears)) / 7) + 1,
    weekdays: weekday(today),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    seconds: date.getUTCSeconds(),
  };
}

/**
 * Reads a date with an optional time, or a time alone (of the day of `today`, which is 1970-01-01 if not given).
 * `epoch` and `epoch:SECONDS` are Unix time. `undefined` where the text is none of these.
 */
export function parseDate(text: string, today: Instant = instant(0)): Instant | undefined {
  const trimmed = text.trim();
  if (trimmed === 'epoch') return instant(0);
  const epoch = /^epoch:\s*(-?\d+)$/.exec(trimmed)?.[1];
  if (epoch !== undefined) return fromSeconds(Number(epoch));
  const timeAlone = /^T|^\d\d?:/.test(trimmed);
  const split = timeAlone ? ['', trimmed.replace(/^T/, '')] : splitDate(trimmed);
  const [datePart = '', timePart = ''] = split;
  const day = timeAlone ? Math.floor(secondsOf(today) / DAY) : parseDay(datePart);
  const time = parseTime(timePart);
  if (day === undefined || time === undefined) return undefined;
  return fromSeconds(day * DAY + time);
}

function splitDate(text: string): readonly [string, string] {
  const end = /[T\s]/.exec(text)?.index;
  return end === undefined ? [text, ''] : [text.slice(0, end), text.slice(end + 1).trim()];
}

function parseDay(text: string): number | undefined {
  const calendar = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (calendar !== null) {
    const [year, month, day] = numbers(calendar);
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
    return dayNumber(year, month, day);
  }
  const week = /^(\d{4})-?W(\d\d?)-?(\d)$/.exec(text);
  if (week !== null) {
    const [year, number, day] = numbers(week);
    const weeks = (firstMonday(year + 1) - firstMonday(year)) / 7;
    if (number < 1 || number > weeks || day < 1 || day > 7) return undefined;
    return firstMonday(year) + (number - 1) * 7 + day - 1;
  }
  const ordinal = /^(\d{4})-(\d{1,3})$/.exec(text) ?? /^(\d{4})(\d{3})$/.exec(text);
  if (ordinal === null) return undefined;
  const [year, day] = numbers(ordinal);
  if (day < 1 || day > (isLeap(year) ? 366 : 365)) return undefined;
  return dayNumber(year, 1, 1) + day - 1;
}

const numbers = (match: RegExpExecArray): [number, number, number] => [
  Number(match[1]),
  Number(match[2]),
  Number(match[3] ?? 0),
];

const TIME = /^(\d\d?)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(?:(Z)|([+-])(\d\d?)(?::?(\d\d))?)?$/;

/** Seconds since the midnight that UTC has; the empty text is midnight. */
function parseTime(text: string): number | undefined {
  if (text === '' || text === 'Z') return 0;
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, hour, minute = '0', second = '0', , sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const total = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (Number(minute) > 59 || Number(second) > 59 || total > DAY) return undefined;
  const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
  if (Number(offsetMinutes) > 59 || offset > DAY) return undefined;
  return sign === '-' ? total + offset : sign === '+' ? total - offset : total;
}

const NO_DURATION: CalendarDuration = {
  years: 0,
  months: 0,
  weeks: 0,
  days: 0,
  hours: 0,
  minutes: 0,
  seconds: 0,
};

const DATE_UNITS: Readonly<Record<string, keyof CalendarDuration>> = {
  Y: 'years',
  M: 'months',
  W: 'weeks',
  D: 'days',
  // Hours and seconds cannot be mistaken for anything else, so they may do without their `T`.
  H: 'hours',
  S: 'seconds',
};
const TIME_UNITS: Readonly<Record<string, keyof CalendarDuration>> = {
  H: 'hours',
  M: 'minutes',
  S: 'seconds',
};

/** Reads `P1Y2M3W4DT5H6M7S`, any part absent, each with a sign of its own; fractions are not read. */
export function parseCalendarDuration(text: string): CalendarDuration | undefined {
  const match = /^P((?:-?\d+[YMWDHS])*)(?:T((?:-?\d+[HMS])*))?$/.exec(text.trim());
  if (match === null || text.trim() === 'P') return undefined;
  const total: Record<keyof CalendarDuration, number> = { ...NO_DURATION };
  const add = (part: string, units: Readonly<Record<string, keyof CalendarDuration>>) => {
    for (const [, count, unit = ''] of part.matchAll(/(-?\d+)([A-Z])/g)) {
      const field = units[unit];
      if (field !== undefined) total[field] += Number(count);
    }
  };
  add(match[1] ?? '', DATE_UNITS);
  add(match[2] ?? '', TIME_UNITS);
  return total;
}

/** A duration given by its parts, as the attributes of `duration` elements are. */
export const calendarDuration = (parts: Partial<CalendarDuration>): CalendarDuration => ({
  ...NO_DURATION,
  ...parts,
});

/**
 * Adds years and months by the calendar (the last day of a shorter month where the day does not exist), then
 * the rest by its length.
 */
export function addCalendarDuration(from: Instant, by: CalendarDuration): Instant {
  const start = secondsOf(from);
  const { years, months, monthdays } = calendarTime(from);
  const monthIndex = (years + by.years) * 12 + (months - 1) + by.months;
  const year = Math.floor(monthIndex / 12);
  const month = monthIndex - year * 12 + 1;
  const day = dayNumber(year, month, Math.min(monthdays, daysInMonth(year, month))) + by.weeks * 7 + by.days;
  const timeOfDay = start - Math.floor(start / DAY) * DAY;
  return fromSeconds(day * DAY + timeOfDay + by.hours * 3600 + by.minutes * 60 + by.seconds);
}

/** Its length where it has no place in the calendar: months of 30 days, years of 365. */
export const lengthOf = (of: CalendarDuration): Duration =>
  seconds(
    (of.years * 365 + of.months * 30 + of.weeks * 7 + of.days) * DAY +
      of.hours * 3600 +
      of.minutes * 60 +
      of.seconds,
  );

const two = (count: number): string => String(count).padStart(2, '0');

const DAY_NAMES = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;
const MONTH_NAMES = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

/** `2006-01-01 00:30:00Z`. */
export function printDate(at: Instant): string {
  const { years, months, monthdays, hours, minutes, seconds: second } = calendarTime(at);
  const year = String(years).padStart(4, '0');
  return `${year}-${two(months)}-${two(monthdays)} ${two(hours)}:${two(minutes)}:${two(second)}Z`;
}

/** `Sun Jan  1 00:30:00 2006`, as the C library writes times; in the zone `offset` minutes east of UTC. */
export function printTimestamp(at: Instant, offset = 0): string {
  const local = instant(at + offset * 60_000);
  const { years, months, monthdays, hours, minutes, seconds: second } = calendarTime(local);
  const dayName = DAY_NAMES[(((Math.floor(secondsOf(local) / DAY) % 7) + 7) % 7) as 0];
  const time = `${two(hours)}:${two(minutes)}:${two(second)}`;
  return `${dayName} ${MONTH_NAMES[(months - 1) as 0]} ${String(monthdays).padStart(2)} ${time} ${years}`;
}
