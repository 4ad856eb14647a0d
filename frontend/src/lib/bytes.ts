import { readerLocale } from './language.svelte.ts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `4.2 MB`, in the reader's language. */
export function bytes(size: number, locale = readerLocale()): string {
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}
