import { infiniteQueryOptions, queryOptions } from '@tanstack/svelte-query';
import { t } from '../lib/words.ts';
import { client, must, type NewShare, type ReceivedShare, type ShareRole } from './client.ts';
import { queryClient, session, shares } from './queries.ts';

const PAGE = 30;

/** What others did in an account, page by page. */
export const accessLog = (accountId: string) =>
  infiniteQueryOptions({
    queryKey: ['accessLog', accountId],
    queryFn: ({ pageParam }) =>
      must(
        client.GET('/accounts/{accountId}/log', {
          params: {
            path: { accountId },
            query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });

export const comments = (messageId: string) =>
  queryOptions({
    queryKey: ['comments', messageId],
    queryFn: async ({ signal }) => {
      const path = '/messages/{messageId}/comments';
      return (await must(client.GET(path, { params: { path: { messageId } }, signal }))).items;
    },
    staleTime: 0,
  });

export async function invite(accountId: string, body: NewShare): Promise<void> {
  await changed(
    accountId,
    must(client.POST('/accounts/{accountId}/shares', { params: { path: { accountId } }, body })),
  );
}

export async function changeRole(accountId: string, shareId: string, role: ShareRole): Promise<void> {
  const params = { path: { accountId, shareId } };
  await changed(
    accountId,
    must(client.PATCH('/accounts/{accountId}/shares/{shareId}', { params, body: { role } })),
  );
}

export async function revoke(accountId: string, shareId: string): Promise<void> {
  const params = { path: { accountId, shareId } };
  await changed(accountId, must(client.DELETE('/accounts/{accountId}/shares/{shareId}', { params })));
}

async function changed(accountId: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } finally {
    await queryClient.invalidateQueries({ queryKey: shares(accountId).queryKey });
  }
}

/** What somebody is invited to, and by whom. */
export function offeredName({ owner, address, mailboxName }: ReceivedShare): string {
  if (mailboxName === null) return t('share.invitesAll', { owner, address });
  return t('share.invitesTo', { owner, folder: sharedName(mailboxName) });
}

/** A folder that is not among one's own, as the server names it. */
export function sharedName(name: string): string {
  return name.toUpperCase() === 'INBOX' ? t('role.inbox') : name;
}

export async function answerShare(shareId: string, state: 'accepted' | 'declined'): Promise<void> {
  const params = { path: { shareId } };
  await answered(must(client.PATCH('/shares/{shareId}', { params, body: { state } })));
}

export async function leaveShare(shareId: string): Promise<void> {
  await answered(must(client.DELETE('/shares/{shareId}', { params: { path: { shareId } } })));
}

async function answered(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } finally {
    await Promise.all(
      [['receivedShares'], session().queryKey].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  }
}

export async function addComment(messageId: string, text: string): Promise<void> {
  await commented(
    messageId,
    must(client.POST('/messages/{messageId}/comments', { params: { path: { messageId } }, body: { text } })),
  );
}

export async function removeComment(messageId: string, commentId: string): Promise<void> {
  const params = { path: { messageId, commentId } };
  await commented(messageId, must(client.DELETE('/messages/{messageId}/comments/{commentId}', { params })));
}

async function commented(messageId: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } finally {
    await queryClient.invalidateQueries({ queryKey: comments(messageId).queryKey });
  }
}
