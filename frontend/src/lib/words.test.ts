import { describe, expect, it } from 'vitest';
import { ATTRIBUTIONS } from './quoting.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';

type Entry = string | { one: string; other: string };
const english = Object.entries<Entry>(en);
const one = (entry: Entry) => (typeof entry === 'string' ? entry : entry.one);
const other = (entry: Entry) => (typeof entry === 'string' ? entry : entry.other);
const filled = (text: string) => [...text.matchAll(/\{\w*\}?/g)].map(([name]) => name).sort();

/** Names, and words that another language has in common with English. */
const SAME = {
  de: [
    'ok',
    'signIn.host',
    'signIn.port',
    'folder.name',
    'templates.name',
    'contacts.name',
    'head.cc',
    'head.bcc',
    'theme.system',
    'compose.copies',
    'compose.link',
    'share.log.in',
    'share.log.about',
  ],
  es: ['head.cc', 'share.log.about'],
};

describe.each([
  { name: 'de', words: de },
  { name: 'es', words: es },
] as const)('the texts in $name', ({ name, words }) => {
  const entry = (word: string): Entry => words[word as keyof typeof words];

  it('are those of English, in its order', () => {
    expect(Object.keys(words)).toEqual(Object.keys(en));
  });

  it('count where English does', () => {
    const counted = (all: [string, Entry][]) => all.filter(([, text]) => typeof text !== 'string');
    expect(counted(Object.entries<Entry>(words)).map(([word]) => word)).toEqual(
      counted(english).map(([word]) => word),
    );
  });

  it('are filled with the same', () => {
    for (const [word, text] of english) {
      expect(filled(other(entry(word))), word).toEqual(filled(other(text)));
      // "One message" may be said without the number.
      const named = (all: string[]) => all.filter((one) => one !== '{n}');
      expect(named(filled(one(entry(word)))), word).toEqual(named(filled(one(text))));
    }
  });

  it('are translated, every one', () => {
    const same = english.filter(([word, text]) => other(entry(word)) === other(text)).map(([word]) => word);
    expect(same.sort()).toEqual([...SAME[name]].sort());
  });

  it('have no space too many and end as English does', () => {
    const end = (text: string) => /[.?:…]$/.exec(text.replace(/ …$/, '…'))?.[0] ?? '';
    for (const [word, text] of english) {
      expect(other(entry(word)), word).not.toMatch(/^\s|\s$| {2}|\.\.\./);
      // A German number says with a dot that it is one in a row.
      if (word !== 'event.dayOfMonth') expect(end(other(entry(word))), word).toBe(end(other(text)));
    }
  });
});

it('every language’s line above a quotation is known where the quotation is taken out', () => {
  const lines = [en, es, de].map((words) => words['quote.wrote'].replace(/\{\w+\}/g, '\0').split('\0'));
  expect(lines).toEqual(ATTRIBUTIONS.map(({ before, between, after }) => [before, between, after]));
});
