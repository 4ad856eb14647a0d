import { expect, it } from 'vitest';
import type { Mailbox, Retention, RetentionPreview } from '../../api/client.ts';
import { mayHaveRule, operatorsRule, usualDays, wordsOfPreview, wordsOfRule } from './retentionWords.ts';

const now = new Date(2026, 10, 27, 16);
const later = new Date(2026, 11, 4, 16).toISOString();
const rule = (more: Partial<Retention>): Retention => ({
  mailboxId: '1-1',
  afterDays: 90,
  keepFlagged: true,
  setBy: 'user',
  operatorDays: null,
  operatorKeepFlagged: true,
  actsAt: new Date(2026, 9, 1).toISOString(),
  target: 'trash',
  leaving: 0,
  ...more,
});
const box = (role: Mailbox['role'], more: Partial<Mailbox> = {}) =>
  ({ role, selectable: true, rights: { removeMessages: true }, ...more }) as Mailbox;
const words = (more: Partial<Retention>) => wordsOfRule(rule(more), now);

it('a rule says what it does, and no more than there is to know', () => {
  expect(words({})).toEqual({ what: 'To Trash after 90 days', more: '' });
  expect(words({ afterDays: 1 }).what).toBe('To Trash after 1 day');
  expect(words({ target: 'nowhere', afterDays: 30 }).what).toBe('Deleted for ever after 30 days');
});

it('it says whose it is', () => {
  expect(words({ setBy: 'operator', operatorDays: 90 }).more).toBe('set by the operator of this server');
  expect(words({ operatorDays: 30 }).more).toBe('instead of 30 days, set by the operator of this server');
  expect(words({ afterDays: null, actsAt: null, operatorDays: 30 })).toEqual({
    what: 'Everything is kept',
    more: 'instead of 30 days, set by the operator of this server',
  });
});

it('it says when it starts, what it takes of starred mail, and how many leave', () => {
  expect(words({ actsAt: later, keepFlagged: false, leaving: 1_200 }).more).toMatch(
    /^also what is starred · from (December 4|4 December) on · 1,200 messages leave within 30 days$/,
  );
  expect(words({ afterDays: null, keepFlagged: false, actsAt: null, leaving: 3 }).more).toBe('');
});

const preview = (count: number, total: number): RetentionPreview => ({
  count,
  total,
  items: [],
  actsAt: later,
});
it.each([
  [1_234, 5_678, 'trash', /^1,234 of 5,678 messages in Inbox are older than that, and go to Trash on /],
  [1, 1, 'trash', /^1 of 1 messages in Inbox is older than that, and goes to Trash on /],
  [2, 9, 'nowhere', /are deleted for ever on (December 4|4 December)\.$/],
  [0, 0, 'trash', /^Inbox is empty\. Nothing leaves before /],
  [0, 9, 'nowhere', /^None of the 9 messages in Inbox is that old\. Nothing leaves before /],
] as const)('%i of %i to %s is told in a sentence', (count, total, target, sentence) => {
  expect(wordsOfPreview(preview(count, total), target, 'Inbox', now)).toMatch(sentence);
});

it('what is on its way out, or only a view, has no rule', () => {
  const roles = ['drafts', 'snoozed', 'all', 'flagged'] as const;
  expect(roles.filter((role) => mayHaveRule(box(role)))).toEqual([]);
  expect(
    [null, 'inbox', 'sent', 'trash', 'junk', 'archive'].every((role) => mayHaveRule(box(role as null))),
  ).toBe(true);
  expect(mayHaveRule(box(null, { selectable: false }))).toBe(false);
  expect(mayHaveRule(box(null, { rights: { ...box(null).rights, removeMessages: false } }))).toBe(false);
});

it('usual days are offered for three folders only', () => {
  expect(
    ([null, 'inbox', 'sent', 'trash', 'junk', 'archive'] as const).map((role) => usualDays(box(role))),
  ).toEqual([undefined, 90, undefined, 30, 30, undefined]);
});

it('the operator’s rule is the one to go back to, where there is one', () => {
  expect(operatorsRule(rule({ operatorDays: 30 }))).toEqual({ afterDays: 30, keepFlagged: true });
  expect(operatorsRule(rule({ operatorDays: 30, operatorKeepFlagged: false }))).toEqual({
    afterDays: 30,
    keepFlagged: false,
  });
  expect(operatorsRule(rule({}))).toBeUndefined();
});
