import { beforeEach, expect, it } from 'vitest';
import { network } from '../../../dev/network.ts';
import { asked } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { Compose } from './compose.svelte.ts';
import { insertTemplate, keepable, saveTemplate } from './templates.ts';

const kept = {
  id: '5',
  name: 'Thanks',
  subject: 'Thank you',
  html: '<p>Thanks!</p>',
  text: null,
  to: [{ name: null, email: 'LUIS@example.org' }],
  cc: [{ name: 'Bo', email: 'bo@example.org' }],
  bcc: [],
  revision: 3,
};
let requests: { method: string; ifMatch: string | null; body: unknown }[];
let there: boolean;

beforeEach(() => {
  requests = [];
  there = false;
  toasts.all = [];
  asked.question = undefined;
  network.answer = async (request) => {
    if (request.method !== 'GET')
      requests.push({
        method: request.method,
        ifMatch: request.headers.get('If-Match'),
        body: await request.json(),
      });
    if (request.method === 'POST' && there)
      return Response.json(
        { type: '/problems/already-exists', title: '', status: 409 },
        { status: 409, headers: { Location: '/api/v1/templates/5' } },
      );
    return Response.json(kept);
  };
});

const writing = (more = {}) =>
  new Compose({ accountId: '1', from: { name: null, email: 'a@example.org' }, ...more });

it('a text is written where one writes, and fills what is empty', async () => {
  const compose = writing({ to: [{ name: 'Luis', email: 'luis@example.org' }] });
  const written: string[] = [];
  await insertTemplate(compose, '5', (html) => written.push(html));
  expect(written).toEqual(['<p>Thanks!</p>']);
  expect(compose.subject).toBe('Thank you');
  expect(compose.to.map((one) => one.email)).toEqual(['luis@example.org']);
  expect(compose.cc).toEqual([{ name: 'Bo', email: 'bo@example.org' }]);

  const other = writing({ subject: 'Mine' });
  await insertTemplate(other, '5', () => undefined);
  expect(other.subject).toBe('Mine');
});

it('a name that is taken is replaced only if that is meant, as it is then', async () => {
  await answered(saveTemplate('Thank you', '<p>x</p>'), 'Thanks');
  expect(requests.map((one) => one.method)).toEqual(['POST']);
  expect(requests[0]?.body).toEqual({ name: 'Thanks', subject: 'Thank you', html: '<p>x</p>' });

  there = true;
  requests = [];
  await answered(saveTemplate('Thank you', '<p>x</p>'), 'thanks', undefined);
  expect(requests.map((one) => one.method)).toEqual(['POST']);

  requests = [];
  await answered(saveTemplate('Thank you', '<p>x</p>'), 'thanks', '');
  expect(requests.map((one) => one.method)).toEqual(['POST', 'PUT']);
  expect(requests[1]?.ifMatch).toBe('"3"');
  expect(requests[1]?.body).toEqual({
    name: 'thanks',
    subject: 'Thank you',
    html: '<p>x</p>',
    text: null,
    to: kept.to,
    cc: kept.cc,
    bcc: [],
  });
});

async function answered(work: Promise<void>, ...answers: (string | undefined)[]): Promise<void> {
  for (const one of answers) {
    await expect.poll(() => asked.question).toBeDefined();
    asked.question?.answer(one);
  }
  await work;
}

it.each([
  ['<p></p><p>Hi</p><p></p>', '', false, '<p>Hi</p>'],
  ['<p>Hi</p><p></p><p>Anna<br>Harbour 1</p>', '<p>Anna<br>Harbour 1</p>', false, '<p>Hi</p>'],
  ['<p>Hi</p><p>On Monday, X wrote:</p><blockquote><p>a</p></blockquote><p></p>', '', true, '<p>Hi</p>'],
  ['<p>Hi</p><p>As they say:</p><blockquote><p>a</p></blockquote>', '', false, undefined],
  ['<p>a<img src="cid:x" alt=">">b</p>', '', false, '<p>ab</p>'],
])('of %s the rest is kept', (html, signature, isAnswer, rest) => {
  expect(keepable(html, signature, isAnswer)).toBe(rest ?? html);
});
