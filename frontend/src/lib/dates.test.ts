import { describe, expect, it } from 'vitest';
import { fullDate, readingDate, shortDate } from './dates.ts';

const now = new Date(2026, 10, 23, 16, 30);
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

describe('the date of a row', () => {
  it('is the time today', () => {
    expect(shortDate(at(2026, 10, 23, 14, 2), now, 'en-GB')).toBe('14:02');
    expect(shortDate(at(2026, 10, 23, 0, 0), now, 'en-GB')).toBe('00:00');
  });
  it('is the weekday within the last six days', () => {
    expect(shortDate(at(2026, 10, 22, 23, 59), now, 'en-GB')).toBe('Sun');
    expect(shortDate(at(2026, 10, 17, 1, 0), now, 'en-GB')).toBe('Tue');
  });
  it('is day and month before that, as the same weekday would mislead', () => {
    expect(shortDate(at(2026, 10, 16, 12, 0), now, 'en-GB')).toBe('16 Nov');
  });
  it('has the year where it is another one', () => {
    expect(shortDate(at(2025, 11, 31, 12, 0), now, 'en-GB')).toBe('31/12/2025');
  });
  it('is a date where the clock of the sender runs ahead', () => {
    expect(shortDate(at(2026, 10, 25, 12, 0), now, 'en-GB')).toBe('25 Nov');
  });
  it('is empty where there is none', () => {
    expect(shortDate(null, now)).toBe('');
    expect(shortDate('never', now)).toBe('');
    expect(fullDate(null)).toBe('');
  });
});

it('a message being read never shows a mere weekday', () => {
  expect(readingDate(at(2026, 10, 22, 9, 5), now, 'en-GB')).toMatch(/22 Nov 2026.*09:05/);
});
