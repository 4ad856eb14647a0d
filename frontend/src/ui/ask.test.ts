import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mounted } from '../../dev/mounted.ts';
import Ask from './Ask.svelte';
import { ask, asked } from './ask.svelte.ts';

let leave: () => void;

beforeEach(() => {
  asked.question = undefined;
  leave = mounted(Ask, {});
});
afterEach(() => leave());

function asking(more: { mayBeEmpty?: boolean; longest?: number }): Promise<string | undefined> {
  const answer = ask({
    title: 'Describe',
    text: '',
    yes: 'OK',
    field: { label: 'Words', value: 'a', ...more },
  });
  flushSync();
  return answer;
}

function empty(): HTMLInputElement {
  const input = document.querySelector('input') as HTMLInputElement;
  input.value = '';
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  return input;
}

it('a field that must be filled is not taken empty', () => {
  void asking({});
  expect(empty().form?.checkValidity()).toBe(false);
  expect(document.querySelector('input')?.maxLength).toBe(200);
});

it('one that may be empty is, which is not the same as no', async () => {
  const answer = asking({ mayBeEmpty: true, longest: 1000 });
  expect(document.querySelector('input')?.maxLength).toBe(1000);
  empty().form?.requestSubmit();
  expect(await answer).toBe('');
});
