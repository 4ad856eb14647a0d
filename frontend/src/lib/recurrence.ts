import { readerLocale } from './language.svelte.ts';
import { t } from './words.ts';

/** A recurrence rule, as the API tells it. */
export interface Recurrence {
  frequency: 'daily' | 'weekly' | 'monthly' | 'yearly' | 'other';
  interval: number;
  count: number | null;
  until: string | null;
  days: { day: string; ordinal: number }[];
  monthDays: number[];
  months: number[];
  positions: number[];
  understood: boolean;
}

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** How often it takes place, in words; only what can be said exactly. */
export function recurrenceText(rule: Recurrence, locale = readerLocale()): string {
  const { frequency, interval: n } = rule;
  if (!rule.understood || frequency === 'other') return t('event.repeats');
  const every = {
    daily: 'event.days',
    weekly: 'event.weeks',
    monthly: 'event.months',
    yearly: 'event.years',
  } as const;
  const text = workdays(rule) && n === 1 ? t('event.workdays') : t(every[frequency], { n });
  const on = workdays(rule) && n === 1 ? '' : named(rule, locale);
  if (on === undefined) return t('event.repeats');
  return [text, on].filter(Boolean).join(' ') + ending(rule, locale);
}

function workdays({ frequency, days, months, positions, monthDays }: Recurrence): boolean {
  return (
    (frequency === 'weekly' || frequency === 'daily') &&
    months.length + positions.length + monthDays.length === 0 &&
    days
      .map(({ day }) => day)
      .sort()
      .join() === 'FR,MO,TH,TU,WE'
  );
}

/** On which days; undefined where there are no plain words for it. */
function named(rule: Recurrence, locale: string): string | undefined {
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  if (rule.monthDays.some((day) => day < -1) || rule.days.some(({ ordinal }) => ordinal < -1 || ordinal > 5))
    return undefined;
  let days = rule.days;
  if (rule.positions.length > 0) {
    // "The last Friday" may be written as the last of all Fridays.
    const [position] = rule.positions;
    if (rule.positions.length > 1 || position === undefined || position < -1 || position > 5)
      return undefined;
    if (days.length !== 1 || days[0]?.ordinal !== 0 || rule.frequency !== 'monthly') return undefined;
    days = [{ day: days[0].day, ordinal: position }];
  }
  if (days.length > 0 && rule.monthDays.length > 0) return undefined;
  const parts: string[] = [];
  if (days.length > 0) {
    const names = days.map(({ day, ordinal }) =>
      ordinal === 0
        ? weekday(day, locale)
        : t('event.the', { which: which(ordinal), day: weekday(day, locale) }),
    );
    parts.push(t('event.on', { days: list.format(names) }));
  }
  if (rule.monthDays.length > 0) {
    const numbers = rule.monthDays.map((day) =>
      day === -1 ? t('event.lastDay') : t('event.dayOfMonth', { n: day }),
    );
    parts.push(t('event.on', { days: list.format(numbers) }));
  }
  if (rule.months.length > 0)
    parts.push(t('event.in', { months: list.format(rule.months.map((month) => monthName(month, locale))) }));
  return parts.join(' ');
}

function ending({ count, until }: Recurrence, locale: string): string {
  if (count !== null) return t('event.times', { n: count });
  if (until === null) return '';
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(until));
  return t('event.until', { day });
}

function which(ordinal: number): string {
  const words = ['event.first', 'event.second', 'event.third', 'event.fourth', 'event.fifth'] as const;
  return t(ordinal < 0 ? 'event.last' : (words[ordinal - 1] ?? 'event.last'));
}

function weekday(code: string, locale: string): string {
  const monday = Date.UTC(2024, 0, 1);
  const date = new Date(monday + Math.max(0, DAYS.indexOf(code)) * 86_400_000);
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(date);
}

function monthName(month: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2024, month - 1, 1),
  );
}
