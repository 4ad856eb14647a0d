import { afterEach, expect, it, vi } from 'vitest';
import { daysUntil } from './dates.ts';
import { leavingMark, leavingSentence, leftMark } from './leaving.ts';

const now = new Date(2026, 10, 27, 16, 0);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
const mark = (day: number, hour: number, forEver = false) =>
  leavingMark({ at: at(day, hour), forEver }, now)?.text;

it.each([
  [27, 23, 'leaves today'],
  [28, 0, 'leaves tomorrow'],
  [28, 23, 'leaves tomorrow'],
  [29, 1, 'leaves in 2 days'],
  [34, 23, 'leaves in 7 days'],
])('a row tells the days as people count them: on the %i. at %i it %s', (day, hour, words) => {
  expect(mark(day, hour)).toBe(words);
});

it('what has more than a week is not marked', () => {
  expect(mark(35, 0)).toBeUndefined();
  expect(mark(56, 0)).toBeUndefined();
});

it('what is overdue goes today, for it is still there', () => {
  expect(mark(20, 12)).toBe('leaves today');
  expect(leavingSentence({ at: at(20, 12), forEver: false }, now)).toBe('Goes to Trash by itself today.');
});

it('for ever is called so', () => {
  expect(mark(27, 23, true)).toBe('deleted today');
  expect(mark(28, 23, true)).toBe('deleted tomorrow');
  expect(mark(32, 9, true)).toBe('deleted in 5 days');
  expect(leavingMark({ at: at(32, 9), forEver: true }, now)?.title).toMatch(
    /^Will be deleted for ever .*December/,
  );
});

it('only today and tomorrow are worth a look', () => {
  expect([27, 28, 29].map((day) => leavingMark({ at: at(day, 9), forEver: false }, now)?.soon)).toEqual([
    true,
    true,
    false,
  ]);
});

it('the open message tells the day too, with its year where that is another', () => {
  const sentence = (date: Date) => leavingSentence({ at: date.toISOString(), forEver: false }, now);
  expect(sentence(new Date(2026, 11, 7, 9))).toMatch(/in 10 days, on (December 7|7 December)\.$/);
  expect(sentence(new Date(2026, 10, 28, 9))).toBe('Goes to Trash by itself tomorrow.');
  expect(leavingSentence({ at: new Date(2027, 0, 2).toISOString(), forEver: true }, now)).toContain('2027');
});

it('what left says from where', () => {
  expect(leftMark('Inbox', at(20, 9)).text).toBe('left Inbox');
});

afterEach(() => vi.unstubAllEnvs());
it('a day of 23 hours is a day', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  const before = new Date(2027, 2, 27, 12);
  expect(daysUntil(new Date(2027, 2, 29, 1).toISOString(), before)).toBe(2);
  expect(daysUntil(new Date(2027, 2, 28, 23).toISOString(), before)).toBe(1);
});
