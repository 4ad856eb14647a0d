import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { MessageSummary } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import Redirect from './Redirect.svelte';
import { redirecting } from './redirecting.svelte.ts';

const person = (email: string) => ({ name: null, email });
const summary = { id: '1-5', subject: 'Trip', from: [person('luis@example.org')], to: [] };
let sent: { key: string | null; body: unknown }[];
let answer: () => Response | Promise<Response>;
let full: Response | Promise<Response>;
let closed: number;
let leave: (() => void) | undefined;

const taken = () => Response.json({ id: '1-9', state: 'held', recipients: [] }, { status: 202 });
const refused = (status: number, slug: string) => () =>
  Response.json({ type: `/problems/${slug}`, title: '', status }, { status });
const lost = () => Promise.reject(new TypeError('no network'));

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  sent = [];
  closed = 0;
  answer = taken;
  full = Response.json({ ...summary, cc: [person('shop@example.org')], bcc: [] });
  network.answer = async (request) => {
    if (request.method === 'POST') {
      sent.push({ key: request.headers.get('Idempotency-Key'), body: await request.json() });
      return answer();
    }
    if (request.url.endsWith('/identities'))
      return Response.json({ items: [person('anna@example.org'), person('shop@example.org')] });
    return full;
  };
});
afterEach(() => {
  leave?.();
  leave = undefined;
  document.body.replaceChildren();
});

function open(id: string): ReturnType<typeof redirecting> {
  const message = { ...summary, id } as unknown as MessageSummary;
  leave = mounted(Redirect, { message, accountId: '1', onclose: () => closed++ });
  return redirecting(id);
}

const button = () => [...document.querySelectorAll('button')].find((one) => one.textContent === 'Redirect');
const usable = () =>
  vi.waitFor(() => {
    flushSync();
    expect(button()?.disabled).toBe(false);
  });

it('waits to know all whom the message was for, since one of them sends it on', async () => {
  let told: (response: Response) => void = () => undefined;
  const there = full;
  full = new Promise((resolve) => {
    told = resolve;
  });
  open('1-1');
  await vi.waitFor(() => expect(document.body.textContent).toContain('anna@example.org'));
  expect(button()?.disabled).toBe(true);
  told(await there);
  await usable();
  expect(document.body.textContent).toContain('shop@example.org');
});

it('may go where the message itself is not to be had', async () => {
  full = refused(404, 'not-found')();
  open('1-2');
  await usable();
});

it('without an answer the next try is the same one, also from another dialog', async () => {
  const first = redirecting('1-3');
  first.to = [person('bo@example.org')];
  answer = lost;
  await first.send(person('shop@example.org'));
  expect(first.done).toBe(false);
  expect(toasts.all.map(({ look }) => look)).toEqual(['problem']);

  open('1-3');
  await usable();
  expect(document.body.textContent).toContain('bo@example.org');
  answer = taken;
  button()?.click();
  await vi.waitFor(() => {
    flushSync();
    expect(closed).toBe(1);
  });
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]?.body).toMatchObject({
    from: { email: 'shop@example.org' },
    to: [{ email: 'bo@example.org' }],
  });
  expect(redirecting('1-3')).not.toBe(first);
});

it('what was refused for certain may be another one next time', async () => {
  const one = redirecting('1-4');
  one.to = [person('bo@example.org')];
  answer = refused(400, 'invalid-request');
  await one.send(person('shop@example.org'));
  await one.send(person('anna@example.org'));
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
  expect(sent[1]?.body).toMatchObject({ from: { email: 'anna@example.org' } });
  answer = refused(503, 'unavailable');
  await one.send(person('anna@example.org'));
  await one.send(person('anna@example.org'));
  expect(sent[3]).toEqual(sent[2]);
});

it('says so where an earlier try went that was another one', async () => {
  const one = redirecting('1-6');
  one.to = [person('bo@example.org')];
  answer = refused(409, 'idempotency-key-reused');
  await one.send(person('shop@example.org'));
  expect(one.problem).toContain('handed over already');
});

it('a failure is told where the dialog is, or at the foot of the page', async () => {
  open('1-7');
  await usable();
  const one = redirecting('1-7');
  expect(one.problem).toBe('');
  button()?.click();
  await vi.waitFor(() =>
    expect(document.querySelector('[role=alert]')?.textContent).toContain('who should get'),
  );
  expect(toasts.all).toEqual([]);
  expect(sent).toEqual([]);
});

it('is closed by what became of it only if it is open', async () => {
  let told: (response: Response) => void = () => undefined;
  answer = () =>
    new Promise((resolve) => {
      told = resolve;
    });
  const one = redirecting('1-8');
  one.to = [person('bo@example.org')];
  const done = one.send(person('shop@example.org'));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  open('1-8');
  expect(button()?.disabled).toBe(true);
  leave?.();
  leave = undefined;
  told(refused(503, 'unavailable')());
  await done;
  expect(closed).toBe(0);
  expect(toasts.all.map(({ look }) => look)).toEqual(['problem']);
});
