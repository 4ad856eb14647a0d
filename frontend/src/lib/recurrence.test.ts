import { describe, expect, it } from 'vitest';
import { type Recurrence, recurrenceText } from './recurrence.ts';

const rule = (parts: Partial<Recurrence>): Recurrence => ({
  frequency: 'weekly',
  interval: 1,
  count: null,
  until: null,
  days: [],
  monthDays: [],
  months: [],
  positions: [],
  understood: true,
  ...parts,
});
const words = (parts: Partial<Recurrence>) => recurrenceText(rule(parts), 'en-GB');
const days = (...codes: string[]) => codes.map((day) => ({ day, ordinal: 0 }));

describe('a recurrence rule in words', () => {
  it('says how often', () => {
    expect(words({ frequency: 'daily' })).toBe('Every day');
    expect(words({ interval: 2, days: days('MO', 'TH') })).toBe('Every 2 weeks on Monday and Thursday');
    expect(words({ days: days('MO', 'TU', 'WE', 'TH', 'FR') })).toBe('Every weekday');
    expect(words({ frequency: 'monthly', days: [{ day: 'FR', ordinal: -1 }] })).toBe(
      'Every month on the last Friday',
    );
    expect(words({ frequency: 'monthly', days: days('FR'), positions: [2] })).toBe(
      'Every month on the second Friday',
    );
    expect(words({ frequency: 'monthly', monthDays: [1, -1] })).toBe('Every month on day 1 and the last day');
    expect(words({ frequency: 'yearly', months: [3, 9] })).toBe('Every year in March and September');
  });
  it('says until when', () => {
    expect(words({ until: '2030-03-31' })).toBe('Every week, until 31 March 2030');
    expect(words({ frequency: 'daily', count: 5 })).toBe('Every day, 5 times');
    expect(words({ frequency: 'daily', count: 1 })).toBe('Every day, once');
  });
  it('does not say what is not so', () => {
    expect(words({ understood: false })).toBe('Repeats');
    expect(words({ frequency: 'monthly', days: days('MO', 'TU'), positions: [-1] })).toBe('Repeats');
    expect(words({ frequency: 'monthly', monthDays: [13], days: days('FR') })).toBe('Repeats');
  });
});
