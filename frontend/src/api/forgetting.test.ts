import { QueryClient } from '@tanstack/svelte-query';
import { beforeEach, expect, it } from 'vitest';
import type { MessageSummary } from './client.ts';
import { forgetAccount } from './forgetting.ts';
import { SparseList } from './list.svelte.ts';
import { eachList, findSummary, forgetLists, listFor, listOf } from './lists.ts';
import { mailboxes, message, messageHtml } from './queries.ts';

const summary = (id: string, mailboxId: string) =>
  ({ id, mailboxId, receivedAt: '', keywords: [] }) as unknown as MessageSummary;

beforeEach(() => forgetLists());

it('nothing stays of an account that is gone, and all of the others', () => {
  const queries = new QueryClient();
  for (const id of ['1', '2'])
    queries.setQueryData(mailboxes(id).queryKey, [{ id: `${id}-1`, accountId: id } as never]);
  for (const id of ['1', '2']) {
    const query = { accountId: id, mailboxId: `${id}-1`, sort: '-receivedAt' as const };
    listOf(query).show([summary(`${id}-7`, `${id}-1`)]);
    queries.setQueryData(message(`${id}-8`).queryKey, summary(`${id}-8`, `${id}-1`) as never);
    for (const n of [7, 8]) queries.setQueryData(messageHtml(`${id}-${n}`).queryKey, '<p>Mail</p>');
  }
  const found = listFor('search', () => new SparseList(() => new Promise(() => undefined)));
  found.show([summary('1-7', '1-1'), summary('2-9', '2-1')]);

  forgetAccount(queries, '2');

  expect(findSummary('2-7')).toBeUndefined();
  expect(findSummary('2-9')).toBeUndefined();
  expect(findSummary('1-7')).toBeDefined();
  const left: unknown[] = [];
  eachList((_, query) => left.push(query?.accountId));
  expect(left).toEqual(['1', undefined]);
  const keys = queries.getQueryCache().getAll();
  expect(keys.map(({ queryKey }) => queryKey.slice(0, 2).join(' ')).sort()).toEqual([
    'html 1-7',
    'html 1-8',
    'mailboxes 1',
    'message 1-8',
  ]);
});
