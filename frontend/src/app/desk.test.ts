import { beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../dev/network.ts';
import type { MessageSummary, Session } from '../api/client.ts';
import { mailboxes, queryClient } from '../api/queries.ts';
import { router } from '../lib/router.svelte.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import { Desk } from './desk.svelte.ts';

// jsdom has no window to be wide or narrow.
vi.hoisted(() => {
  globalThis.matchMedia = () => Object.assign(new EventTarget(), { matches: true }) as MediaQueryList;
});

const message = (id: string) => ({ id, mailboxId: '2-6', keywords: [] }) as unknown as MessageSummary;
const access = { role: 'owner', whole: true, owner: null };
const session = {
  accounts: [
    { id: '1', access },
    { id: '2', access },
  ],
} as Session;
const desk = new Desk(() => session);
let requests: { what: string; body: string }[];

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(mailboxes('2').queryKey, [{ id: '2-6', accountId: '2', role: 'trash' } as never]);
  router.replace({ name: 'search', q: 'x' });
  toasts.all = [];
  requests = [];
  network.answer = async (request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    requests.push({ what: `${request.method} ${path}`, body: await request.text() });
    if (request.method === 'POST') return Response.json({ changed: 1, failed: [] });
    return Response.json({ items: [{ id: 'z', mailboxId: '2-1', leftAt: '2026-11-20T10:00:00Z' }] });
  };
});

const changes = () => requests.filter(({ what }) => !what.startsWith('GET'));

it('found by a search, what a rule took goes back, and nothing else does', async () => {
  await desk.putBack([message('z'), message('y')]);
  expect(requests[0]?.what).toBe('GET /accounts/2/departed');
  expect(changes()).toEqual([{ what: 'POST /departed/return', body: '{"ids":["z"]}' }]);
});

it('for what no rule took it is said what can be put back', async () => {
  await desk.putBack([message('y')]);
  expect(changes()).toEqual([]);
  expect(toasts.all.at(-1)?.text).toContain('left their folder by themselves');
});

it('nothing goes where it is not known what a rule took', async () => {
  network.answer = ({ method }) => {
    requests.push({ what: method, body: '' });
    return Response.json({ type: '/problems/not-found', title: '', status: 404 }, { status: 404 });
  };
  await desk.putBack([message('z')]);
  expect(changes()).toEqual([]);
  expect(toasts.all.at(-1)?.look).toBe('problem');
});
