import { QueryClient } from '@tanstack/svelte-query';
import { expect, it } from 'vitest';
import type { MessageSummary } from './client.ts';
import { applyChange, countDeltas, withKeywords } from './optimistic.ts';

const message = (id: string, mailboxId: string, keywords: string[] = []): MessageSummary => ({
  id,
  mailboxId,
  threadId: id,
  from: [],
  to: [],
  subject: '',
  preview: null,
  receivedAt: '2026-11-23T14:02:11Z',
  sentAt: null,
  size: 1,
  keywords,
  hasAttachment: false,
});

it('keywords are set and taken, each once', () => {
  expect(
    withKeywords({ keywords: ['$seen', 'x'] }, { $seen: true, x: false, $flagged: true }).keywords,
  ).toEqual(['$seen', '$flagged']);
});

it('reading lowers the unread count, once', () => {
  const mails = [message('a', 'inbox'), message('b', 'inbox', ['$seen'])];
  expect(countDeltas(mails, { keywords: { $seen: true } }).get('inbox')).toEqual({ total: 0, unread: -1 });
});

it('moving takes the counts along', () => {
  const deltas = countDeltas([message('a', 'inbox'), message('b', 'inbox', ['$seen'])], {
    moveTo: 'archive',
  });
  expect(deltas.get('inbox')).toEqual({ total: -2, unread: -1 });
  expect(deltas.get('archive')).toEqual({ total: 2, unread: 1 });
});

it('deleting for ever leaves no count behind', () => {
  expect([...countDeltas([message('a', 'trash')], { moveTo: null }).keys()]).toEqual(['trash']);
});

it('a change that failed leaves the counts as they were', () => {
  const queries = new QueryClient();
  const boxes = [{ id: 'inbox', total: 5, unread: 2 }];
  queries.setQueryData(['mailboxes', '1'], boxes);
  const applied = applyChange(queries, [message('a', 'inbox')], { keywords: { $seen: true } });
  expect(queries.getQueryData<typeof boxes>(['mailboxes', '1'])?.[0]?.unread).toBe(1);
  applied.revert();
  expect(queries.getQueryData(['mailboxes', '1'])).toEqual(boxes);
});

const leaving = (queries: QueryClient) => [
  ...(queries.getQueryData<Map<string, string>>(['departures', '1']) ?? []),
];
const two = [
  ['a', '2026-12-01T10:00:00Z'],
  ['b', '2026-12-02T10:00:00Z'],
] as const;

it.each([{ keywords: { $pinned: true } }, { moveTo: 'archive' }, { moveTo: null }])(
  'what is pinned or goes elsewhere leaves no more, unless that fails: %j',
  (change) => {
    const queries = new QueryClient();
    queries.setQueryData(['departures', '1'], new Map(two));
    const applied = applyChange(queries, [message('a', 'inbox')], change);
    expect(leaving(queries)).toEqual([two[1]]);
    applied.revert();
    expect(leaving(queries).toSorted()).toEqual(two);
  },
);

it('other marks change nothing about when it leaves', () => {
  const queries = new QueryClient();
  const times = new Map(two);
  queries.setQueryData(['departures', '1'], times);
  applyChange(queries, [message('a', 'inbox')], { keywords: { $seen: true, $pinned: false } });
  expect(queries.getQueryData(['departures', '1'])).toBe(times);
});
