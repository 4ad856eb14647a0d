import { beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import type { MessageSummary } from '../../api/client.ts';
import { departures, queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { mark, putBack } from './actions.ts';

const message = { id: 'a', mailboxId: '1-1', keywords: [] } as unknown as MessageSummary;
const TIME = '2026-12-02T10:00:00Z';
let requests: { what: string; body: unknown }[];
let answer: () => Response;

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(departures('1').queryKey, new Map([['a', TIME]]));
  toasts.all = [];
  requests = [];
  answer = () => Response.json({ changed: 1, failed: [] });
  network.answer = async (request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    requests.push({ what: `${request.method} ${path}`, body: await request.json() });
    return answer();
  };
});

const times = () => queryClient.getQueryData<Map<string, string>>(departures('1').queryKey);

it('one that is kept leaves no more at once, which is said and can be undone', async () => {
  const kept = mark([message], '$pinned', true);
  expect(times()?.has('a')).toBe(false);
  await kept;
  expect(toasts.all.map(({ text }) => text)).toEqual(['It is kept']);
  toasts.undo();
  await vi.waitFor(() =>
    expect(requests.map(({ body }) => body)).toEqual([
      { ids: ['a'], keywords: { $pinned: true } },
      { ids: ['a'], keywords: { $pinned: false } },
    ]),
  );
});

it('it leaves as before where the server does not keep it', async () => {
  answer = () =>
    Response.json({ type: '/problems/operation-not-supported', title: '', status: 422 }, { status: 422 });
  await mark([message], '$pinned', true);
  expect(times()?.get('a')).toBe(TIME);
  expect(toasts.all.at(-1)?.look).toBe('problem');
});

it('what is put back can be put to Trash again', async () => {
  await putBack([{ ...message, mailboxId: '1-6' }]);
  toasts.undo();
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(requests).toEqual([
    { what: 'POST /departed/return', body: { ids: ['a'] } },
    { what: 'PATCH /messages', body: { ids: ['a'], mailboxId: '1-6' } },
  ]);
});

it('what is not in Trash any more is told', async () => {
  answer = () => Response.json({ changed: 0, failed: [{ id: 'a', type: '/problems/not-found' }] });
  await putBack([{ ...message, mailboxId: '1-6' }]);
  expect(toasts.all.at(-1)?.text).toContain('not there any more');
});
