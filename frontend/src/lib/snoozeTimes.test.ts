import { expect, test } from 'vitest';
import { localInput, sendTimes, snoozeTimes, weekOf } from './snoozeTimes.ts';

const week = { weekend: [6, 7] };
const shown = (now: Date, of = week) =>
  snoozeTimes(now, of).map(({ word, at }) => `${word} ${localInput(at)}`);

test('on a working morning there is everything', () => {
  expect(shown(new Date(2026, 10, 25, 9, 10))).toEqual([
    'laterToday 2026-11-25T12:00',
    'evening 2026-11-25T18:00',
    'tomorrow 2026-11-26T08:00',
    'weekend 2026-11-28T09:00',
    'nextWeek 2026-11-30T08:00',
  ]);
});

test('in the evening nothing is left of today', () => {
  expect(shown(new Date(2026, 10, 25, 21, 0))).toEqual([
    'tomorrow 2026-11-26T08:00',
    'weekend 2026-11-28T09:00',
    'nextWeek 2026-11-30T08:00',
  ]);
});

test('tomorrow is not called the weekend or next week as well', () => {
  expect(shown(new Date(2026, 10, 27, 20, 0))).toEqual([
    'tomorrow 2026-11-28T08:00',
    'nextWeek 2026-11-30T08:00',
  ]);
  expect(shown(new Date(2026, 10, 29, 20, 0))).toEqual(['tomorrow 2026-11-30T08:00']);
});

test('days off are those of the region', () => {
  expect(shown(new Date(2026, 10, 25, 20, 0), { weekend: [5, 6] })).toEqual([
    'tomorrow 2026-11-26T08:00',
    'weekend 2026-11-27T09:00',
    'nextWeek 2026-11-29T08:00',
  ]);
  expect(weekOf('de-DE').weekend).toEqual([6, 7]);
});

test('mail goes in the mornings, and no morning is there twice', () => {
  const written = (now: Date) => sendTimes(now, week).map(({ word, at }) => `${word} ${localInput(at)}`);
  expect(written(new Date(2026, 10, 27, 9, 0))).toEqual([
    'tomorrow 2026-11-28T08:00',
    'nextWeek 2026-11-30T08:00',
    'inAWeek 2026-12-04T08:00',
  ]);
  expect(written(new Date(2026, 10, 29, 9, 0))).toEqual([
    'tomorrow 2026-11-30T08:00',
    'inAWeek 2026-12-06T08:00',
  ]);
  expect(written(new Date(2026, 10, 30, 23, 0))).toEqual([
    'tomorrow 2026-12-01T08:00',
    'nextWeek 2026-12-07T08:00',
  ]);
});

test('all are to come, whatever the hour', () => {
  for (let hour = 0; hour < 24 * 14; hour++) {
    const now = new Date(2026, 2, 20, hour, 31);
    const times = snoozeTimes(now, week);
    expect(times.length).toBeGreaterThan(0);
    for (const { at } of times) expect(at.getTime()).toBeGreaterThan(now.getTime());
    expect(new Set(times.map(({ at }) => at.getTime())).size).toBe(times.length);
  }
});
