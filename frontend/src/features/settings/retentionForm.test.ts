import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { Mailbox, Retention } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import RetentionForm from './RetentionForm.svelte';

const inbox = { id: '1-1', name: 'INBOX', role: 'inbox' } as Mailbox;
const holds: Retention = {
  mailboxId: '1-1',
  afterDays: null,
  keepFlagged: true,
  setBy: null,
  operatorDays: null,
  operatorKeepFlagged: true,
  actsAt: null,
  target: 'trash',
  leaving: 0,
};
let requests: { what: string; body: unknown }[];
let status: number;
let onclose: () => void;
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  requests = [];
  status = 200;
  onclose = vi.fn();
  network.answer = async (request) => {
    const path = new URL(request.url).pathname.replace('/api/v1/mailboxes/1-1/', '');
    const text = await request.text();
    if (request.method !== 'GET')
      requests.push({ what: `${request.method} ${path}`, body: text && JSON.parse(text) });
    if (request.method === 'PUT' && status !== 200)
      return Response.json({ type: '/problems/operation-not-supported', title: '', status }, { status });
    if (request.method === 'DELETE') return new Response(null, { status: 204 });
    if (!path.endsWith('preview')) return Response.json(holds);
    const actsAt = new Date(2026, 11, 4, 12).toISOString();
    return Response.json({
      count: 51,
      total: 60,
      actsAt,
      items: [{ id: '1-7', from: [], subject: '<b>Old</b>', receivedAt: '2020-01-01T10:00:00Z' }],
    });
  };
});
afterEach(() => leave());

function show(props: { mailbox?: Mailbox; rule?: Retention; back?: boolean } = { mailbox: inbox }) {
  leave = mounted(RetentionForm, { choices: [inbox], onclose, ...props });
}
const shows = (text: string | RegExp) =>
  vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toMatch(text);
  });
const press = (label: string) => {
  const found = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === label);
  expect(found, label).toBeDefined();
  found?.click();
  flushSync();
};
const submit = () => {
  document.querySelector('form')?.requestSubmit();
  flushSync();
};
const type = (days: string) => {
  const input = document.querySelector<HTMLInputElement>('input[inputmode=numeric]') as HTMLInputElement;
  input.value = days;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  return input;
};

it.each([
  ['', 'Say for how many days.'],
  ['0', 'One day is the least.'],
  ['-1', 'One day is the least.'],
  ['3651', 'is the most'],
  ['soon', 'Write a whole number'],
])('%j days are not even asked about', async (days, why) => {
  show();
  const input = type(days);
  submit();
  await shows(why);
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toContain(why);
  expect(requests).toEqual([]);
});

it('nothing is set before it was seen what leaves', async () => {
  show();
  expect(type(' 45 ').value).toBe(' 45 ');
  submit();
  await shows(/51 of 60 messages in Inbox are older .* Trash on (December 4|4 December)/);
  expect(document.querySelector('li b')).toBeNull();
  expect(document.querySelector('li')?.textContent).toContain('<b>Old</b>');
  expect(document.body.textContent).toContain('and 50 more');
  const rule = { afterDays: 45, keepFlagged: true };
  expect(requests).toEqual([{ what: 'POST retention/preview', body: rule }]);
  press('Let them leave');
  await vi.waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(requests.at(-1)).toEqual({ what: 'PUT retention', body: rule });
  expect(toasts.all.at(-1)?.text).toContain('leave Inbox by themselves');
});

it('what was typed is still there for whoever goes back', async () => {
  show();
  type('45');
  submit();
  await shows('51 of 60');
  press('Back');
  expect(document.querySelector<HTMLInputElement>('input[inputmode=numeric]')?.value).toBe('45');
  expect(requests).toHaveLength(1);
});

it('to keep everything is set at once, for it takes nothing', async () => {
  show();
  document.querySelector<HTMLInputElement>('input[type=radio]')?.click();
  flushSync();
  submit();
  await vi.waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(requests).toEqual([{ what: 'PUT retention', body: { afterDays: null, keepFlagged: true } }]);
});

it('the operator’s rule is looked at before one goes back to it', async () => {
  show({ mailbox: inbox, rule: { ...holds, setBy: 'user', operatorDays: 30 }, back: true });
  await shows('51 of 60');
  expect(requests).toEqual([{ what: 'POST retention/preview', body: { afterDays: 30, keepFlagged: true } }]);
  press('Let them leave');
  await vi.waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(requests.at(-1)?.what).toBe('DELETE retention');
});

it('a server that sets nothing there says so, and the dialog stays', async () => {
  show();
  submit();
  await shows('51 of 60');
  status = 422;
  press('Let them leave');
  await shows('For this folder nothing can be set.');
  expect(onclose).not.toHaveBeenCalled();
});

it('a folder is to be chosen first', async () => {
  show({});
  submit();
  await shows('Choose a folder.');
  expect(requests).toEqual([]);
});
