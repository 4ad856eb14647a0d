import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { network } from '../../../dev/network.ts';
import type { Person } from '../../lib/addresses.ts';
import RecipientField from './RecipientField.svelte';

let field: Record<string, unknown>;
let input: HTMLInputElement;
let people: Person[];
let known: { name: string; email: string }[];

network.answer = ({ url }) => {
  const q = new URL(url).searchParams.get('q') ?? '';
  const items = known.filter(({ name }) => name.toLowerCase().startsWith(q.toLowerCase()));
  return Response.json({ items, next: null });
};

const options = () => [...document.querySelectorAll('[role=option]')];
const active = () => {
  const id = input.getAttribute('aria-activedescendant');
  return id === null ? null : document.getElementById(id)?.querySelector('.who span')?.textContent;
};

async function type(text: string, suggested: number) {
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await vi.waitFor(() => {
    flushSync();
    expect(options()).toHaveLength(suggested);
  });
}

function press(key: string, ctrlKey = false) {
  const event = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true });
  input.dispatchEvent(event);
  flushSync();
  return event;
}

beforeEach(() => {
  known = [
    { name: 'Anna', email: 'anna@example.org' },
    { name: 'Anne', email: 'anne@example.org' },
  ];
  people = [];
  field = mount(RecipientField, {
    target: document.body,
    props: { label: 'To', people: [], onchange: (now: Person[]) => (people = now) },
  });
  flushSync();
  input = document.querySelector('input') as HTMLInputElement;
});
afterEach(() => unmount(field));

it('suggests whom the server knows, the first being chosen by Enter', async () => {
  await type('ann', 2);
  expect(input.getAttribute('aria-expanded')).toBe('true');
  expect(active()).toBe('Anna');
  press('Enter');
  expect(people).toEqual([{ name: 'Anna', email: 'anna@example.org' }]);
  expect(input.value).toBe('');
  expect(input.getAttribute('aria-expanded')).toBe('false');
});

it('lets the arrows choose another, round and round', async () => {
  await type('ann', 2);
  press('ArrowDown');
  expect(active()).toBe('Anne');
  press('ArrowDown');
  expect(active()).toBe('Anna');
  press('ArrowUp');
  expect(press('Tab').defaultPrevented).toBe(true);
  expect(people.map((one) => one.email)).toEqual(['anne@example.org']);
});

it('lets the mouse choose', async () => {
  await type('ann', 2);
  (options()[1] as HTMLElement).click();
  expect(people.map((one) => one.email)).toEqual(['anne@example.org']);
});

it('takes an address as it was typed, whatever is suggested', async () => {
  known = [{ name: 'a@b.example', email: 'a@b.example.org' }];
  await type('a@b.example', 1);
  press('Enter');
  expect(people).toEqual([{ name: null, email: 'a@b.example' }]);
});

it('does not choose what was suggested for other text', async () => {
  await type('ann', 2);
  input.value = 'x@y.example';
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  flushSync();
  expect(active()).toBe(null);
  press('Enter');
  expect(people).toEqual([{ name: null, email: 'x@y.example' }]);
});

it('puts suggestions away by Escape, and brings them back by an arrow', async () => {
  await type('ann', 2);
  const around = vi.fn();
  addEventListener('keydown', around);
  // Else the dialog around it would be closed, or the mail put aside.
  expect(press('Escape').defaultPrevented).toBe(true);
  expect(around).not.toHaveBeenCalled();
  expect(options()).toHaveLength(0);
  expect(press('Escape').defaultPrevented).toBe(false);
  expect(around).toHaveBeenCalledOnce();
  removeEventListener('keydown', around);
  press('ArrowDown');
  await vi.waitFor(() => {
    flushSync();
    expect(options()).toHaveLength(2);
  });
});

it('takes what is typed when the mail is sent, and leaves the key to who sends', async () => {
  await type('ann', 2);
  expect(press('Enter', true).defaultPrevented).toBe(false);
  expect(people).toEqual([{ name: null, email: 'ann' }]);
});
