import { readerLocale } from './language.svelte.ts';

/** A time of an event, as the API tells it. */
export interface EventTime {
  local: string;
  instant: string | null;
  zone: string | null;
}

interface Span {
  start: EventTime;
  end: EventTime | null;
  allDay: boolean;
}

/** Where a time is shown that has no zone: as it is written. */
const AS_WRITTEN = 'UTC';

/** The zone of this browser. */
function readerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function dateOf({ local, instant }: EventTime): Date {
  return new Date(instant ?? (local.includes('T') ? `${local}Z` : `${local}T00:00:00Z`));
}

const zoneOf = ({ instant }: EventTime, zone: string) => (instant === null ? AS_WRITTEN : zone);

/** From when to when, in words: "Mon, 7 January 2030, 09:30 – 10:15". Whole days without times. */
export function spanText({ start, end, allDay }: Span, zone = readerZone(), locale = readerLocale()): string {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zoneOf(start, zone),
    ...(allDay ? {} : { hour: 'numeric', minute: '2-digit' }),
  });
  const from = dateOf(start);
  const to = end && (end.instant === null) === (start.instant === null) ? dateOf(end) : from;
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return start.local;
  return to > from ? format.formatRange(from, to) : format.format(from);
}

/** The same in the zone it was planned in, with that zone's name; empty where clocks show the same there. */
export function elsewhereText(span: Span, zone = readerZone(), locale = readerLocale()): string {
  const { start, end } = span;
  if (span.allDay || start.instant === null || start.zone === null || start.zone === 'UTC') return '';
  try {
    const here = spanText(span, zone, locale);
    if (spanText(span, start.zone, locale) === here) return '';
    const clock = new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      hour: 'numeric',
      minute: '2-digit',
      timeZone: start.zone,
    });
    const times =
      end?.instant && dateOf(end) > dateOf(start)
        ? clock.formatRange(dateOf(start), dateOf(end))
        : clock.format(dateOf(start));
    return `${times} (${placeName(start.zone)})`;
  } catch {
    return ''; // a zone that this browser does not know
  }
}

/** "Europe/Berlin" as people say it. */
function placeName(zone: string): string {
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** Month, day and weekday of the leaf of a calendar. */
export function leafOf(
  start: EventTime,
  zone = readerZone(),
  locale = readerLocale(),
): { month: string; day: string; weekday: string } {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zoneOf(start, zone) }).format(dateOf(start));
  return {
    month: part({ month: 'short' }),
    day: part({ day: 'numeric' }),
    weekday: part({ weekday: 'short' }),
  };
}
