import type { QueryClient } from '@tanstack/svelte-query';
import type { Mailbox, Message } from './client.ts';
import { dropKept } from './kept.ts';
import { forgetListsOf } from './lists.ts';

const ofMessage = new Set([
  'message',
  'html',
  'attachments',
  'receipt',
  'invitation',
  'comments',
  'presence',
]);
const ofAccount = new Set([
  'mailboxes',
  'identities',
  'snoozes',
  'followUps',
  'retention',
  'departures',
  'departed',
  'shares',
  'accessLog',
]);

/** What was known of an account that is not the user's to see any more goes. */
export function forgetAccount(queries: QueryClient, accountId: string): void {
  void dropKept();
  const all = queries.getQueryData<Mailbox[]>(['mailboxes', accountId]) ?? [];
  forgetMailboxes(queries, new Set(all.map(({ id }) => id)));
  queries.removeQueries({
    predicate: ({ queryKey: [what, id] }) => ofAccount.has(String(what)) && id === accountId,
  });
}

/** So does what was known of single mailboxes and of the messages in them. */
export function forgetMailboxes(queries: QueryClient, gone: ReadonlySet<string>): void {
  const messages = forgetListsOf(gone);
  for (const [, message] of queries.getQueriesData<Message>({ queryKey: ['message'] }))
    if (message && gone.has(message.mailboxId)) messages.add(message.id);
  queries.removeQueries({
    predicate: ({ queryKey: [what, id] }) => ofMessage.has(String(what)) && messages.has(String(id)),
  });
}
