import { client, type Filter, type MessageSummary, must, type Sort } from './client.ts';
import { SparseList } from './list.svelte.ts';
import { live } from './live.svelte.ts';

/** What a list of a mailbox shows. */
export interface ListQuery {
  accountId: string;
  mailboxId: string;
  sort: Sort;
  filter?: Filter | undefined;
}

interface Entry {
  query: ListQuery | undefined;
  list: SparseList;
}

const KEPT = 8;
const entries = new Map<string, Entry>();

/** The list for a query; lists looked at lately are kept, so that going back shows them at once. */
export function listOf(query: ListQuery): SparseList {
  const key = [query.mailboxId, query.sort, query.filter ?? ''].join(' ');
  return keep(key, () => ({
    query,
    list: new SparseList(async (offset, limit, signal) => {
      const params = {
        path: { mailboxId: query.mailboxId },
        query: { sort: query.sort, offset, limit, ...(query.filter ? { filter: query.filter } : {}) },
      };
      const call = client.GET('/mailboxes/{mailboxId}/messages', { params, signal });
      const page = await must(call);
      live.stale(query.accountId, (await call).response.headers.get('Valija-Stale') === 'true');
      return page;
    }),
  }));
}

/** A list that is fed otherwise, as by a search. */
export function listFor(key: string, list: () => SparseList): SparseList {
  return keep(key, () => ({ query: undefined, list: list() }));
}

function keep(key: string, make: () => Entry): SparseList {
  const entry = entries.get(key) ?? make();
  entries.delete(key);
  entries.set(key, entry);
  for (const old of entries.keys()) {
    if (entries.size <= KEPT) break;
    entries.delete(old);
  }
  return entry.list;
}

export function eachList(visit: (list: SparseList, query: ListQuery | undefined) => void): void {
  for (const { list, query } of entries.values()) visit(list, query);
}

export function forgetLists(): void {
  entries.clear();
}

/** Lists of these mailboxes go, and out of searches what is in them. The answer is of which messages they knew. */
export function forgetListsOf(mailboxIds: ReadonlySet<string>): Set<string> {
  const messages = new Set<string>();
  for (const [key, { list, query }] of entries) {
    list.each((message) => {
      if (mailboxIds.has(message.mailboxId)) messages.add(message.id);
    });
    if (query === undefined) list.remove(messages);
    else if (mailboxIds.has(query.mailboxId)) {
      list.forget();
      entries.delete(key);
    }
  }
  return messages;
}

/** What is known of a message from any list. */
export function findSummary(id: string): MessageSummary | undefined {
  for (const { list } of entries.values()) {
    const found = list.find(id);
    if (found) return found;
  }
  return undefined;
}
