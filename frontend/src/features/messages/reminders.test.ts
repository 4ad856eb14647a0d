import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { MessageSummary } from '../../api/client.ts';
import { followUps, queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import ReminderPicker from './ReminderPicker.svelte';
import { cancelReminder, remind } from './reminders.ts';

const message = { id: '1-5' } as unknown as MessageSummary;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** When the server reminds of what, by the id of the reminder. */
let waiting: Map<string, { messageId: string; remindAt: string }>;
let asked: string[];
let down: boolean;
let closed: number;
let leave: (() => void) | undefined;
/** Until then the list of reminders is on its way. */
let listed: Promise<void>;

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  waiting = new Map();
  asked = [];
  down = false;
  closed = 0;
  listed = Promise.resolve();
  network.answer = async (request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    asked.push(`${request.method} ${path}`);
    if (down)
      return Response.json({ type: '/problems/unavailable', title: '', status: 503 }, { status: 503 });
    if (request.method === 'GET') {
      await listed;
      return Response.json({ items: [...waiting].map(([id, one]) => ({ id, late: false, ...one })) });
    }
    if (request.method === 'DELETE') {
      waiting.delete(path.split('/').at(-1) ?? '');
      return new Response(null, { status: 204 });
    }
    const one = await request.json();
    const id = [...waiting].find(([, { messageId }]) => messageId === one.messageId)?.[0] ?? '9';
    waiting.set(id, one);
    return Response.json({ id, late: false, ...one }, { status: 201 });
  };
});
afterEach(() => {
  leave?.();
  leave = undefined;
});

const texts = () => toasts.all.map(({ text }) => text).join();

it('reminds of a message, and does not when that is undone', async () => {
  queryClient.setQueryData(followUps('1').queryKey, []);
  const at = inDays(4);
  await remind(message, '1', at);
  expect([...waiting.values()]).toEqual([{ messageId: '1-5', remindAt: at.toISOString() }]);
  expect(queryClient.getQueryState(followUps('1').queryKey)?.isInvalidated).toBe(true);
  expect(texts()).toContain('You are reminded');
  toasts.undo();
  await vi.waitFor(() => expect(waiting.size).toBe(0));
});

it('says so where it fails, in both directions', async () => {
  down = true;
  await remind(message, '1', inDays(4));
  expect(toasts.all.map(({ look, action }) => [look, action])).toEqual([['problem', undefined]]);
  toasts.all = [];
  await cancelReminder('9', '1');
  expect(toasts.all.map(({ look }) => look)).toEqual(['problem']);
});

function picker() {
  leave = mounted(ReminderPicker, { message, accountId: '1', onclose: () => closed++ });
}
const buttons = () => [...document.querySelectorAll<HTMLButtonElement>('li button')];
const named = (label: string) => buttons().find((one) => one.textContent?.includes(label));

it('a reminder that is known only later can be taken back, and moves nothing', async () => {
  waiting.set('9', { messageId: '1-5', remindAt: inDays(2).toISOString() });
  let told = () => {};
  listed = new Promise((resolve) => {
    told = resolve;
  });
  picker();
  const before = buttons();
  expect(before).toHaveLength(5);
  expect(named('No reminder')?.disabled).toBe(true);
  told();
  await vi.waitFor(() => {
    flushSync();
    expect(named('No reminder')?.disabled).toBe(false);
  });
  expect(buttons()).toEqual(before);
  named('No reminder')?.click();
  expect(closed).toBe(1);
  await vi.waitFor(() => expect(waiting.size).toBe(0));
  expect(asked).toContain('DELETE /follow-ups/9');
});

it('there is none to take back of another message', async () => {
  waiting.set('8', { messageId: '1-6', remindAt: inDays(2).toISOString() });
  picker();
  await vi.waitFor(() => expect(queryClient.getQueryData(followUps('1').queryKey)).toHaveLength(1));
  flushSync();
  expect(named('No reminder')?.disabled).toBe(true);
  named('In 7 days')?.click();
  await vi.waitFor(() => expect(waiting.get('9')?.messageId).toBe('1-5'));
  expect(Date.parse(waiting.get('9')?.remindAt ?? '')).toBeCloseTo(inDays(7).getTime(), -4);
});

it('the arrows pass what cannot be chosen', () => {
  picker();
  expect(buttons()[0]?.hasAttribute('autofocus')).toBe(true);
  buttons()[0]?.focus();
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press('ArrowUp');
  expect(document.activeElement?.textContent).toContain('In 14 days');
  press('ArrowDown');
  expect(document.activeElement).toBe(buttons()[0]);
});
