import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../dev/mounted.ts';
import { network } from '../../dev/network.ts';
import { mailboxes, message, presence, queryClient, session } from '../api/queries.ts';
import Attending from './Attending.svelte';

const people = [{ address: 'anna@example.org', doing: 'reading' }];
let said: string[];
let leave: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  queryClient.clear();
  queryClient.setQueryData(session().queryKey, { user: {}, accounts: [{ id: '2' }] } as never);
  queryClient.setQueryData(mailboxes('2').queryKey, [{ id: '2-1' } as never]);
  queryClient.setQueryData(message('2-5m').queryKey, { mailboxId: '2-1' } as never);
  said = [];
  network.answer = async (request) => {
    const { doing } = (await request.json()) as { doing: string };
    said.push(`${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')} ${doing}`);
    return Response.json({ people });
  };
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const show = (doing: 'reading' | 'replying') => {
  leave = mounted(Attending, { id: '2-5m', doing });
};
const told = (doing: string) => `PUT /messages/2-5m/presence ${doing}`;
const seen = (state: DocumentVisibilityState) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
  flushSync();
};

it('says what one does at once, again before it lapses, and that one has left', async () => {
  show('reading');
  await vi.advanceTimersByTimeAsync(10);
  expect(said).toEqual([told('reading')]);
  expect(queryClient.getQueryData(presence('2-5m').queryKey)).toEqual(people);
  await vi.advanceTimersByTimeAsync(45_000);
  expect(said).toEqual([told('reading'), told('reading')]);
  leave();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(said.slice(2)).toEqual([told('nothing')]);
  expect(queryClient.getQueryData(presence('2-5m').queryKey)).toEqual([]);
});

it('whoever looks at something else is not there, and is back when they are', async () => {
  show('replying');
  await vi.advanceTimersByTimeAsync(10);
  seen('hidden');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(said).toEqual([told('replying'), told('nothing')]);
  seen('visible');
  await vi.advanceTimersByTimeAsync(10);
  expect(said.at(-1)).toBe(told('replying'));
  leave();
  await vi.advanceTimersByTimeAsync(10);
});

it('of what is not shared any more nothing is said', async () => {
  show('reading');
  await vi.advanceTimersByTimeAsync(10);
  queryClient.setQueryData(session().queryKey, { user: {}, accounts: [] } as never);
  leave();
  await vi.advanceTimersByTimeAsync(10);
  expect(said).toEqual([told('reading')]);
});
