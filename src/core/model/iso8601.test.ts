import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { instant } from '../base/time.ts';
import {
  addCalendarDuration,
  calendarTime,
  lengthOf,
  parseCalendarDuration,
  parseDate,
  printDate,
  printTimestamp,
} from './iso8601.ts';

const today = parseDate('2026-11-24');

const DATES: readonly (readonly [string, string | undefined])[] = [
  ['2006-01-01 00:30:00 +01:00', '2005-12-31 23:30:00Z'],
  ['2006-01-01 00:30:00+01:00', '2005-12-31 23:30:00Z'],
  ['2006-01-01 00:30:00 -0130', '2006-01-01 02:00:00Z'],
  ['2006-01-01T00:30:00Z', '2006-01-01 00:30:00Z'],
  ['20060101T003000Z', '2006-01-01 00:30:00Z'],
  ['2006-W01-7 00Z', '2006-01-08 00:00:00Z'],
  ['2006-W01-7', '2006-01-08 00:00:00Z'],
  ['2009-W53-7 00:00:00Z', '2010-01-03 00:00:00Z'],
  ['2010-W53-1', undefined],
  ['2006-W01', undefined],
  ['2005-040', '2005-02-09 00:00:00Z'],
  ['2005-040 13:45Z', '2005-02-09 13:45:00Z'],
  ['2019-03', '2019-01-03 00:00:00Z'],
  ['2005-366', undefined],
  ['2004-366', '2004-12-31 00:00:00Z'],
  ['2005-04-31', undefined],
  ['2019', undefined],
  ['24:00:00', '2026-11-25 00:00:00Z'],
  ['12:30Z', '2026-11-24 12:30:00Z'],
  ['T12:30', '2026-11-24 12:30:00Z'],
  ['2009-01-31 24:00:00Z', '2009-02-01 00:00:00Z'],
  ['2019-01-01 00:00:60Z', undefined],
  ['2020-13-01', undefined],
  ['epoch:946684800', '2000-01-01 00:00:00Z'],
  ['tomorrow', undefined],
  ['', undefined],
];

for (const [text, expected] of DATES) {
  test(`the date '${text}' is ${expected ?? 'refused'}`, () => {
    const at = parseDate(text, today);
    assert.equal(at === undefined ? undefined : printDate(at), expected);
  });
}

const SUMS = [
  ['2019-01-31', 'P1M', '2019-02-28 00:00:00Z'],
  ['2019-01-31', 'P14M', '2020-03-31 00:00:00Z'],
  ['2019-01-31', 'P-1M', '2018-12-31 00:00:00Z'],
  ['2019-01-31', 'P1M1D', '2019-03-01 00:00:00Z'],
  ['2019-03-01', 'PT-25H', '2019-02-27 23:00:00Z'],
  ['2019-03-01', 'P1Y', '2020-03-01 00:00:00Z'],
  ['2020-02-29', 'P1Y', '2021-02-28 00:00:00Z'],
  ['2020-01-31', 'P1Y1M', '2021-02-28 00:00:00Z'],
  ['2020-01-31', 'P1Y2W', '2021-02-14 00:00:00Z'],
] as const;

for (const [date, duration, expected] of SUMS) {
  test(`${date} + ${duration} = ${expected}`, () => {
    const by = parseCalendarDuration(duration);
    const from = parseDate(date);
    assert.ok(by && from !== undefined);
    assert.equal(printDate(addCalendarDuration(from, by)), expected);
  });
}

test('a duration is refused with a sign in front, a fraction, or nothing in it', () => {
  for (const text of ['-P1D', 'P0.5D', 'P', '1D', 'PT1D']) {
    assert.equal(parseCalendarDuration(text), undefined, text);
  }
});

test('hours and seconds may stand without their T', () => {
  assert.deepEqual(parseCalendarDuration('P1H10S'), parseCalendarDuration('PT1H10S'));
});

test('a duration has a length', () => {
  const whole = parseCalendarDuration('P1Y2M3DT4H5M6S');
  assert.ok(whole);
  assert.equal(lengthOf(whole), ((365 + 60 + 3) * 86_400 + 4 * 3600 + 5 * 60 + 6) * 1000);
});

test('an instant has its ISO week and its day in the year', () => {
  const at = parseDate('2010-01-03 12:34:56Z');
  assert.ok(at !== undefined);
  assert.deepEqual(calendarTime(at), {
    years: 2010,
    months: 1,
    monthdays: 3,
    yeardays: 3,
    weekyears: 2009,
    weeks: 53,
    weekdays: 7,
    hours: 12,
    minutes: 34,
    seconds: 56,
  });
});

test('what is printed is read back as the same second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), second => {
      const at = instant(second * 1000);
      const { years, weekyears, weeks, weekdays, yeardays } = calendarTime(at);
      const midnight = Math.floor(second / 86_400) * 86_400_000;
      const two = String(weeks).padStart(2, '0');
      assert.equal(parseDate(printDate(at)), at);
      assert.equal(parseDate(`${years}-${String(yeardays).padStart(3, '0')}`), midnight);
      assert.equal(parseDate(`${weekyears}-W${two}-${weekdays}`), midnight);
    }),
  );
});

test('a timestamp looks as the C library writes it', () => {
  assert.equal(printTimestamp(instant(1_136_075_400_000)), 'Sun Jan  1 00:30:00 2006');
  assert.equal(printTimestamp(instant(1_136_075_400_000), 60), 'Sun Jan  1 01:30:00 2006');
});
