import { dayDate, daysUntil, fullDate } from './dates.ts';
import { t } from './words.ts';

/** When a message leaves its folder by itself. */
export interface Leaving {
  at: string;
  /** Not to Trash, but for ever. */
  forEver: boolean;
}

/** What a row says beside a message; more of it where one points at it. */
export interface Mark {
  text: string;
  title: string;
  /** Worth a look today. */
  soon: boolean;
}

/** A row is quiet until so many days before. */
const ROW_DAYS = 7;

export function leavingMark(leaving: Leaving, now = new Date()): Mark | undefined {
  const days = daysUntil(leaving.at, now);
  if (days > ROW_DAYS) return undefined;
  return {
    text: when(leaving.forEver ? 'ends' : 'leaves', days),
    title: t(leaving.forEver ? 'ends.title' : 'leaves.title', { time: fullDate(leaving.at) }),
    soon: days <= 1,
  };
}

/** For the head of the open message. */
export function leavingSentence({ at, forEver }: Leaving, now = new Date()): string {
  const days = daysUntil(at, now);
  const kind = forEver ? 'ends' : 'leaves';
  if (days <= 1) return t(days < 1 ? `${kind}.today.long` : `${kind}.tomorrow.long`);
  return t(`${kind}.long`, { n: days, date: dayDate(at, now) });
}

export function leftMark(folder: string, leftAt: string): Mark {
  return {
    text: t('left', { folder }),
    title: t('left.title', { folder, time: fullDate(leftAt) }),
    soon: false,
  };
}

function when(kind: 'leaves' | 'ends', days: number): string {
  if (days < 1) return t(`${kind}.today`);
  return days === 1 ? t(`${kind}.tomorrow`) : t(`${kind}.in`, { n: days });
}
