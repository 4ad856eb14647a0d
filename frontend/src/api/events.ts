import type { QueryClient } from '@tanstack/svelte-query';
import { client, type Mailbox, must } from './client.ts';
import { eachList } from './lists.ts';
import { live } from './live.svelte.ts';
import { presence, receivedShares, session } from './queries.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

/** Who wants to know, beyond the caches. */
export interface Listener {
  arrived?(event: Schemas['MessageEvent']): void;
  submission?(event: Schemas['SubmissionEvent']): void;
  signedOut?(): void;
}

const LOST_AFTER = 4_000;
const waits = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Follows the change log and keeps the caches true to it. The answer stops it. */
export function follow(queries: QueryClient, listener: Listener): () => void {
  let source: EventSource | undefined;
  let since: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  const on = <T>(name: string, handle: (data: T) => void) =>
    source?.addEventListener(name, (event: MessageEvent<string>) => {
      if (event.lastEventId) since = event.lastEventId;
      handle(JSON.parse(event.data || '{}') as T);
    });

  const missing = () => {
    lost ??= setTimeout(() => {
      live.connected = false;
    }, LOST_AFTER);
  };

  const open = async () => {
    try {
      since ??= (await must(client.GET('/changes'))).state;
    } catch {
      missing();
      return again();
    }
    if (stopped) return;
    source = new EventSource(`/api/v1/events?since=${since}`);
    source.onopen = () => {
      failures = 0;
      clearTimeout(lost);
      lost = undefined;
      live.connected = true;
      if (live.saved) {
        live.saved = false;
        everything(queries);
      }
    };
    source.onerror = () => {
      missing();
      // The browser tries again by itself (with Last-Event-ID) unless the answer was no stream at all.
      if (source?.readyState === EventSource.CLOSED) again();
    };
    on<Schemas['MailboxEvent']>('mailbox', ({ accountId }) => refreshSoon(queries, 'mailboxes', accountId));
    on<Schemas['MessageEvent']>('message', (event) => {
      changed(queries, event);
      listener.arrived?.(event);
    });
    on<Schemas['SubmissionEvent']>('submission', (event) => {
      refreshSoon(queries, 'submissions');
      listener.submission?.(event);
    });
    on<Schemas['AccountEvent']>('account', ({ accountId, state }) => {
      // Whoever may see it no more sees it no more: the answer of the server is not waited for.
      if (state === 'removed')
        queries.setQueryData(
          session().queryKey,
          (known) => known && { ...known, accounts: known.accounts.filter(({ id }) => id !== accountId) },
        );
      // Also for what its mail server takes, which a mail being written must know.
      void queries.invalidateQueries({ queryKey: ['session'] });
      if (state !== 'removed') live.account(accountId, state);
    });
    on<Schemas['ShareEvent']>('share', ({ accountId }) => void shared(queries, accountId));
    on<Schemas['CommentEvent']>('comment', ({ messageId }) =>
      queries.invalidateQueries({ queryKey: ['comments', messageId] }),
    );
    on<Schemas['PresenceEvent']>('presence', (event) => noticed(queries, event));
    on<Schemas['SyncEvent']>('sync', (event) => synced(queries, event));
    on('reset', () => {
      since = undefined;
      source?.close();
      everything(queries);
      again();
    });
  };

  const again = () => {
    source?.close();
    if (stopped) return;
    clearTimeout(timer);
    const wait = waits[Math.min(failures++, waits.length - 1)] ?? 30_000;
    timer = setTimeout(() => {
      // A stream that is refused may mean that the session ended: the session itself knows.
      client.GET('/session').then(
        ({ response }) => (response.status === 401 ? listener.signedOut?.() : open()),
        () => again(),
      );
    }, wait);
  };

  const wake = () => {
    if (source?.readyState !== EventSource.OPEN) {
      failures = 0;
      again();
    }
  };
  addEventListener('online', wake);
  void open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(lost);
    removeEventListener('online', wake);
    source?.close();
  };
}

type OfAccount = 'mailboxes' | 'snoozes' | 'departures' | 'departed' | 'shares' | 'accessLog' | 'identities';

