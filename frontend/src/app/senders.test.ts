import { beforeEach, expect, it } from 'vitest';
import { network } from '../../dev/network.ts';
import type { Account, Identity, Message, Session } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import { answerTo } from '../features/compose/answer.ts';
import { sendersIn } from './senders.ts';

const account = (id: string, role: Account['access']['role']) =>
  ({ id, access: { role, whole: true, owner: null } }) as Account;
const session = (role: Account['access']['role']) =>
  // What others share may stand first.
  ({ accounts: [account('2', role), account('1', 'owner')] }) as Session;
const identity = (accountId: string, email: string): Identity => ({
  id: accountId,
  accountId,
  name: null,
  email,
  signatureHtml: null,
});
const person = (email: string) => ({ name: null, email });
const letter = {
  id: '2-1m',
  from: [person('zoe@example.net')],
  // Not to the account in which it is, as mail that came by a list.
  to: [person('list@example.org'), person('ben@example.org')],
  cc: [person('support@example.org'), person('marta@example.net')],
  bcc: [],
  replyTo: [],
  subject: 'Broken',
  attachments: [],
  body: { text: 'It is broken.', html: null },
} as unknown as Message;
let requests: string[];

beforeEach(() => {
  queryClient.clear();
  requests = [];
  network.answer = ({ url }) => {
    const path = new URL(url).pathname.replace('/api/v1', '');
    requests.push(path);
    const items = path.startsWith('/accounts/2/')
      ? [identity('2', 'support@example.org')]
      : [identity('1', 'ben@example.org')];
    return Response.json({ items });
  };
});

async function answer(role: Account['access']['role']) {
  return answerTo(letter, 'replyAll', await sendersIn(session(role), '2'));
}

it('who may write in the name of an account answers so, and the draft is their own', async () => {
  const start = await answer('send');
  expect(start.from.email).toBe('support@example.org');
  expect(start.accountId).toBe('1');
  expect([...(start.to ?? []), ...(start.cc ?? [])].map(({ email }) => email)).toEqual([
    'zoe@example.net',
    'list@example.org',
    'marta@example.net',
  ]);
});

it('who may not answers as oneself, and the account is not asked as whom one could', async () => {
  const start = await answer('triage');
  expect(start.from.email).toBe('ben@example.org');
  expect(start.accountId).toBe('1');
  expect([...(start.to ?? []), ...(start.cc ?? [])].map(({ email }) => email)).toContain(
    'support@example.org',
  );
  expect(requests).toEqual(['/accounts/1/identities']);
});

it('in an account of one’s own everything is as it is', async () => {
  expect((await sendersIn(session('send'), '1')).accountId).toBe('1');
  expect(requests).toEqual(['/accounts/1/identities']);
});
