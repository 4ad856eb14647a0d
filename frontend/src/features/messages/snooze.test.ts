import { beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import type { Mailbox, MessageSummary } from '../../api/client.ts';
import { mailboxes, queryClient, snoozes } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { bringBack, snooze } from './snooze.ts';

const INBOX = '1-1';
const AWAY = { id: '1-11', accountId: '1', role: 'snoozed' } as Mailbox;
const message = (id: string, mailboxId: string) =>
  ({ id, mailboxId, keywords: [] }) as unknown as MessageSummary;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const EARLIER = inHours(2).toISOString();

/** Until when each is away, as the server has it. */
let away: Map<string, string>;
let requests: string[];
/** How the server takes what is asked of it; undefined for as usual. */
let trouble: (method: string) => Response | undefined;

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(mailboxes('1').queryKey, [{ ...AWAY, id: INBOX, role: 'inbox' }, AWAY]);
  toasts.all = [];
  requests = [];
  away = new Map();
  trouble = () => undefined;
  network.answer = async (request) => {
    requests.push(request.method);
    const failing = trouble(request.method);
    if (failing) return failing;
    if (request.method === 'GET')
      return Response.json({
        items: [...away].map(([id, until]) => ({ id, until, mailboxId: INBOX, late: false })),
      });
    const { ids, until } = (await request.json()) as { ids: string[]; until?: string };
    if (until && Date.parse(until) < Date.now())
      return Response.json({ type: '/problems/invalid-request', title: '', status: 400 }, { status: 400 });
    for (const id of ids) {
      if (until) away.set(id, until);
      else away.delete(id);
    }
    return Response.json({ changed: ids.length, failed: [] });
  };
});

it('what is put away comes back when that is undone, and nothing else is asked', async () => {
  await snooze([message('a', INBOX)], inHours(5), AWAY);
  expect(away.has('a')).toBe(true);
  toasts.undo();
  await vi.waitFor(() => expect(away.size).toBe(0));
  expect(requests).toEqual(['POST', 'DELETE']);
});

it('what was away already has its earlier time again, though this page did not know it', async () => {
  away.set('a', EARLIER);
  const both = [message('a', AWAY.id), message('b', INBOX)];
  await snooze(both, inHours(5), AWAY);
  expect(away.get('a')).not.toBe(EARLIER);
  toasts.undo();
  await vi.waitFor(() => expect([...away]).toEqual([['a', EARLIER]]));
});

it('the time is the one the server has, not one that was seen before', async () => {
  queryClient.setQueryData(snoozes('1').queryKey, [
    { id: 'a', until: inHours(-1).toISOString(), mailboxId: INBOX, late: false },
  ]);
  away.set('a', EARLIER);
  await bringBack([message('a', AWAY.id)]);
  expect(away.size).toBe(0);
  toasts.undo();
  await vi.waitFor(() => expect([...away]).toEqual([['a', EARLIER]]));
});

it('what would be back by now stays back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    away.set('a', EARLIER);
    await snooze([message('a', AWAY.id)], inHours(5), AWAY);
    vi.setSystemTime(inHours(3));
    toasts.undo();
    await vi.waitFor(() => expect(away.size).toBe(0));
  } finally {
    vi.useRealTimers();
  }
});

const down = () => Response.json({ type: '/problems/unavailable', title: '', status: 503 }, { status: 503 });
it.each([
  ['is not there', down],
  [
    'does it for some',
    () => Response.json({ changed: 0, failed: [{ id: 'a', type: '/problems/not-found' }] }),
  ],
])('it is told where an undo fails since the server %s', async (_, answer) => {
  await snooze([message('a', INBOX)], inHours(5), AWAY);
  trouble = (method) => (method === 'DELETE' ? answer() : undefined);
  toasts.undo();
  await vi.waitFor(() => expect(toasts.all.map(({ look }) => look)).toEqual(['problem']));
  expect(away.has('a')).toBe(true);
});

it('nothing is done, nor undone, where the earlier time is not to be had', async () => {
  away.set('a', EARLIER);
  trouble = (method) => (method === 'GET' ? down() : undefined);
  await snooze([message('a', AWAY.id)], inHours(5), AWAY);
  expect(toasts.all.at(-1)?.look).toBe('problem');
  expect(requests).toEqual(['GET']);
  expect([...away]).toEqual([['a', EARLIER]]);
});
