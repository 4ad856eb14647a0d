const MOST = 3_650;

/** What is typed as the days that mail is kept: a number, or the word for what is wrong with it. */
export function daysOf(text: string): number | 'none' | 'notWhole' | 'tooFew' | 'tooMany' {
  const typed = text.trim();
  if (typed === '') return 'none';
  if (!/^-?\d+$/.test(typed)) return 'notWhole';
  const days = Number(typed);
  if (days < 1) return 'tooFew';
  return days > MOST ? 'tooMany' : days;
}
