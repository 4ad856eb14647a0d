import { expect, it } from 'vitest';
import { parseRoute, pathOf, type Route } from './router.svelte.ts';

it.each<Route>([
  { name: 'home' },
  { name: 'mail', accountId: '1', mailboxId: '1-7' },
  { name: 'mail', accountId: '1', mailboxId: '1-7', messageId: '1-4711' },
  { name: 'search', q: 'from:luis "a b" & more' },
  { name: 'search', q: 'plan', mailboxId: '1-1', messageId: '1-3' },
])('an address says where we are and comes back the same: $name', (route) => {
  const url = new URL(pathOf(route), 'https://mail.example.org');
  expect(parseRoute(url.pathname, url.search)).toEqual(route);
});

it('an unknown address leads home', () => {
  expect(parseRoute('/mail/1', '')).toEqual({ name: 'home' });
  expect(parseRoute('/what', '?q=x')).toEqual({ name: 'home' });
});

it('an address that is no UTF-8 does not keep the page from starting', () => {
  expect(parseRoute('/mail/%E0%A4%A/1', '')).toEqual({ name: 'mail', accountId: '%E0%A4%A', mailboxId: '1' });
  expect(parseRoute('/%', '')).toEqual({ name: 'home' });
});
