import { File as NodeFile } from 'node:buffer';
import { beforeEach, expect, it } from 'vitest';
import { network } from '../../../dev/network.ts';
import { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { attachPicture, borrowPicture } from './files.ts';

const anna = { name: null, email: 'anna@example.org' };
const limits = { ours: 100, server: null };
const picture = { key: 'p', name: 'p.png', type: 'image/png', size: 3 };

beforeEach(() => {
  localStorage.clear();
  composer.windows = [];
  network.answer = () => new Promise(() => undefined);
});

const shown = (compose: Compose, contentId = '') => {
  compose.html = `<img src="cid:${contentId}">`;
  return compose.request(8).attachments;
};

it.each([
  [{ part: { messageId: '1-5', partId: '2' } }, { messageId: '1-5', partId: '2' }],
  [{ uploadId: '7' }, { uploadId: '7' }],
])('a picture that was cut from one mail goes along with another: %j', (where, sent) => {
  const from = composer.open({ accountId: '1', from: anna });
  from.attachments = [{ ...picture, ...where, contentId: 'a@valija' }];
  const there = composer.picture('a@valija');
  const to = composer.open({ accountId: '1', from: anna });
  const added = borrowPicture(to, there ?? picture, limits);
  const contentId = 'contentId' in added ? added.contentId : '';
  expect(contentId).toMatch(/@valija$/);
  expect(contentId).not.toBe('a@valija');
  expect(shown(to, contentId)).toEqual([{ name: 'p.png', type: 'image/png', contentId, ...sent }]);
});

it('what is on this device is brought for the other mail too, whatever becomes of the first', () => {
  const from = composer.open({ accountId: '1', from: anna });
  const file = new NodeFile(['abc'], 'p.png', { type: 'image/png' }) as unknown as File;
  const first = attachPicture(from, file, limits);
  const there = composer.picture('contentId' in first ? first.contentId : '');
  const to = composer.open({ accountId: '1', from: anna });
  borrowPicture(to, { ...(there ?? picture), uploadId: '7' }, limits);
  expect(to.attachments[0]?.upload?.file).toBe(file);
  expect(to.attachments[0]?.upload).not.toBe(from.attachments[0]?.upload);
  expect(to.attachments[0]?.uploadId).toBeUndefined();
});

it('it must fit there, and be somewhere', () => {
  const compose = new Compose({ accountId: '1', from: anna });
  expect(borrowPicture(compose, { ...picture, size: 200, uploadId: '7' }, limits)).toHaveProperty('problem');
  expect(compose.attachments).toEqual([]);
  const from = composer.open({ accountId: '1', from: anna });
  from.attachments = [{ ...picture, contentId: 'a@valija' }];
  expect(composer.picture('a@valija')).toBeUndefined();
  expect(composer.picture('b@valija')).toBeUndefined();
});
