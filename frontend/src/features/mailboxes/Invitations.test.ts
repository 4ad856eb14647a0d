import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mounted } from '../../../dev/mounted.ts';
import { network } from '../../../dev/network.ts';
import type { ReceivedShare } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import Invitations from './Invitations.svelte';

const invitation: ReceivedShare = {
  id: '7',
  accountId: '2',
  address: 'support@example.org',
  owner: 'ben@example.org',
  mailboxId: '2-1',
  mailboxName: 'INBOX',
  role: 'triage',
  state: 'invited',
  invitedAt: '2026-11-27T14:02:00Z',
};
let requests: string[];
let leave: () => void;

beforeEach(() => {
  queryClient.clear();
  toasts.all = [];
  requests = [];
  network.answer = async (request) => {
    requests.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
    return Response.json({ ...invitation, state: 'accepted' });
  };
});
afterEach(() => leave());

function show(...invitations: ReceivedShare[]) {
  leave = mounted(Invitations, { invitations });
}

const press = (name: string) => {
  [...document.querySelectorAll('button')].find((one) => one.textContent === name)?.click();
  flushSync();
};

it('says who invites to what, and what one could do there', () => {
  show(invitation, { ...invitation, id: '8', mailboxId: null, mailboxName: null });
  const [one, all] = [...document.querySelectorAll('section')].map(({ textContent }) => textContent);
  expect(one).toContain('ben@example.org invites you to “Inbox”');
  expect(one).toContain('You may read, mark and file');
  expect(all).toContain('ben@example.org invites you to all folders of support@example.org');
});

it('is nothing where nobody invites', () => {
  show();
  expect(document.querySelector('section')).toBeNull();
});

it.each([
  ['Accept', 'accepted', 'below your own folders'],
  ['Decline', 'declined', 'Declined'],
])('%s tells the server', async (button, state, said) => {
  show(invitation);
  press(button);
  await vi.waitFor(() => expect(requests).toEqual([`PATCH /api/v1/shares/7 {"state":"${state}"}`]));
  await vi.waitFor(() => expect(toasts.all.at(-1)?.text).toContain(said));
});
