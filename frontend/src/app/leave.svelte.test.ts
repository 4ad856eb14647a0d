import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../dev/mounted.ts';
import { network } from '../../dev/network.ts';
import type { Mailbox, Session } from '../api/client.ts';
import { mailboxes, message, queryClient } from '../api/queries.ts';
import { prefs, setPref } from '../lib/prefs.svelte.ts';
import { router } from '../lib/router.svelte.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import { Desk } from './desk.svelte.ts';
import { closeWhatLeaves } from './leave.svelte.ts';
import { Place } from './place.svelte.ts';

// jsdom has no window to be wide or narrow.
vi.hoisted(() => {
  globalThis.matchMedia = () => Object.assign(new EventTarget(), { matches: true }) as MediaQueryList;
});

const access = (owner: string | null) => ({ role: owner ? 'triage' : 'owner', whole: true, owner });
const own = { id: '1', name: 'Ben', access: access(null) };
const theirs = { id: '2', name: 'Support', access: access('anna@example.org') };
const box = (id: string, name: string) => ({ id, accountId: id.split('-')[0], name, role: null }) as Mailbox;

let session = $state.raw({ accounts: [own, theirs] } as unknown as Session);
let desk: Desk;
let leave: () => void;

beforeEach(async () => {
  queryClient.clear();
  toasts.all = [];
  session = { accounts: [own, theirs] } as unknown as Session;
  network.answer = ({ url }) =>
    Response.json({
      items: url.includes('/accounts/2/')
        ? [box('2-1', 'INBOX'), box('2-8', 'Complaints')]
        : [box('1-1', 'INBOX')],
    });
  router.replace({ name: 'mail', accountId: '2', mailboxId: '2-8', messageId: '2-5m' });
  leave = mounted(() => {
    const place = new Place(() => session);
    desk = new Desk(
      () => session,
      (id) => place.mailboxesIn(id),
    );
    closeWhatLeaves(() => session, place, desk);
    return {};
  }, {});
  await vi.waitFor(() => {
    flushSync();
    expect(desk.mailboxes('2')).toHaveLength(2);
  });
  queryClient.setQueryData(message('2-5m').queryKey, { id: '2-5m', mailboxId: '2-8' } as never);
});
afterEach(() => leave());

const known = (...queryKey: string[]) => queryClient.getQueryCache().find({ queryKey });

it('what is shared no longer closes, is told, and leaves nothing here', async () => {
  setPref('collapsed', ['1-1', '2-8']);
  session = { accounts: [own] } as unknown as Session;
  flushSync();
  expect(router.route).toEqual({ name: 'home' });
  expect(toasts.all.at(-1)?.text).toBe('Support is no longer shared with you.');
  await vi.waitFor(() => expect(known('message', '2-5m')).toBeUndefined());
  expect(known('mailboxes', '2')).toBeUndefined();
  expect(known('mailboxes', '1')).toBeDefined();
  expect(prefs.collapsed).toEqual(['1-1']);
});

it('where something else is open it goes without a word', async () => {
  router.replace({ name: 'mail', accountId: '1', mailboxId: '1-1' });
  session = { accounts: [own] } as unknown as Session;
  flushSync();
  await vi.waitFor(() => expect(known('mailboxes', '2')).toBeUndefined());
  expect(router.route).toEqual({ name: 'mail', accountId: '1', mailboxId: '1-1' });
  expect(toasts.all).toEqual([]);
});

it('one folder less closes what was open of it, and the rest stays', async () => {
  queryClient.setQueryData(mailboxes('2').queryKey, [box('2-1', 'INBOX')]);
  await vi.waitFor(() => {
    flushSync();
    expect(router.route).toEqual({ name: 'home' });
  });
  expect(toasts.all.at(-1)?.text).toBe('Complaints is no longer shared with you.');
  await vi.waitFor(() => expect(known('message', '2-5m')).toBeUndefined());
  expect(known('mailboxes', '2')).toBeDefined();
});

it('an address of an account that is not there leads home', () => {
  router.replace({ name: 'mail', accountId: '9', mailboxId: '9-1' });
  flushSync();
  expect(router.route).toEqual({ name: 'home' });
});
