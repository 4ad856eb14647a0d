import type { Words } from './words/catalogue.ts';

/** What can be chosen, each called as its speakers call it. */
export const languages = { en: 'English', es: 'Español', de: 'Deutsch' } as const;
type Language = keyof typeof languages;

/** English mirrored, for tests of what runs from right to left. Nobody is offered it. */
const MIRRORED = 'ar-XB';
export type Code = Language | typeof MIRRORED;

/** Each in a file of its own, of which a browser gets the one it speaks. */
const files: Record<Code, () => Promise<Words>> = {
  en: async () => (await import('./words/en.ts')).en,
  es: async () => (await import('./words/es.ts')).es,
  de: async () => (await import('./words/de.ts')).de,
  [MIRRORED]: async () => (await import('./words/mirrored.ts')).mirrored,
};

export const wordsOf = (code: Code): Promise<Words> => files[code]();

/** What was chosen, or what the browser asks for first of what there is. */
export function languageOf(chosen: string, browser = wishes()): Code {
  const known = (code: string): code is Code => Object.hasOwn(files, code);
  if (known(chosen)) return chosen;
  return browser.map(primary).find(known) ?? 'en';
}

/** By what dates and numbers are written: `de-AT`, or `es-MX` where Spanish was chosen in a Mexican's browser. */
export function localeOf(code: Code, browser = wishes()): string {
  const same = browser.find((tag) => primary(tag) === code);
  if (same) return same;
  const region = /-([A-Z]{2}|\d{3})\b/i.exec(browser[0] ?? '')?.[1];
  return region && code !== MIRRORED ? `${code}-${region}` : code;
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return /^(ar|dv|fa|he|ps|ur|yi)\b/.test(language) ? 'rtl' : 'ltr';
}

const primary = (tag: string) => tag.split('-')[0]?.toLowerCase() ?? '';

/** What the browser asks for. A system may hand it what is no language, which `Intl` does not take. */
function wishes(): string[] {
  return navigator.languages.filter((tag) => /^[a-z]{2,3}(-[a-z\d]{1,8})*$/i.test(tag));
}
