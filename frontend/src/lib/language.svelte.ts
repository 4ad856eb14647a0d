import { directionOf, languageOf, localeOf, wordsOf } from './languages.ts';
import { prefs } from './prefs.svelte.ts';
import type { Words } from './words/catalogue.ts';

interface Spoken {
  code: string;
  locale: string;
  words: Words;
  plural: Intl.PluralRules;
  numbers: Intl.NumberFormat;
}

let now = $state.raw<Spoken>();
let wanted = 0;

/** Loads the words that are chosen, or wished by the browser, and speaks them from then on, wherever they are shown. */
export async function speak(chosen: string = prefs.language): Promise<void> {
  const wish = ++wanted;
  const code = languageOf(chosen);
  const words = await wordsOf(code);
  if (wish !== wanted) return;
  const locale = localeOf(code);
  now = {
    code,
    locale,
    words,
    plural: new Intl.PluralRules(locale),
    numbers: new Intl.NumberFormat(locale),
  };
  document.documentElement.lang = code;
  document.documentElement.dir = directionOf(code);
}

/** Nothing is shown before the first words are there. */
export function spoken(): Spoken {
  if (!now) throw new Error('No language is spoken yet.');
  return now;
}

/** By what dates and numbers are written. */
export const readerLocale = (): string => spoken().locale;

export const isRightToLeft = (): boolean => directionOf(spoken().code) === 'rtl';
