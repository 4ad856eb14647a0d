import { QueryClient, queryOptions } from '@tanstack/svelte-query';
import { ApiError, client, getText, must, type Presence } from './client.ts';

const retry = (failures: number, error: Error) =>
  failures < 2 &&
  navigator.onLine &&
  error instanceof ApiError &&
  (error.type === 'offline' || error.type === '/problems/unavailable');

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry,
      // Without a network there is what was kept.
      networkMode: 'always',
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
    },
  },
});

export const instance = () =>
  queryOptions({
    queryKey: ['instance'],
    queryFn: () => must(client.GET('/instance')),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const session = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: () => must(client.GET('/session')),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const mailboxes = (accountId: string) =>
  queryOptions({
    queryKey: ['mailboxes', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/mailboxes', { params: { path: { accountId } } }))).items,
  });

export const snoozes = (accountId: string) =>
  queryOptions({
    queryKey: ['snoozes', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/snoozes', { params: { path: { accountId } } }))).items,
  });

export const followUps = (accountId: string) =>
  queryOptions({
    queryKey: ['followUps', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/follow-ups', { params: { path: { accountId } } }))).items,
    staleTime: 0,
  });

const HOUR = 60 * 60_000;

/** For which mailboxes of an account there is a rule. Somebody else may set one, which no event tells. */
export const retention = (accountId: string) =>
  queryOptions({
    queryKey: ['retention', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/retention', { params: { path: { accountId } } }))).items,
    refetchInterval: HOUR,
  });

/** The rule of one mailbox, also where there is none. */
export const retentionOf = (mailboxId: string) =>
  queryOptions({
    queryKey: ['retentionOf', mailboxId],
    queryFn: () => must(client.GET('/mailboxes/{mailboxId}/retention', { params: { path: { mailboxId } } })),
    staleTime: 0,
  });

/** When messages leave, by their ids. Looked at anew now and then: days pass while nothing happens. */
export const departures = (accountId: string) =>
  queryOptions({
    queryKey: ['departures', accountId],
    queryFn: async () => {
      const path = '/accounts/{accountId}/departures';
      const { items } = await must(client.GET(path, { params: { path: { accountId } } }));
      return new Map(items.map(({ id, leavesAt }) => [id, leavesAt]));
    },
    refetchInterval: HOUR,
  });

/** What a rule took to Trash and is still there, by the ids of the messages. */
export const departed = (accountId: string) =>
  queryOptions({
    queryKey: ['departed', accountId],
    queryFn: async () => {
      const path = '/accounts/{accountId}/departed';
      const { items } = await must(client.GET(path, { params: { path: { accountId } } }));
      return new Map(items.map((one) => [one.id, one]));
    },
  });

/** What is on its way, of all accounts, and what ended lately. */
export const submissions = () =>
  queryOptions({
    queryKey: ['submissions'],
    queryFn: async () => (await must(client.GET('/submissions'))).items,
  });

export const identities = (accountId: string) =>
  queryOptions({
    queryKey: ['identities', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/identities', { params: { path: { accountId } } }))).items,
    staleTime: 5 * 60_000,
  });

/** With whom the owner shares an account. Events tell when that changes. */
export const shares = (accountId: string) =>
  queryOptions({
    queryKey: ['shares', accountId],
    queryFn: async () =>
      (await must(client.GET('/accounts/{accountId}/shares', { params: { path: { accountId } } }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What others share with the user, or invite them to. */
export const receivedShares = () =>
  queryOptions({
    queryKey: ['receivedShares'],
    queryFn: async () => (await must(client.GET('/shares'))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Who else reads a message, or answers it: nobody asks for it, it is heard by telling what one does oneself. */
export const presence = (messageId: string) =>
  queryOptions<Presence[]>({ queryKey: ['presence', messageId], enabled: false });

export const message = (messageId: string) =>
  queryOptions({
    queryKey: ['message', messageId],
    queryFn: ({ signal }) =>
      must(client.GET('/messages/{messageId}', { params: { path: { messageId } }, signal })),
  });

export const embeddedHtml = (messageId: string, partId: string) =>
  queryOptions({
    queryKey: ['html', messageId, partId],
    queryFn: ({ signal }) =>
      getText(`/messages/${encodeURIComponent(messageId)}/parts/${encodeURIComponent(partId)}/html`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What the attachments really are, which a message's own list does not tell. */
export const messageAttachments = (messageId: string) =>
  queryOptions({
    queryKey: ['attachments', messageId],
    queryFn: async ({ signal }) =>
      (
        await must(
          client.GET('/messages/{messageId}/attachments', { params: { path: { messageId } }, signal }),
        )
      ).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** `proxied`: the reader wants to see the remote pictures. Their addresses are good for an hour. */
export const messageHtml = (messageId: string, images: 'blocked' | 'proxied' = 'blocked') =>
  queryOptions({
    queryKey: ['html', messageId, images],
    queryFn: ({ signal }) =>
      getText(`/messages/${encodeURIComponent(messageId)}/html?images=${images}`, signal),
    staleTime: images === 'proxied' ? 30 * 60_000 : Number.POSITIVE_INFINITY,
  });

export const imageSenders = () =>
  queryOptions({
    queryKey: ['imageSenders'],
    queryFn: async () => (await must(client.GET('/image-senders'))).items,
  });

/** The sender's wish to be told that a message was read. */
export const receipt = (messageId: string) =>
  queryOptions({
    queryKey: ['receipt', messageId],
    queryFn: ({ signal }) =>
      must(client.GET('/messages/{messageId}/receipt', { params: { path: { messageId } }, signal })),
    retry: false,
  });

export const invitation = (messageId: string) =>
  queryOptions({
    queryKey: ['invitation', messageId],
    queryFn: ({ signal }) =>
      must(client.GET('/messages/{messageId}/invitation', { params: { path: { messageId } }, signal })),
  });
