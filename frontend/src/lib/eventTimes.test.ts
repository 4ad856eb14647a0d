import { describe, expect, it } from 'vitest';
import { elsewhereText, leafOf, spanText } from './eventTimes.ts';

const at = (local: string, instant: string | null, zone: string | null) => ({ local, instant, zone });
/** What the version of the locale data does not decide. */
const plain = (text: string) =>
  text
    .replace(/,| at\b/g, '')
    .replace(/\s*–\s*/g, ' – ')
    .replace(/\s+/g, ' ');

describe('times of an event', () => {
  const start = at('2030-01-07T15:30:00', '2030-01-07T20:30:00Z', 'America/New_York');
  const end = at('2030-01-07T16:30:00', '2030-01-07T21:30:00Z', 'America/New_York');

  it('are told in the zone of the reader', () => {
    expect(plain(spanText({ start, end, allDay: false }, 'Europe/Berlin', 'en-GB'))).toBe(
      'Mon 7 January 2030 21:30 – 22:30',
    );
  });
  it('are told in the zone of the organizer too where that differs', () => {
    expect(plain(elsewhereText({ start, end, allDay: false }, 'Europe/Berlin', 'en-GB'))).toBe(
      'Mon 15:30 – 16:30 (New York)',
    );
    expect(elsewhereText({ start, end, allDay: false }, 'America/New_York', 'en-GB')).toBe('');
    const berlin = at('2030-01-07T09:00:00', '2030-01-07T08:00:00Z', 'Europe/Berlin');
    expect(elsewhereText({ start: berlin, end: null, allDay: false }, 'Europe/Madrid', 'en-GB')).toBe('');
  });
  it('are days where they are days, whatever the zone', () => {
    const days = { start: at('2030-04-30', null, null), end: at('2030-05-01', null, null), allDay: true };
    expect(plain(spanText(days, 'America/New_York', 'en-GB'))).toBe('Tue 30 April – Wed 1 May 2030');
    expect(plain(spanText({ ...days, end: days.start }, 'Asia/Tokyo', 'en-GB'))).toBe('Tue 30 April 2030');
    expect(leafOf(days.start, 'America/Los_Angeles', 'en-GB')).toEqual({
      month: 'Apr',
      day: '30',
      weekday: 'Tue',
    });
  });
  it('are told as written where no zone is known', () => {
    const floating = at('2030-07-02T14:00:00', null, null);
    expect(plain(spanText({ start: floating, end: null, allDay: false }, 'Asia/Tokyo', 'en-GB'))).toBe(
      'Tue 2 July 2030 14:00',
    );
  });
  it('survive zones and times nobody knows', () => {
    const odd = at('2030-07-02T14:00:00', '2030-07-02T12:00:00Z', 'Middle/Earth');
    expect(elsewhereText({ start: odd, end: null, allDay: false }, 'Europe/Berlin', 'en-GB')).toBe('');
    expect(spanText({ start: at('rubbish', null, null), end: null, allDay: true })).toBe('rubbish');
  });
});
