import { beforeEach, expect, it } from 'vitest';
import { network } from '../../../dev/network.ts';
import { putAside } from './aside.ts';
import { composer } from './composer.svelte.ts';
import { openDraft, withDrafts } from './elsewhere.ts';

const content = { accountId: '1', from: { email: 'anna@example.org' }, subject: 'Trip', text: 'One\nTwo' };
const summary = { id: '7', revision: 3, conflictOf: null, accountId: '1', to: [], subject: 'Trip' };
let asked: string[] = [];

function answers(answer: (asked: string) => unknown) {
  network.answer = (request) => {
    const line = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`;
    asked.push(line);
    const body = answer(line);
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  };
}

beforeEach(() => {
  asked = [];
  composer.windows = [];
  localStorage.clear();
});

it('a message of Drafts is gone on with in one window, however often it is opened', async () => {
  answers(() => ({ id: '7', revision: 1, content }));
  await openDraft('1-5');
  await openDraft('1-5');

  expect(asked).toEqual(['PUT /messages/1-5/draft', 'PUT /messages/1-5/draft']);
  expect(composer.windows).toHaveLength(1);
  expect(composer.windows[0]?.html).toBe('<p>One</p><p>Two</p>');
  expect(composer.windows[0]?.size).toBe('window');
});

it('what another device went on with is shown as it is now, and what is written here stays', async () => {
  answers(() => ({ id: '7', revision: 1, content }));
  await openDraft('1-5');
  answers(() => ({ id: '7', revision: 2, content: { ...content, subject: 'Longer trip' } }));
  await openDraft('1-5');
  expect(composer.windows.map((one) => one.subject)).toEqual(['Longer trip']);

  const [open] = composer.windows;
  if (open) open.subject = 'My trip';
  answers(() => ({ id: '7', revision: 3, content: { ...content, subject: 'Their trip' } }));
  await openDraft('1-5');
  expect(composer.windows.map((one) => one.subject)).toEqual(['My trip']);
});

it('an editor that writes the same otherwise has changed nothing', async () => {
  answers(() => ({ id: '7', revision: 1, content: { ...content, html: '<div>One</div>' } }));
  await openDraft('1-5');
  const [open] = composer.windows;
  open?.startWith('<p>One</p>');
  expect(open?.saving.clean).toBe(true);
});

it('the draft goes with the copy that is deleted', async () => {
  let copy: string | null = '1-5';
  answers((line) => (line === 'GET /drafts' ? { items: [{ ...summary, copy }] } : undefined));
  await withDrafts(['1-5'], async () => {
    copy = null;
  });
  expect(asked.at(-1)).toBe('DELETE /drafts/7');
});

it('a draft stays whose copy could not be deleted, or which somebody goes on with', async () => {
  let now = { ...summary, copy: '1-5' as string | null };
  answers((line) => (line === 'GET /drafts' ? { items: [now] } : undefined));
  await withDrafts(['1-5'], async () => undefined);
  await withDrafts(['1-5'], async () => {
    now = { ...summary, revision: 4, copy: null };
  });
  await withDrafts(['1-6'], async () => undefined);
  expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
});

it('mail is deleted though the drafts cannot be had', async () => {
  network.answer = () => Promise.reject(new TypeError('no network'));
  let deleted = false;
  await withDrafts(['1-5'], async () => {
    deleted = true;
  });
  expect(deleted).toBe(true);
});

it('what was put aside is known, and opened again as it is', async () => {
  answers(() => ({ id: '7', revision: 1, content }));
  await openDraft('1-5');
  const [open] = composer.windows;
  if (!open) throw new Error('no window');
  open.subject = 'Not saved yet';
  putAside(open);
  expect(composer.windows).toEqual([]);
  await openDraft('1-5');
  expect(composer.windows).toEqual([open]);
  expect(open.subject).toBe('Not saved yet');
});

it('a window with a file on its way, or that was saved meanwhile, is not replaced or closed', async () => {
  answers(() => ({ id: '7', revision: 3, content }));
  await openDraft('1-5');
  const [open] = composer.windows;
  answers(() => ({ id: '7', revision: 2, content }));
  await openDraft('1-5');
  expect(composer.windows).toEqual([open]);

  open?.attachments.push({ key: 'f', name: 'plan.pdf', type: 'application/pdf', size: 3 });
  let copy: string | null = '1-5';
  answers((line) => (line === 'GET /drafts' ? { items: [{ ...summary, copy }] } : undefined));
  await withDrafts(['1-5'], async () => {
    copy = null;
  });
  expect(composer.windows).toEqual([open]);
  expect(asked).not.toContain('DELETE /drafts/7');
});

it('who answers goes on to be named, though there is no field for it', async () => {
  answers(() => ({
    id: '7',
    revision: 1,
    content: { ...content, replyTo: [{ email: 'list@example.org' }] },
  }));
  await openDraft('1-5');
  expect(composer.windows[0]?.request(8).replyTo).toEqual([{ name: null, email: 'list@example.org' }]);
});
