import { beforeEach, expect, it, vi } from 'vitest';
import { router } from './router.svelte.ts';
import { backCloses } from './sheet.ts';

const inbox = { name: 'mail', accountId: '1', mailboxId: '1-7' } as const;
const drafts = { name: 'mail', accountId: '1', mailboxId: '1-2' } as const;
const gone = () => new Promise((done) => addEventListener('popstate', done, { once: true }));

beforeEach(() => {
  history.pushState(null, '', '/');
  router.go(inbox);
});

it('Back closes a sheet and stays where one is', async () => {
  const close = vi.fn();
  backCloses(close);
  const back = gone();
  history.back();
  await back;
  expect(close).toHaveBeenCalledOnce();
  expect(router.route).toEqual(inbox);
});

it('a sheet that is closed leaves no entry behind', async () => {
  const before = history.length;
  const end = backCloses(vi.fn());
  const back = gone();
  end();
  await back;
  expect(location.pathname).toBe('/mail/1/1-7');
  router.go(drafts);
  expect(history.length).toBe(before + 1);
});

it('what is chosen in a sheet takes its place: it is there, and Back leads to where one was', async () => {
  const close = vi.fn();
  const end = backCloses(close);
  const goesBack = vi.spyOn(history, 'back');
  router.go(drafts);
  end();
  expect(goesBack).not.toHaveBeenCalled();
  goesBack.mockRestore();
  expect(location.pathname).toBe('/mail/1/1-2');

  const back = gone();
  history.back();
  await back;
  expect(router.route).toEqual(inbox);
  expect(close).not.toHaveBeenCalled();
});
