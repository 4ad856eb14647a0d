import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Person } from '../../lib/addresses.ts';
import { Suggestions } from './suggestions.svelte.ts';

interface Asked {
  text: string;
  signal: AbortSignal;
  answer(...names: string[]): Promise<void>;
  fail(): Promise<void>;
}

const asked: Asked[] = [];
const suggestions = () =>
  new Suggestions(
    (text, signal) =>
      new Promise<Person[]>((resolve, reject) => {
        asked.push({
          text,
          signal,
          answer: async (...names) => {
            resolve(names.map((name) => ({ name, email: `${name}@example.org` })));
            await vi.advanceTimersByTimeAsync(0);
          },
          fail: async () => {
            reject(new Error('down'));
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
    60,
  );
const last = () => asked.at(-1) as Asked;
const names = (of: Suggestions) => of.people.map((one) => one.name);

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('are asked for once when keys come fast', async () => {
  const some = suggestions();
  for (const text of ['a', 'an', 'ann']) {
    some.look(text);
    await vi.advanceTimersByTimeAsync(30);
  }
  await vi.advanceTimersByTimeAsync(60);
  expect(asked.map((one) => one.text)).toEqual(['ann']);
  await last().answer('anna');
  expect(names(some)).toEqual(['anna']);
  expect(some.text).toBe('ann');
});

it('of an answer that comes too late are not shown', async () => {
  const some = suggestions();
  some.look('a');
  await vi.advanceTimersByTimeAsync(60);
  const slow = last();
  some.look('b');
  expect(slow.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60);
  await last().answer('bert');
  await slow.answer('anna');
  expect(names(some)).toEqual(['bert']);
});

it('stay until there are others, and say what they are for', async () => {
  const some = suggestions();
  some.look('a');
  await vi.advanceTimersByTimeAsync(60);
  await last().answer('anna');
  some.look('an');
  await vi.advanceTimersByTimeAsync(60);
  expect(names(some)).toEqual(['anna']);
  expect(some.text).toBe('a');
  await last().answer();
  expect(names(some)).toEqual([]);
});

it('are none when the server cannot be reached, or the field is left', async () => {
  const some = suggestions();
  some.look('a');
  await vi.advanceTimersByTimeAsync(60);
  await last().answer('anna');
  some.look('b');
  await vi.advanceTimersByTimeAsync(60);
  await last().fail();
  expect(names(some)).toEqual([]);

  some.look('c');
  await vi.advanceTimersByTimeAsync(60);
  some.close();
  await last().answer('chloe');
  expect(names(some)).toEqual([]);
});
