import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../dev/mounted.ts';
import { network } from '../../dev/network.ts';
import type { MessageSummary, Retention, Session } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import { router } from '../lib/router.svelte.ts';
import { Departures } from './departures.svelte.ts';
import { Place } from './place.svelte.ts';

const AT = '2026-12-02T10:00:00Z';
const access = { role: 'owner', whole: true, owner: null };
const theirs = { role: 'full', whole: true, owner: 'ben@example.org' };
const session = {
  accounts: [
    { id: '1', access },
    { id: '2', access },
    { id: '3', access: theirs },
  ],
} as Session;
const box = (id: string, name: string, role: string | null) => ({ id, accountId: '1', name, role });
const rule = (mailboxId: string, afterDays: number | null, target: Retention['target']) => ({
  mailboxId,
  afterDays,
  target,
});
const message = (id: string, mailboxId: string, keywords: string[] = []) =>
  ({ id, mailboxId, keywords }) as unknown as MessageSummary;

let answers: Record<string, unknown[]>;
let requests: string[];
let departures: Departures;
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  requests = [];
  answers = {
    '/accounts/1/mailboxes': [box('1-1', 'INBOX', 'inbox'), box('1-6', 'Trash', 'trash')],
    '/accounts/1/retention': [rule('1-1', 90, 'trash'), rule('1-6', 30, 'nowhere')],
    '/accounts/2/retention': [rule('2-1', null, 'trash')],
    '/accounts/1/departures': [
      { id: 'a', leavesAt: AT },
      { id: 'b', leavesAt: AT },
      { id: 'z', leavesAt: AT },
    ],
    '/accounts/1/departed': [
      { id: 'z', mailboxId: '1-1', leftAt: AT },
      { id: 'y', mailboxId: '1-99', leftAt: AT },
    ],
  };
  network.answer = ({ url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(path);
    return Response.json({ items: answers[path] ?? [], total: 0 });
  };
});
afterEach(() => leave());

async function look(mailboxId: string) {
  router.replace({ name: 'mail', accountId: '1', mailboxId });
  leave = mounted(() => {
    departures = new Departures(() => session, new Place(() => session));
    return {};
  }, {});
  await vi.waitFor(() => {
    flushSync();
    expect(queryClient.getQueryData(['departures', '1'])).toBeDefined();
    expect(queryClient.isFetching()).toBe(0);
  });
}

it('what leaves is asked for where there is a rule, and nowhere else', async () => {
  await look('1-1');
  expect(requests).toContain('/accounts/2/retention');
  expect(requests.filter((path) => /depart/.test(path))).toEqual(['/accounts/1/departures']);
  expect([departures.anyRule('1'), departures.anyRule('2')]).toEqual([true, false]);
});

it('in what somebody else shares nothing is asked for that is the owner’s alone', async () => {
  await look('1-1');
  expect(requests.filter((path) => path.startsWith('/accounts/3/'))).toEqual(['/accounts/3/mailboxes']);
});

it('each message has its time, and goes for ever or to Trash by its folder', async () => {
  await look('1-1');
  expect(departures.leavingOf(message('a', '1-1'))).toEqual({ at: AT, forEver: false });
  expect(departures.leavingOf(message('z', '1-6'))).toEqual({ at: AT, forEver: true });
  expect(departures.leavingOf(message('c', '1-1'))).toBeUndefined();
});

it('what is kept does not leave, whatever the list still says', async () => {
  await look('1-1');
  expect(departures.leavingOf(message('a', '1-1', ['$pinned']))).toBeUndefined();
});

it('in Trash it is said from where it left', async () => {
  await look('1-6');
  await vi.waitFor(() => {
    flushSync();
    expect(departures.anyLeft).toBe(true);
  });
  expect(departures.leftMarkOf(message('z', '1-6'))?.text).toBe('left Inbox');
  expect(departures.leftMarkOf(message('y', '1-6'))?.text).toBe('left a folder that is gone');
  expect(departures.leftMarkOf(message('x', '1-6'))).toBeUndefined();
  expect(departures.leftOf(message('z', '1-1'))).toBeUndefined();
});
