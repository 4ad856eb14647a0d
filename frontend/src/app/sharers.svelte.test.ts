import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../dev/mounted.ts';
import { network } from '../../dev/network.ts';
import type { Session } from '../api/client.ts';
import { message, queryClient } from '../api/queries.ts';
import { composer } from '../features/compose/composer.svelte.ts';
import { router } from '../lib/router.svelte.ts';
import { Desk } from './desk.svelte.ts';
import { Place } from './place.svelte.ts';
import { Sharers } from './sharers.svelte.ts';

// jsdom has no window to be wide or narrow.
vi.hoisted(() => {
  globalThis.matchMedia = () => Object.assign(new EventTarget(), { matches: true }) as MediaQueryList;
});

const session = {
  accounts: [
    { id: '1', access: { role: 'owner', whole: true, owner: null } },
    { id: '2', access: { role: 'read', whole: false, owner: 'anna@example.org' } },
  ],
} as Session;
const given = [
  { id: '1', mailboxId: '1-1', mailboxName: 'INBOX', state: 'accepted' },
  { id: '2', mailboxId: '1-9', mailboxName: 'Survey', state: 'invited' },
  { id: '3', mailboxId: null, mailboxName: 'Gone for now', state: 'accepted' },
];
let requests: string[];
let sharers: Sharers;
let leave: () => void;

beforeEach(async () => {
  queryClient.clear();
  requests = [];
  network.answer = ({ url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(path);
    const [, , accountId, what] = path.split('/');
    const boxes = ['1', '9'].map((n) => ({ id: `${accountId}-${n}`, accountId }));
    return Response.json({ items: what === 'mailboxes' ? boxes : given });
  };
  router.replace({ name: 'mail', accountId: '1', mailboxId: '1-1' });
  leave = mounted(() => {
    const place = new Place(() => session);
    sharers = new Sharers(() => session, place, new Desk(() => session));
    return {};
  }, {});
  await vi.waitFor(() => {
    flushSync();
    expect(sharers.isShared('2-1')).toBe(true);
  });
});
afterEach(() => leave());

function open(accountId: string, mailboxId: string, messageId: string) {
  queryClient.setQueryData(message(messageId).queryKey, { id: messageId, mailboxId } as never);
  router.replace({ name: 'mail', accountId, mailboxId, messageId });
}

it('with whom one shares is asked only once something is read, and only of one’s own', async () => {
  expect(requests.filter((path) => path.endsWith('/shares'))).toEqual([]);
  open('1', '1-1', '1-5m');
  await vi.waitFor(() => {
    flushSync();
    expect(sharers.attended).toEqual([{ id: '1-5m', doing: 'reading' }]);
  });
  expect(requests.filter((path) => path.endsWith('/shares'))).toEqual(['/accounts/1/shares']);
});

it('what nobody has accepted is one’s own', async () => {
  open('1', '1-9', '1-6m');
  await vi.waitFor(() => {
    flushSync();
    expect(sharers.isShared('1-1')).toBe(true);
  });
  expect(sharers.isShared('1-9')).toBe(false);
  expect(sharers.attended).toEqual([]);
});

it('whoever answers is said to, while reading it or something else', () => {
  open('2', '2-1', '2-5m');
  const answer = composer.open({
    accountId: '1',
    from: { name: null, email: 'ben@example.org' },
    inReplyTo: '2-5m',
  });
  expect(sharers.attended).toEqual([{ id: '2-5m', doing: 'replying' }]);
  open('2', '2-1', '2-6m');
  expect(sharers.attended).toEqual([
    { id: '2-6m', doing: 'reading' },
    { id: '2-5m', doing: 'replying' },
  ]);
  composer.discard(answer);
  expect(sharers.attended).toEqual([{ id: '2-6m', doing: 'reading' }]);
});
