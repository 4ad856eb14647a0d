import { spoken } from './language.svelte.ts';
import type { Words } from './words/catalogue.ts';

/** A text of the interface; `{name}` is filled from the values, and `n` chooses singular or plural. */
export function t(word: keyof Words, values: Record<string, string | number> = {}): string {
  const { words, plural, numbers } = spoken();
  const entry = words[word];
  const text =
    typeof entry === 'string' ? entry : (entry[plural.select(Number(values.n ?? 0))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

export function count(n: number): string {
  return spoken().numbers.format(n);
}
