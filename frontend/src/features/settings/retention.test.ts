import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import { queryClient } from '../../api/queries.ts';
import { asked } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import Retention from './Retention.svelte';

const box = (id: string, name: string, role: string | null) => ({
  id,
  accountId: '1',
  parentId: null,
  name,
  role,
  selectable: true,
  rights: { removeMessages: true },
});
const rule = (mailboxId: string, afterDays: number | null, more: object) => ({
  mailboxId,
  afterDays,
  keepFlagged: true,
  setBy: 'user',
  operatorDays: null,
  operatorKeepFlagged: true,
  actsAt: null,
  target: 'trash',
  leaving: 0,
  ...more,
});
let rules: ReturnType<typeof rule>[];
let gone: string[];
let failed: { id: string; type: string }[];
let requests: string[];
let leave: () => void;

beforeEach(async () => {
  queryClient.clear();
  toasts.all = [];
  asked.question = undefined;
  requests = [];
  failed = [];
  gone = ['1-7', '1-8'];
  rules = [
    rule('1-1', 90, {}),
    rule('1-6', 30, { setBy: 'operator', operatorDays: 30, target: 'nowhere' }),
    rule('1-7', null, { operatorDays: 30 }),
  ];
  network.answer = async (request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    if (request.method !== 'GET') requests.push(`${request.method} ${path} ${await request.text()}`);
    if (request.method === 'DELETE') rules = rules.slice(1);
    if (request.method === 'DELETE') return new Response(null, { status: 204 });
    if (request.method === 'POST') gone = [];
    if (request.method === 'POST') return Response.json({ changed: 2 - failed.length, failed });
    const items = path.endsWith('/retention')
      ? rules
      : path.endsWith('/departed')
        ? gone.map((id) => ({ id, mailboxId: '1-1', leftAt: '2026-11-20T10:00:00Z' }))
        : [box('1-1', 'INBOX', 'inbox'), box('1-6', 'Trash', 'trash'), box('1-7', 'Lists', null)].concat(
            box('1-5', 'Junk', 'junk'),
            box('1-3', 'Drafts', 'drafts'),
          );
    return Response.json({ items });
  };
  leave = mounted(Retention, { accountId: '1' });
  await shows('Put all back');
});
afterEach(() => leave());

const text = () => document.body.textContent ?? '';
const shows = (what: string) =>
  vi.waitFor(() => {
    flushSync();
    expect(text()).toContain(what);
  });
const button = (label: string) =>
  [...document.querySelectorAll('button')].find(
    (one) => one.textContent?.trim() === label || one.getAttribute('aria-label') === label,
  );

it('rules are told in words, the operator’s as such', () => {
  const rows = [...document.querySelectorAll('li')].map((row) => row.textContent);
  expect(rows[0]).toContain('To Trash after 90 days');
  expect(rows[1]).toContain('Deleted for ever after 30 days');
  expect(rows[1]).toContain('set by the operator');
  expect(rows[2]).toContain('Everything is kept');
});

it('only one’s own rule is taken away, and where there is another it is gone back to', () => {
  expect(button('Keep everything in Inbox again')).toBeDefined();
  expect(button('Keep everything in Trash again')).toBeUndefined();
  expect(button('Go back to the operator’s rule for Trash')).toBeUndefined();
  expect(button('Go back to the operator’s rule for Lists')).toBeDefined();
});

it('usual rules are offered where there is none yet', () => {
  expect(button('Junk: 30 days')).toBeDefined();
  expect(button('Inbox: 90 days')).toBeUndefined();
});

it('a rule is taken away after a question', async () => {
  button('Keep everything in Inbox again')?.click();
  expect(requests).toEqual([]);
  asked.question?.answer(undefined);
  button('Keep everything in Inbox again')?.click();
  asked.question?.answer('');
  await vi.waitFor(() => expect(requests).toEqual(['DELETE /mailboxes/1-1/retention ']));
  await vi.waitFor(() => {
    flushSync();
    expect(text()).not.toContain('To Trash after 90 days');
  });
});

it('all that left comes back, after a question', async () => {
  button('Put all back')?.click();
  expect(asked.question?.title).toBe('Put 2 messages back?');
  asked.question?.answer('');
  await vi.waitFor(() => expect(toasts.all.at(-1)?.text).toBe('2 messages are back in their folders'));
  expect(requests).toEqual(['POST /departed/return {"ids":["1-7","1-8"]}']);
  await vi.waitFor(() => {
    flushSync();
    expect(button('Put all back')).toBeUndefined();
  });
});

it('what did not come back is told', async () => {
  failed = [{ id: '1-8', type: '/problems/not-found' }];
  button('Put all back')?.click();
  asked.question?.answer('');
  await vi.waitFor(() => expect(toasts.all.at(-1)?.text).toMatch(/^1 message could not be put back/));
});
