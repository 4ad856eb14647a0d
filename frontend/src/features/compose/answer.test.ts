import { afterEach, expect, it, vi } from 'vitest';
import type { Identity, Message } from '../../api/client.ts';
import { answerTo } from './answer.ts';

afterEach(() => vi.unstubAllGlobals());

const identity = (email: string) => ({ name: null, email, signatureHtml: null }) as unknown as Identity;
const identities = [
  identity('anna@example.org'),
  identity('anna@work.example'),
  identity('shop@example.org'),
];
const person = (email: string) => ({ name: null, email });

function mail(more: Partial<Message>): Message {
  return {
    id: '1-5',
    subject: 'Trip',
    from: [person('luis@example.org')],
    to: [person('anna@work.example')],
    cc: [],
    bcc: [],
    replyTo: [],
    sentAt: '2026-11-20T10:00:00Z',
    receivedAt: '2026-11-20T10:00:00Z',
    body: { text: 'One', html: null, blockedRemote: 0, imagesAllowed: false, cut: false },
    attachments: [{ partId: '2', name: 'plan.pdf', type: 'application/pdf', size: 3 }],
    ...more,
  } as unknown as Message;
}

const senders = { accountId: '1', meant: identities, all: identities };

it('answers come from the address the mail was sent to', async () => {
  const answer = await answerTo(mail({}), 'reply', senders);
  expect(answer.from.email).toBe('anna@work.example');
  expect(answer.to?.map((one) => one.email)).toEqual(['luis@example.org']);
});

it('what one wrote to another address of one’s own is answered from there', async () => {
  const own = mail({ from: [person('anna@example.org')], to: [person('shop@example.org')] });
  expect((await answerTo(own, 'reply', senders)).from.email).toBe('shop@example.org');
});

it('what one sent to others is answered by who sent it', async () => {
  const sent = mail({ from: [person('shop@example.org')], to: [person('luis@example.org')] });
  expect((await answerTo(sent, 'replyAll', senders)).from.email).toBe('shop@example.org');
});

it('a mail edited as new goes to the same people, with its files, and answers nothing', async () => {
  const sent = mail({
    from: [person('shop@example.org')],
    to: [person('luis@example.org'), person('anna@example.org')],
    bcc: [person('bo@example.org')],
  });
  const start = await answerTo(sent, 'asNew', senders);
  expect(start.from.email).toBe('shop@example.org');
  expect(start.to?.map((one) => one.email)).toEqual(['luis@example.org', 'anna@example.org']);
  expect(start.bcc?.map((one) => one.email)).toEqual(['bo@example.org']);
  expect(start.subject).toBe('Trip');
  expect(start.html).toBe('<p>One</p>');
  expect(start.attachments?.map((one) => one.part)).toEqual([{ messageId: '1-5', partId: '2' }]);
  expect(start.inReplyTo).toBeUndefined();
  expect(start.forwardOf).toBeUndefined();
});

it('what is forwarded takes its files along', async () => {
  const start = await answerTo(mail({}), 'forward', senders);
  expect(start.forwardOf).toBe('1-5');
  expect(start.attachments?.map((one) => one.name)).toEqual(['plan.pdf']);
});

const drawn = (partId: string, name: string) => ({ partId, name, type: 'image/png', size: 3 });
const page = (elements: string) =>
  vi.stubGlobal('fetch', (address: string) => {
    expect(address).toBe('/api/v1/messages/1-5/html?images=parts');
    return Promise.resolve(new Response(`<html><body>${elements}</body></html>`));
  });
const withPictures = mail({
  body: { text: 'x', html: '/h', blockedRemote: 0, imagesAllowed: false, cut: false },
  attachments: [drawn('1.2', 'map.png'), drawn('2', 'plan.png')] as never,
});
const MAP = '<img src="/api/v1/messages/1-5/parts/1.2" alt="map">';

it('an answer quotes the pictures of a mail, and takes nothing else along', async () => {
  page(`<p>Look ${MAP} and ${MAP}</p>`);
  const start = await answerTo(withPictures, 'reply', senders);
  expect(start.attachments).toHaveLength(1);
  const [one] = start.attachments ?? [];
  expect(one?.part).toEqual({ messageId: '1-5', partId: '1.2' });
  expect(start.html?.split(`src="cid:${one?.contentId}"`)).toHaveLength(3);
  expect(start.html).not.toContain('/api/');
});

it('what is forwarded has its pictures in the text and its files beside it', async () => {
  page(MAP);
  const start = await answerTo(withPictures, 'forward', senders);
  expect(start.attachments?.map(({ name, contentId }) => [name, contentId !== undefined])).toEqual([
    ['map.png', true],
    ['plan.png', false],
  ]);
});

it.each([
  '<img src="/api/v1/messages/1-6/parts/1.2">',
  '<img src="/api/v1/messages/1-5/parts/9">',
  '<img src="/api/v1/session">',
  '<img src="https://example.org/x.png">',
  '<img src="data:image/png;base64,AAAA">',
])('of %s nothing is quoted', async (image) => {
  page(`<p>a${image}b</p>`);
  const start = await answerTo(withPictures, 'reply', senders);
  expect(start.html).toContain('<p>ab</p>');
  expect(start.attachments).toEqual([]);
});
