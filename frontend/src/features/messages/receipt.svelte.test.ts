import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
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
const props = $state({ id: '', subject: 'Trip' });
let states: Record<string, State>;
let put: { id: string | undefined; body: unknown }[];
let answer: (response: Response) => void;
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  put = [];
  states = { ada: 'asked', bea: 'asked' };
  network.answer = async (request) => {
    const id = new URL(request.url).pathname.split('/').at(-2) ?? '';
    if (request.method === 'GET') return Response.json(wish(id, states[id]));
    put.push({ id, body: await request.json() });
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  props.id = 'ada';
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
  props.id = 'bea';
  await shows('bea asks');
  answer(Response.json(wish('ada', 'sent')));
  await vi.waitFor(() =>
    expect(queryClient.getQueryData(['receipt', 'ada'])).toMatchObject({ state: 'sent' }),
  );
  expect(queryClient.getQueryData(['receipt', 'bea'])).toMatchObject({ state: 'asked' });
  await shows('bea asks');
});

it('an answer given on another device stands, for the message it is about', async () => {
  await shows('ada asks');
  press('Tell them');
  await vi.waitFor(() => expect(put).toHaveLength(1));
  props.id = 'bea';
  await shows('bea asks');
  states.ada = 'refused';
  answer(Response.json({ type: '/problems/conflict', title: '', status: 409 }, { status: 409 }));
  await vi.waitFor(() => expect(toasts.all).toHaveLength(1));
  props.id = 'ada';
  await vi.waitFor(() => {
    flushSync();
    expect(queryClient.getQueryData(['receipt', 'ada'])).toMatchObject({ state: 'refused' });
  });
});
