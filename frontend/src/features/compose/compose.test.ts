import { beforeEach, expect, it } from 'vitest';
import { Compose, outgoingHtml } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { keptDrafts } from './drafts.ts';

const start = { accountId: '1', from: { name: 'Anna', email: 'anna@example.org' }, html: '<p></p>' };

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
