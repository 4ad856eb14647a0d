import { readerLocale } from './language.svelte.ts';

export type SnoozeWord = 'laterToday' | 'evening' | 'tomorrow' | 'weekend' | 'nextWeek';

const MORNING = 8;
const EVENING = 18;
const LATER_HOURS = 3;

interface Week {
  /** Days as ISO numbers them: Monday is 1, Sunday 7. */
  weekend: number[];
}

/** Which days the reader's region has off; where the browser does not tell, Saturday and Sunday. */
export function weekOf(locale = readerLocale()): Week {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?(): Week; weekInfo?: Week };
  return known.getWeekInfo?.() ?? known.weekInfo ?? { weekend: [6, 7] };
}

/** Times that people put things off to, in the reader's zone, soonest first; those that make no sense now are left out. */
export function snoozeTimes(now = new Date(), { weekend } = weekOf()): { word: SnoozeWord; at: Date }[] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const isoDay = (days: number) => at(days, 12).getDay() || 7;
  const isOff = (days: number) => weekend.includes(isoDay(days));
  const next = (wanted: (days: number) => boolean) => [1, 2, 3, 4, 5, 6, 7].find(wanted) ?? 7;

  const later = new Date(now.getTime() + LATER_HOURS * 3_600_000);
  later.setMinutes(now.getMinutes() > 30 ? 60 : 0, 0, 0);
  const times: { word: SnoozeWord; at: Date }[] = [];
  if (later < at(0, EVENING)) times.push({ word: 'laterToday', at: later });
  if (now < at(0, EVENING - 1)) times.push({ word: 'evening', at: at(0, EVENING) });
  times.push({ word: 'tomorrow', at: at(1, MORNING) });
  const free = next(isOff);
  if (!isOff(0) && free > 1) times.push({ word: 'weekend', at: at(free, MORNING + 1) });
  const work = next((days) => !isOff(days) && isOff(days - 1));
  if (work > 1) times.push({ word: 'nextWeek', at: at(work, MORNING) });
  return times.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Times that mail is written for: mornings, in the reader's zone, soonest first. */
export function sendTimes(
  now = new Date(),
  week = weekOf(),
): { word: 'tomorrow' | 'nextWeek' | 'inAWeek'; at: Date }[] {
  const times = snoozeTimes(now, week).flatMap(({ word, at }) =>
    word === 'tomorrow' || word === 'nextWeek' ? [{ word, at }] : [],
  );
  const inAWeek = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 7, MORNING);
  if (times.some(({ at }) => at.getTime() === inAWeek.getTime())) return times;
  return [...times, { word: 'inAWeek', at: inAWeek }];
}

/** After how many days without an answer people ask again. */
export const reminderDays = [2, 4, 7, 14];

/** What a field of type `datetime-local` shows. */
export function localInput(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
