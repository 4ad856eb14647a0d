import type { Words } from './catalogue.ts';
import { en } from './en.ts';

/** From right to left, letter by letter, but for the values that are filled in. */
const mirror = (text: string) =>
  text.replace(/\{\w+\}|[^{}]+/g, (piece) => (piece.startsWith('{') ? piece : `\u202e${piece}\u202c`));

/** English as it would look if it were written from right to left: the pseudo-language that tests of the layout speak. */
export const mirrored = Object.fromEntries(
  Object.entries(en).map(([word, entry]) => [
    word,
    typeof entry === 'string' ? mirror(entry) : { one: mirror(entry.one), other: mirror(entry.other) },
  ]),
) as Words;
