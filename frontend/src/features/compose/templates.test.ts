import { beforeEach, expect, it } from 'vitest';
import { network } from '../../../dev/network.ts';
import { forwarded, quote } from '../../lib/quoting.ts';
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

const WROTE = '<p>On Friday, November 27, 2026 at 10:05 AM, X wrote:</p>';
const QUOTE = `${WROTE}<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>`;
const OWN = '<p>As they say:</p><blockquote><p>Own</p></blockquote>';
const ANSWER = { inReplyTo: '1-5', forwardOf: undefined };
const FORWARD = { inReplyTo: undefined, forwardOf: '1-5' };
const HEADS = '<p>From: X &lt;x@example.org&gt;<br>Date: Friday</p>';
const FORWARDED = `<p>---------- Forwarded message ----------</p>${HEADS}<p>c</p><blockquote><p>d</p></blockquote>`;

it.each([
  ['what is around it', '<p></p><p>Hi</p><p></p>', '<p>Hi</p>'],
  ['a quote of its writer', `<p>Hi</p>${OWN}`, `<p>Hi</p>${OWN}`],
  ['no picture', '<p>a<img src="cid:x" alt=">">b</p>', '<p>ab</p>'],
  ['what looks like a quote', `<p>Hi</p>${QUOTE}`, `<p>Hi</p>${QUOTE}`],
  ['what looks like forwarded', `<p>Hi</p>${FORWARDED}`, `<p>Hi</p>${FORWARDED}`],
])('of a new mail %s is kept as it should be', async (_, html, kept) => {
  expect(await keepable(html)).toBe(kept);
});

it.each([
  ['above what it answers', `<p>Hi</p><p></p>${QUOTE}<p></p>`, '<p>Hi</p>'],
  ['below it', `<p></p>${QUOTE}<p>Hi</p>`, '<p>Hi</p>'],
  [
    'within it',
    `${WROTE}<blockquote><p>a</p></blockquote><p>Yes</p><blockquote><p>b</p></blockquote>`,
    '<p>Yes</p>',
  ],
  ['above and below it', `<p>Hi</p>${QUOTE}<p>Bye</p>`, '<p>Hi</p><p>Bye</p>'],
  ['with a quote of its own', `<p>Hi</p>${OWN}<p>So.</p>${QUOTE}`, `<p>Hi</p>${OWN}<p>So.</p>`],
  ['without what it answered', `<p>Hi</p>${OWN}`, `<p>Hi</p>${OWN}`],
  [
    'begun elsewhere',
    '<p>Hi</p><p>Am 27.11.26 um 10:05 schrieb X:</p><blockquote>a</blockquote>',
    '<p>Hi</p>',
  ],
  [
    'begun elsewhere, loosely',
    '<p>Hi</p><p>x@example.org wrote:<br></p><p></p><blockquote>a</blockquote>',
    '<p>Hi</p>',
  ],
  [
    'that forwards nothing',
    '<p>---------- Forwarded message ----------</p><p>Hi</p>',
    '<p>---------- Forwarded message ----------</p><p>Hi</p>',
  ],
])('of an answer what was written is kept: %s', async (_, html, kept) => {
  expect(await keepable(html, '', ANSWER)).toBe(kept);
});

it.each([
  ['above it', `<p>Look</p><p></p>${FORWARDED}<p></p>`, '<p>Look</p>'],
  ['with a quote', `<p>Look</p>${OWN}${FORWARDED}`, `<p>Look</p>${OWN}`],
  [
    'begun elsewhere',
    `<p>Look</p><p>-------- Weitergeleitete Nachricht --------</p>${HEADS}<p>c</p>`,
    '<p>Look</p>',
  ],
  ['alone', `<p>Look</p>${OWN}`, `<p>Look</p>${OWN}`],
  ['with a quote within what is forwarded', `<p>Look</p>${FORWARDED}${QUOTE}`, '<p>Look</p>'],
])('of what is forwarded only what was written is kept: %s', async (_, html, kept) => {
  expect(await keepable(html, '', FORWARD)).toBe(kept);
});

it('what the webmail itself puts below an answer or a forward is not kept', async () => {
  const original = {
    from: [{ name: 'Luis, of the Harbour', email: 'luis@example.org' }],
    replyTo: [],
    to: [],
    cc: [],
    subject: 'Trip',
    sentAt: '2026-11-27T10:05:00Z',
    receivedAt: '2026-11-27T10:05:00Z',
  };
  expect(await keepable(`<p>Hi</p>${quote(original, '<p>a</p>')}`, '', ANSWER)).toBe('<p>Hi</p>');
  expect(await keepable(`<p>Hi</p>${forwarded(original, '<p>a</p>')}`, '', FORWARD)).toBe('<p>Hi</p>');
});

it('the signature is not kept', async () => {
  const signature = '<p>Anna<br>Harbour 1</p>';
  expect(await keepable(`<p>Hi</p><p></p>${signature}<p></p>${QUOTE}`, signature, ANSWER)).toBe('<p>Hi</p>');
});
