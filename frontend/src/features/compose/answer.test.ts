import { expect, it } from 'vitest';
import type { Identity, Message } from '../../api/client.ts';
import { answerTo } from './answer.ts';

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

it('answers come from the address the mail was sent to', async () => {
  const answer = await answerTo(mail({}), 'reply', '1', identities);
  expect(answer.from.email).toBe('anna@work.example');
  expect(answer.to?.map((one) => one.email)).toEqual(['luis@example.org']);
});

it('what one wrote to another address of one’s own is answered from there', async () => {
  const own = mail({ from: [person('anna@example.org')], to: [person('shop@example.org')] });
  expect((await answerTo(own, 'reply', '1', identities)).from.email).toBe('shop@example.org');
});

it('what one sent to others is answered by who sent it', async () => {
  const sent = mail({ from: [person('shop@example.org')], to: [person('luis@example.org')] });
  expect((await answerTo(sent, 'replyAll', '1', identities)).from.email).toBe('shop@example.org');
});

it('a mail edited as new goes to the same people, with its files, and answers nothing', async () => {
  const sent = mail({
    from: [person('shop@example.org')],
    to: [person('luis@example.org'), person('anna@example.org')],
    bcc: [person('bo@example.org')],
  });
  const start = await answerTo(sent, 'asNew', '1', identities);
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
  const start = await answerTo(mail({}), 'forward', '1', identities);
  expect(start.forwardOf).toBe('1-5');
  expect(start.attachments?.map((one) => one.name)).toEqual(['plan.pdf']);
});
