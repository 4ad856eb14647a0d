import { beforeEach, expect, it } from 'vitest';
import { ApiError, type Draft } from '../../api/client.ts';
import { Compose, outgoingHtml } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { keptDrafts } from './drafts.ts';

const anna = { name: 'Anna', email: 'anna@example.org' };
const bo = { name: 'Bo', email: 'bo@example.org' };
const start = { accountId: '1', from: anna, html: '<p></p>' };

beforeEach(() => localStorage.clear());

it('a mail nobody touched is not kept', () => {
  new Compose(start).keep();
  expect(keptDrafts()).toEqual([]);
});

it('what was typed comes back after a reload, with the same key', () => {
  const compose = new Compose(start);
  compose.subject = 'Plan';
  compose.to = [{ name: null, email: 'luis@example.org' }];
  compose.attachments = [{ key: 'k', name: 'plan.pdf', type: 'application/pdf', size: 3, uploadId: '7' }];
  compose.keep();
  composer.restore(['1']);
  const back = composer.windows[0];
  expect(back?.subject).toBe('Plan');
  expect(back?.key).toBe(compose.key);
  expect(back?.to).toEqual(compose.to);
  expect(back?.request(8).attachments).toEqual([
    { name: 'plan.pdf', type: 'application/pdf', uploadId: '7' },
  ]);
});

it('the wish to be told when it is read is part of the mail', () => {
  const compose = new Compose(start);
  expect(compose.request(8)).not.toHaveProperty('readReceipt');
  compose.readReceipt = true;
  compose.keep();
  composer.restore(['1']);
  const back = composer.all.find((one) => one.id === compose.id);
  expect(back?.draft().readReceipt).toBe(true);
  expect(back?.request(8).readReceipt).toBe(true);
});

it('a mail for another user of this device is not shown', () => {
  const compose = new Compose({ ...start, accountId: '2' });
  compose.subject = 'Secret';
  compose.keep();
  const before = composer.windows.length;
  composer.restore(['1']);
  expect(composer.windows.length).toBe(before);
});

it('a request is the same however often it is made', () => {
  const compose = new Compose({ ...start, inReplyTo: '1-5' });
  compose.to = [{ name: null, email: 'luis@example.org' }];
  expect(compose.request(8)).toEqual(compose.request(8));
  expect(compose.request(8).inReplyTo).toBe('1-5');
});

it('empty lines stay when the mail leaves', () => {
  expect(outgoingHtml('<p>a</p><p></p>')).toBe('<p style="margin:0">a</p><p style="margin:0"><br></p>');
});

const picture = { key: 'p', name: 'p.png', type: 'image/png', size: 3, uploadId: '9', contentId: 'p@valija' };
const shown = '<p><img src="cid:p@valija" alt=">"></p>';

it('a picture goes along as long as the text shows it, and comes back with it', () => {
  const compose = new Compose(start);
  compose.html = shown;
  compose.attachments = [picture];
  expect(compose.request(8).html).toContain('<img src="cid:p@valija" alt=">">');
  expect(compose.request(8).attachments).toHaveLength(1);
  expect(compose.draft().attachments).toHaveLength(1);

  compose.html = '<p>without</p>';
  expect(compose.request(8).attachments).toEqual([]);
  expect(compose.draft().attachments).toEqual([]);
  compose.keep();
  expect(keptDrafts()[0]?.attachments).toEqual([]);

  compose.html = shown;
  expect(compose.request(8).attachments).toHaveLength(1);
});

it('a picture pasted and taken out again is no writing', () => {
  const compose = new Compose(start);
  compose.attachments = [picture];
  expect(compose.touched).toBe(false);
  compose.html = shown;
  expect(compose.touched).toBe(true);
});

it('what another program names but does not show stays a file', () => {
  const compose = new Compose({ ...start, attachments: [picture] });
  expect(compose.request(8).attachments).toEqual([{ name: 'p.png', type: 'image/png', uploadId: '9' }]);
});

it('a picture that is not here is not sent as a hole', () => {
  const compose = new Compose({ ...start, html: `<p>a<img src="cid:gone@valija" alt="x>y">b</p>${shown}` });
  compose.attachments = [picture];
  const { html } = compose.request(8);
  expect(html).toContain('>ab</p>');
  expect(html).toContain('cid:p@valija');
});

it('a reminder alone is worth keeping, and comes back', () => {
  const compose = new Compose(start);
  compose.remindAfter = 4;
  expect(compose.touched).toBe(true);
  compose.keep();
  composer.restore(['1']);
  const back = composer.all.find((one) => one.id === compose.id);
  expect(back?.remindAfter).toBe(4);
  const days = (Date.parse(back?.request(8).remindAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(4, 2);
  if (back) back.remindAfter = undefined;
  expect(back?.request(8)).not.toHaveProperty('remindAt');
});

it('what another device went on with has the reminder still, and whom it began with', () => {
  const compose = composer.open({ ...start, to: [anna], inReplyTo: '1-5' });
  compose.remindAfter = 4;
  const content = { accountId: '1', from: anna, to: [anna, bo], inReplyTo: '1-5' };
  const now = composer.adopt({ id: '7', revision: 2, content } as unknown as Draft, compose);
  expect(now.to).toHaveLength(2);
  expect(now.remindAfter).toBe(4);
  expect(now.given).toEqual([anna.email]);
  expect(keptDrafts().find((one) => one.id === now.id)).toMatchObject({
    remindAfter: 4,
    given: [anna.email],
  });
});

const gone = (...pointers: string[]) =>
  new ApiError('/problems/invalid-request', {
    type: '/problems/invalid-request',
    title: '',
    status: 400,
    errors: pointers.map((pointer) => ({ pointer, detail: 'gone' })),
  });

it('what the server has no more is what it was told of, whatever is attached by then', () => {
  const file = (name: string, where: object) => ({ key: name, name, type: 'text/plain', size: 3, ...where });
  const compose = new Compose(start);
  compose.attachments = [
    file('a', { uploadId: '1' }),
    file('b', { uploadId: '2' }),
    file('c', { part: { messageId: '1-5', partId: '2' } }),
    file('d', { part: { messageId: '1-5', partId: '3' } }),
  ];
  const given = compose.draft().attachments ?? [];
  compose.attachments = [file('new', {}), ...compose.attachments.slice(1)];
  const names = () => compose.attachments.map((one) => one.name);
  expect(
    compose.forget(
      gone('/attachments/1/uploadId', '/attachments/2/messageId', '/attachments/2/partId'),
      given,
    ),
  ).toBe(true);
  expect(names()).toEqual(['new', 'd']);
  expect(compose.lostFiles).toEqual(['b', 'c']);

  // What is not attached any more need not be told, but what is asked next is another thing.
  expect(compose.forget(gone('/attachments/0/uploadId'), given)).toBe(true);
  expect(names()).toEqual(['new', 'd']);
  expect(compose.forget(gone('/subject', '/attachments/9/uploadId'), given)).toBe(false);
  expect(compose.lostFiles).toEqual(['b', 'c']);
});
