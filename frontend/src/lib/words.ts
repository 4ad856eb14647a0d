import { en } from './words/en.ts';

type Catalogue = Record<keyof typeof en, string | { one: string; other: string }>;
type Word = keyof typeof en;

const catalogues: Record<string, Catalogue> = { en };

/** The language of the words; dates and numbers follow the browser's own wish instead. */
const language = Object.keys(catalogues).find((code) => navigator.language.startsWith(code)) ?? 'en';
const words: Catalogue = catalogues[language] ?? en;
const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(navigator.language);

/** A text of the interface; `{name}` is filled from the values, and `n` chooses singular or plural. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  const entry = words[word];
  const text =
    typeof entry === 'string'
      ? entry
      : plural.select(Number(values.n ?? 0)) === 'one'
        ? entry.one
        : entry.other;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

export function count(n: number): string {
  return numbers.format(n);
}
