import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { Message } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import Receipt from './Receipt.svelte';

type State = 'asked' | 'sent' | 'refused';
const wish = (name: string, state: State = 'asked') => ({
  to: { name, email: `${name}@example.org` },
  reader: 'anna@example.org',
  elsewhere: false,
  state,
  answeredAt: null,
});
const mail = (id: string, from = id, mailboxId = '1-1') =>
  ({
    id: `1-${id}`,
    mailboxId,
    subject: 'Trip',
    from: [{ name: from, email: `${from}@example.org` }],
  }) as Message;
const props = $state({ message: mail('ada') });
let asked: string[];
let states: Record<string, State>;
let put: { id: string | undefined; body: unknown }[];
let answer: (response: Response) => void;
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  put = [];
  asked = [];
  states = { ada: 'asked', bea: 'asked' };
  network.answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/identities'))
      return Response.json({
        items: [{ id: '1', email: 'Anna@example.org', name: null, signatureHtml: null }],
      });
    if (pathname.endsWith('/mailboxes'))
      return Response.json({
        items: [
          { id: '1-1', role: 'inbox' },
          { id: '1-2', role: 'junk' },
        ],
      });
    const id = pathname.split('/').at(-2)?.slice(2) ?? '';
    if (request.method === 'GET') asked.push(id);
    if (request.method === 'GET') return Response.json(wish(id, states[id]));
    put.push({ id, body: await request.json() });
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  props.message = mail('ada');
  leave = mounted(Receipt, props);
});
afterEach(() => leave());

const shows = (text: string) =>
  vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain(text);
  });
const press = (label: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent === label)?.click();

it('tells the sender, in words, and says so', async () => {
  await shows('ada asks');
  press('Tell them');
  await vi.waitFor(() => expect(put).toHaveLength(1));
  expect(put[0]).toMatchObject({
    id: 'ada',
    body: { state: 'sent', subject: expect.stringContaining('Trip') },
  });
  expect(JSON.stringify(put[0]?.body)).toContain('anna@example.org');
  answer(Response.json(wish('ada', 'sent')));
  await shows('told ada');
});

it('does not tell who is not to be told', async () => {
  await shows('ada asks');
  press('Do not tell');
  await vi.waitFor(() => expect(put).toEqual([{ id: 'ada', body: { state: 'refused' } }]));
  answer(Response.json(wish('ada', 'refused')));
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent?.trim()).toBe('');
  });
});

it('what is said of one message is not said of the next', async () => {
  await shows('ada asks');
  press('Tell them');
  await vi.waitFor(() => expect(put).toHaveLength(1));
  props.message = mail('bea');
  await shows('bea asks');
  answer(Response.json(wish('ada', 'sent')));
  await vi.waitFor(() =>
    expect(queryClient.getQueryData(['receipt', '1-ada'])).toMatchObject({ state: 'sent' }),
  );
  expect(queryClient.getQueryData(['receipt', '1-bea'])).toMatchObject({ state: 'asked' });
  await shows('bea asks');
});

it('an answer given on another device stands, for the message it is about', async () => {
  await shows('ada asks');
  press('Tell them');
  await vi.waitFor(() => expect(put).toHaveLength(1));
  props.message = mail('bea');
  await shows('bea asks');
  states.ada = 'refused';
  answer(Response.json({ type: '/problems/conflict', title: '', status: 409 }, { status: 409 }));
  await vi.waitFor(() => expect(toasts.all).toHaveLength(1));
  props.message = mail('ada');
  await vi.waitFor(() => {
    flushSync();
    expect(queryClient.getQueryData(['receipt', '1-ada'])).toMatchObject({ state: 'refused' });
  });
});

it.each([
  ['their own mail', mail('cora', 'anna')],
  ['junk', mail('cora', 'cora', '1-2')],
])('asks nobody about %s', async (_, message) => {
  await shows('ada asks');
  props.message = message;
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent?.trim()).toBe('');
  });
  props.message = mail('bea');
  await shows('bea asks');
  expect(asked).toEqual(['ada', 'bea']);
});
