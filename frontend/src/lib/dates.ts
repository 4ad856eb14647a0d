import { readerLocale } from './language.svelte.ts';

const DAY = 86_400_000;

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

const formats = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, name: string, options: Intl.DateTimeFormatOptions, date: Date): string {
  const key = `${locale}/${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }
  return found.format(date);
}

/** For a row of the list: the time today, the weekday this week, then day and month, then the whole date. */
export function shortDate(iso: string | null, now = new Date(), locale = readerLocale()): string {
  const date = parse(iso);
  if (!date) return '';
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY);
  if (days === 0) return format(locale, 'time', { timeStyle: 'short' }, date);
  if (days > 0 && days < 7) return format(locale, 'weekday', { weekday: 'short' }, date);
  if (date.getFullYear() === now.getFullYear())
    return format(locale, 'day', { day: 'numeric', month: 'short' }, date);
  return format(locale, 'date', { day: '2-digit', month: '2-digit', year: 'numeric' }, date);
}

/** For what is to come: the time today, weekday and time within a week, then the date. */
export function comingDate(iso: string | null, now = new Date(), locale = readerLocale()): string {
  const date = parse(iso);
  if (!date) return '';
  const days = Math.round((startOfDay(date) - startOfDay(now)) / DAY);
  if (days === 0) return format(locale, 'time', { timeStyle: 'short' }, date);
  if (days > 0 && days < 7)
    return format(locale, 'coming', { weekday: 'short', hour: '2-digit', minute: '2-digit' }, date);
  return shortDate(iso, now, locale);
}

/** How many midnights lie between now and then: 0 today, 1 tomorrow, less than 0 for what is past. */
export function daysUntil(iso: string, now = new Date()): number {
  const date = parse(iso);
  return date ? Math.round((startOfDay(date) - startOfDay(now)) / DAY) : 0;
}

/** A day within a sentence, with its year where that is another one. */
export function dayDate(iso: string | null, now = new Date(), locale = readerLocale()): string {
  const date = parse(iso);
  if (!date) return '';
  const day = { day: 'numeric', month: 'long' } as const;
  if (date.getFullYear() === now.getFullYear()) return format(locale, 'dayLong', day, date);
  return format(locale, 'dayAndYear', { ...day, year: 'numeric' }, date);
}

/** For tooltips and the head of a message: everything. */
export function fullDate(iso: string | null, locale = readerLocale()): string {
  const date = parse(iso);
  return date ? format(locale, 'full', { dateStyle: 'full', timeStyle: 'short' }, date) : '';
}

/** For the reading pane: short, but never only a weekday. */
export function readingDate(iso: string | null, now = new Date(), locale = readerLocale()): string {
  const date = parse(iso);
  if (!date) return '';
  if (startOfDay(date) === startOfDay(now)) return format(locale, 'time', { timeStyle: 'short' }, date);
  return format(
    locale,
    'reading',
    { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    date,
  );
}

function parse(iso: string | null): Date | undefined {
  if (iso === null) return undefined;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
