import { afterEach, describe, expect, it } from 'vitest';
import { bytes } from './bytes.ts';
import { fullDate } from './dates.ts';
import { speak, spoken } from './language.svelte.ts';
import { directionOf, languageOf, localeOf } from './languages.ts';
import { dropOriginal, quote } from './quoting.ts';
import { recurrenceText } from './recurrence.ts';
import { count, t } from './words.ts';

afterEach(() => speak('en'));

describe('the language', () => {
  it('is the one that was chosen', () => {
    expect(languageOf('es', ['de-DE', 'en'])).toBe('es');
  });
  it('is the first that the browser asks for and we have', () => {
    expect(languageOf('browser', ['fr-CH', 'de-CH', 'en'])).toBe('de');
    expect(languageOf('browser', ['ES-mx'])).toBe('es');
  });
  it('is English where we have none of them, whatever was kept here before', () => {
    expect(languageOf('browser', ['fr', 'pt-BR'])).toBe('en');
    expect(languageOf('klingon', [])).toBe('en');
    expect(languageOf('constructor', ['de'])).toBe('de');
  });
  it('is written as in the reader’s region', () => {
    expect(localeOf('de', ['en-GB', 'de-AT'])).toBe('de-AT');
    expect(localeOf('en', ['de-DE'])).toBe('en-DE');
    expect(localeOf('es', ['pt'])).toBe('es');
  });
  it('has a direction', () => {
    expect(['en', 'de', 'es', 'ar-XB', 'he', 'arn'].map(directionOf)).toEqual([
      'ltr',
      'ltr',
      'ltr',
      'rtl',
      'rtl',
      'ltr',
    ]);
  });
});

it('what is spoken changes words, numbers, dates and the page', async () => {
  await speak('de');
  expect(t('list.picked', { n: 12_345 })).toBe('12.345 ausgewählt');
  expect(t('remind.inDays', { n: 1 })).toBe('In 1 Tag');
  expect(count(1000)).toBe('1.000');
  expect(bytes(4_200_000)).toBe('4,2 MB');
  expect(fullDate('2026-01-05T12:00:00Z')).toContain('Montag');
  expect(document.documentElement.lang).toBe('de');
  await speak('ar-XB');
  expect(document.documentElement.dir).toBe('rtl');
  expect(t('signIn.demoAs', { address: 'anna@example.org' })).toBe(
    '\u202eContinue as \u202canna@example.org',
  );
});

it('the last wish counts, whichever words come first', async () => {
  await Promise.all([speak('de'), speak('es')]);
  expect(spoken().code).toBe('es');
});

const weekly = {
  frequency: 'monthly',
  interval: 1,
  count: 4,
  until: null,
  days: [{ day: 'FR', ordinal: -1 }],
  monthDays: [],
  months: [],
  positions: [],
  understood: true,
} as const;
it.each([
  ['en', 'Every month on the last Friday, 4 times'],
  ['es', 'Cada mes (último viernes), 4 veces'],
  ['de', 'Jeden Monat am letzten Freitag, 4-mal'],
])('in %s a rule is a phrase', async (code, said) => {
  await speak(code);
  expect(
    recurrenceText({ ...weekly, days: [...weekly.days], monthDays: [], months: [], positions: [] }),
  ).toBe(said);
});

it.each([
  ['es', 'El lunes, 5 de enero de 2026', ', Luis escribió:'],
  ['de', 'Am Montag, 5. Januar 2026', ' schrieb Luis:'],
])('in %s it is said who wrote what is quoted', async (code, before, after) => {
  await speak(code);
  const luis = { name: 'Luis', email: 'luis@example.org' };
  const at = '2026-01-05T12:00:00Z';
  const mail = { from: [luis], replyTo: [], to: [], cc: [], subject: '', sentAt: at, receivedAt: at };
  const line = /<p>([^<]+)<\/p><blockquote>/.exec(quote(mail, 'Hi'))?.[1] ?? '';
  expect(line.startsWith(before)).toBe(true);
  expect(line.endsWith(after)).toBe(true);
});

it('a quotation begun in another language is known as one', async () => {
  await speak('de');
  const text = document.createElement('div');
  text.innerHTML = '<p>Ja.</p><p>On 5 January, Luis wrote:</p><blockquote><p>Kommst du?</p></blockquote>';
  dropOriginal(text, 'answer');
  expect(text.innerHTML).toBe('<p>Ja.</p>');
});
