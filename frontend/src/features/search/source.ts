import { ApiError, type MessageSummary, problemOf } from '../../api/client.ts';
import { SparseList } from '../../api/list.svelte.ts';
import { lines } from '../../lib/lines.ts';
import type { SearchProgress } from './progress.svelte.ts';

const LIMIT = 500;

/** A list that fills as the server finds hits; giving it up ends the search at the provider as well. */
export function searchList(q: string, mailboxId: string | undefined, progress: SearchProgress): SparseList {
  let request: AbortController | undefined;
  const list: SparseList = new SparseList(async (offset) => {
    if (offset > 0) return { items: [], total: list.total };
    request?.abort();
    request = new AbortController();
    progress.begin();
    const items: MessageSummary[] = [];
    try {
      await search(q, mailboxId, request.signal, {
        hit: (message) => (list.loaded ? list.insert(message) : items.push(message)),
        progress: (searched, total) => {
          progress.searched = searched;
          progress.total = total;
          list.show(items.splice(0));
        },
      });
      progress.end();
    } catch (cause) {
      progress.end();
      throw cause;
    }
    if (list.loaded) {
      for (const item of items) list.insert(item);
      return list.known();
    }
    return { items, total: items.length };
  });
  return list;
}

interface Sink {
  hit(message: MessageSummary): void;
  progress(searched: number, total: number): void;
}

async function search(
  q: string,
  mailboxId: string | undefined,
  signal: AbortSignal,
  sink: Sink,
): Promise<void> {
  const params = new URLSearchParams({ q, limit: String(LIMIT) });
  if (mailboxId) params.set('mailboxId', mailboxId);
  let response: Response;
  try {
    response = await fetch(`/api/v1/search?${params}`, {
      headers: { Accept: 'application/x-ndjson' },
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError('offline');
  }
  if (!response.ok || !response.body)
    throw problemOf(await response.json().catch(() => undefined), response.status);
  for await (const line of lines(response.body)) {
    const said = JSON.parse(line) as {
      hit?: MessageSummary;
      progress?: { searched: number; total: number };
    };
    if (said.hit) sink.hit(said.hit);
    if (said.progress) sink.progress(said.progress.searched, said.progress.total);
  }
}
