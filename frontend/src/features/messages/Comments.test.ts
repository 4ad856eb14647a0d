import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { Comment } from '../../api/client.ts';
import { presence, queryClient } from '../../api/queries.ts';
import Together from './Together.svelte';

const comment = (id: string, author: string, text: string): Comment => ({
  id,
  messageId: '2-1m',
  author,
  mine: author === 'ben@example.org',
  text,
  writtenAt: '2026-11-27T14:02:00Z',
});
let said: Comment[];
let requests: string[];
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  requests = [];
  said = [comment('1', 'anna@example.org', '<b>Who</b>\nanswers?'), comment('2', 'ben@example.org', 'I do.')];
  network.answer = async (request) => {
    requests.push(`${request.method} ${new URL(request.url).pathname.replace('/api/v1/messages', '')}`);
    if (request.method === 'DELETE') said = said.filter(({ id }) => !request.url.endsWith(id));
    if (request.method === 'POST') {
      const { text } = (await request.json()) as { text: string };
      said = [...said, comment('3', 'ben@example.org', text)];
      return Response.json(said.at(-1), { status: 201 });
    }
    return request.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json({ items: said });
  };
});
afterEach(() => leave());

async function show(own: boolean) {
  leave = mounted(Together, { id: '2-1m', own });
  await vi.waitFor(() => expect(button('2 comments')).toBeDefined());
  button('2 comments')?.click();
  flushSync();
}

const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) =>
    (one.getAttribute('aria-label') ?? one.textContent ?? '').trim().startsWith(name),
  );

it('what was said is shown as it was typed, and is no markup', async () => {
  await show(false);
  expect(document.querySelector('li .text')?.textContent).toBe('<b>Who</b>\nanswers?');
  expect(document.querySelector('li b')).toBeNull();
});

it('one takes back what one said, and whose mail it is whatever was', async () => {
  await show(false);
  expect(button('Remove the comment of anna@example.org')).toBeUndefined();
  button('Remove the comment of ben@example.org')?.click();
  await vi.waitFor(() => expect(button('1 comment')).toBeDefined());
  expect(requests).toContain('DELETE /2-1m/comments/2');
  leave();
  said = [...said, comment('2', 'ben@example.org', 'I do.')];
  queryClient.clear();
  await show(true);
  expect(button('Remove the comment of anna@example.org')).toBeDefined();
});

it('something is said once, and only where there is something', async () => {
  await show(false);
  const field = document.querySelector('textarea');
  if (!field) throw new Error('no field');
  const type = (text: string) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  type('  \n');
  expect((button('Add') as HTMLButtonElement).disabled).toBe(true);
  type(' Thank you! ');
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
  await vi.waitFor(() => expect(button('3 comments')).toBeDefined());
  expect(requests.filter((one) => one.startsWith('POST'))).toEqual(['POST /2-1m/comments']);
  expect(said.at(-1)?.text).toBe('Thank you!');
});

it('who answers stands out from who reads', async () => {
  await show(false);
  queryClient.setQueryData(presence('2-1m').queryKey, [
    { address: 'anna@example.org', doing: 'replying' },
    { address: 'carl@example.org', doing: 'reading' },
  ]);
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector('.notice')?.textContent?.trim()).toBe(
      'anna@example.org is replying to this message',
    );
  });
  expect(document.querySelector('.reads')?.textContent?.trim()).toBe('carl@example.org reads this too');
});
