import { expect, it } from 'vitest';
import { daysOf } from './retentionDays.ts';

it.each([
  ['1', 1],
  [' 90 ', 90],
  ['0090', 90],
  ['3650', 3650],
])('%j is so many days', (text, days) => {
  expect(daysOf(text)).toBe(days);
});

it.each([
  ['', 'none'],
  ['  ', 'none'],
  ['0', 'tooFew'],
  ['-5', 'tooFew'],
  ['3651', 'tooMany'],
  ['99999999999999999999999', 'tooMany'],
  ['1.5', 'notWhole'],
  ['1e3', 'notWhole'],
  ['0x10', 'notWhole'],
  ['ninety', 'notWhole'],
  ['Infinity', 'notWhole'],
  ['9 0', 'notWhole'],
])('%j is none, and it is said why: %s', (text, why) => {
  expect(daysOf(text)).toBe(why);
});
