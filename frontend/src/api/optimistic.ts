import type { QueryClient } from '@tanstack/svelte-query';
import type { Mailbox, Message, MessageSummary } from './client.ts';
import { eachList } from './lists.ts';

/** What is done to messages: keywords set (true) or taken (false), or the messages leave for another mailbox. */
export interface Change {
  keywords?: Record<string, boolean>;
  /** Where they go; null where they cease to be. */
  moveTo?: string | null;
}

export function withKeywords<T extends { keywords: string[] }>(
  message: T,
  keywords: Record<string, boolean>,
): T {
  const next = new Set(message.keywords);
  for (const [keyword, on] of Object.entries(keywords)) {
    if (on) next.add(keyword);
    else next.delete(keyword);
  }
  return { ...message, keywords: [...next] };
}

/** Shows a change in every cache before the server said yes. */
export function applyChange(queries: QueryClient, messages: MessageSummary[], change: Change): Applied {
  const ids = new Set(messages.map((message) => message.id));
  const undo: (() => void)[] = [];
  const { keywords, moveTo } = change;
  if (keywords) {
    eachList((list) => undo.push(list.patch(ids, (message) => withKeywords(message, keywords))));
    for (const id of ids) {
      const before = queries.getQueryData<Message>(['message', id]);
      if (!before) continue;
      queries.setQueryData(['message', id], withKeywords(before, keywords));
      undo.push(() => queries.setQueryData(['message', id], before));
    }
  }
  if (moveTo !== undefined) {
    eachList((list, query) => {
      if (query === undefined || query.mailboxId !== moveTo) undo.push(list.remove(ids));
      else list.forget();
    });
  }
  if (moveTo !== undefined || keywords?.$pinned) undo.push(keep(queries, ids));
  undo.push(recount(queries, countDeltas(messages, change)));
  return {
    revert: () => {
      for (const one of undo.reverse()) one();
    },
    settle: () => eachList((list) => list.settle(ids)),
  };
}

/** What is pinned, or goes elsewhere, does not leave when it would have. */
function keep(queries: QueryClient, ids: Set<string>): () => void {
  const all = { queryKey: ['departures'] };
  const would = queries
    .getQueriesData<Map<string, string>>(all)
    .flatMap(([key, times]) => [...(times ?? [])].filter(([id]) => ids.has(id)).map((one) => ({ key, one })));
  if (would.length === 0) return () => undefined;
  queries.setQueriesData<Map<string, string>>(all, (times) => {
    return times && new Map([...times].filter(([id]) => !ids.has(id)));
  });
  return () => {
    for (const { key, one } of would)
      queries.setQueryData<Map<string, string>>(key, (times) => new Map([...(times ?? []), one]));
  };
}

export interface Applied {
  /** Puts everything back, as after a failure. */
  revert(): void;
  /** The server agreed. */
  settle(): void;
}

type Delta = { total: number; unread: number };

/** By how much a change moves the counts of each mailbox. */
export function countDeltas(messages: MessageSummary[], { keywords, moveTo }: Change): Map<string, Delta> {
  const deltas = new Map<string, Delta>();
  const add = (mailboxId: string, total: number, unread: number) => {
    const delta = deltas.get(mailboxId) ?? { total: 0, unread: 0 };
    deltas.set(mailboxId, { total: delta.total + total, unread: delta.unread + unread });
  };
  for (const message of messages) {
    const was = message.keywords.includes('$seen') ? 0 : 1;
    const seen = keywords?.$seen;
    const is = seen === undefined ? was : seen ? 0 : 1;
    if (moveTo === undefined || moveTo === message.mailboxId) add(message.mailboxId, 0, is - was);
    else {
      add(message.mailboxId, -1, -was);
      if (moveTo !== null) add(moveTo, 1, is);
    }
  }
  return deltas;
}

function recount(queries: QueryClient, deltas: Map<string, Delta>): () => void {
  const shift = (sign: 1 | -1) =>
    queries.setQueriesData<Mailbox[]>({ queryKey: ['mailboxes'] }, (all) =>
      all?.map((one) => {
        const delta = deltas.get(one.id);
        if (!delta) return one;
        return {
          ...one,
          total: Math.max(0, one.total + sign * delta.total),
          unread: Math.max(0, one.unread + sign * delta.unread),
        };
      }),
    );
  shift(1);
  return () => shift(-1);
}
