import { beforeEach, expect, test, vi } from 'vitest';
import { toasts } from './toasts.svelte.ts';

const texts = () => toasts.all.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
  for (const toast of toasts.all) toasts.close(toast.id);
});

test('mere news leaves what can be undone', () => {
  let undone = 0;
  toasts.show({ text: 'Moved', action: { label: 'Undo', run: () => undone++ } });
  toasts.show({ text: 'Sent' });
  expect(texts()).toEqual(['Moved', 'Sent']);
  expect(toasts.undo()).toBe(true);
  expect(undone).toBe(1);
  expect(texts()).toEqual(['Sent']);
});

test('the next action takes the place of the last', () => {
  toasts.show({ text: 'Moved', action: { label: 'Undo', run: () => undefined } });
  toasts.show({ text: 'Deleted', action: { label: 'Undo', run: () => undefined } });
  expect(texts()).toEqual(['Deleted']);
  vi.advanceTimersByTime(8_000);
  expect(texts()).toEqual([]);
});