/** What changes with nearly every event; a burst of them costs one request. */
const pending = new Set<string>();
function refreshSoon(queries: QueryClient, ...queryKey: [OfAccount, string] | ['submissions']): void {
  const key = queryKey.join(' ');
  if (pending.has(key)) return;
  pending.add(key);
  setTimeout(
    () => {
      pending.delete(key);
      void queries.invalidateQueries({ queryKey });
    },
    // What leaves is a long list, and a matter of days.
    key.startsWith('depart') ? 10_000 : 250,
  );
}

function changed(queries: QueryClient, event: Schemas['MessageEvent']): void {
  refreshSoon(queries, 'mailboxes', event.accountId);
  refreshSoon(queries, 'snoozes', event.accountId);
  // What arrives has its days before it.
  if (event.many || event.updated.length > 0 || event.destroyed.length > 0) {
    refreshSoon(queries, 'departures', event.accountId);
    refreshSoon(queries, 'departed', event.accountId);
  }
  const destroyed = new Set(event.destroyed);
  eachList((list, query) => {
    if (query === undefined) {
      // A search shows messages wherever they are: only their marks are brought up to date, by opening.
      return;
    }
    if (query.mailboxId !== event.mailboxId) return;
    if (event.many) return list.invalidate();
    if (destroyed.size > 0) {
      list.remove(destroyed);
      list.settle(destroyed);
    }
    if (
      event.updated.length > 0 &&
      (query.filter !== undefined || event.updated.some((id) => list.indexOf(id) >= 0))
    )
      list.invalidate();
    if (event.created.length > 0) {
      if (query.sort === '-receivedAt' && query.filter === undefined) void list.checkTop();
      else list.invalidate();
    }
  });
  for (const id of event.updated) void queries.invalidateQueries({ queryKey: ['message', id] });
}

/** Of an account that is not the user's any more nothing is asked: the answer would be that there is none. */
async function shared(queries: QueryClient, accountId: string): Promise<void> {
  void queries.invalidateQueries({ queryKey: receivedShares().queryKey });
  await queries.invalidateQueries({ queryKey: session().queryKey });
  const known = queries.getQueryData(session().queryKey)?.accounts ?? [];
  if (known.some(({ id }) => id === accountId))
    for (const what of ['mailboxes', 'shares', 'accessLog', 'identities'] as const)
      refreshSoon(queries, what, accountId);
}

function noticed(queries: QueryClient, { messageId, address, doing }: Schemas['PresenceEvent']): void {
  if (address === queries.getQueryData(session().queryKey)?.user.address) return;
  queries.setQueryData(presence(messageId).queryKey, (people) => {
    const others = people?.filter((one) => one.address !== address);
    return others && (doing === 'nothing' ? others : [...others, { address, doing }]);
  });
}

function synced(queries: QueryClient, event: Schemas['SyncEvent']): void {
  if (event.state === 'complete') {
    live.syncs.delete(event.mailboxId);
    refreshSoon(queries, 'mailboxes', event.accountId);
    eachList((list, query) => {
      if (query?.mailboxId === event.mailboxId) list.invalidate();
    });
    return;
  }
  live.syncs.set(event.mailboxId, { done: event.done, total: event.total });
  queries.setQueryData<Mailbox[]>(['mailboxes', event.accountId], (all) =>
    all?.map((one) =>
      one.id === event.mailboxId
        ? { ...one, sync: { state: 'syncing', done: event.done, total: event.total } }
        : one,
    ),
  );
}

/** Too much was missed: nothing we hold can be trusted. */
function everything(queries: QueryClient): void {
  const all = ['session', 'mailboxes', 'message', 'snoozes', 'submissions', 'followUps', 'receipt'];
  const sharing = ['shares', 'receivedShares', 'accessLog', 'comments', 'identities'];
  for (const what of [...all, ...sharing, 'retention', 'departures', 'departed'])
    void queries.invalidateQueries({ queryKey: [what] });
  eachList((list) => list.invalidate());
}
