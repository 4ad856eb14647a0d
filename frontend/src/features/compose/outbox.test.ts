import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import { submission } from '../../../dev/outbox.ts';
import type { Submission } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { setPref } from '../../lib/prefs.svelte.ts';
import { asked } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { composer } from './composer.svelte.ts';
import Outbox from './Outbox.svelte';
import OutboxEntry from './OutboxEntry.svelte';
import { outboxOf } from './outbox.ts';

const now = new Date('2026-11-27T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1_000).toISOString();
const DAY = 86_400;

const kinds = (...all: Submission[]) => outboxOf(all, now, ['hidden']).map(({ kind }) => kind);

it('shows what is to come and what went wrong lately, and not what goes as usual', () => {
  const held = (wait: number) =>
    submission('1-1', { createdAt: before(2), changedAt: before(2), sendAt: before(2 - wait) });
  expect(kinds(held(8))).toEqual([]);
  expect(kinds(held(40))).toEqual(['scheduled']);
  expect(kinds(held(3 * DAY))).toEqual(['scheduled']);

  const going = (state: Submission['state'], age: number) =>
    submission('1-1', { state, createdAt: before(age), changedAt: before(age) });
  expect(kinds(going('talking', 5))).toEqual([]);
  expect(kinds(going('talking', 90), going('resolve', 90), going('queued', 90))).toEqual([
    'sending',
    'sending',
    'sending',
  ]);
  expect(kinds(going('retry', 5))).toEqual(['retry']);
  expect(kinds(going('done', 90), going('cancelled', 90))).toEqual([]);
  expect(kinds(going('rejected', 90), going('unknown', 6 * DAY), going('unknown', 8 * DAY))).toEqual([
    'rejected',
    'unknown',
  ]);
  expect(kinds(submission('hidden', { state: 'rejected', changedAt: before(1) }))).toEqual([]);
});

it('what was scheduled long ago and refused today is of today', () => {
  const refused = { state: 'rejected', createdAt: before(30 * DAY), changedAt: before(60) } as const;
  expect(kinds(submission('1-1', refused))).toEqual(['rejected']);
});

it('says once what the server said of all', () => {
  const recipient = { email: 'bo@example.org', state: 'refused', detail: 'No such user' } as const;
  const silent = { email: 'anna@example.org', state: 'pending', detail: null } as const;
  const [one] = outboxOf(
    [submission('1-1', { state: 'rejected', recipients: [recipient, recipient, silent] })],
    new Date(),
  );
  expect(one?.why).toBe('No such user (bo@example.org)');
});

let listed: Submission[];
let requests: string[];
let refuses: string | undefined;
let closed: number;
let leave: (() => void) | undefined;

const content = { accountId: '1', from: { email: 'anna@example.org' }, subject: 'Trip', text: 'One' };
const scheduled = submission('1-9', {
  subject: 'Trip',
  to: [{ name: 'Bo', email: 'bo@example.org' }],
  sendAt: new Date(Date.now() + DAY * 1_000).toISOString(),
  draftId: '7',
});

beforeEach(() => {
  queryClient.clear();
  localStorage.clear();
  setPref('hiddenSubmissions', []);
  composer.windows = [];
  toasts.all = [];
  requests = [];
  refuses = undefined;
  closed = 0;
  network.answer = ({ method, url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(`${method} ${path}`);
    if (refuses && method !== 'GET')
      return Response.json({ type: `/problems/${refuses}`, title: '', status: 409 }, { status: 409 });
    if (path === '/submissions') return Response.json({ items: listed });
    if (path === '/drafts/7') return Response.json({ id: '7', revision: 3, content });
    const one = listed.find(({ id }) => path === `/submissions/${id}`);
    listed = listed.filter((other) => other !== one);
    return Response.json({ ...one, state: 'cancelled', cancellable: false });
  };
});
afterEach(() => {
  leave?.();
  leave = undefined;
  document.body.replaceChildren();
});

async function shown(...all: Submission[]): Promise<void> {
  listed = all;
  leave = mounted(Outbox, { onclose: () => closed++ });
  await seen(() => expect(document.querySelectorAll('li')).toHaveLength(all.length));
}

function seen(check: () => void): Promise<void> {
  return vi.waitFor(() => {
    flushSync();
    check();
  });
}

const press = (label: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === label)?.click();

it('opens the draft of what another device scheduled, once it is taken back', async () => {
  await shown(scheduled);
  expect(document.querySelector('li')?.textContent).toContain('To Bo');
  press('Do not send');
  await seen(() => expect(closed).toBe(1));
  expect(composer.windows.map((one) => [one.subject, one.html, one.size])).toEqual([
    ['Trip', '<p>One</p>', 'window'],
  ]);
  expect(composer.windows[0]?.saving.place).toMatchObject({ id: '7', revision: 3 });
  expect(requests.indexOf('DELETE /submissions/1-9')).toBeLessThan(requests.indexOf('GET /drafts/7'));
});

it('says why it goes all the same', async () => {
  await shown(scheduled);
  refuses = 'conflict';
  press('Do not send');
  await seen(() =>
    expect(document.querySelector('[role=alert]')?.textContent).toBe('The message was already on its way.'),
  );
  expect(closed).toBe(0);
  expect(composer.windows).toEqual([]);
});

it('asks before it takes back what has no draft', async () => {
  await shown({ ...scheduled, draftId: null });
  press('Do not send');
  await vi.waitFor(() => expect(asked.question?.text).toContain('no draft'));
  asked.question?.answer(undefined);
  await seen(() => expect(document.querySelector<HTMLButtonElement>('li button')?.disabled).toBe(false));
  expect(requests).toEqual(['GET /submissions']);

  press('Do not send');
  await vi.waitFor(() => expect(asked.question).toBeDefined());
  asked.question?.answer('');
  await seen(() => expect(closed).toBe(1));
  expect(requests).toContain('DELETE /submissions/1-9');
  expect(toasts.all.map(({ text }) => text)).toEqual(['“Trip” is not sent.']);
});

it('opens again what was refused, and shows no more what was opened or hidden', async () => {
  const ended = { changedAt: new Date().toISOString(), cancellable: false } as const;
  const refused: Submission = { ...scheduled, ...ended, id: '1-8', state: 'rejected' };
  const unknown: Submission = { ...scheduled, ...ended, id: '1-7', state: 'unknown', draftId: null };
  await shown(refused, unknown);
  const labels = [...document.querySelectorAll('li button')].map((one) => one.textContent?.trim());
  expect(labels).toEqual(['Open again', 'Hide on this device', 'Hide on this device']);

  press('Open again');
  await seen(() => expect(closed).toBe(1));
  expect(composer.windows.map(({ subject }) => subject)).toEqual(['Trip']);
  expect(requests.filter((one) => !one.startsWith('GET'))).toEqual([]);
  await seen(() => expect(document.querySelectorAll('li')).toHaveLength(1));
  press('Hide on this device');
  await seen(() => expect(document.body.textContent).toContain('Nothing is on its way.'));
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Nothing is on its way.'));
});

it('has an entry only while there is something in it', async () => {
  listed = [scheduled];
  let opened = 0;
  leave = mounted(OutboxEntry, { onopen: () => opened++ });
  await seen(() => expect(document.querySelector('button')?.textContent).toContain('Outbox'));
  document.querySelector('button')?.click();
  expect(opened).toBe(1);
  listed = [];
  await queryClient.invalidateQueries({ queryKey: ['submissions'] });
  await seen(() => expect(document.querySelector('button')).toBeNull());
});
