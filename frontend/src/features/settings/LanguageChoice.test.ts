import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { speak } from '../../lib/language.svelte.ts';
import { prefs } from '../../lib/prefs.svelte.ts';
import LanguageChoice from './LanguageChoice.svelte';

let choice: ReturnType<typeof mount>;
beforeEach(() => {
  choice = mount(LanguageChoice, { target: document.body });
});
afterEach(async () => {
  await unmount(choice);
  await speak('en');
});

const select = () => document.querySelector('select') as HTMLSelectElement;
const label = () => document.querySelector('label')?.textContent;

it('a language is spoken as soon as it is chosen, and kept', async () => {
  expect(label()).toBe('Language');
  expect([...select().options].map((one) => one.text)).toEqual([
    'As the browser',
    'English',
    'Español',
    'Deutsch',
  ]);
  select().value = 'de';
  select().dispatchEvent(new Event('change', { bubbles: true }));
  await expect.poll(label).toBe('Sprache');
  expect(document.documentElement.lang).toBe('de');
  expect(prefs.language).toBe('de');
  expect(JSON.parse(localStorage.getItem('valija.prefs') ?? '{}').language).toBe('de');
  select().value = 'browser';
  select().dispatchEvent(new Event('change', { bubbles: true }));
  await expect.poll(label).toBe('Language');
  await tick();
  expect(select().value).toBe('browser');
});
